"""Who has a key, as bytes."""

from __future__ import annotations

import pytest

from consumers.deduplication.dates import packed
from consumers.deduplication.features import BirthDate
from consumers.deduplication.postings import capped, entered, held, is_capped, left, numbers, record

CHILD, ADULT = packed(BirthDate(2012, 5, 17)), packed(BirthDate(1982, 3, 2))


@pytest.mark.parametrize("kind", ["email", "name"])
def test_subjects_come_and_go(kind: str) -> None:
    """A posting without one of its subjects is what it was before that came."""
    one = entered(None, kind, 7, CHILD)
    two = entered(one, kind, 1 << 24, ADULT)
    assert (held(one), held(two)) == (1, 2)
    assert left(two, 1 << 24) == one
    assert held(left(one, 7)) == 0
    assert left(two, 8) == two
    assert set(numbers(two, 0)) == {7, 1 << 24}


def test_only_names_ask_for_the_birth_date() -> None:
    """A telephone in common is worth a comparison whatever the dates say."""
    for kind, met in (("name", {1}), ("phone", {1, 2})):
        posting = entered(entered(None, kind, 1, CHILD), kind, 2, ADULT)
        assert set(numbers(posting, CHILD)) == met


def test_a_capped_key_has_nobody() -> None:
    """It keeps its record, and who leaves changes nothing."""
    posting = capped(b"since when")
    assert is_capped(posting)
    assert not is_capped(entered(None, "name", 1, CHILD))
    assert (record(posting), held(posting), set(numbers(posting, 0))) == (b"since when", 0, set())
    assert left(posting, 1) == posting
