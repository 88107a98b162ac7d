"""What the index must find, found the plain way: every pair compared, in arithmetic of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint8]
"""Hashes, one in a row, 32 bytes each."""


def near(corpus: Mapping[int, bytes], pdq: bytes, distance: int = 31) -> list[tuple[int, int]]:
    """Number and distance of all hashes within ``distance``, by number."""
    query = int.from_bytes(pdq)
    pairs = [
        (number, (int.from_bytes(other) ^ query).bit_count()) for number, other in corpus.items()
    ]
    return sorted(pair for pair in pairs if pair[1] <= distance)


def near_rows(corpus: Bits, pdq: bytes, distance: int = 31) -> list[tuple[int, int]]:
    """As ``near``, of many rows."""
    differ = corpus.view(np.uint64) ^ np.frombuffer(pdq, np.uint64)
    counts = np.bitwise_count(differ).sum(axis=1, dtype=np.int64)
    rows = np.flatnonzero(counts <= distance)
    return list(zip(rows.tolist(), counts[rows].tolist(), strict=True))


def flipped(pdq: bytes, places: Iterable[int]) -> bytes:
    """``pdq`` with the bits at ``places`` turned over."""
    bits = int.from_bytes(pdq)
    for place in places:
        bits ^= 1 << int(place)
    return bits.to_bytes(32)
