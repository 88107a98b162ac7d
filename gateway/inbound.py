"""From the ledger into the inbound topics: at least once, in order, by one publisher.

And how far what was published took effect, which a sender may ask.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import structlog

from consumers import inbox
from gateway.block import Channel, Place
from gateway.ledger import incoming
from gateway.ledger.incoming import Arrival
from producers.database import Connection, Database
from producers.ports import LogAdmin, OutgoingRecord, RecordSender
from producers.topics import Topics, partition_of, record_key
from schemas.errors import LiaisonError

BATCH = 1024
LOOK_EVERY_S = 5.0
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
PLACES_AT_ONCE = 64

_log = structlog.get_logger()


class InboundPublisher:
    """Publishes accepted notifications; a crash between sending and marking sends them again."""

    def __init__(
        self,
        database: Database,
        sender: RecordSender,
        admin: LogAdmin,
        topics: Topics,
        now_ms: Callable[[], int],
    ) -> None:
        self._database = database
        self._sender = sender
        self._admin = admin
        self._topics = topics
        self._now_ms = now_ms
        self._partitions: dict[str, int] = {}
        self._wakeup = asyncio.Event()

    def wake(self) -> None:
        """Something was accepted."""
        self._wakeup.set()

    async def run(self) -> None:
        """Until cancelled."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                if not await self._publish_batch():
                    await self._sleep(LOOK_EVERY_S)
                pause = FIRST_PAUSE_S
            except LiaisonError as error:
                _log.warning("publishing_failed", error=type(error).__name__, seconds=pause)
                self._partitions.clear()
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _publish_batch(self) -> int:
        arrivals = await self._database.query(incoming.unpublished, BATCH)
        if arrivals:
            await self._look_up({self._topics.inbound(one.type) for one in arrivals})
            await self._sender.send_all([self._record(one) for one in arrivals])
            await self._database.transact(
                incoming.mark_published, [one.number for one in arrivals], self._now_ms()
            )
        return len(arrivals)

    async def _look_up(self, topics: set[str]) -> None:
        missing = sorted(topics - self._partitions.keys())
        if missing:
            states = await self._admin.describe(missing)
            self._partitions |= {name: state.partitions for name, state in states.items()}

    def _record(self, one: Arrival) -> OutgoingRecord:
        topic = self._topics.inbound(one.type)
        return OutgoingRecord(
            topic,
            partition_of(one.root, self._partitions.get(topic, 1)),
            record_key(one.sender, one.notification),
            one.data,
            (
                ("origin", one.sender.encode()),
                ("id", one.notification.encode()),
                ("channel", f"{one.sender}/{one.lane.label}".encode()),
                ("epoch", str(one.place.epoch).encode()),
                ("sequence", str(one.place.sequence).encode()),
                ("item", str(one.item).encode()),
            ),
        )

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wakeup.wait()
        except TimeoutError:
            return
        self._wakeup.clear()


def processed_place(connection: Connection, channel: Channel, consumer: str) -> Place:
    """Up to where everything accepted in ``channel`` took effect in ``consumer``; moves the mark.

    Looks at a bounded number of blocks, so a question costs little however far behind it is.
    """
    place = noted = incoming.processed_place(connection, channel)
    for following in incoming.places_after(connection, channel, place, PLACES_AT_ONCE):
        arrived = incoming.arrived_at(connection, channel, following)
        if not _took_effect(connection, channel.sender, arrived, consumer):
            break
        place = following
    if place != noted:
        incoming.note_processed(connection, channel, place)
    return place


def _took_effect(
    connection: Connection, origin: str, arrived: Sequence[tuple[str, int, bool]], consumer: str
) -> bool:
    if not all(published for _, _, published in arrived):
        return False
    done = inbox.noted(connection, consumer, origin, [one[0] for one in arrived])
    return all((one[0], one[1]) in done for one in arrived)
