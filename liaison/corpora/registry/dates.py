"""Birth dates as offices write them: in part, by default, or wrong."""

from __future__ import annotations

import random
from datetime import date, timedelta

from liaison.corpora.registry.person import TODAY, Person

_ERRORS = (
    ("", 73), ("no-birth-date", 7), ("year-only", 6), ("month-only", 2), ("first-of-january", 3),
    ("day-month-swap", 3), ("one-digit", 3), ("day-off", 2),
)  # fmt: skip
_KINDS = tuple(kind for kind, _ in _ERRORS)
_WEIGHTS = tuple(weight for _, weight in _ERRORS)
_UNREGISTERED = frozenset({"ethiopian", "levantine", "bengali", "persian", "nigerian"})
"""Origins of many persons whose papers say the first of January."""


def seen(person: Person, rng: random.Random) -> tuple[str | None, str]:
    """The date on a report, None where there is none; and the family of its error, or nothing."""
    (kind,) = rng.choices(_KINDS, _WEIGHTS)
    if person.origin.name in _UNREGISTERED and rng.random() < 0.12:
        kind = "first-of-january"
    birth = person.birth
    match kind:
        case "no-birth-date":
            return None, kind
        case "year-only":
            return f"{birth.year}", kind
        case "month-only":
            return f"{birth.year}-{birth.month:02}", kind
        case "first-of-january":
            return f"{birth.year}-01-01", kind
    wrong = _wrong(kind, birth, rng)
    return (wrong.isoformat(), kind) if wrong else (birth.isoformat(), "")


def _wrong(kind: str, birth: date, rng: random.Random) -> date | None:
    """Another date in the past, or None where the error leaves no such date."""
    try:
        match kind:
            case "day-month-swap":
                other = birth.replace(month=birth.day, day=birth.month)
            case "one-digit":
                text = list(birth.isoformat())
                text[rng.choice((2, 3, 3, 6, 8, 9, 9))] = rng.choice("0123456789")
                other = date.fromisoformat("".join(text))
            case "day-off":
                other = birth + timedelta(days=rng.choice((-1, 1)))
            case _:
                return None
    except ValueError:
        return None
    return other if other != birth and other < TODAY else None
