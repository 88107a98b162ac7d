"""Dates and instants of the intake: partial birth dates, ISO 8601 instants with a zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

_BIRTH = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EARLIEST_BIRTH_YEAR = 1880

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_DAY_MS = 24 * 60 * 60 * 1000

Refusal = tuple[str, str]
"""A problem and its remedy."""


def birth_date(text: str, now_ms: int) -> Refusal | None:
    """What is wrong with a partial date; None when it is one and lies in the past."""
    earliest = _earliest(text)
    if not isinstance(earliest, int):
        return earliest
    if earliest > _EPOCH_ORDINAL + now_ms // _DAY_MS + 1:
        return "lies in the future", "correct the year"
    return None


@lru_cache(maxsize=32768)
def _earliest(text: str) -> int | Refusal:
    """The number of the first day that a partial date may be; a lifetime has few days."""
    found = _BIRTH.fullmatch(text)
    if found is None:
        return "is not YYYY-MM-DD, YYYY-MM or YYYY", "write what is known, for example 2010-07"
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        earliest = date(year, month, day)
    except ValueError:
        return "no such date exists", "correct it, or give only what is known: YYYY-MM or YYYY"
    if year < EARLIEST_BIRTH_YEAR:
        return f"lies before {EARLIEST_BIRTH_YEAR}", "correct the year"
    return earliest.toordinal()


def instant(text: str) -> int | Refusal:
    """Milliseconds since 1970 UTC of an ISO 8601 instant with a zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return "is not an ISO 8601 instant", "write for example 2026-01-02T03:04:05Z"
    if found.tzinfo is None:
        return "has no time zone", "add Z for UTC, for example 2026-01-02T03:04:05Z"
    try:
        return _milliseconds(found if found.tzinfo is UTC else found.astimezone(UTC))
    except OverflowError:
        return "no such instant exists", "write for example 2026-01-02T03:04:05Z"


def end(text: str) -> int | Refusal:
    """As :func:`instant`; a date alone means the end of that day in UTC."""
    if not _DATE.fullmatch(text):
        return instant(text)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "no such date exists", "correct it, for example 2027-12-31"
    try:
        return _milliseconds(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1))
    except OverflowError:
        return "lies too far in the future", "correct the year"


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def iso(milliseconds: int) -> str:
    """The ISO 8601 form of an instant, in UTC; milliseconds only where there are any."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    precision = "milliseconds" if milliseconds % 1000 else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")
