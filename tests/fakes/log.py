"""An in-memory message log: RecordSender, RecordReader and LogAdmin in one, with faults."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping, Sequence

from producers.ports import IncomingRecord, OutgoingRecord, Position, TopicState
from schemas.errors import Unreachable


class FakeLog:
    """Topics in memory. Implements RecordSender and LogAdmin; :meth:`reader` makes a reader.

    Faults: :meth:`fail_sends`, :attr:`reachable`, :attr:`silent`, :meth:`recreate`,
    :meth:`truncate`.
    """

    def __init__(self, topics: Sequence[str] = (), *, partitions: int = 1) -> None:
        self._ids = itertools.count(1)
        self._topics: dict[str, TopicState] = {}
        self._records: dict[Position, list[IncomingRecord]] = {}
        self._first: dict[Position, int] = {}
        self._failing = 0
        self._keeping = 0
        self._written = asyncio.Event()
        self.reachable = True
        self.silent = False
        self.readers = 0
        self.sends = 0
        for topic in topics:
            self.create_topic(topic, partitions=partitions)

    def create_topic(self, topic: str, *, partitions: int = 1) -> None:
        """Makes a topic with an id of its own."""
        self._topics[topic] = TopicState(f"id-{next(self._ids)}", partitions)
        for partition in range(partitions):
            self._records[topic, partition] = []
            self._first[topic, partition] = 0

    def recreate(self, topic: str) -> None:
        """Deletes the topic with all it held and makes it again under another id."""
        self.create_topic(topic, partitions=self._topics[topic].partitions)

    def truncate(self, topic: str, partition: int, first: int) -> None:
        """Forgets everything before offset ``first``."""
        self._first[topic, partition] = first

    def fail_sends(self, count: int, *, keeping: int = 0) -> None:
        """The next ``count`` sends fail; ``keeping`` records of each are written all the same."""
        self._failing, self._keeping = count, keeping

    def records(self, topic: str) -> list[IncomingRecord]:
        """What the topic holds, partition by partition."""
        return [
            record
            for (name, _), records in sorted(self._records.items())
            if name == topic
            for record in records
        ]

    async def send_all(self, records: Sequence[OutgoingRecord]) -> None:
        """See :class:`~producers.ports.RecordSender`."""
        self._check()
        self.sends += 1
        failing = self._failing > 0
        if failing:
            self._failing -= 1
            records = records[: self._keeping]
        for record in records:
            self._append(record)
        self._written.set()
        if failing:
            raise Unreachable("the fake was told to fail")

    async def describe(self, topics: Sequence[str]) -> dict[str, TopicState]:
        """See :class:`~producers.ports.LogAdmin`."""
        self._check()
        return {topic: self._topics[topic] for topic in topics if topic in self._topics}

    async def ends(self, positions: Sequence[Position]) -> dict[Position, tuple[int, int]]:
        """See :class:`~producers.ports.LogAdmin`."""
        self._check()
        return {
            place: (self._first[place], max(len(self._records[place]), self._first[place]))
            for place in positions
        }

    def reader(self) -> FakeReader:
        """A new reader of this log."""
        self.readers += 1
        return FakeReader(self)

    def read(self, place: Position, offset: int, limit: int) -> list[IncomingRecord]:
        """Records of one partition from ``offset`` on; raises when the position is gone."""
        self._check()
        if self.silent:
            return []
        if not self._first[place] <= offset <= len(self._records[place]):
            raise Unreachable("Kafka no longer has the position this node stored")
        return self._records[place][offset : offset + limit]

    async def wait(self, seconds: float) -> None:
        """Until something is written, at most ``seconds``."""
        self._written.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._written.wait()
        except TimeoutError:
            return

    def _append(self, record: OutgoingRecord) -> None:
        held = self._records[record.topic, record.partition]
        held.append(
            IncomingRecord(
                record.topic,
                record.partition,
                len(held),
                record.key,
                record.value,
                record.headers,
                record.timestamp_ms or 0,
            )
        )

    def _check(self) -> None:
        if not self.reachable:
            raise Unreachable("the fake was told to be gone")


class FakeReader:
    """A :class:`~producers.ports.RecordReader` of a :class:`FakeLog`."""

    def __init__(self, log: FakeLog) -> None:
        self._log = log
        self._at: dict[Position, int] | None = None

    async def start(self, positions: Mapping[Position, int]) -> None:
        """See :class:`~producers.ports.RecordReader`."""
        self._at = dict(positions)

    async def poll(self, *, limit: int, wait_s: float) -> list[IncomingRecord]:
        """See :class:`~producers.ports.RecordReader`."""
        if self._at is None:
            raise Unreachable("the reader is closed")
        found = self._next(limit)
        if not found:
            await self._log.wait(wait_s)
            found = self._next(limit)
        return found

    async def close(self) -> None:
        """See :class:`~producers.ports.RecordReader`."""
        self._at = None

    def _next(self, limit: int) -> list[IncomingRecord]:
        found: list[IncomingRecord] = []
        assert self._at is not None
        for place, offset in self._at.items():
            records = self._log.read(place, offset, limit - len(found))
            self._at[place] = offset + len(records)
            found += records
        return found
