"""Birth dates as far as they are known, compared. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from consumers.deduplication.features import BirthDate
from consumers.deduplication.outcomes import Outcome

GENERATION = 15
"""Years that may lie between a parent and a child of one name."""


def birth(a: BirthDate | None, b: BirthDate | None) -> Iterator[Outcome]:
    """At most one outcome: what the two dates have in common, or that they cannot be one."""
    if a and b:
        yield Outcome("birth-date", birth_level(a, b))


def birth_level(a: BirthDate, b: BirthDate) -> str:
    """What two dates have in common."""
    if not (a.day and b.day):
        return _partial(a, b)
    if a == b:
        return "equal"
    if a.year == b.year:
        return _within_year(a, b)
    if (a.month, a.day) == (b.month, b.day) and abs(a.year - b.year) < GENERATION:
        slipped = _one_digit(f"{a.year}", f"{b.year}") or _next(a, b)
        return "year-slip" if slipped else "apart"
    if abs(a.year - b.year) == 1 and {(a.month, a.day), (b.month, b.day)} == {(12, 31), (1, 1)}:
        return "slip"
    return "apart"


def packed(birth: BirthDate | None) -> int:
    """A date in 32 bits, as it lies beside the number of a subject; 0 where nothing is known."""
    return birth.year << 9 | birth.month << 5 | birth.day if birth else 0


def not_apart(birth: int, others: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Of numbers, each with a packed date, those that may be of somebody born on ``birth``.

    Left out is only what :func:`birth_level` calls apart, for a tenth of the price of asking it.
    """
    if not birth:
        return (number for number, _ in others)
    year, day = birth >> 9, birth & 511 or -1
    return (n for n, d in others if not d or -2 < (d >> 9) - year < 2 or d & 511 == day)


def _partial(a: BirthDate, b: BirthDate) -> str:
    if a.year == b.year:
        if a.month and b.month:
            return "month" if a.month == b.month else "month-apart"
        return "year"
    return "year-near" if _next(a, b) else "apart"


def _next(a: BirthDate, b: BirthDate) -> bool:
    return abs(a.year - b.year) == 1


def _one_digit(a: str, b: str) -> bool:
    return sum(x != y for x, y in zip(a, b, strict=True)) == 1 or (
        a[:2] == b[:2] and a[3] + a[2] == b[2:]
    )


def _within_year(a: BirthDate, b: BirthDate) -> str:
    if (a.month, a.day) == (b.day, b.month):
        return "swapped"
    if a.month == b.month and abs(a.day - b.day) == 1:
        return "slip"
    digits = (f"{d.month:02}{d.day:02}" for d in (a, b))
    if sum(x != y for x, y in zip(*digits, strict=True)) == 1:
        return "slip"
    if a.month == b.month or a.day == b.day:
        return "part"
    return "year-only"
