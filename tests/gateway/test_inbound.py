"""From the ledger into the inbound topics, and how far that took effect."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import pytest

from consumers import inbox
from consumers.incoming import Incoming
from gateway import inbound as inbound_module
from gateway.block import Channel, Place
from gateway.inbound import InboundPublisher, processed_place
from gateway.ledger import incoming
from gateway.ledger.tables import arrivals
from gateway.wire import Lane
from producers.ports import OutgoingRecord
from producers.topics import Topics, partition_of, record_key
from schemas.codec import decode, encode
from schemas.errors import Unreachable
from schemas.notifications import Identification
from tests.fakes.log import FakeLog
from tests.gateway.federation import NOW, Federation, Gateway, identification

TOPICS = Topics("de.")
TOPIC = TOPICS.inbound("identification")
PARTITIONS = 3
CHANNEL = Channel("FR", "DE", Lane.ROUTINE)


@pytest.fixture
def log() -> FakeLog:
    """DE's Kafka."""
    return FakeLog([TOPIC], partitions=PARTITIONS)


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds takes hundredths."""
    monkeypatch.setattr(inbound_module, "FIRST_PAUSE_S", 0.01)


@contextlib.asynccontextmanager
async def publishing(gateway: Gateway, log: FakeLog) -> AsyncIterator[InboundPublisher]:
    """The publisher at work."""
    publisher = InboundPublisher(gateway.database, log, log, TOPICS, lambda: NOW)
    task = asyncio.create_task(publisher.run())
    try:
        yield publisher
        assert not task.done()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(what: Callable[[], bool]) -> None:
    """Waits for it."""
    async with asyncio.timeout(10):
        while not what():
            await asyncio.sleep(0.01)


async def accepted(federation: Federation, count: int) -> list[Identification]:
    """So many from FR, in DE's ledger."""
    sent = [identification(reference=f"FR-{i}") for i in range(count)]
    federation["FR"].publish(*sent)
    await federation["FR"].drain("DE")
    return sent


async def test_records_say_where_they_came_from(federation: Federation, log: FakeLog) -> None:
    """Key, partition, headers; the bytes as they came; and no clear copy stays in the ledger."""
    [sent] = await accepted(federation, 1)
    gateway = federation["DE"]
    async with publishing(gateway, log):
        await until(lambda: bool(log.records(TOPIC)) and not gateway.arrived())
    [record] = log.records(TOPIC)
    assert (record.key, record.value) == (record_key("FR", sent.head.id), encode(sent))
    assert record.partition == partition_of(sent.head.root, PARTITIONS)
    assert record.headers == (
        ("origin", b"FR"),
        ("id", sent.head.id.encode()),
        ("channel", b"FR/routine"),
        ("epoch", b"1"),
        ("sequence", b"1"),
        ("item", b"0"),
    )
    assert [(row.data, row.published_at) for row in gateway.rows(arrivals)] == [(None, NOW)]


async def test_in_order(federation: Federation, log: FakeLog) -> None:
    """A case chain stays on one partition, in the order it was accepted."""
    first = identification(reference="FR-0")
    chain = [
        first,
        *(identification(reference=f"FR-{i}", root=first.head.id) for i in range(1, 40)),
    ]
    for part in (chain[:15], chain[15:16], chain[16:]):
        federation["FR"].publish(*part)
        await federation["FR"].drain("DE")
    async with publishing(federation["DE"], log) as publisher:
        publisher.wake()
        await until(lambda: len(log.records(TOPIC)) == 40)
    assert [decode(record.value or b"") for record in log.records(TOPIC)] == chain


async def test_woken_by_what_is_accepted(federation: Federation, log: FakeLog) -> None:
    """Without waiting for the next look."""
    async with publishing(federation["DE"], log) as publisher:
        await asyncio.sleep(0.03)
        await accepted(federation, 2)
        publisher.wake()
        async with asyncio.timeout(2):
            await until(lambda: len(log.records(TOPIC)) == 2)


async def test_at_least_once(federation: Federation, log: FakeLog) -> None:
    """Kafka took some and then failed: all are sent again, in order; none is missing."""
    sent = await accepted(federation, 4)
    log.fail_sends(2, keeping=2)
    async with publishing(federation["DE"], log):
        await until(lambda: not federation["DE"].arrived())
    ids = [decode(record.value or b"").head.id for record in log.records(TOPIC)]
    assert set(ids) == {one.head.id for one in sent}
    assert len(ids) > len(set(ids))


async def test_a_crash_between_sending_and_marking(federation: Federation, log: FakeLog) -> None:
    """Sent, not marked: the next start sends it again; the key shows that it is the same."""
    await accepted(federation, 1)
    gateway, held = federation["DE"], asyncio.Event()

    class Crashing:
        async def send_all(self, records: list[OutgoingRecord]) -> None:
            await log.send_all(records)
            held.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(
        InboundPublisher(gateway.database, Crashing(), log, TOPICS, lambda: NOW).run()
    )
    await held.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert len(gateway.arrived()) == 1
    async with publishing(gateway, log):
        await until(lambda: not gateway.arrived())
    first, second = log.records(TOPIC)
    assert (first.key, first.value, first.headers) == (second.key, second.value, second.headers)


async def test_kafka_away(federation: Federation, log: FakeLog) -> None:
    """Everything is kept, and published when it is back."""
    await accepted(federation, 3)
    log.reachable = False
    async with publishing(federation["DE"], log):
        await asyncio.sleep(0.05)
        assert len(federation["DE"].arrived()) == 3
        log.reachable = True
        await until(lambda: not federation["DE"].arrived())
    assert len(log.records(TOPIC)) == 3


def processed(gateway: Gateway) -> Place:
    """How far FR's notifications took effect in DE's casebook."""
    with gateway.database.begin() as connection:
        return processed_place(connection, CHANNEL, "casebook")


def take_effect(gateway: Gateway, *taken: Identification) -> None:
    """As the casebook would."""
    with gateway.database.begin() as connection:
        batch = [Incoming(one.head, encode(one), TOPIC, 0, i) for i, one in enumerate(taken)]
        inbox.admit(connection, "casebook", batch)


async def test_processed_is_what_took_effect(federation: Federation) -> None:
    """Published is not yet processed; a block is when all of it is, and nothing beyond before."""
    gateway = federation["DE"]
    [first, second] = await accepted(federation, 2)
    [third] = await accepted(federation, 1)
    assert processed(gateway) == Place()
    with gateway.database.begin() as connection:
        numbers = [one.number for one in incoming.unpublished(connection, 10)]
        incoming.mark_published(connection, numbers, NOW)
    take_effect(gateway, first, third)
    assert processed(gateway) == Place()
    take_effect(gateway, second)
    assert processed(gateway) == Place(1, 2)


async def test_a_block_of_refused_items_is_processed(federation: Federation) -> None:
    """Nothing in it can take effect: it holds up nothing."""
    federation["PH"].publish(identification(origin="PH", reference="PH-1"))
    await federation["PH"].drain("DE")
    [theirs] = federation["DE"].arrived()
    federation["FR"].publish(identification(root=theirs.head.id))
    await federation["FR"].drain("DE")
    assert processed(federation["DE"]) == Place(1, 1)


async def test_a_lost_table_of_topics_is_asked_again(federation: Federation, log: FakeLog) -> None:
    """Partitions are looked up once, and anew after every failure."""
    await accepted(federation, 1)
    publisher = InboundPublisher(federation["DE"].database, log, log, TOPICS, lambda: NOW)
    log.reachable = False
    with pytest.raises(Unreachable):
        await publisher._publish_batch()
    log.reachable = True
    assert await publisher._publish_batch() == 1
    assert await publisher._publish_batch() == 0
