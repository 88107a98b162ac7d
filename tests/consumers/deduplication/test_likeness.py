"""How alike two words are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication.likeness import Likeness, likeness
from consumers.deduplication.names import parse


def between(one: str, other: str) -> Likeness:
    (a,), (b,) = parse(one).tokens, parse(other).tokens
    assert likeness(a, b) is likeness(b, a)
    return likeness(a, b)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Kusnezow", "Kuznetsov", Likeness.HEARD),
        ("Hrytsenko", "Gritsenko", Likeness.HEARD),
        ("Мухаммед", "Mohamed", Likeness.HEARD),
        ("سامر", "Samer", Likeness.HEARD),
        ("سلمى", "Salim", Likeness.NONE),
        ("Quincampoix", "Quincambpoix", Likeness.TYPED),
        ("Wackernhold", "Wackenrhold", Likeness.TYPED),
        ("Amina", "Amira", Likeness.NONE),
        ("Karim", "Karima", Likeness.NONE),
        ("Ivanov", "Ivanova", Likeness.GENDERED),
        ("Mario", "Maria", Likeness.NONE),
        ("Anna", "Hugo", Likeness.NONE),
        ("M", "Maria", Likeness.INITIAL),
        ("M", "Anna", Likeness.NONE),
    ],
)
def test_likeness(one: str, other: str, expected: Likeness) -> None:
    """Other ears are forgiven, slips in long words too; another person's name is not."""
    assert between(one, other) is expected


@given(*[st.text("abcdefghijklmnoprstuvwxyz", min_size=1, max_size=12)] * 2)
def test_likeness_is_symmetric_and_total(one: str, other: str) -> None:
    """Any two words can be compared, in either order, with one result."""
    for a in parse(one).tokens:
        for b in parse(other).tokens:
            assert likeness(a, b) is likeness(b, a)
        assert likeness(a, a) is Likeness.EQUAL
