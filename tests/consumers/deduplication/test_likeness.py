"""How alike two words are."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication.likeness import Likeness, likeness
from consumers.deduplication.names import Token, parse

MANY_WORDS = """
    Kusnezow Kuznetsov Hrytsenko Gritsenko Мухаммед Mohamed سامر Samer سلمى Salim Amina Amira Karim
    Ivanov Ivanova Иванова Mario Maria Marie Ανδρέας Andreas Andrew Sasha Aleksandr Pepe José 王小明
    김민준 Kim さくら Sakura สมชาย Somchai राहुल Rahul כהן Cohen Wackernhold Wackenrhold M Д
    Katya Ekaterina
    Nguyễn Nguyen Szczepański Shchepansky Müller Mueller Björk Bjork O'Neill Oneil García Gracia
"""


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
        ("Y", "Evgenia", Likeness.INITIAL),
        ("E", "Ivan", Likeness.NONE),
        ("Siriphon", "Siriphong", Likeness.NONE),
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


_WORDS = [t for text in MANY_WORDS.split() for t in parse(text).tokens]


@given(one=st.sampled_from(_WORDS), other=st.sampled_from(_WORDS))
def test_words_without_a_mark_in_common_are_not_alike(one: Token, other: Token) -> None:
    """What a comparison of names leaves out without asking is what the answer would be none to."""
    if not one.marks & other.marks:
        assert likeness(one, other) is Likeness.NONE


def test_most_strangers_have_no_mark_in_common() -> None:
    """Otherwise the marks spare nothing."""
    pairs = list(combinations(_WORDS, 2))
    strangers = [(a, b) for a, b in pairs if likeness(a, b) is Likeness.NONE]
    assert sum(not a.marks & b.marks for a, b in strangers) > len(strangers) // 2


def test_an_initial_is_that_of_any_standard() -> None:
    """Jun is Chün for some; the syllables of one letter are no initials of its own."""
    jun = parse("Luo Jun").tokens[1]
    assert likeness(parse("C.").tokens[0], jun) is Likeness.INITIAL
    assert likeness(parse("O.").tokens[0], jun) is Likeness.NONE
