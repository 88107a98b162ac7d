"""Sends what consumers originate (match alerts, verdicts) to this node's outbound topics.

Consumers write such notifications into the table of publications, in the transaction of their
effect; this is the other half of that outbox. It sends at least once and in order: what is sent
twice after a crash has the same id, and every consumer recognises it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from producers import publications
from producers.database import Database
from producers.ports import LogAdmin, OutgoingRecord, RecordSender
from producers.publications import PendingPublication
from producers.topics import Topics, partition_of
from schemas.errors import LiaisonError, Unreachable

BATCH = 512
LOOK_EVERY_S = 1.0
"""A command of another process (a verdict) writes into the same outbox and cannot wake us."""
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0

_log = structlog.get_logger()


class Dispatcher:
    """Sends pending derived publications, in order, for as long as it runs.

    Args:
        database: holds the publications.
        sender: writes them.
        admin: tells how many partitions a topic has.
        topics: of this node.
    """

    def __init__(
        self, database: Database, sender: RecordSender, admin: LogAdmin, topics: Topics
    ) -> None:
        self._database = database
        self._sender = sender
        self._admin = admin
        self._topics = topics
        self._partitions: dict[str, int] = {}
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """Something was enqueued and committed: look at once."""
        self._awake.set()

    async def run(self) -> None:
        """Sends until cancelled; what cannot be reached is tried again, longer each time."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                while await self._send_some():
                    pause_s = FIRST_PAUSE_S
            except Exception as error:  # whatever a client library raises: the rows are still there
                self._partitions.clear()
                _log.warning(
                    "dispatch_failed",
                    error=type(error).__name__,
                    reason=error.problem if isinstance(error, LiaisonError) else None,
                    seconds=pause_s,
                )
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            else:
                await self._rest()

    async def _send_some(self) -> bool:
        self._awake.clear()
        waiting = await self._database.query(publications.pending, BATCH)
        if not waiting:
            return False
        await self._sender.send_all(await self._records(waiting))
        await self._database.transact(publications.mark_sent, [one.id for one in waiting])
        _log.info("dispatched", count=len(waiting))
        return True

    async def _records(self, waiting: Sequence[PendingPublication]) -> list[OutgoingRecord]:
        return [
            OutgoingRecord(
                topic,
                partition_of(one.root, await self._count(topic)),
                one.key,
                one.record,
            )
            for one in waiting
            for topic in (self._topics.outbound(one.type),)
        ]

    async def _count(self, topic: str) -> int:
        if topic not in self._partitions:
            state = (await self._admin.describe([topic])).get(topic)
            if state is None:
                raise Unreachable(
                    "an outbound topic does not exist",
                    remedy="`liaison up` creates it; check the prefix in the configuration",
                )
            self._partitions[topic] = state.partitions
        return self._partitions[topic]

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._awake.wait()
        except TimeoutError:
            self._partitions.clear()  # an operator may have added some
