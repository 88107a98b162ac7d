"""Near pictures: which of those that others have are near the ones of a subject.

What counts lies in the store; numbers are little-endian::

    h picture        how many subjects have keys with the picture (32 bytes)
    w picture        a crowd: since when, and how often it was met

The same hashes are in memory in a form that can be searched: read from the store when a picture is
first asked for, and changed with the records from then on. Whoever forgets changes of the records
that were not written forgets this, too, and makes a new one.

A *crowd* is a picture of which so many different near copies go around that it says nothing. From
then on its near copies find nobody as such, cost no search and are not entered; as an exact value
each of them still makes its keys. Like a capped key it is on record, and stays so.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from consumers.deduplication.index import CappedKey
from consumers.deduplication.keys import KEY_BYTES
from consumers.deduplication.pdq.hashes import BYTES
from consumers.deduplication.pdq.pictures import Pictures
from consumers.deduplication.store import Records

MAX_NEAR = 24
"""Near copies of a picture that are looked at, the nearest first; one that has more is a crowd.
Copies of one person's picture in the hands of several offices are a few; what has two dozen that
all differ went around. With as many keys beside each, a subject seeks two thousand at most."""
KIND = "near-picture"
"""What a crowd is called among capped keys."""

_HELD, _CROWD = b"h", b"w"
_MARK = struct.Struct("<QQ")
_COUNT = 4

Near = list[tuple[int, int]]
"""Distance and picture, the nearest first."""


class PictureIndex:
    """The pictures of one index.

    Args:
        records: of the index; read and written with everything else.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._held: Pictures | None = None
        """Those that make keys; of a crowd only the one that stands for it."""
        self._crowds: set[int] = set()
        self._looked: dict[int, Near] = {}
        self._crowded: list[int] = []

    def find(self, pictures: Sequence[int]) -> list[int]:
        """The pictures of others that are near one of ``pictures``, the nearest first.

        At most ``MAX_NEAR`` for each; none for a near copy of a crowd.
        """
        self._looked, self._crowded = {}, []
        found: set[tuple[int, int]] = set()
        for picture in pictures:
            near = self._near(picture)
            if near and self._crowd(near) is None:
                others = [one for one in near if one[1] not in pictures]
                if len(others) > MAX_NEAR:
                    self._crowded.append(picture)
                found.update(others[:MAX_NEAR])
        return list(dict.fromkeys(other for _, other in sorted(found)))

    def enter(self, pictures: Sequence[int], seen_at: int) -> list[CappedKey]:
        """Counts one more subject with ``pictures``; gives the crowds they turned out to be."""
        held = self._loaded()  # before they count: what is loaded then is not to be added again
        counts = self._count(pictures, 1)
        found = []
        for picture, count in zip(pictures, counts, strict=True):
            crowd = self._crowd(self._near(picture))
            if crowd is not None:
                self._meet(crowd)
            elif picture in self._crowded:
                found.append(self._mark(picture, seen_at))
            elif count == 1:
                held.add(picture)
        return found

    def leave(self, pictures: Sequence[int]) -> None:
        """Counts one less."""
        for picture, count in zip(pictures, self._count(pictures, -1), strict=True):
            if not count and self._held is not None and picture not in self._crowds:
                self._held.discard(picture)

    def crowds(self) -> Iterator[tuple[int, CappedKey]]:
        """Each crowd, and its record."""
        for key, value in self._records.now(_CROWD):
            yield int.from_bytes(key[1:]), _record(key, *_MARK.unpack(value))

    def _near(self, picture: int) -> Near:
        """What is near ``picture``, as it was when it was first asked for one subject."""
        near = self._looked.get(picture)
        if near is None:
            near = self._looked[picture] = self._loaded().near(picture)
        return near

    def _crowd(self, near: Near) -> int | None:
        return next((other for _, other in near if other in self._crowds), None)

    def _count(self, pictures: Sequence[int], change: int) -> list[int]:
        """How many subjects have each of ``pictures`` now."""
        places = list(map(place_of, pictures))
        counts = []
        changed: dict[bytes, bytes | None] = {}
        for place, found in zip(places, self._records.read(places), strict=True):
            count = max(int.from_bytes(found or b"", "little") + change, 0)
            changed[place] = count.to_bytes(_COUNT, "little") if count else None
            counts.append(count)
        self._records.change(changed)
        return counts

    def _meet(self, crowd: int) -> None:
        place = _CROWD + crowd.to_bytes(BYTES)
        since, met = _MARK.unpack(self._records.get(place) or b"")
        self._records.change({place: _MARK.pack(since, met + 1)})

    def _mark(self, picture: int, seen_at: int) -> CappedKey:
        place = _CROWD + picture.to_bytes(BYTES)
        self._records.change({place: _MARK.pack(seen_at, 1)})
        self._stand_for_crowd(self._loaded(), picture)
        self._looked = {}
        return _record(place, seen_at, 1)

    def _loaded(self) -> Pictures:
        """What is held, read from the store if it was not asked for yet."""
        held = self._held
        if held is None:
            held = self._held = Pictures()
            held.extend(key[1:] for key, _ in self._records.now(_HELD))
            for crowd, _ in self.crowds():
                self._stand_for_crowd(held, crowd)
        return held

    def _stand_for_crowd(self, held: Pictures, picture: int) -> None:
        """Takes ``picture`` in, in place of all that are near it."""
        for _, other in held.near(picture):
            if other not in self._crowds:
                held.discard(other)
        held.add(picture)
        self._crowds.add(picture)


def place_of(picture: int) -> bytes:
    """Where it lies how many subjects have keys with ``picture``."""
    return _HELD + picture.to_bytes(BYTES)


def _record(key: bytes, since: int, met: int) -> CappedKey:
    return CappedKey(blake2b(key, digest_size=KEY_BYTES).hexdigest(), KIND, since, met)
