"""The search itself: buckets, entries, hashes.

A query visits the buckets within the radius in every chunk, and compares the hashes whose
entries are within it too. What costs is memory, a miss of the cache for each bucket and hash. So
the buckets of a chunk are read in one go, without a branch that waits for what was read, and the
processor keeps many reads under way.

Where a query meets many times more entries than evenly spread hashes would give, it is planned
anew: other radii for the chunks, by what this query would meet there, or a look at every hash
if nothing is cheaper. Either is exact, so that skew costs time, at most about that of a scan.
"""

from __future__ import annotations

import numpy as np

from consumers.deduplication.pdq.chunks import RADII, UNITS, WIDEST, WIDTHS
from consumers.deduplication.pdq.compiled import LANES, compiled, inlined, near, popcount
from consumers.deduplication.pdq.tables import (
    CHUNKS,
    Entries,
    Flags,
    Integer,
    Numbers,
    Words,
    chunk_of,
)

BUFFER = 1024
"""Candidates that are compared in one go."""
CROWDED = 4
"""Planned anew from so many times as many entries as even buckets would give, and ``BUFFER``."""
LOOKUP_COST, ENTRY_COST, SCAN_COST = 12, 4, 2
"""Of one bucket, one entry, one hash in a scan; about nanoseconds, only their ratio counts."""
ONE = np.uint32(1)


@inlined
def distance_of(words: Words, row: Integer, query: Words, limit: int) -> Integer:
    """Bits that differ; anything above ``limit`` once that is certain, half-way."""
    half = popcount(words[row, 0] ^ query[0, 0]) + popcount(words[row, 1] ^ query[0, 1])
    if np.int64(half) > limit:
        return np.int64(half)
    rest = popcount(words[row, 2] ^ query[0, 2]) + popcount(words[row, 3] ^ query[0, 3])
    return np.int64(half + rest)


@compiled("i8(u8[:,::1], u1[::1], i8, i8, u8[:,::1], i8, i8[::1], i8)")
def scan(
    words: Words,
    alive: Flags,
    first: int,
    last: int,
    query: Words,
    limit: int,
    hits: Numbers,
    found: int,
) -> int:
    """Every hash from ``first`` to before ``last``. Writes and returns as ``probe`` does."""
    for row in range(first, last):
        distance = distance_of(words, row, query, limit)
        if distance <= limit and alive[row]:
            if found < len(hits):
                hits[found] = np.int64(row) << 9 | distance
            found += 1
    return found


@inlined
def compare(
    words: Words,
    alive: Flags,
    query: Words,
    limit: int,
    chunk: int,
    radii: Numbers,
    rows: Numbers,
    count: Integer,
    hits: Numbers,
    found: int,
) -> int:
    """Compares the first ``count`` of ``rows``, but those that an earlier chunk finds too."""
    for i in range(count):
        row = rows[i]
        distance = distance_of(words, row, query, limit)
        if distance > limit or not alive[row]:
            continue
        first = True
        for earlier in range(chunk):
            differ = chunk_of(words, row, earlier) ^ chunk_of(query, 0, earlier)
            if np.int64(popcount(differ)) <= radii[earlier]:
                first = False
                break
        if first:
            if found < len(hits):
                hits[found] = row << 9 | distance
            found += 1
    return found


@inlined
def lanes(mark: np.uint32, size: Integer) -> np.uint32:
    """``mark`` without the lanes that lie behind the end of a bucket."""
    return np.uint32(mark & ((ONE << np.uint32(size)) - ONE)) if size < LANES else mark


@inlined
def sweep(
    words: Words,
    alive: Flags,
    base: int,
    entries: Entries,
    offsets: Entries,
    bits: int,
    id_bits: int,
    masks: Entries,
    ends: Numbers,
    query: Words,
    limit: int,
    radii: Numbers,
    widest: int,
    most: Numbers,
    hits: Numbers,
    found: int,
) -> int:
    """Visits all chunks; -1 before it looks at more than ``most[chunk]`` entries up to a chunk."""
    room = ends[widest]
    marks, lefts = np.empty(room, np.uint32), np.empty(room, np.uint32)
    starts, sizes = np.empty(room, np.int64), np.empty(room, np.int64)
    rows = np.empty(BUFFER, np.int64)
    shift = np.uint32(id_bits)
    low = (ONE << shift) - ONE
    load = np.int64(0)
    for chunk in range(CHUNKS):
        if radii[chunk] < 0:
            continue
        rest = np.uint64(WIDTHS[chunk] - bits)
        value = chunk_of(query, 0, chunk)
        bucket = np.uint64(value >> rest)
        wanted = np.uint32(value & ((np.uint64(1) << rest) - np.uint64(1)))
        table, places = entries[chunk], offsets[chunk]
        kept = np.int64(0)
        for i in range(ends[radii[chunk]]):
            at = bucket ^ np.uint64(masks[i])
            start = np.int64(places[at])
            size = np.int64(places[at + np.uint64(1)]) - start
            left = np.uint32(radii[chunk]) - np.uint32(popcount(masks[i]))
            mark = lanes(near(table, start, shift, wanted, left), size)
            marks[kept], lefts[kept], starts[kept], sizes[kept] = mark, left, start, size
            kept += np.int64((mark != 0) | (size > LANES))
            load += size
        if load > most[chunk]:
            return -1
        count = np.int64(0)
        for i in range(kept):
            mark, start, size = marks[i], starts[i], sizes[i]
            while True:
                while mark:
                    lane = popcount((mark & (~mark + ONE)) - ONE)
                    rows[count] = base + np.int64(table[start + np.int64(lane)] & low)
                    count += 1
                    mark &= mark - ONE
                if count > BUFFER - LANES:
                    found = compare(
                        words, alive, query, limit, chunk, radii, rows, count, hits, found
                    )
                    count = np.int64(0)
                if size <= LANES:
                    break
                start += LANES
                size -= LANES
                mark = lanes(near(table, start, shift, wanted, lefts[i]), size)
        found = compare(words, alive, query, limit, chunk, radii, rows, count, hits, found)
    return found


@inlined
def plan(
    offsets: Entries, bits: int, masks: Entries, ends: Numbers, query: Words, size: Integer
) -> tuple[Numbers, Integer]:
    """The cheapest radii that miss nothing, and what they cost. -1 leaves a chunk out.

    By the number of entries that the query meets in each chunk within the usual radius; beyond
    it, as many more as there are more buckets.
    """
    best = np.full((CHUNKS + 1, UNITS + 1), np.int64(1) << 60)
    taken = np.zeros((CHUNKS + 1, UNITS + 1), np.int64)
    best[0, 0] = 0
    for chunk in range(CHUNKS):
        bucket = np.uint64(chunk_of(query, 0, chunk) >> np.uint64(WIDTHS[chunk] - bits))
        load, done, counted = np.int64(0), np.int64(0), np.int64(0)
        for units in range(WIDEST + 2):
            cost = np.int64(0)
            if units:
                if units - 1 <= RADII[chunk]:
                    counted = ends[units - 1]
                    while done < counted:
                        at = bucket ^ np.uint64(masks[done])
                        load += np.int64(offsets[chunk, at + np.uint64(1)]) - offsets[chunk, at]
                        done += 1
                within = min(load * ends[units - 1] // counted, size)
                cost = ends[units - 1] * LOOKUP_COST + within * ENTRY_COST
            for before in range(UNITS + 1):
                total = min(before + units, UNITS)
                if best[chunk, before] + cost < best[chunk + 1, total]:
                    best[chunk + 1, total] = best[chunk, before] + cost
                    taken[chunk + 1, total] = before * 8 + units
    radii = np.empty(CHUNKS, np.int64)
    total = UNITS
    for chunk in range(CHUNKS - 1, -1, -1):
        radii[chunk] = taken[chunk + 1, total] % 8 - 1
        total = taken[chunk + 1, total] // 8
    return radii, best[CHUNKS, UNITS]


@compiled(
    "i8(u8[:,::1], u1[::1], i8, i8, u4[:,::1], u4[:,::1], i8, i8, u4[::1], i8[::1],"
    " u8[:,::1], i8, i8[::1], i8)"
)
def probe(
    words: Words,
    alive: Flags,
    base: int,
    last: int,
    entries: Entries,
    offsets: Entries,
    bits: int,
    id_bits: int,
    masks: Entries,
    ends: Numbers,
    query: Words,
    limit: int,
    hits: Numbers,
    found: int,
) -> int:
    """The hashes of one segment within ``limit`` of ``query``, each once, in no order.

    Writes ``row << 9 | distance`` to ``hits`` from ``found`` on, and returns where they end;
    when that is beyond the end of ``hits``, those beyond are missing: call again with more room.
    """
    size = np.int64(entries.shape[1])
    table = (entries, offsets, bits, id_bits, masks, ends)
    crowded = BUFFER + CROWDED * (ends[2] * size >> bits)
    most = np.empty(CHUNKS, np.int64)
    for chunk in range(CHUNKS):
        most[chunk] = crowded * (chunk + 1)
    end = sweep(words, alive, base, *table, query, limit, RADII, 2, most, hits, found)
    if end >= 0:
        return end
    radii, cost = plan(offsets, bits, masks, ends, query, size)
    if cost < size * SCAN_COST:
        most[:] = size * SCAN_COST // ENTRY_COST
        end = sweep(words, alive, base, *table, query, limit, radii, WIDEST, most, hits, found)
    if end >= 0:
        return end
    return scan(words, alive, base, last, query, limit, hits, found)
