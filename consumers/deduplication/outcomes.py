"""What the comparison of one field says. Pure."""

from __future__ import annotations

from dataclasses import dataclass

BITS_SHARED = "bits-shared"
"""The level that tells what a value loses by being shared with others."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``field`` and ``level`` name a weight; ``count`` is how often it counts.

    Where field or level is a measure of information (``bits``), the count is in centibits.
    """

    field: str
    level: str
    count: int = 1
