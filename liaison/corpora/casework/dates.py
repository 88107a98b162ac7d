"""How a birth date arrives: in full, in part, guessed, slipped, or from another calendar."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

Shares = tuple[tuple[str, float], ...]
"""Ways of writing a date with their shares."""

PLACEHOLDERS = ("1900-01-01", "1970-01-01", "2000-01-01", "1900", "1999-12-31")

LATEST = date(2022, 12, 31)
"""No birth is later: dates of birth in the future are refused."""


def told(birth: date, ways: Shares, random: Random) -> tuple[str | None, str]:
    """A partial date in the form of the intake, or None; and the family of the error."""
    way = random.choices([w for w, _ in ways], [share for _, share in ways])[0]
    return _WAYS[way](birth, random), "" if way in ("full", "none") else f"date-{way}"


def _full(birth: date, _random: Random) -> str | None:
    return birth.isoformat()


def _none(_birth: date, _random: Random) -> str | None:
    return None


def _year(birth: date, _random: Random) -> str | None:
    return f"{birth.year}"


def _month(birth: date, _random: Random) -> str | None:
    return f"{birth:%Y-%m}"


def _estimate(birth: date, random: Random) -> str | None:
    return f"{min(birth.year + random.choice((-1, 0, 0, 1)), LATEST.year)}"


def _january(birth: date, _random: Random) -> str | None:
    return f"{birth.year}-01-01"


def _swapped(birth: date, random: Random) -> str | None:
    if birth.day > 12 or birth.day == birth.month:
        return _slip(birth, random)
    return f"{birth.year}-{birth.day:02}-{birth.month:02}"


def _slip(birth: date, random: Random) -> str | None:
    """One digit of year, month or day is another; always a date that exists."""
    text = birth.isoformat()
    for _ in range(20):
        at = random.choice((2, 3, 5, 6, 8, 9))
        changed = text[:at] + random.choice("0123456789") + text[at + 1 :]
        if changed != text and _exists(changed):
            return changed
    return text


def _exists(text: str) -> bool:
    try:
        return date(1920, 1, 1) <= date.fromisoformat(text) <= LATEST
    except ValueError:
        return False


def _day(birth: date, random: Random) -> str | None:
    return (birth + timedelta(days=random.choice((-1, 1)))).isoformat()


def _calendar(birth: date, random: Random) -> str | None:
    """From an Ethiopian, Hijri or Buddhist date by rule of thumb: off by days or by a year."""
    kind = random.randrange(3)
    if kind == 0:
        return (
            f"{birth.year + random.choice((-1, 1))}{birth:-%m-%d}"
            if birth.day < 29
            else f"{birth.year}"
        )
    if kind == 1:
        return (birth + timedelta(days=random.choice((-11, -10, 10, 11)))).isoformat()
    return f"{birth.year - 1}"


_WAYS = {
    "full": _full, "none": _none, "year": _year, "month": _month, "estimate": _estimate,
    "january": _january, "swapped": _swapped, "slip": _slip, "day": _day, "calendar": _calendar,
}  # fmt: skip
