"""The last batch of a match index, as it lies in it: all that the database has to know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from consumers.batch import Moves
from consumers.deduplication import outbox
from consumers.deduplication.index import Stats
from consumers.deduplication.outbox import Saying
from consumers.deduplication.sql_copy import State
from consumers.deduplication.store import Store
from consumers.incoming import Identity
from schemas.errors import ConfigurationInvalid

ENTRY = b"j"
"""Where the last batch lies."""
REPLAY = "`liaison dedup replay` makes it anew from the casebook, and tells nobody anything twice"


@dataclass(frozen=True, slots=True)
class Entry:
    """The last batch of an index: all that the database has to know of it.

    Attributes:
        sequence: number of the batch.
        moves: the next offset of each partition before and after.
        taken: the notifications that took effect.
        sayings: what there is to say, in order.
        stats: how much is in the index now.
    """

    sequence: int
    stats: Stats
    moves: Moves
    taken: tuple[Identity, ...]
    sayings: tuple[Saying, ...]

    def dump(self) -> bytes:
        """All of it."""
        moves = [[*place, *offsets] for place, offsets in self.moves.items()]
        sayings = [outbox.dump(one) for one in self.sayings]
        return json.dumps([self.sequence, asdict(self.stats), moves, self.taken, sayings]).encode()

    @classmethod
    def load(cls, data: bytes) -> Entry:
        """What :meth:`dump` gave."""
        sequence, stats, moves, taken, sayings = json.loads(data)
        return cls(
            sequence,
            Stats(**stats),
            {(topic, partition): (old, new) for topic, partition, old, new in moves},
            tuple((origin, id, revision) for origin, id, revision in taken),
            tuple(map(outbox.load, sayings)),
        )


def last_entry(store: Store) -> Entry | None:
    """The last batch; None in an index that is empty."""
    (found,) = store.get([ENTRY])
    return Entry.load(found) if found is not None else None


class Stamped:
    """A store into which every write takes some more records along."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.get, self.scan, self.close = store.get, store.scan, store.close
        self.stamp: Mapping[bytes, bytes] = {}

    def write(self, changes: Mapping[bytes, bytes | None]) -> None:
        """See the port."""
        self._store.write({**changes, **self.stamp})


def check(state: State, sequence: int) -> None:
    """Whether an index whose last batch is ``sequence`` belongs with the database.

    Raises:
        ConfigurationInvalid: one of the two was restored from an older copy.
    """
    ahead = sequence - state.sequence
    if ahead not in (0, 1):
        behind, by = ("index", -ahead) if ahead < 0 else ("database", ahead)
        raise ConfigurationInvalid(
            f"match index or database is an older copy: the {behind} is {by} batches behind",
            remedy=REPLAY,
        )


def lost(home: Path) -> ConfigurationInvalid:
    """What is said of an index that is not where the database says."""
    return ConfigurationInvalid(f"the match index {home} is not there", remedy=REPLAY)
