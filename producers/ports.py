"""What the product asks of a message log; Kafka in ``producers/kafka.py``, a fake in the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Headers = tuple[tuple[str, bytes], ...]
Position = tuple[str, int]
"""A topic and a partition."""


@dataclass(frozen=True, slots=True)
class OutgoingRecord:
    """What is to be written; ``value`` None is a tombstone."""

    topic: str
    partition: int
    key: bytes
    value: bytes | None
    headers: Headers = ()
    timestamp_ms: int | None = None


@dataclass(frozen=True, slots=True)
class IncomingRecord:
    """What was read."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp_ms: int = 0


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic as the cluster has it: its id changes when it is deleted and made again."""

    id: str
    partitions: int


class RecordSender(Protocol):
    """Writes records durably."""

    async def send_all(self, records: Sequence[OutgoingRecord]) -> None:
        """Returns when every one of ``records`` is acknowledged by all in-sync replicas.

        Records of one partition keep their order. Raises :class:`~schemas.errors.Unreachable`
        when that is not known of each; some may be there all the same: send them again.
        """


class RecordReader(Protocol):
    """Reads assigned partitions from given offsets; keeps no position of its own elsewhere."""

    async def start(self, positions: Mapping[Position, int]) -> None:
        """Connects and reads each partition from its offset on."""

    async def poll(self, *, limit: int, wait_s: float) -> list[IncomingRecord]:
        """Up to ``limit`` records, in order within a partition; empty after ``wait_s``.

        Raises :class:`~schemas.errors.Unreachable`; the reader must then be closed.
        """

    async def close(self) -> None:
        """Lets go of everything. Safe to repeat."""


class LogAdmin(Protocol):
    """Looks after topics."""

    async def describe(self, topics: Sequence[str]) -> dict[str, TopicState]:
        """The state of each topic that exists."""

    async def ends(self, positions: Sequence[Position]) -> dict[Position, tuple[int, int]]:
        """First and next offset of each partition."""
