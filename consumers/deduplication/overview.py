"""What operators see of the matching engine, read from the database while the node runs or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consumers import casebook, inbox
from consumers.deduplication import EVIDENCE_VERSION, sql_store
from consumers.deduplication.index import CappedKey, Stats
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.links import Subject
from consumers.deduplication.sql_store import SqlStore
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
    """How much is in the index; reads one record."""
    return KeyIndex(SqlStore(connection)).stats()


def overview(connection: Connection, types: Sequence[str]) -> Overview:
    """All of it; ``types`` are those of the notifications that the consumer reads."""
    return Overview(
        stats=stats(connection),
        read=inbox.count(connection, CONSUMER),
        behind=casebook.count_untaken(connection, CONSUMER, types),
        ahead=inbox.count_lacking(connection, CONSUMER, "casebook"),
        replay_begun=sql_store.exists(connection, sql_store.NEXT),
    )


def quarantine(connection: Connection) -> list[CappedKey]:
    """The capped keys, those that were refused most often first."""
    return KeyIndex(SqlStore(connection)).quarantine()


def holders(connection: Connection, digest: str) -> Iterator[Subject]:
    """The subjects that have a key, capped or not; reads the whole index."""
    return KeyIndex(SqlStore(connection)).holders(digest)
