"""The tables of one segment: for each chunk, its entries ordered by bucket.

An entry is 32 bits: above, the bits of the chunk that did not choose the bucket; below, which
hash of the segment it is. So most that are in a bucket and not within the radius are passed
over without a look at their hash, which is a cache miss saved.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from consumers.deduplication.pdq.chunks import STARTS, WIDTHS
from consumers.deduplication.pdq.compiled import compiled, inlined

Words = npt.NDArray[np.uint64]
Entries = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]
Integer = int | np.int64

CHUNKS = len(WIDTHS)
COARSE = 8
"""Bits of the first pass of ordering: so many places to write to stay in the first cache."""
LOW_HALF = np.uint64(0xFFFFFFFF)


@inlined
def chunk_of(words: Words, row: Integer, chunk: int) -> np.uint64:
    """The bits of ``chunk`` of the hash in ``row``, as a number."""
    start, width = STARTS[chunk], WIDTHS[chunk]
    word, offset = start >> 6, start & 63
    value = words[row, word] << np.uint64(offset)
    if offset + width > 64:
        value |= words[row, word + 1] >> np.uint64(64 - offset)
    return np.uint64(value >> np.uint64(64 - width))


@inlined
def parts_of(words: Words, alive: Flags, first: int, last: int, bits: int) -> Numbers:
    """Where the live hashes with the same highest ``bits`` of a chunk begin, one place later."""
    parts = np.zeros((CHUNKS, (1 << bits) + 2), np.int64)
    for row in range(first, last):
        if alive[row]:
            for chunk in range(CHUNKS):
                value = chunk_of(words, row, chunk)
                parts[chunk, np.int64(value >> np.uint64(WIDTHS[chunk] - bits)) + 2] += 1
    for chunk in range(CHUNKS):
        for part in range(1 << bits):
            parts[chunk, part + 1] += parts[chunk, part]
    return parts


@compiled("void(u8[:,::1], u1[::1], i8, i8, i8, i8, u8[::1], u4[:,::1], u4[:,::1])")
def fill(
    words: Words,
    alive: Flags,
    first: int,
    last: int,
    bits: int,
    id_bits: int,
    scratch: Words,
    entries: Entries,
    offsets: Entries,
) -> None:
    """Orders the live hashes from ``first`` to before ``last`` into ``entries``, by counting.

    Bucket *b* of a chunk is ``entries[chunk, offsets[chunk, b] : offsets[chunk, b + 1]]``.
    ``offsets`` come as zeros, two more than there are buckets. ``scratch`` has room for all
    live hashes: they are ordered by the highest bits first, and by all of them then, so that
    each pass writes to places that the cache holds.
    """
    coarse = min(bits, COARSE)
    parts = parts_of(words, alive, first, last, coarse)
    for chunk in range(CHUNKS):
        width, rest = WIDTHS[chunk], np.uint64(WIDTHS[chunk] - bits)
        low = (np.uint64(1) << rest) - np.uint64(1)
        ends = parts[chunk]
        for row in range(first, last):
            if alive[row]:
                value = chunk_of(words, row, chunk)
                place = np.int64(value >> np.uint64(width - coarse)) + 1
                scratch[ends[place]] = value << np.uint64(32) | np.uint64(row - first)
                ends[place] += 1
        places = offsets[chunk]
        for i in range(len(scratch)):
            places[(scratch[i] >> np.uint64(32) >> rest) + np.uint64(2)] += np.uint32(1)
        for i in range(1, len(places)):
            places[i] += places[i - 1]
        for i in range(len(scratch)):
            value = scratch[i] >> np.uint64(32)
            bucket = (value >> rest) + np.uint64(1)
            entry = (value & low) << np.uint64(id_bits) | (scratch[i] & LOW_HALF)
            entries[chunk, places[bucket]] = np.uint32(entry)
            places[bucket] += np.uint32(1)
