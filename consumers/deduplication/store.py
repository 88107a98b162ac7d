"""Where the match index lies: bytes under bytes, changed all at once. The port.

``rocks.py`` implements it on disk; :class:`MemoryStore` is for runs that leave nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, cast

Changes = Mapping[bytes, bytes | None]
"""What is to be stored under each key; None takes it away."""
REMEMBERED = 200_000
"""Records that are kept in memory, twice as many at most: a hundred megabytes of what comes again
and again; the others are too seldom asked for twice."""


class Store(Protocol):
    """An ordered map from bytes to bytes."""

    def get(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """What lies under each of ``keys``."""

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Everything whose key begins with ``prefix``, in the order of keys."""

    def write(self, changes: Changes) -> None:
        """Stores all of ``changes`` or none of them, and returns when they are durable."""

    def close(self) -> None:
        """Lets go of it."""


class MemoryStore:
    """A :class:`Store` that forgets when the process ends."""

    def __init__(self) -> None:
        self.records: dict[bytes, bytes] = {}

    def get(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """See the port."""
        return list(map(self.records.get, keys))

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """See the port."""
        return iter(sorted(r for r in self.records.items() if r[0].startswith(prefix)))

    def write(self, changes: Changes) -> None:
        """See the port."""
        gone = [key for key, value in changes.items() if value is None]
        self.records.update(cast(Mapping[bytes, bytes], changes))
        for key in gone:
            del self.records[key]

    def close(self) -> None:
        """See the port."""


class Records(Protocol):
    """A store as one batch sees it."""

    def get(self, key: bytes) -> bytes | None:
        """What lies under ``key`` now."""

    def read(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """What lies under each of ``keys`` now, asked of the store at once."""

    def change(self, changes: Changes) -> None:
        """Changes what lies under some keys, from the next :meth:`flush` on in the store, too."""

    def flush(self) -> None:
        """Writes what changed."""

    def now(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """What lies under ``prefix`` now, in no order; writes nothing."""

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """What the store has under ``prefix``, all changes written."""


def records_of(store: Store) -> Records:
    """What a batch reads of ``store``, and changes."""
    return InPlace(store) if isinstance(store, MemoryStore) else Overlay(store)


class InPlace:
    """The records of a :class:`MemoryStore`, changed at once: there is nothing to go back to."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.get: Callable[[bytes], bytes | None] = store.records.get

    def read(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """See the port."""
        return list(map(self.get, keys))

    def change(self, changes: Changes) -> None:
        """See the port."""
        self._store.write(changes)

    def flush(self) -> None:
        """See the port."""

    def now(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """See the port."""
        return self._store.scan(prefix)

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """See the port."""
        return self._store.scan(prefix)


class Overlay:
    """The records of a store that writes all at once: what changed, over what was read, over it.

    Args:
        store: nothing is written to it before :meth:`flush`.
        remembered: records that are kept in memory, twice as many at most; and all that changed.
    """

    def __init__(self, store: Store, *, remembered: int = REMEMBERED) -> None:
        self._store = store
        self._known: dict[bytes, bytes | None] = {}
        self._older: dict[bytes, bytes | None] = {}
        self._changes: dict[bytes, bytes | None] = {}
        self._remembered = remembered

    def get(self, key: bytes) -> bytes | None:
        """See the port."""
        try:
            return self._known[key]
        except KeyError:
            (found,) = self.read((key,))
            return found

    def read(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """See the port."""
        known = self._known
        missing = [key for key in keys if key not in known]
        if not missing:
            return [known[key] for key in keys]
        older = self._older
        if older:
            known.update((key, older[key]) for key in missing if key in older)
            missing = [key for key in missing if key not in known]
        known.update(zip(missing, self._store.get(missing), strict=True))
        found = [known[key] for key in keys]
        self._make_room()
        return found

    def change(self, changes: Changes) -> None:
        """See the port."""
        self._known.update(changes)
        self._changes.update(changes)

    def flush(self) -> None:
        """See the port."""
        if self._changes:
            self._store.write(self._changes)
            self._changes = {}
        self._make_room()

    def _make_room(self) -> None:
        """Forgets what was neither read nor changed lately; what is not written yet stays known."""
        if len(self._known) > self._remembered and not self._changes:
            self._older, self._known = self._known, {}

    def now(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """See the port."""
        changes = {key: value for key, value in self._changes.items() if key.startswith(prefix)}
        yield from (found for found in self._store.scan(prefix) if found[0] not in changes)
        yield from ((key, value) for key, value in changes.items() if value is not None)

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """See the port."""
        self.flush()
        return self._store.scan(prefix)
