"""Instants for people: milliseconds inside, ISO 8601 UTC outside. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

DAY_MS = 86_400_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(ms: int) -> str:
    """``2026-01-02T03:04:05Z``; fractions of a second are cut off.

    The codec bounds instants of notifications to what a calendar can show.
    """
    return f"{_EPOCH + timedelta(milliseconds=ms // 1000 * 1000):%Y-%m-%dT%H:%M:%SZ}"


def iso_or_none(ms: int | None) -> str | None:
    """:func:`iso`, None for None."""
    return None if ms is None else iso(ms)


def whole_days(since_ms: int, until_ms: int) -> int:
    """Whole days from one instant to another, 0 when there are none."""
    return max(0, (until_ms - since_ms) // DAY_MS)


def instant(text: str) -> int:
    """Milliseconds of a date (its beginning, UTC) or of an ISO 8601 instant.

    Raises:
        ValueError: neither of them.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)
