"""What the comparison of one field says. Pure."""

from __future__ import annotations

from typing import NamedTuple

BITS_SHARED = "bits-shared"
"""The level that tells what a value loses by being shared with others."""


class Outcome(NamedTuple):
    """``field`` and ``level`` name a weight; ``amount`` is how often it counts.

    Where field or level is a measure of information (``bits``), the amount is in centibits.
    """

    field: str
    level: str
    amount: int = 1
