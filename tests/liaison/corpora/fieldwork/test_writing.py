"""How names, dates and identifiers of the corpus fieldwork are written: it needs no library."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from liaison.corpora.fieldwork import belongings, cyrillic, eastern, greek, indic, slips
from liaison.corpora.fieldwork.person import Identifier
from liaison.corpora.fieldwork.places import PLACES
from liaison.corpora.fieldwork.words import Word, bare, digraphs
from liaison.corpora.fieldwork.written_values import hashes, identifier
from producers.intake.wallets import Checksum, checksum


@pytest.mark.parametrize(
    ("word", "spellings"),
    [
        (
            cyrillic.russian("Щербаков"),
            "Shcherbakov Scherbakov Chtcherbakov Schtscherbakow Ŝerbakov",
        ),
        (cyrillic.russian("Евгений"), "Evgenii Yevgeniy Evgeny Evgueni Jewgeni Evgenij"),
        (cyrillic.ukrainian("Юлія"), "Yuliia Yuliya Iouliia Julija Ûlìâ"),
        (cyrillic.bulgarian("Кърков"), "Karkov Kurkov Karkow Kărkov"),
        (greek.greek("Χατζηδάκη"), "Chatzidaki Hatzidaki Chatzīdakī"),
        (greek.greek("Παύλος"), "Pavlos"),
        (greek.georgian("წერეთელი"), "Tsereteli Ts'ereteli Ceret̕eli"),
        (greek.armenian("Ոսկանյան"), "Voskanyan Voskanian Oskanyan"),
        (indic.devanagari("अमित"), "Amit Amita"),
        (indic.devanagari("लक्ष्मी"), "Lakshmi Lakshmee Lakṣmī"),
        (eastern.japanese("純子", "ジュンコ"), "Junko Zyunko"),
        (eastern.japanese("大塚", "オオツカ"), "Otsuka Ōtsuka Ootsuka Ohtsuka Ôtuka"),
    ],
)
def test_competing_romanisations(word: Word, spellings: str) -> None:
    """One word as written at home has the spellings of the published schemes."""
    assert list(dict.fromkeys(word.latin)) == spellings.split()


def test_romanisation_of_korean() -> None:
    """Given names as in the Revised system, as people write them, and McCune–Reischauer."""
    spellings = ("Hyeon-u", "Hyeonu", "Hyun-woo", "Hyun Woo", "Hyŏn-u")
    assert eastern.korean("현우").latin == spellings


@pytest.mark.parametrize(
    ("father", "sex", "ukrainian", "made"),
    [
        ("Сергей", "f", False, "Сергеевна"),
        ("Юрий", "m", False, "Юрьевич"),
        ("Илья", "m", False, "Ильич"),
        ("Сергій", "f", True, "Сергіївна"),
        ("Микола", "m", True, "Миколович"),
    ],
)
def test_patronymic(father: str, sex: str, ukrainian: bool, made: str) -> None:
    """A patronymic follows the last letter of the father's name."""
    assert cyrillic.patronymic(father, sex, ukrainian=ukrainian) == made


def test_without_diacritics() -> None:
    """Letters lose their marks, or become the digraphs of a passport."""
    assert (bare("Łukasz Müßig"), digraphs("Jürgen Ångström")) == (
        "Lukasz Mussig",
        "Juergen Aangstroem",
    )


def test_slips() -> None:
    """A slip changes a word a little, and a birth date stays one."""
    rng = Random(1)
    for _ in range(200):
        wrong = slips.mistyped(rng, "Vereshchagina")
        assert abs(len(wrong) - 13) <= 1
        known, _ = slips.birth(rng, date(2012, 2, 29), vague=False)
        date.fromisoformat(
            known + "-01-01"[: 10 - len(known)] if len(known) == 4 else (known + "-01")[:10]
        )
    assert slips.mistyped(rng, "Li") == "Li"


def test_families_of_dates() -> None:
    """Every way of getting a birth date wrong occurs, and only a right one has no family."""
    rng, born = Random(2), date(2012, 3, 4)
    seen = {
        family: text for text, family in (slips.birth(rng, born, vague=True) for _ in range(3000))
    }
    assert seen.pop("") == "2012-03-04"
    assert seen.pop("date-year") == "2012"
    assert seen.pop("date-month") == "2012-03"
    assert seen.pop("date-default") == "2012-01-01"
    assert seen.pop("date-swapped") == "2012-04-03"
    assert seen.pop("date-day") in ("2012-03-03", "2012-03-05")
    assert seen.keys() == {"date-digit"}


def test_wallets_have_checksums() -> None:
    """Bitcoin addresses hold; those of Ethereum and Monero have the form of such."""
    rng = Random(3)
    found = {checksum(belongings.wallet(rng).value) for _ in range(100)}
    assert found == {Checksum.HOLDS, Checksum.ABSENT}


def test_national_telephone_numbers() -> None:
    """A number is written without its country only by the country itself."""
    rng, number = Random(4), Identifier("phone", "612345678", "FR")
    abroad = [identifier(rng, number, PLACES["DE"], "") for _ in range(200)]
    assert all(entry["value"].startswith(("+33", "00")) for entry, _ in abroad)
    at_home = [identifier(rng, number, PLACES["FR"], "") for _ in range(200)]
    assert any(entry["value"] == "0612345678" for entry, _ in at_home)


def test_copies_are_near() -> None:
    """A copy has other files and a PDQ hash at most 31 bits away; a lookalike is farther."""
    rng = Random(5)
    picture = belongings.picture(rng)
    (original,), nothing = hashes(rng, picture, ("pdq",), 0)
    for _ in range(50):
        (copy, digest), family = hashes(rng, picture, ("pdq", "sha256"), 1)
        apart = (int(copy["value"], 16) ^ int(original["value"], 16)).bit_count()
        assert (0 < apart <= 31, family, nothing) == (True, "media-copy", "")
        assert len(digest["value"]) == 64
    assert (belongings.altered(rng, picture.pdq, 32, 60) ^ picture.pdq).bit_count() >= 32
