"""A set of PDQ hashes that is asked which of them are near, from a handful to millions.

Few are compared one by one; many are in the compiled index. Both find exactly the same, so that it
makes no difference when the one takes over from the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING

from consumers.deduplication.pdq.hashes import BYTES

if TYPE_CHECKING:
    from consumers.deduplication.pdq.index import PdqIndex
    from consumers.deduplication.pdq.linear import Linear

FEW = 131_072
"""So many are compared one by one, which takes 30 µs then, and the compiled index 17. Loading that
takes 0.4 s, and 5 s when a machine uses it for the first time: what it saves in 30,000 searches, or
in 400,000."""
TAKEN_TOGETHER = 65_536
"""Hashes that are taken in at once."""

_COMPILED = "consumers.deduplication.pdq.index"


class Pictures:
    """Distinct hashes, as numbers of 256 bits.

    Nothing is imported for an empty set, and numba only for more than ``few``. That is loaded, and
    where it must be compiled, on a thread of its own; until it is there, all are compared one by
    one, so that nobody waits.

    Args:
        few: how many are compared one by one.
        wait: whether to wait for the compiled index rather than do without.
    """

    def __init__(self, *, few: int = FEW, wait: bool = False) -> None:
        self._most = few
        self._wait = wait
        self._few: Linear | None = None
        self._many: PdqIndex | None = None
        self._loading: Thread | None = None

    def __len__(self) -> int:
        return len(self._many or self._few or ())

    @property
    def is_compiled(self) -> bool:
        """Whether the compiled index has taken over."""
        return self._many is not None

    def extend(self, hashes: Iterable[bytes]) -> None:
        """Takes in hashes of 32 bytes that are not there."""
        remaining = iter(hashes)
        while packed := b"".join(islice(remaining, TAKEN_TOGETHER)):
            if self._many is not None:
                self._many.add_packed(packed)
            else:
                self._linear().extend(packed)
                self._grow()

    def add(self, picture: int) -> None:
        """Takes in ``picture``, which is not there."""
        if self._many is not None:
            self._many.add(picture.to_bytes(BYTES))
        else:
            self._linear().add(picture)
            self._grow()

    def discard(self, picture: int) -> None:
        """Takes ``picture`` out, if it is there."""
        if self._many is not None:
            for number, _ in self._many.search(picture.to_bytes(BYTES), 0):
                self._many.remove(number)
        elif self._few is not None:
            self._few.discard(picture)

    def near(self, picture: int) -> list[tuple[int, int]]:
        """Distance and hash of each that is near ``picture``, itself if it is there; sorted."""
        if self._many is None:
            self._grow()
        return sorted(self._near(picture))

    def _near(self, picture: int) -> Iterable[tuple[int, int]]:
        if self._many is not None:
            return _found(self._many, picture)
        return self._few.near(picture) if self._few is not None else ()

    def _linear(self) -> Linear:
        if self._few is None:
            from consumers.deduplication.pdq.linear import Linear

            self._few = Linear()
        return self._few

    def _grow(self) -> None:
        """Hands over to the compiled index when there are many and it is there."""
        if self._few is None or len(self._few) <= self._most:
            return
        if self._loading is None:
            self._loading = Thread(target=import_module, args=(_COMPILED,))
            self._loading.start()
        if self._wait:
            self._loading.join()
        if not self._loading.is_alive():
            from consumers.deduplication.pdq.index import PdqIndex  # where that failed, it says so

            self._many = PdqIndex()
            self._many.add_packed(self._few.packed())
            self._few = None


def _found(index: PdqIndex, picture: int) -> Iterator[tuple[int, int]]:
    for number, distance in index.search(picture.to_bytes(BYTES)):
        yield distance, int.from_bytes(index.hash_of(number))
