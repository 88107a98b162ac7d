"""How much it says to have something in common."""

from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication.names import parse
from consumers.deduplication.rarity import (
    ASSUMED,
    EXPECTED,
    NOTHING_KNOWN,
    Rarity,
    information,
)

counts = st.integers(1, 10**9)


@given(part=counts, whole=counts)
def test_information_is_the_logarithm(part: int, whole: int) -> None:
    """A whole number of centibits, within one of the exact logarithm, and never below nothing."""
    found = information(part, whole)
    assert type(found) is int
    assert abs(found - max(0.0, 100 * log2(whole / part))) <= 1


@given(part=counts, whole=counts, more=st.integers(0, 10**6))
def test_what_fewer_have_says_more(part: int, whole: int, more: int) -> None:
    """It falls with the part and rises with the whole, without a step back."""
    assert information(part + more, whole) <= information(part, whole)
    assert information(part, whole + more) >= information(part, whole)


@pytest.mark.parametrize("bits", range(31))
def test_powers_of_two_are_exact(bits: int) -> None:
    """One in two to the nth is worth n bits."""
    assert information(3, 3 << bits) == 100 * bits


def test_a_word_is_worth_less_the_more_have_it() -> None:
    """What was counted outweighs what is known of names in general."""
    (token,) = parse("Quincampoix").tokens
    fold = token.folds[0]
    worth = [
        Rarity(10_000, {fold: count}.get).word(token)  # type: ignore[arg-type]
        for count in (0, 1, 10, 100, 1000, 10_000)
    ]
    assert worth == sorted(worth, reverse=True)
    assert len(set(worth)) == len(worth)
    assert NOTHING_KNOWN.word(token) == information(EXPECTED[token.rank], 100 * ASSUMED)


def test_frequent_names_are_worth_less_from_the_start() -> None:
    """Before anything was counted the lexicon tells a frequent name from a rare one."""
    rare, frequent = (parse(name).tokens[0] for name in ("Quincampoix", "Maria"))
    assert NOTHING_KNOWN.word(rare) > NOTHING_KNOWN.word(frequent) > 0


@pytest.mark.parametrize(("holders", "loss"), [(0, 0), (1, 0), (2, 100), (8, 300), (1024, 1000)])
def test_a_shared_value_loses_what_its_holders_are(holders: int, loss: int) -> None:
    """Nothing while one other has it; a bit for each doubling; the rarest of several counts."""
    count = {"rare": holders, "usual": 5000}.__getitem__
    assert Rarity(10_000, count).sharing(["rare"]) == loss
    assert Rarity(10_000, count).sharing(["usual", "rare"]) == loss


def test_nothing_shared_loses_nothing() -> None:
    """And where nothing is known, nothing is lost."""
    assert Rarity(5).sharing([]) == 0
    assert NOTHING_KNOWN.sharing(["a"]) == 0


def test_a_subject_that_is_counted_can_be_left_out() -> None:
    """Then all is as before it came; where nothing is counted, nothing changes."""
    rarity = Rarity(10, {"a": 3, "b": 1, "c": 2}.__getitem__).without({"a", "b"})
    assert (rarity.population, [rarity.count(v) for v in "abc"]) == (9, [2, 0, 2])
    nothing = NOTHING_KNOWN.without({"a"})
    assert (nothing.population, nothing.count("a")) == (0, 0)
