"""What operators see of the matching engine, read from the database while the node runs or not."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from consumers import casebook, inbox
from consumers.deduplication import EVIDENCE_VERSION, sql_copy
from consumers.deduplication.entry import check, last_entry, lost
from consumers.deduplication.index import Stats
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.rocks import Beside
from consumers.deduplication.store import MemoryStore
from producers.database import Connection

CONSUMER = "deduplication"
"""The name under which the consumer keeps its places."""


@dataclass(frozen=True, slots=True)
class Overview:
    """How much there is, and how far the consumer came.

    Attributes:
        stats: of the index.
        read: notifications that took effect in it.
        behind: of those in the casebook that concern it, how many it has still to read.
        ahead: how many it has read that the casebook has still to.
        replay_begun: whether a replay is at work, or was ended before its time.
    """

    stats: Stats
    read: int
    behind: int
    ahead: int
    replay_begun: bool

    @property
    def replay_due(self) -> bool:
        """Whether the index was made by other rules than this release has."""
        return is_replay_due(self.stats)


def is_replay_due(stats: Stats) -> bool:
    """Whether an index was made by other rules than this release has; an empty one was not."""
    return stats.version != EVIDENCE_VERSION and stats.subjects > 0


def stats(connection: Connection) -> Stats:
    """How much is in the index, as far as the database has followed it; reads one record."""
    state = sql_copy.state(connection)
    return state.stats if state is not None else Stats(0, 0, 0, 0, 0)


def overview(connection: Connection, types: Sequence[str]) -> Overview:
    """All of it; ``types`` are those of the notifications that the consumer reads."""
    state = sql_copy.state(connection)
    return Overview(
        stats=stats(connection),
        read=inbox.count(connection, CONSUMER),
        behind=casebook.count_untaken(connection, CONSUMER, types),
        ahead=inbox.count_lacking(connection, CONSUMER, "casebook"),
        replay_begun=state is not None and state.coming is not None,
    )


@contextlib.contextmanager
def reading(connection: Connection, home: Path) -> Iterator[KeyIndex]:
    """The index for reading, beside the node that writes it, if it runs; as it is now.

    Args:
        connection: tells which index counts.
        home: holds the directories of all generations.

    Raises:
        ConfigurationInvalid: it is lost, or it or the database is an older copy.
    """
    state = sql_copy.state(connection)
    if state is None or not (state.sequence or (home / state.generation).exists()):
        yield KeyIndex(MemoryStore())
        return
    if not (home / state.generation).exists():
        raise lost(home / state.generation)
    with contextlib.closing(Beside(home / state.generation)) as store:
        entry = last_entry(store)
        # The node may have gone on since the state was read: being ahead says nothing.
        check(state, min(entry.sequence if entry else 0, state.sequence))
        yield KeyIndex(store)
