"""How a hash is cut, and why nothing is missed.

Multi-index hashing (Norouzi, Punjani, Fleet: "Fast Exact Search in Hamming Space with
Multi-Index Hashing", 2012, arXiv:1307.2982). Cut into chunks, chunk *i* with a radius *r_i*. If two
hashes differ in more than *r_i* bits of every chunk, they differ in at least the sum of all
*r_i* + 1 bits. So where that sum is 32, hashes at a distance of at most 31 are within the radius
in at least one chunk. The sum is all that counts: a query that meets crowded buckets in one
chunk may leave it out and search the others wider (Qin et al.: "GPH: Similarity Search in
Hamming Space", 2018).
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate, combinations

import numpy as np
import numpy.typing as npt

from consumers.deduplication.pdq.hashes import BITS, NEAR

WIDTHS = np.array([24] * 6 + [23] * 4 + [20], np.int64)
"""Bits of each chunk; one of radius 1 beside ten of radius 2 makes the sum 32 and not 33, and
is narrower, so that it finds no fewer candidates than the others."""

RADII = np.array([2] * 10 + [1], np.int64)
STARTS = np.array([0, *accumulate(WIDTHS.tolist())][:-1], np.int64)
"""First bit of each chunk; bit 0 is the highest of the first byte."""

UNITS = NEAR + 1
"""What the radii plus one must add up to."""

WIDEST = 4
"""No chunk is searched wider: the number of buckets grows by a factor of five each time."""

MOST_BITS = int(WIDTHS.min())
"""A bucket is chosen by at most so many bits, the same number in every chunk."""

ENTRY_BITS = 32
MOST_ROWS = (1 << ENTRY_BITS - int(WIDTHS.max()) + MOST_BITS) - 1
"""Ids of more would not fit into an entry beside the bits that chose no bucket."""

assert WIDTHS.sum() == BITS
assert (RADII + 1).sum() == UNITS


def bucket_bits(entries: int, id_bits: int) -> int:
    """Bits that choose a bucket: 12 to 24 entries share one, if they are spread evenly.

    Fewer buckets mean more entries to look through, one after the other; more mean more places
    in memory to visit. Twice as many or half as many are slower at 1 and 10 million. In any
    case there must be so many that the other bits of a chunk and an id fit into an entry.
    """
    needed = int(WIDTHS.max()) - (ENTRY_BITS - id_bits)
    return max(4, needed, min(MOST_BITS, (entries // 12).bit_length() - 1))


@cache
def flips(bits: int) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """All masks of at most ``WIDEST`` of ``bits`` bits, fewest first; and where each number ends.

    ``ends[r]`` masks have at most *r* bits.
    """
    masks = [
        sum(1 << bit for bit in chosen)
        for weight in range(WIDEST + 1)
        for chosen in combinations(range(bits), weight)
    ]
    weights = np.array([mask.bit_count() for mask in masks])
    ends = [int((weights <= radius).sum()) for radius in range(WIDEST + 1)]
    return np.array(masks, np.uint32), np.array(ends, np.int64)
