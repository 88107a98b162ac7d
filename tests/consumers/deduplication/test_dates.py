"""What two birth dates have in common, as far as they are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication.dates import birth, birth_level, not_apart, packed
from consumers.deduplication.features import BirthDate, birth_date
from consumers.deduplication.outcomes import Outcome
from tests.consumers.deduplication.synthetic import birth_dates

CASES = [
    ("2012-05-17", "2012-05-17", "equal"),
    ("2012-05-07", "2012-07-05", "swapped"),
    ("2012-05-17", "2012-05-18", "slip"),
    ("2012-05-19", "2012-05-20", "slip"),
    ("2012-05-19", "2012-05-21", "part"),
    ("2012-05-17", "2012-05-27", "slip"),
    ("2012-03-17", "2012-08-17", "slip"),
    ("2012-12-31", "2013-01-01", "year-near"),
    ("2012-05-12", "2012-05-27", "part"),
    ("2012-09-17", "2012-10-17", "part"),
    ("2012-05-17", "2012-09-24", "year-only"),
    ("2012-05-17", "2013-05-17", "year-slip"),
    ("2009-05-17", "2010-05-17", "year-slip"),
    ("2012-05-17", "2016-05-17", "year-slip"),
    ("2012-05-17", "2021-05-17", "year-slip"),
    ("2008-05-17", "2017-05-17", "apart"),
    ("1982-05-17", "2012-05-17", "apart"),
    ("1992-05-17", "2012-05-17", "apart"),
    ("2012-05-17", "2013-05-18", "apart"),
    ("2012-05-17", "2012-05", "month"),
    ("2012-05-17", "2012-06", "month-apart"),
    ("2012-05-17", "2012", "year"),
    ("2012-05", "2012", "year"),
    ("2012", "2012", "year"),
    ("2012-01-01", "2012-11-30", "year"),
    ("2012-05-17", "2013", "year-near"),
    ("2012-05-17", "2014", "apart"),
]


@pytest.mark.parametrize(("one", "other", "level"), CASES)
def test_every_pair_of_dates_has_one_level(one: str, other: str, level: str) -> None:
    """From equal over slips and parts to what cannot be one date."""
    found = list(birth(birth_date(one), birth_date(other)))
    assert found == [Outcome("birth-date", level)]


def test_new_years_eve_and_the_day_after_are_a_day_apart() -> None:
    """Where the first of January was kept as a day, for it was one."""
    (found,) = birth(BirthDate(2012, 12, 31), BirthDate(2013, 1, 1))
    assert found.level == "slip"


def test_an_unknown_date_says_nothing() -> None:
    """Neither for nor against."""
    assert list(birth(None, BirthDate(2012))) == list(birth(BirthDate(2012), None)) == []
    assert list(birth(None, None)) == []


@given(a=st.none() | birth_dates, b=st.none() | birth_dates)
def test_dates_are_compared_alike_from_both_sides(a: BirthDate | None, b: BirthDate | None) -> None:
    """Which of the two came first makes no difference."""
    assert list(birth(a, b)) == list(birth(b, a))


@given(a=birth_dates)
def test_a_date_never_contradicts_itself(a: BirthDate) -> None:
    """Equal as far as it is known."""
    (found,) = birth(a, a)
    assert found.level == ("equal" if a.is_full else "month" if a.month else "year")


@given(a=st.none() | birth_dates, others=st.lists(st.none() | birth_dates, max_size=6))
def test_none_is_left_out_whose_date_is_not_apart(
    a: BirthDate | None, others: list[BirthDate | None]
) -> None:
    """Packed dates leave out less than comparing them would, and never more."""
    kept = set(not_apart(packed(a), [(n, packed(other)) for n, other in enumerate(others)]))
    for number, other in enumerate(others):
        assert number in kept or (a and other and birth_level(a, other) == "apart")


def test_who_was_born_years_apart_is_left_out() -> None:
    """Unless the day is the same: the year may be mistyped."""
    born = [BirthDate(2008, 5, 17), BirthDate(2008), BirthDate(2008, 5, 18), BirthDate(2011)]
    pairs = [(number, packed(date)) for number, date in enumerate((*born, None))]
    assert list(not_apart(packed(BirthDate(2012, 5, 17)), pairs)) == [0, 3, 4]
    assert list(not_apart(packed(BirthDate(2012)), pairs)) == [3, 4]
    assert list(not_apart(0, pairs)) == [0, 1, 2, 3, 4]
