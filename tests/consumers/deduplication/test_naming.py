"""Two subjects' names compared."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consumers.deduplication.names import Name, parse
from consumers.deduplication.naming import LEVELS, MAX_BITS, names
from consumers.deduplication.outcomes import Outcome
from consumers.deduplication.rarity import NOTHING_KNOWN, Rarity
from consumers.deduplication.terms import NAME_BITS
from tests.consumers.deduplication.synthetic import WRITTEN

several = st.lists(
    st.sampled_from(WRITTEN) | st.lists(st.sampled_from(WRITTEN), min_size=2).map(" ".join),
    max_size=3,
).map(lambda written: tuple(dict.fromkeys(map(parse, written))))


def compared(one: str, other: str, rarity: Rarity = NOTHING_KNOWN) -> list[Outcome]:
    found = names((parse(one),), (parse(other),), rarity)
    assert found == names((parse(other),), (parse(one),), rarity)
    return found


def kind(one: str, other: str) -> str:
    found = compared(one, other)
    assert found[0].field == "name"
    return found[0].level


def levels(one: str, other: str) -> set[tuple[str, str]]:
    return {(o.field, o.level) for o in compared(one, other)[1:]}


KINDS = [
    ("Aurélie Quincampoix", "QUINCAMPOIX Aurelie", "all"),
    ("Aurélie Quincambpoix", "Aurélie Quincampoix", "all-fuzzy"),
    ("Ana Maria Silva", "Maria Ana Silva", "all-common"),
    ("Aurélie Quincampoix", "Aurélie Solange Quincampoix", "more"),
    ("Aurélie Quincampoix", "Aurélie Solange Quincambpoix", "more-fuzzy"),
    ("Maria Silva", "Maria Ana Silva", "more-common"),
    ("Quincampoix", "Aurélie Quincampoix", "part"),
    ("Quincambpoix", "Aurélie Quincampoix", "part-fuzzy"),
    ("Maria", "Maria Quincampoix", "part-common"),
    ("Quincampoix", "Quincampoix", "single"),
    ("Quincambpoix", "Quincampoix", "single-fuzzy"),
    ("Maria", "Maria", "single-common"),
    ("A. Quincampoix", "Aurélie Quincampoix", "initialled"),
    ("A. Q.", "Aurélie Quincampoix", "initials"),
    ("A. Wyrobek", "Aurélie Quincampoix", "none"),
    ("Aurélie Quincampoix", "Tomasz Wyrobek", "none"),
    ("Maria Silva", "Maria Santos", "one-family-apart"),
    ("Maria Silva", "Ana Silva", "one-given-apart"),
    ("Aurélie Quincampoix", "Tomasz Quincampoix", "one-given-apart"),
    ("Aurélie Quincampoix", "Aurélie Wackernhold", "one-family-apart"),
    ("Aurélie Solange Quincampoix", "Aurélie Solange Wackernhold", "some-family-apart"),
]


@pytest.mark.parametrize(("one", "other", "expected"), KINDS)
def test_every_kind_of_agreement_has_a_name(one: str, other: str, expected: str) -> None:
    """How many words agree, how well, and which part is left over on both sides."""
    assert kind(one, other) == expected


def test_nothing_to_compare_says_nothing() -> None:
    """A subject without a name agrees with nobody and differs from nobody."""
    assert names((), (parse("Maria Silva"),), NOTHING_KNOWN) == []
    assert names((parse("Maria Silva"),), (), NOTHING_KNOWN) == []


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Aurélie Quincampoix", "Aurelie Quincampoix", "equal"),
        ("Hrytsenko", "Gritsenko", "heard"),
        ("Lena Quincampoix", "Elena Quincampoix", "nickname"),
        ("Quincampoix", "Quincambpoix", "typed"),
        ("Zhuravlyov", "Zhuravlyova", "gendered"),
        ("A. Quincampoix", "Aurélie Quincampoix", "initial"),
    ],
)
def test_how_the_words_agree_is_told(one: str, other: str, level: str) -> None:
    """Bits are kept apart by how alike the words are: they are not worth the same."""
    assert ("name-bits", level) in levels(one, other)


def test_what_two_names_share_in_part_is_another_field() -> None:
    """Sisters share a rare surname: its bits are not those of a whole name."""
    fields = {field for field, _ in levels("Aurélie Quincampoix", "Tomasz Quincampoix")}
    assert fields == {"shared-name-bits"}


def test_two_words_written_as_one_agree() -> None:
    """However the office splits a name."""
    assert kind("Ana Maria Quincampoix", "Anamaria Quincampoix") == "all"


def test_generations_that_differ_are_told() -> None:
    """Junior is not senior; where only one side says it, nothing is told."""
    apart = Outcome("name", "generation")
    assert apart in compared("Tomasz Wyrobek jr", "Tomasz Wyrobek sr")
    assert apart not in compared("Tomasz Wyrobek jr", "Tomasz Wyrobek jr")
    assert apart not in compared("Tomasz Wyrobek jr", "Tomasz Wyrobek")


def test_aliases_contradict_nothing() -> None:
    """The two names that agree best count, and the others are left alone."""
    aliases = (parse("Mr Walker"), parse("Tomasz Wyrobek"))
    assert names(aliases, (parse("Wyrobek Tomasz"),), NOTHING_KNOWN)[0].level == "all"


def test_a_word_that_many_have_is_worth_less() -> None:
    """The more frequent of two writings counts, so that a slip makes no name rare."""
    fold = parse("Quincampoix").tokens[0].folds[0]
    usual = Rarity(10_000, lambda word: 5000 * (word == fold))
    for other in ("Quincampoix", "Quincambpoix"):
        (_, rare), (_, frequent) = (compared("Quincampoix", other, r) for r in (Rarity(), usual))
        assert 0 < frequent.amount < rare.amount


LONG = "Lena Wackernhold Lena Wackernhold Lena Wackernhold Ana Maria Silva"
TWICE = "Aurélie Quincampoix Aurélie Quincampoix QUINCAMPOIX Aurelie Marie Lena Wackernhold"


@given(a=several, b=several)
@example(
    a=(parse("QUINCAMPOIX Aurelie Marie"), parse(TWICE)),
    b=(parse("Elena Wackernhold-Ostrowitz"), parse(LONG)),
)
@example(a=(parse("Anamaria Silva"),), b=(parse("Ana Maria Anamariasilva"),))
def test_names_are_compared_alike_from_both_sides(a: tuple[Name, ...], b: tuple[Name, ...]) -> None:
    """Which of the two came first makes no difference."""
    assert list(names(a, b, NOTHING_KNOWN)) == list(names(b, a, NOTHING_KNOWN))


@given(a=several, b=several)
def test_bits_are_bounded_and_never_negative(a: tuple[Name, ...], b: tuple[Name, ...]) -> None:
    """However long two names are, together they say no more than the bound."""
    found = [o for o in names(a, b, NOTHING_KNOWN) if o.field in NAME_BITS]
    assert all(o.amount > 0 and o.level in LEVELS.values() for o in found)
    assert sum(o.amount for o in found) <= MAX_BITS
    assert len({o.field for o in found}) <= 1
