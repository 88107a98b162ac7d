"""Which hash has which number: an open-addressing table of numbers beside the hashes.

Slots hold a number plus one; 0 is free, ``GONE`` was taken out. Multiplied with random odd
keys, so that nobody can send hashes that all want one slot; numbers do not depend on them.
"""

from __future__ import annotations

import numpy as np

from consumers.deduplication.pdq.compiled import compiled, inlined
from consumers.deduplication.pdq.tables import Entries, Flags, Integer, Numbers, Words

GONE = np.uint32(0xFFFFFFFF)


@inlined
def home(words: Words, row: Integer, keys: Words, slots: Entries) -> Integer:
    """Where the search for a hash begins."""
    mixed = np.uint64(0)
    for i in range(4):
        mixed = (mixed ^ words[row, i]) * keys[i]
        mixed ^= mixed >> np.uint64(32)
    return np.int64(mixed & np.uint64(len(slots) - 1))


@inlined
def same(words: Words, row: Integer, others: Words, other: Integer) -> bool:
    """Whether two hashes are equal."""
    return bool(
        words[row, 0] == others[other, 0]
        and words[row, 1] == others[other, 1]
        and words[row, 2] == others[other, 2]
        and words[row, 3] == others[other, 3]
    )


@compiled("i8(u8[:,::1], u8[:,::1], u1[::1], u4[::1], u8[::1], i8, i8[::1])")
def enrol(
    batch: Words,
    words: Words,
    alive: Flags,
    slots: Entries,
    keys: Words,
    count: int,
    numbers: Numbers,
) -> int:
    """Writes the number of each hash of ``batch``; new ones are appended to ``words``.

    Returns how many rows are taken then; there must be room for the whole batch.
    """
    for i in range(len(batch)):
        slot = home(batch, i, keys, slots)
        while True:
            held = slots[slot]
            if held == 0:
                for word in range(4):
                    words[count, word] = batch[i, word]
                alive[count] = 1
                numbers[i] = count
                count += 1
                slots[slot] = np.uint32(count)
                break
            if held != GONE and same(batch, i, words, np.int64(held) - 1):
                numbers[i] = np.int64(held) - 1
                break
            slot = (slot + 1) & (len(slots) - 1)
    return count


@compiled("void(u8[:,::1], u1[::1], u4[::1], u8[::1], i8, i8)")
def enter(words: Words, alive: Flags, slots: Entries, keys: Words, first: int, last: int) -> None:
    """Enters the live rows from ``first`` to before ``last``, which are not there yet."""
    for row in range(first, last):
        if alive[row]:
            slot = home(words, row, keys, slots)
            while slots[slot] != 0:
                slot = (slot + 1) & (len(slots) - 1)
            slots[slot] = np.uint32(row + 1)


@compiled("void(u8[:,::1], u4[::1], u8[::1], i8)")
def strike(words: Words, slots: Entries, keys: Words, row: int) -> None:
    """Takes out ``row``, which is there."""
    slot = home(words, row, keys, slots)
    while slots[slot] != np.uint32(row + 1):
        slot = (slot + 1) & (len(slots) - 1)
    slots[slot] = GONE
