"""The corpus ``registry`` as a whole: every line is acceptable, and what the truth says is so."""

import json
import time
from collections import defaultdict
from typing import Any

import pytest

from consumers.deduplication.telephones import to_e164
from liaison.corpora.generators import Truth
from liaison.corpora.registry import generate
from liaison.corpora.registry.habits import jurisdictions
from liaison.corpora.registry.origins import origins
from producers.guard import inspect_record
from producers.intake import Defaults, Intake, Parsed

SIZE = 3000

FAMILIES = {
    "script", "romanisation", "order", "patronymic-dropped", "second-surname-dropped", "particle",
    "initial", "nickname", "married-name", "typo", "ocr", "marks", "given-dropped", "alias-only",
    "no-name", "year-only", "month-only", "first-of-january", "day-month-swap", "one-digit",
    "day-off", "no-birth-date", "email-variant", "email-typo", "phone-notation",
    "username-variant", "username-confusable", "username-typo", "other-platform", "wallet",
    "device", "national-id", "national-id-format", "national-id-typo", "same-file", "pdq-near",
    "pdq-far", "series",
    "siblings", "twins", "junior", "generations", "couple", "namesakes", "shared-phone",
    "shared-email", "shared-picture", "shared-device", "shared-ip", "shared-wallet", "viral",
    "pdq-lookalike", "generic",
}  # fmt: skip


@pytest.fixture(scope="module")
def corpus() -> list[Truth]:
    return list(generate(SIZE, 1))


def test_every_line_is_acceptable(corpus: list[Truth]) -> None:
    """The intake takes every line, and the guard finds nothing in it."""
    now_ms = time.time_ns() // 1_000_000
    for line, _, _ in corpus:
        intake = Intake(Defaults(line["jurisdiction"]))
        parsed = intake.parse(json.loads(json.dumps(line)), id="0" * 36, now_ms=now_ms)
        assert isinstance(parsed, Parsed), (parsed, line)
        assert inspect_record(line) == [], line


def test_a_seed_is_a_corpus() -> None:
    """The same seed gives the same lines; another seed gives others."""
    first, again, other = (list(generate(200, seed)) for seed in (7, 7, 8))
    assert json.dumps(first) == json.dumps(again)
    assert json.dumps(first) != json.dumps(other)


def test_size_and_references(corpus: list[Truth]) -> None:
    """As many lines as were asked for, each with a reference of its own, in order of time."""
    assert len({line["reference"] for line, _, _ in corpus}) == SIZE
    created = [line["created"] for line, _, _ in corpus]
    assert created == sorted(created)


def test_every_family_occurs(corpus: list[Truth]) -> None:
    """The truth names all families of error and hard cases, and no other."""
    found = {f for _, _, families in corpus for f in families}
    assert {f for f in found if ":" not in f} == FAMILIES
    assert {f for f in found if ":" in f} == {f"origin:{name}" for name in origins()}


def test_everywhere(corpus: list[Truth]) -> None:
    """Every jurisdiction reports."""
    assert {line["jurisdiction"] for line, _, _ in corpus} == set(jurisdictions())
    assert len(jurisdictions()) >= 30


def test_persons_are_reported_once_or_often(corpus: list[Truth]) -> None:
    """Most persons have one line, a fair part some, a few many."""
    counts = [len(lines) for lines in _by_person(corpus).values()]
    assert counts.count(1) > 0.5 * len(counts)
    assert 0.2 < sum(2 <= n <= 6 for n in counts) / len(counts) < 0.5
    assert max(counts) == 15


def test_twins(corpus: list[Truth]) -> None:
    """Twins are two persons of one household with the same birth date, where it is right."""
    wrong = {"day-month-swap", "one-digit", "day-off", "first-of-january", "year-only",
             "month-only", "no-birth-date"}  # fmt: skip
    days, persons = defaultdict(set), defaultdict(set)
    for line, person, families in corpus:
        if "twins" in families and not wrong & set(families):
            household = person.partition("/")[0]
            days[household].add(line["birth_date"])
            persons[household].add(person)
    assert all(len(found) == 1 for found in days.values())
    assert any(len(found) == 2 for found in persons.values())


def test_phones_can_be_read_by_the_reporter(corpus: list[Truth]) -> None:
    """Whatever the notation, a number is one that the reporter's region can dial."""
    for line, _, families in corpus:
        for identifier in line.get("identifiers", ()):
            if identifier["type"] == "phone" and "generic" not in families:
                assert to_e164(identifier["value"], line["jurisdiction"]), identifier


def test_near_copies(corpus: list[Truth]) -> None:
    """Near copies of one picture are within 31 bits of the original."""
    originals = {
        _pdqs(line)[0]
        for line, _, families in corpus
        if len(_pdqs(line)) == 1 and "same-file" in families
        and not {"pdq-near", "pdq-far", "viral", "pdq-lookalike"} & set(families)
    }  # fmt: skip
    near = [
        pdq
        for line, _, families in corpus
        if "pdq-near" in families and not {"pdq-far", "pdq-lookalike"} & set(families)
        for pdq in _pdqs(line)
    ]
    distances = [min((pdq ^ original).bit_count() for original in originals) for pdq in near]
    assert all(distance <= 31 or distance > 70 for distance in distances)
    assert any(0 < distance <= 31 for distance in distances)


def _pdqs(line: dict[str, Any]) -> list[int]:
    hashes = line.get("media_hashes", ())
    return [int(h["value"], 16) for h in hashes if h["algorithm"] == "pdq"]


def _by_person(corpus: list[Truth]) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for line, person, _ in corpus:
        found[person].append(line)
    return found
