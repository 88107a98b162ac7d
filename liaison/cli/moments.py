"""Instants as they are given on the command line."""

from __future__ import annotations


def since_option(text: str | None) -> int | None:
    """``--since`` in milliseconds since 1970 UTC; a date is its first instant in UTC.

    Raises:
        InputRefused: it is neither an ISO 8601 instant with a zone nor a date.
    """
    if text is None:
        return None
    from producers.intake.moments import instant
    from schemas.errors import InputRefused

    found = instant(text if "T" in text or " " in text else f"{text}T00:00:00Z")
    if isinstance(found, int):
        return found
    problem, remedy = found
    raise InputRefused(f"--since {problem}", remedy=remedy)
