"""The corpus fieldwork, with a handful of names in place of the libraries'."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from liaison.corpora.evaluation import COMMON, HOUSEHOLD
from liaison.corpora.fieldwork import generate, library
from liaison.corpora.fieldwork.origins import origins
from liaison.corpora.generators import Truth
from liaison.corpora.learn import collect
from liaison.corpora.writing import write
from producers.guard import inspect_record
from producers.intake import Defaults, Intake, Parsed, decode_line
from schemas.errors import ConfigurationInvalid, InputRefused

NOW_MS = 1_767_312_000_000
"""2026-01-02, after all that the corpus says."""
SIZE = 5_000
FEW = {
    "ru": "Иван Павел Юрий Фёдор Никита",
    "uk": "Іван Тарас Юрій Шевчук Мельник",
    "bg": "Георги Стоян Кърков",
    "el": "Γιώργος Ελένη Παπαδόπουλος", "ka": "ანა გიორგი აბაშიძე", "hy": "Արամ Անի Աբրահամյան",
    "hi": "अमित राम शर्मा", "ne": "राजेश अमित थापा", "zh": "王 李 伟 芳", "ko": "김 이 박 최",
}  # fmt: skip


def names(locale: str, kind: str) -> list[str]:
    """Names of the right script; given names of Korea and others may be anything in it."""
    if locale == "ko_KR" and kind.startswith("first"):
        return ["민준", "지혜", "현우"]
    return FEW.get(
        locale[:2], "Anna Jürgen José Martin Nowák Weiß Åberg Garcia Silva Emil Ida"
    ).split()


def pairs(locale: str, kind: str) -> list[tuple[str, str]]:
    """Japanese names."""
    return [("佐藤", "サトウ"), ("純子", "ジュンコ")] * 20


def pinyin(text: str, wade: bool) -> Sequence[str]:
    """Syllables, whatever the character."""
    return [("hsü" if wade else "xu") for _ in text]


@pytest.fixture(scope="module")
def corpus() -> list[Truth]:
    """One corpus for all tests that look at it."""
    origins.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        for function in (names, pairs, pinyin):
            patch.setattr(library, function.__name__, function)
        made = list(generate(SIZE, 7))
        assert made == list(generate(SIZE, 7))
        assert made[:100] != list(generate(100, 8))
    origins.cache_clear()
    return made


def test_every_line_is_accepted(corpus: list[Truth]) -> None:
    """The real parser and the no-imagery guard take every line as it is, from bytes."""
    for line, _, _ in corpus:
        content = decode_line(json.dumps(line, ensure_ascii=False).encode())
        assert isinstance(content, dict)
        parsed = Intake(Defaults(str(line["jurisdiction"]))).parse(content, id="n", now_ms=NOW_MS)
        assert isinstance(parsed, Parsed), parsed
        assert inspect_record(parsed.notification.to_record()) == []
    assert len({line["reference"] for line, _, _ in corpus}) == SIZE
    assert [line["created"] for line, _, _ in corpus] == sorted(x["created"] for x, _, _ in corpus)


def test_no_line_says_nothing(corpus: list[Truth]) -> None:
    """Whoever has neither a name nor a value of his own could be found by nobody."""
    for line, _, _ in corpus:
        assert line.keys() & {"names", "identifiers", "media_hashes"}


def test_as_in_the_field(corpus: list[Truth]) -> None:
    """Half of the persons are seen once; thirty jurisdictions report; roles hold."""
    seen = Counter(person for _, person, _ in corpus)
    assert 0.4 < sum(count == 1 for count in seen.values()) / len(seen) < 0.6
    assert max(seen.values()) <= 6
    assert len({line["jurisdiction"] for line, _, _ in corpus}) == 30
    roles = defaultdict(set)
    for line, person, _ in corpus:
        roles[person].add(line["role"])
    assert all(len(found) == 1 for found in roles.values())


def test_families(corpus: list[Truth]) -> None:
    """Households, what strangers share, and the origins can be told apart in a report."""
    found = {family for _, _, families in corpus for family in families}
    assert found >= {*HOUSEHOLD, *COMMON, "namesakes", "nickname", "romanised", "typo", "no-date"}
    assert sum(family.startswith("origin:") for family in found) > 25


def test_nothing_is_learned_from_it(corpus: list[Truth], tmp_path: Path) -> None:
    """Weights that had seen the corpus could not be judged by it: learning refuses it."""
    write(corpus[:20], tmp_path)
    with pytest.raises(InputRefused, match="a corpus that judges: nothing is learned from it"):
        collect(tmp_path)


@pytest.mark.parametrize("module", ["faker.providers.person.en_GB", "pypinyin"])
def test_missing_library(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Without the libraries one is told what to install."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigurationInvalid, match="which is not installed; run make setup-bench"):
        library.pinyin("王", False) if module == "pypinyin" else library.names(
            "en_GB", "last_names"
        )
