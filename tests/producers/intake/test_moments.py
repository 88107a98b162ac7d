"""Dates and instants."""

from __future__ import annotations

import pytest

from producers.intake import moments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-01-02T03:04:05.678Z", 1_767_323_045_678),
        ("2026-01-02T04:04:05+01:00", 1_767_323_045_000),
    ],
)
def test_instants(text: str, expected: int) -> None:
    """Instants are milliseconds since 1970 in UTC, whatever zone they are written in."""
    assert moments.instant(text) == expected


def test_there_and_back() -> None:
    """What is written is what was read."""
    for text in ("1970-01-01T00:00:00Z", "2026-01-02T03:04:05.678Z"):
        milliseconds = moments.instant(text)
        assert isinstance(milliseconds, int)
        assert moments.iso(milliseconds) == text


def test_end_of_day() -> None:
    """A date alone means until it is over."""
    assert moments.end("1970-01-01") == 86_400_000
    assert moments.end("1970-01-01T00:00:00Z") == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("yesterday", "is not an ISO 8601 instant"),
        ("2026-01-02T03:04:05", "has no time zone"),
        ("2026-02-30", "no such date exists"),
        ("9999-12-31", "lies too far in the future"),
        ("0001-01-01T00:00:00+14:00", "no such instant exists"),
    ],
)
def test_refusals(text: str, problem: str) -> None:
    """What is no moment is refused."""
    found = moments.end(text)
    assert isinstance(found, tuple)
    assert found[0] == problem


@pytest.mark.parametrize("text", ["2010", "2010-07", "2010-07-13", "2012-02-29"])
def test_partial_dates(text: str) -> None:
    """A date of birth may be known in part."""
    assert moments.birth_date(text, 1_790_000_000_000) is None
