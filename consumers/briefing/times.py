"""Instants and ages as a briefing shows them. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

DAY_MS = 86_400_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(ms: int) -> str:
    """``2026-01-02T03:04:05Z``; fractions of a second are cut off.

    The codec refuses instants that no calendar can show.
    """
    return (_EPOCH + timedelta(seconds=ms // 1000)).isoformat().replace("+00:00", "Z")


def iso_or_none(ms: int | None) -> str | None:
    """:func:`iso`, None for None."""
    return None if ms is None else iso(ms)


def instant(text: str) -> int:
    """Milliseconds of what :func:`iso` wrote."""
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(milliseconds=1)


def whole_days(since_ms: int, until_ms: int) -> int:
    """Whole days from one instant to another, 0 when there are none."""
    return max(0, (until_ms - since_ms) // DAY_MS)
