"""The index: a number for each distinct hash, and which of them are near a given one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from consumers.deduplication.pdq.chunks import MOST_ROWS, bucket_bits, flips
from consumers.deduplication.pdq.compiled import LANES
from consumers.deduplication.pdq.hashes import BYTES, NEAR
from consumers.deduplication.pdq.probe import probe, scan
from consumers.deduplication.pdq.roster import enrol, enter, strike
from consumers.deduplication.pdq.tables import CHUNKS, Entries, Numbers, Words, fill
from schemas.errors import InputRefused, MalformedRecord

Block = tuple[npt.NDArray[np.uint32], bytes]
"""Numbers, and their hashes one after the other."""

TAIL = 4096
"""So many of the newest hashes are in no table and compared one by one: microseconds."""
MERGED = 4
"""A segment is ordered anew with what came after it once that is a quarter of its size. So
segments are few, each more than four times the next, and an addition costs microseconds in the
mean; a merge at 10 million takes seconds."""
BLOCK = 65536
"""Hashes in a block of ``dump``."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Tables for the hashes with the numbers from ``first`` to before ``last``."""

    first: int
    last: int
    bits: int
    id_bits: int
    entries: Entries
    offsets: Entries


class PdqIndex:
    """Distinct PDQ hashes by number, found exactly within a Hamming distance of at most 31.

    A hash that is there already keeps its number, so that a picture seen a thousand times is one
    entry; who had it is for the caller to keep. Numbers count up from 0 and are not given again
    while the index lives. Nothing here reads or writes a file: keep what ``dump`` gives, or every
    number with its hash, and ``load`` it.
    """

    def __init__(self, *, tail: int = TAIL) -> None:
        self._tail = tail
        self._words = np.zeros((TAIL, 4), np.uint64)
        self._alive = np.zeros(TAIL, np.uint8)
        self._slots = np.zeros(2 * TAIL, np.uint32)
        self._keys = np.array([secrets.randbits(64) | 1 for _ in range(4)], np.uint64)
        self._hits = np.empty(1024, np.int64)
        self._segments: list[Segment] = []
        self._count = self._removed = self._passed = 0

    @classmethod
    def load(cls, blocks: Iterable[Block], *, tail: int = TAIL) -> PdqIndex:
        """The index with these numbers and hashes; 10 million take seconds.

        Raises ``MalformedRecord`` when numbers and hashes of a block are not equally many.
        """
        index = cls(tail=tail)
        for numbers, hashes in blocks:
            if len(hashes) != BYTES * len(numbers):
                raise MalformedRecord(
                    "a block of stored PDQ hashes has not one hash for each number",
                    remedy="rebuild the index from the notifications",
                )
            if len(numbers):
                index._make_room(int(numbers.max()) + 1)
                index._count = max(index._count, int(numbers.max()) + 1)
                index._words[numbers] = _words(hashes)
                index._alive[numbers] = 1
        index._removed = index._count - int(np.count_nonzero(index._alive))
        index._make_slots(index._count)
        index._settle()
        return index

    def dump(self) -> Iterator[Block]:
        """All numbers with their hashes, ascending, in blocks. Not while it changes."""
        for first in range(0, self._count, BLOCK):
            rows = first + np.flatnonzero(self._alive[first : min(first + BLOCK, self._count)])
            yield rows.astype(np.uint32), self._words[rows].astype(">u8").tobytes()

    def __len__(self) -> int:
        return self._count - self._removed

    @property
    def nbytes(self) -> int:
        """Bytes of memory in use; not those that are set aside and were never written to."""
        rows = self._count * (self._words.itemsize * 4 + self._alive.itemsize)
        tables = sum(s.entries.nbytes + s.offsets.nbytes for s in self._segments)
        return rows + self._slots.nbytes + self._hits.nbytes + tables

    def add(self, pdq: bytes) -> int:
        """The number of this hash; a new one when it is not there.

        Raises ``InputRefused`` for anything but 32 bytes, and when the index is full.
        """
        return int(self.add_packed(_checked(pdq))[0])

    def add_many(self, hashes: Iterable[bytes]) -> list[int]:
        """The number of each of ``hashes``, as ``add`` gives them; all of them or none."""
        packed = b"".join(map(_checked, hashes))
        return [int(number) for number in self.add_packed(packed)]

    def add_packed(self, hashes: bytes) -> Numbers:
        """As ``add_many``, for 32 bytes each, one after the other."""
        if len(hashes) % BYTES:
            raise InputRefused(
                f"packed PDQ hashes have {BYTES} bytes each; {len(hashes)} is no multiple of that",
                remedy="give whole hashes, one after the other",
            )
        batch = _words(hashes)
        self._make_room(self._count + len(batch))
        if self._count + len(batch) > len(self._slots) * 3 // 4:
            self._make_slots(self._count + len(batch))
        numbers = np.empty(len(batch), np.int64)
        state = (self._words, self._alive, self._slots, self._keys, self._count)
        self._count = enrol(batch, *state, numbers)
        if self._count - self._settled >= self._tail:
            self._settle()
        return numbers

    def remove(self, number: int) -> None:
        """Takes a hash out, and overwrites it.

        Raises ``InputRefused`` when there is none with this number.
        """
        self._require(number)
        strike(self._words, self._slots, self._keys, number)
        self._alive[number] = 0
        self._words[number] = 0
        self._removed += 1
        self._passed += 1
        if self._passed > max(self._tail, len(self)):
            self._segments.clear()
            self._settle()

    def hash_of(self, number: int) -> bytes:
        """The hash with this number; raises as :meth:`remove`."""
        self._require(number)
        return bytes(self._words[number].astype(">u8").tobytes())

    def _require(self, number: int) -> None:
        if not 0 <= number < self._count or not self._alive[number]:
            raise InputRefused(
                f"no PDQ hash has the number {number}", remedy="give a number from add or search"
            )

    def search(self, pdq: bytes, distance: int = NEAR) -> list[tuple[int, int]]:
        """Number and distance of every hash within ``distance`` of ``pdq``, by number.

        Raises ``InputRefused`` for anything but 32 bytes, and for a distance beyond 31.
        """
        if not 0 <= distance <= NEAR:
            raise InputRefused(
                f"PDQ hashes are found at a distance of 0 to {NEAR}, not {distance}",
                remedy="give a distance in this range",
            )
        query = _words(_checked(pdq))
        while (found := self._find(query, distance)) > len(self._hits):
            self._hits = np.empty(2 * found, np.int64)
        return [(hit >> 9, hit & 511) for hit in sorted(self._hits[:found].tolist())]

    def _find(self, query: Words, distance: int) -> int:
        """Fills ``_hits``; returns how many there are, or would be."""
        found = 0
        for s in self._segments:
            masks, ends = flips(s.bits)
            found = probe(
                self._words,
                self._alive,
                s.first,
                s.last,
                s.entries,
                s.offsets,
                s.bits,
                s.id_bits,
                masks,
                ends,
                query,
                distance,
                self._hits,
                found,
            )
        tail = (self._settled, self._count)
        return scan(self._words, self._alive, *tail, query, distance, self._hits, found)

    @property
    def _settled(self) -> int:
        return self._segments[-1].last if self._segments else 0

    def _settle(self) -> None:
        """Brings the newest hashes into a table, along with the segments that are due.

        Those are let go before the new one is made: what has no table is compared one by one.
        """
        while self._segments and (last := self._segments[-1]).last - last.first < MERGED * (
            self._count - last.last
        ):
            self._segments.pop()
        first, end = self._settled, self._count
        live = int(np.count_nonzero(self._alive[first:end]))
        id_bits = (end - first).bit_length()
        bits = bucket_bits(live, id_bits)
        entries = np.empty((CHUNKS, live + LANES), np.uint32)
        offsets = np.zeros((CHUNKS, (1 << bits) + 2), np.uint32)
        scratch = np.empty(live, np.uint64)
        fill(self._words, self._alive, first, end, bits, id_bits, scratch, entries, offsets)
        self._segments.append(Segment(first, end, bits, id_bits, entries, offsets))
        if not first:
            self._passed = 0

    def _make_room(self, rows: int) -> None:
        """Room for so many hashes in all: four times as much as before, if it takes any.

        Not in place: what is not written to takes no memory, and memory that comes at once comes
        in large pages, in which a search is a tenth faster.
        """
        if rows > MOST_ROWS:
            raise InputRefused(
                f"the PDQ index is full: {MOST_ROWS} numbers are given",
                remedy="load what it holds into a new one, with new numbers",
            )
        room, kept = len(self._words), self._count
        if rows > room:
            while room < rows:
                room *= 4
            words, alive = np.empty((room, 4), np.uint64), np.zeros(room, np.uint8)
            words[:kept], alive[:kept] = self._words[:kept], self._alive[:kept]
            self._words, self._alive = words, alive

    def _make_slots(self, rows: int) -> None:
        """The roster anew, for so many hashes: three quarters of it are taken at most."""
        self._slots = np.zeros(1 << (rows * 4 // 3).bit_length(), np.uint32)
        enter(self._words, self._alive, self._slots, self._keys, 0, self._count)


def _checked(pdq: bytes) -> bytes:
    if len(pdq) != BYTES:
        raise InputRefused(
            f"a PDQ hash has {BYTES} bytes; this one has {len(pdq)}",
            remedy="give the bytes that its 64 hexadecimal digits stand for",
        )
    return pdq


def _words(hashes: bytes) -> Words:
    return np.frombuffer(hashes, ">u8").astype(np.uint64).reshape(-1, 4)
