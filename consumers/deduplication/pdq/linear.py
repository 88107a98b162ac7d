"""Up to a hundred thousand PDQ hashes, compared one by one: no tables."""

from __future__ import annotations

import struct
import sys
from array import array

from consumers.deduplication.pdq.hashes import BYTES, NEAR
from consumers.deduplication.pdq.scanning import LANES, SHIFT, scanner

_PACKED = struct.Struct(">QQQQ")
_WORDS = 4
_ANSWERS = 64


class Linear:
    """Distinct hashes, as numbers of 256 bits; each of their four words is a column.

    A search looks at two words of each. Hashes that are near differ in no more than ``NEAR`` bits
    of those either; of others hardly any does not, and only these are looked at whole.
    """

    def __init__(self) -> None:
        self._count = 0
        self._columns = [array("Q") for _ in range(_WORDS)]
        self._answers = array("Q", bytes(8 * _ANSWERS))
        self._scan = scanner().scan

    def __len__(self) -> int:
        return self._count

    def extend(self, hashes: bytes) -> None:
        """Takes in hashes that are not there, 32 bytes each, one after the other."""
        words = _swapped(array("Q", hashes))
        for place, column in enumerate(self._columns):
            column[self._count :] = words[place::_WORDS]
        self._count += len(words) // _WORDS
        self._fill()

    def add(self, picture: int) -> None:
        """Takes in ``picture``, which is not there."""
        if self._count == len(self._columns[0]):
            self._fill(1)
        self._set(self._count, picture)
        self._count += 1

    def discard(self, picture: int) -> None:
        """Takes ``picture`` out, if it is there; the last one takes its place."""
        for place in [one for one in self._places(picture) if self._at(one) == picture]:
            self._count -= 1
            self._set(place, self._at(self._count))
            self._set(self._count, 0)

    def near(self, picture: int) -> list[tuple[int, int]]:
        """Distance and hash of each that is near ``picture``, in no order."""
        found = map(self._at, self._places(picture))
        pairs = [((other ^ picture).bit_count(), other) for other in found]
        return [pair for pair in pairs if pair[0] <= NEAR]

    def packed(self) -> bytes:
        """All of them, as :meth:`extend` takes them."""
        words = array("Q", bytes(BYTES * self._count))
        for place, column in enumerate(self._columns):
            words[place::_WORDS] = column[: self._count]
        return _swapped(words).tobytes()

    def _places(self, picture: int) -> list[int]:
        """Where the first two words are near."""
        x, y, _, _ = _PACKED.unpack(picture.to_bytes(BYTES))
        (first, size), (second, _) = self._columns[0].buffer_info(), self._columns[1].buffer_info()
        answers, room = self._answers.buffer_info()
        found = self._scan(first, second, size // LANES, x, y, answers, room)
        if found > room:
            self._answers = array("Q", bytes(8 * 2 * found))
            return self._places(picture)
        which = ((answer >> SHIFT, answer) for answer in self._answers[:found])
        places = (LANES * step + n for step, lanes in which for n in range(LANES) if lanes >> n & 1)
        return [place for place in places if place < self._count]  # others only fill a step up

    def _at(self, place: int) -> int:
        return int.from_bytes(_PACKED.pack(*(column[place] for column in self._columns)))

    def _set(self, place: int, picture: int) -> None:
        words = _PACKED.unpack(picture.to_bytes(BYTES))
        for column, word in zip(self._columns, words, strict=True):
            column[place] = word

    def _fill(self, more: int = 0) -> None:
        """Fills the columns up to whole steps, with room for ``more``."""
        lacking = -(-(self._count + more) // LANES) * LANES - len(self._columns[0])
        for column in self._columns:
            column.frombytes(bytes(8 * max(lacking, 0)))


def _swapped(words: array[int]) -> array[int]:
    """From big-endian words to those of this machine, or back."""
    if sys.byteorder == "little":
        words.byteswap()
    return words
