"""What was used lately, in bounded memory. Pure."""

from __future__ import annotations

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """A dictionary of what was put in or asked for last.

    Kept are at least the last ``room`` of different keys, and at most twice as many: when ``room``
    are together, those that were together before are forgotten, but for what was asked for since.
    That costs a look at a dictionary, where an order by use would cost a change of it.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._new: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """What is kept under ``key``."""
        found = self._new.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self[key] = found
        return found

    def __setitem__(self, key: K, value: V) -> None:
        self._new[key] = value
        if len(self._new) >= self._room:
            self._old, self._new = self._new, {}

    def __contains__(self, key: K) -> bool:
        return key in self._new or key in self._old

    def pop(self, key: K) -> None:
        """Forgets ``key``, if it is known."""
        self._new.pop(key, None)
        self._old.pop(key, None)
