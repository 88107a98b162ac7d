"""Stores notifications, writes them to the log, and notes that they are there; in that order.

Whatever is interrupted in between is found as pending by the next run: the same content has the
same id, and consumers drop what they have seen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from producers import publications
from producers.database import Database
from producers.intake import Problem
from producers.ports import LogAdmin, OutgoingRecord, RecordSender
from producers.publications import Candidate, PendingPublication, Stored
from producers.topics import Topics, partition_of
from schemas.errors import Unreachable
from schemas.notifications import CASE_TYPES

BATCH = 500
"""Lines, or records, in one transaction and one send."""


class Publisher:
    """Publishes candidates. One at a time in a process; any number of processes."""

    def __init__(
        self, database: Database, sender: RecordSender, admin: LogAdmin, topics: Topics
    ) -> None:
        self._database = database
        self._sender = sender
        self._admin = admin
        self._topics = topics
        self._partitions: dict[str, int] = {}

    async def connect(self) -> None:
        """Asks once how many partitions each topic has; nothing is stored before that succeeds.

        Raises:
            Unreachable: Kafka does not answer, or has no such topics.
        """
        if self._partitions:
            return
        names = {self._topics.outbound(name): name for name in CASE_TYPES}
        found = await self._admin.describe(list(names))
        if len(found) < len(names):
            raise Unreachable(
                "this node's topics do not exist yet",
                remedy="start the node with `liaison up`, which creates them",
            )
        self._partitions = {names[topic]: state.partitions for topic, state in found.items()}

    async def publish(self, candidates: Sequence[Candidate]) -> list[Stored | Problem]:
        """What became of each; those accepted are in the log when this returns.

        Raises:
            Unreachable: the outcome is unknown; the same call again completes it.
        """
        await self.connect()
        outcomes = await self._database.transact(
            publications.store_all, candidates, now_ms=time.time_ns() // 1_000_000
        )
        references = {
            candidate.notification.head.reference
            for candidate, outcome in zip(candidates, outcomes, strict=True)
            if isinstance(outcome, Stored) and not outcome.sent
        }
        if references:
            await self.complete(references)
        return outcomes

    async def complete(self, references: Iterable[str]) -> None:
        """Sends all that is pending of these case chains: nothing overtakes what it follows."""
        await self.connect()
        await self._send(await self._database.query(publications.pending_of, references))

    async def resume(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """Sends what interrupted runs have left; returns how many there were."""
        await self.connect()
        count = 0
        while waiting := await self._database.query(
            publications.pending, BATCH, origin_kind=publications.SUBMITTED
        ):
            await self._send(waiting)
            count += len(waiting)
            progress(count)
        return count

    async def _send(self, waiting: Sequence[PendingPublication]) -> None:
        if not waiting:
            return
        await self._sender.send_all(
            [
                OutgoingRecord(
                    self._topics.outbound(one.type),
                    partition_of(one.root, self._partitions[one.type]),
                    one.key,
                    one.record,
                )
                for one in waiting
            ]
        )
        await self._database.transact(publications.mark_sent, [one.id for one in waiting])
