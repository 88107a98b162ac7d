"""The corpus of cases: valid in the intake, one for each seed, with the errors it names."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from liaison.corpora.casework import arrivals, damage, dates, east, generate, media
from liaison.corpora.casework.__main__ import main
from liaison.corpora.casework.accounts import wallet
from liaison.corpora.casework.people import feminine, origin_named, patronymic
from liaison.corpora.casework.places import places
from liaison.corpora.casework.sounds import serbian_cyrillic, sound
from liaison.corpora.casework.spellings import romanise
from liaison.corpora.casework.tables import Word, origins
from producers.guard import inspect_record
from producers.intake import Defaults, Intake, Parsed, decode_line
from producers.intake.wallets import Checksum, checksum

NOW_MS = 1_767_225_600_000
"""2026-01-01, after all that the corpus says."""

SIZE = 4_000


@pytest.fixture(scope="module")
def corpus() -> list[tuple[dict[str, object], str, tuple[str, ...]]]:
    """One corpus for all tests that only look at it."""
    return list(generate(SIZE, 7))


def test_every_line_is_accepted(
    corpus: list[tuple[dict[str, object], str, tuple[str, ...]]],
) -> None:
    """The real parser and the no-imagery guard take every line as it is, from bytes."""
    for line, _, _ in corpus:
        content = decode_line(json.dumps(line, ensure_ascii=False).encode())
        assert isinstance(content, dict)
        parsed = Intake(Defaults(str(line["jurisdiction"]))).parse(content, id="n", now_ms=NOW_MS)
        assert isinstance(parsed, Parsed), parsed
        assert inspect_record(parsed.notification.to_record()) == []


def test_same_seed_same_bytes() -> None:
    """The corpus is a function of size and seed; another seed is another corpus."""
    first, again, other = (json.dumps(list(generate(300, seed))) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_references_are_new(corpus: list[tuple[dict[str, object], str, tuple[str, ...]]]) -> None:
    """Nothing is said twice under one reference, and nothing is an update."""
    assert len({line["reference"] for line, _, _ in corpus}) == SIZE
    assert not any("relation" in line for line, _, _ in corpus)


def test_some_are_seen_again(corpus: list[tuple[dict[str, object], str, tuple[str, ...]]]) -> None:
    """Most persons are seen once; about two in five notifications are of the others."""
    seen = Counter(person for _, person, _ in corpus)
    again = sum(count for count in seen.values() if count > 1)
    assert 0.33 < again / SIZE < 0.47
    assert sum(count == 1 for count in seen.values()) > len(seen) / 2
    assert max(seen.values()) > 4


def test_roles_hold(corpus: list[tuple[dict[str, object], str, tuple[str, ...]]]) -> None:
    """A person has one role in all notifications: a child is never an offender."""
    roles = defaultdict(set)
    for line, person, _ in corpus:
        roles[person].add(line["role"])
    assert all(len(found) == 1 for found in roles.values())


def test_breadth(corpus: list[tuple[dict[str, object], str, tuple[str, ...]]]) -> None:
    """Many jurisdictions, origins, scripts and families of error."""
    assert len({line["jurisdiction"] for line, _, _ in corpus}) >= 30
    assert len(origins()) >= 25
    assert len({origin.script for origin in origins().values()}) >= 12
    families = {family for _, _, found in corpus for family in found}
    assert families >= {
        "alias", "account-shared", "by-ear", "classmate", "date-calendar", "date-day",
        "date-estimate", "date-january", "date-month", "date-slip", "date-swapped", "date-year",
        "given-only", "initials", "mrz", "namesake", "native-script", "nickname", "ocr",
        "parent-child", "patronymic", "phone-recycled", "picture-near", "picture-viral",
        "placeholder", "reversed", "truncated", "sibling", "twin", "channel-picture",
    }  # fmt: skip


def test_names_are_clean(corpus: list[tuple[dict[str, object], str, tuple[str, ...]]]) -> None:
    """No rule has left its own signs in a name."""
    for line, _, _ in corpus:
        for name in line.get("names", ()):  # type: ignore[attr-defined]
            assert not set(name) & set("()[]\\|=<>_ʿʾŝǧ"), name
            assert name == name.strip()


def test_families_share_and_differ() -> None:
    """Siblings have one surname and one telephone, and never one first name."""
    families = defaultdict(dict)
    for _, person, _ in arrivals(1_500, 5):
        if {"sibling", "twin"} & set(person.traps):
            families[person.groups["family"]][person.key] = person
    several = [list(found.values()) for found in families.values() if len(found) > 1]
    assert several
    for found in several:
        for one, other in pairwise(found):
            assert one.family == other.family
            assert one.given[0] != other.given[0]
            assert {a.value for a in one.accounts} & {a.value for a in other.accounts}


def test_names_fit_their_origin() -> None:
    """All parts of a name come from one table, also where a stranger has another's name."""
    for _, person, _ in arrivals(SIZE, 1):
        origin = person.origin
        assert {*person.given, *filter(None, [person.father])} <= {*origin.m.words, *origin.f.words}
        for word in (*person.family, *person.other_family):
            formed = word.native.startswith(origin.stems) and word.native.endswith(origin.endings)
            assert word in origin.s.words or formed


def test_viral_pictures_are_everywhere(
    corpus: list[tuple[dict[str, object], str, tuple[str, ...]]],
) -> None:
    """One picture stands in notifications of many persons."""
    persons = defaultdict(set)
    for line, person, _ in corpus:
        for entry in line.get("media_hashes", ()):  # type: ignore[attr-defined]
            persons[entry["value"].lower()].add(person)
    assert max(map(len, persons.values())) > 15


def test_command_writes_notifications_and_truth(tmp_path: Path) -> None:
    """The command writes two files of equal length, with the same references in order."""
    arguments = ["--notifications", "50", "--seed", "2", "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    lines, truths = (
        [json.loads(line) for line in (tmp_path / "out" / name).read_text("utf-8").splitlines()]
        for name in ("notifications.jsonl", "truth.jsonl")
    )
    assert [line["reference"] for line in lines] == [truth["reference"] for truth in truths]
    assert lines == [line for line, _, _ in generate(50, 2)]
    assert [truth["person"] for truth in truths] == [person for _, person, _ in generate(50, 2)]


@pytest.mark.parametrize(
    ("habit", "written"),
    [
        ("en", "Zhukovsky"),
        ("icao", "Zhukovskii"),
        ("fr", "Joukovski"),
        ("de", "Schukowski"),
        ("pl", "Żukowskij"),
        ("tr", "Jukovskiy"),
        ("sci", "Žukovskij"),
    ],
)
def test_habits(habit: str, written: str) -> None:
    """Each country writes one Russian name its own way."""
    sounds = sound(Word("Жуковский"), "cyrillic")
    assert romanise(sounds, "cyrillic", habit, Random(1)) == written


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Jürgen Groß", "JUERGEN GROSS"),
        ("Łukasz Żak-Nowy", "LUKASZ ZAK NOWY"),
        ("D'Angelo", "DANGELO"),
        ("Çağlar Işık", "CAGLAR ISIK"),
    ],
)
def test_passport_zone(text: str, zone: str) -> None:
    """Capitals as ICAO 9303 has them."""
    assert damage.zone(text) == zone


def test_names_by_grammar() -> None:
    """Patronymics and feminine forms follow the sex."""
    russian, czech = origin_named("russian"), origin_named("czech")
    assert patronymic(Word("Сергей"), russian, "f") == Word("Сергеевна")
    assert patronymic(Word("Иван"), russian, "m") == Word("Иванович")
    assert feminine(Word("Кузнецов"), russian) == Word("Кузнецова")
    assert feminine(Word("Černý"), czech) == Word("Černá")


def test_other_scripts() -> None:
    """Hangul, kana and Serbian Cyrillic are made by rule."""
    assert east.korean("김", Random(5), surname=True) in ("Kim", "Gim")
    assert east.katakana("yuuichirou") == "ユウイチロウ"
    assert serbian_cyrillic("Ljiljana Đorđević") == "Љиљана Ђорђевић"


@pytest.mark.parametrize("way", ["slip", "swapped", "day", "calendar", "estimate", "january"])
def test_dates_exist(way: str) -> None:
    """Whatever happens to a date, it is one, and not in the future."""
    random = Random(way)
    for day in range(1, 29):
        text, family = dates.told(date(2012, 2, day), ((way, 1.0),), random)
        assert text is not None
        assert family == f"date-{way}"
        assert date.fromisoformat(text if len(text) == 10 else f"{text}-01-01") <= dates.LATEST


def test_distances_of_pictures() -> None:
    """Look-alikes are 32 to 70 bits away, so that exact search within 31 does not find them."""
    random = Random(1)
    for _ in range(200):
        one = media.picture(random)
        assert 32 <= (one.pdq ^ media.look_alike(one, random).pdq).bit_count() <= 70
        entries, _ = media.hashes(one, random)
        for entry in entries:
            if entry["algorithm"] == "pdq":
                assert (int(entry["value"], 16) ^ one.pdq).bit_count() <= 31


def test_wallets_are_valid() -> None:
    """No wallet has a checksum that does not hold."""
    random = Random(1)
    judged = {checksum(wallet(random).value) for _ in range(100)}
    assert judged == {Checksum.HOLDS, Checksum.ABSENT}


def test_people_live_somewhere_known() -> None:
    """The shares of a jurisdiction name tables that exist."""
    named = {origin for place in places() for origin in place.origins}
    assert named == origins().keys()
