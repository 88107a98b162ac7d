"""The transactional consumer on an in-memory log and a real SQLite file."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from consumers import inbox, positions, transactional
from consumers.transactional import Incoming, State, TransactionalConsumer
from producers.database import Connection, Database, metadata
from producers.ports import OutgoingRecord
from schemas.errors import MalformedRecord, Unreachable
from tests.fakes.log import FakeLog
from tests.fakes.notifications import identification, record

TOPIC = "fr.notifications.outbound.identification"
INBOUND = "fr.notifications.inbound.identification"

_effects = sa.Table(
    "test_effects",
    metadata,
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("reference", sa.String(64), nullable=False),
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactional, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(transactional, "LONGEST_PAUSE_S", 0.02)
    monkeypatch.setattr(transactional, "POLL_WAIT_S", 0.02)
    monkeypatch.setattr(transactional, "INSPECT_EVERY_S", 0.03)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/node.db")
    database.create()
    yield database
    database.close()


@pytest.fixture
def log() -> FakeLog:
    return FakeLog([TOPIC, INBOUND], partitions=2)


def note(connection: Connection, batch: Sequence[Incoming]) -> None:
    rows = [{"reference": incoming.head.reference} for incoming in batch]
    connection.execute(_effects.insert(), rows)


def noted(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(sa.select(_effects.c.reference).order_by(_effects.c.n)))


def consumer(
    database: Database, log: FakeLog, effect: transactional.Effect = note, **more: object
) -> TransactionalConsumer:
    return TransactionalConsumer(
        "test",
        database=database,
        reader=log.reader,
        admin=log,
        topics=[TOPIC, INBOUND],
        effect=effect,
        **more,  # type: ignore[arg-type]
    )


@contextlib.asynccontextmanager
async def running(one: TransactionalConsumer) -> AsyncIterator[TransactionalConsumer]:
    task = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.005)


async def test_every_notification_takes_effect_once_and_in_order(
    database: Database, log: FakeLog
) -> None:
    """Notifications of one partition take effect in order, however small the batches."""
    root = identification().head.root
    made = [identification(f"FR-{n}", root=root) for n in range(20)]
    await log.send_all([record(one, TOPIC, partitions=2) for one in made])
    async with running(consumer(database, log, batch=3)):
        await until(lambda: len(noted(database)) == 20)
    assert noted(database) == [f"FR-{n}" for n in range(20)]


async def test_a_repeated_record_takes_no_second_effect(database: Database, log: FakeLog) -> None:
    """The same identity twice in a batch, and again later, takes effect once."""
    one, other = identification("FR-1"), identification("FR-2")
    await log.send_all([record(one, TOPIC), record(one, TOPIC), record(one, INBOUND)])
    async with running(consumer(database, log)):
        await until(lambda: noted(database) == ["FR-1"])
        await log.send_all([record(one, TOPIC), record(other, TOPIC)])
        await until(lambda: len(noted(database)) > 1)
    assert noted(database) == ["FR-1", "FR-2"]


async def test_an_effect_that_recognises_repeats_itself_is_given_them(
    database: Database, log: FakeLog
) -> None:
    """Without the inbox every record reaches the effect, in order."""
    one = identification("FR-1")
    await log.send_all([record(one, TOPIC), record(one, TOPIC)])
    async with running(consumer(database, log, once=False)):
        await until(lambda: noted(database) == ["FR-1", "FR-1"])


async def test_a_wider_view_of_a_notification_is_new(database: Database, log: FakeLog) -> None:
    """Another revision of the same notification takes effect of its own."""
    one = identification("FR-1")
    await log.send_all([record(one, TOPIC), record(one.with_head(revision=2), TOPIC)])
    async with running(consumer(database, log)):
        await until(lambda: len(noted(database)) == 2)


async def test_it_goes_on_where_the_last_one_stopped(database: Database, log: FakeLog) -> None:
    """A second process reads only what came after the first one's last transaction."""
    await log.send_all([record(identification("FR-1"), TOPIC)])
    async with running(consumer(database, log)):
        await until(lambda: noted(database) == ["FR-1"])
    await log.send_all([record(identification("FR-2"), TOPIC)])
    seen: list[int] = []

    def effect(connection: Connection, batch: Sequence[Incoming]) -> None:
        seen.extend(incoming.offset for incoming in batch)
        note(connection, batch)

    async with running(consumer(database, log, effect)):
        await until(lambda: len(noted(database)) == 2)
    assert len(seen) == 1


async def test_a_failed_effect_leaves_nothing_and_is_tried_again(
    database: Database, log: FakeLog
) -> None:
    """What an effect did before it failed is undone; the same batch is tried again."""
    failures = iter([True, True, False])

    def effect(connection: Connection, batch: Sequence[Incoming]) -> None:
        note(connection, batch)
        if next(failures):
            raise RuntimeError

    await log.send_all([record(identification("FR-1"), TOPIC)])
    async with running(consumer(database, log, effect)) as one:
        await until(lambda: one.state is State.RUNNING and noted(database) == ["FR-1"])


async def test_an_effect_that_always_fails_halts_the_consumer(
    database: Database, log: FakeLog
) -> None:
    """After the last try the consumer is halted, and its position has not moved."""

    def effect(connection: Connection, batch: Sequence[Incoming]) -> None:
        raise RuntimeError

    await log.send_all([record(identification("FR-1"), TOPIC)])
    async with running(consumer(database, log, effect)) as one:
        await until(lambda: one.state is State.HALTED)
    with database.read() as connection:
        assert set(positions.stored(connection, "test").values()) == {0}
    async with running(consumer(database, log)):
        await until(lambda: noted(database) == ["FR-1"])


async def test_a_record_that_cannot_be_decoded_is_kept_and_stops_nothing(
    database: Database, log: FakeLog
) -> None:
    """Garbage and unknown schemas go to the unread, with the fingerprint where there is one."""
    unknown = b"\xc3\x01" + bytes(range(8)) + b"later"
    bad = [OutgoingRecord(TOPIC, 0, b"k", data) for data in (b"garbage", unknown, b"")]
    await log.send_all([*bad, record(identification("FR-1"), TOPIC)])
    async with running(consumer(database, log)):
        await until(lambda: noted(database) == ["FR-1"])
    with database.read() as connection:
        kept = inbox.kept_unread(connection, "test")
        assert inbox.count_unread(connection) == 3
    assert [unread.fingerprint for unread in kept] == ["", "0001020304050607", ""]
    assert [unread.record.value for unread in kept] == [b"garbage", unknown, b""]


async def test_a_kept_record_is_read_when_its_schema_is_known(
    database: Database, log: FakeLog
) -> None:
    """After an upgrade the unread takes effect at the start, once."""
    made = record(identification("FR-1"), TOPIC)
    later = OutgoingRecord(TOPIC, 0, made.key, b"\xc3\x01\0\0\0\0\0\0\0\0")
    await log.send_all([later])
    async with running(consumer(database, log)) as one:
        await until(lambda: one.state is State.RUNNING and _unread(database) == 1)
    table = metadata.tables["unread"]
    with database.begin() as connection:
        connection.execute(table.update().values(data=made.value))
    async with running(consumer(database, log)):
        await until(lambda: noted(database) == ["FR-1"])
    assert _unread(database) == 0


async def test_a_record_found_undecodable_by_the_effect_is_kept(
    database: Database, log: FakeLog
) -> None:
    """A record whose head is readable but whose rest is not stops nothing either."""
    whole = record(identification("FR-1"), TOPIC)
    assert whole.value is not None
    torn = OutgoingRecord(TOPIC, 0, whole.key, whole.value[:-3])

    def effect(connection: Connection, batch: Sequence[Incoming]) -> None:
        for incoming in batch:
            incoming.notification()
        note(connection, batch)

    await log.send_all([torn, record(identification("FR-2"), TOPIC)])
    async with running(consumer(database, log, effect)):
        await until(lambda: noted(database) == ["FR-2"])
    assert _unread(database) == 1


async def test_an_effect_that_blames_a_sound_record_halts(database: Database, log: FakeLog) -> None:
    """MalformedRecord about a batch that decodes is a fault of the effect, not of the data."""

    def effect(connection: Connection, batch: Sequence[Incoming]) -> None:
        raise MalformedRecord("not so")

    await log.send_all([record(identification("FR-1"), TOPIC)])
    async with running(consumer(database, log, effect)) as one:
        await until(lambda: one.state is State.HALTED)
    assert _unread(database) == 0


async def test_a_tombstone_only_moves_the_position(database: Database, log: FakeLog) -> None:
    """A record without value has no effect and is not unread."""
    await log.send_all(
        [OutgoingRecord(TOPIC, 0, b"k", None), record(identification("FR-1"), TOPIC)]
    )
    async with running(consumer(database, log)):
        await until(lambda: noted(database) == ["FR-1"])
    assert _unread(database) == 0


async def test_a_topic_made_again_is_scanned_from_its_beginning(
    database: Database, log: FakeLog
) -> None:
    """A recreated topic is noticed while running; what was known takes no second effect."""
    one = identification("FR-1")
    await log.send_all([record(one, TOPIC)])
    async with running(consumer(database, log)):
        await until(lambda: noted(database) == ["FR-1"])
        log.recreate(TOPIC)
        await log.send_all([record(one, TOPIC), record(identification("FR-2"), TOPIC)])
        await until(lambda: len(noted(database)) > 1)
    assert noted(database) == ["FR-1", "FR-2"]


@pytest.mark.parametrize(("stored", "reason"), [(99, "beyond-end"), (0, "below-first")])
async def test_a_lost_position_is_reported_and_scanned_again(
    database: Database, log: FakeLog, stored: int, reason: str
) -> None:
    """A stored position outside of what the log holds goes back to the first offset."""
    await log.send_all([record(identification(f"FR-{n}"), TOPIC) for n in range(3)])
    log.truncate(TOPIC, 0, 1)
    extent = {(TOPIC, 0): positions.Extent("id-1", stored, stored)}
    with database.begin() as connection:
        positions.recover(connection, "test", extent)
    with database.begin() as connection:
        found, rescans = positions.recover(
            connection, "test", {(TOPIC, 0): positions.Extent("id-1", 1, 3)}
        )
    assert found == {(TOPIC, 0): 1}
    assert [rescan.reason for rescan in rescans] == [reason]


async def test_a_broker_that_goes_and_comes_back_is_waited_for(
    database: Database, log: FakeLog
) -> None:
    """While Kafka is gone the consumer recovers; afterwards it goes on by itself."""
    log.reachable = False
    async with running(consumer(database, log)) as one:
        await until(lambda: one.state is State.RECOVERING)
        log.reachable = True
        await log.send_all([record(identification("FR-1"), TOPIC)])
        await until(lambda: noted(database) == ["FR-1"])
        log.reachable = False
        await until(lambda: one.state is State.RECOVERING)
        log.reachable = True
        await until(lambda: one.state is State.RUNNING)


async def test_a_reader_that_fell_silent_is_replaced(database: Database, log: FakeLog) -> None:
    """Records that are there but not read lead to a new reader."""
    async with running(consumer(database, log)) as one:
        await until(lambda: one.state is State.RUNNING)
        log.silent = True
        await log.send_all([record(identification("FR-1"), TOPIC)])
        await until(lambda: log.readers > 1)
        log.silent = False
        await until(lambda: noted(database) == ["FR-1"])


async def test_missing_topics_are_waited_for(database: Database) -> None:
    """A consumer started before its topics exist begins when they are made."""
    log = FakeLog([TOPIC])
    async with running(consumer(database, log)) as one:
        await until(lambda: one.state is State.RECOVERING)
        log.create_topic(INBOUND)
        await until(lambda: one.state is State.RUNNING)


async def test_committed_is_called_after_the_transaction(database: Database, log: FakeLog) -> None:
    """Whoever waits for the effect is told when it can be read."""
    seen: list[list[str]] = []
    one = consumer(database, log, committed=lambda: seen.append(noted(database)))
    await log.send_all([record(identification("FR-1"), TOPIC)])
    async with running(one):
        await until(lambda: bool(seen))
    assert seen == [["FR-1"]]


def test_two_processes_cannot_both_move_a_position(database: Database) -> None:
    """The second process to move a position from the same offset is refused."""
    place = (TOPIC, 0)
    with database.begin() as connection:
        positions.recover(connection, "test", {place: positions.Extent("id-1", 0, 9)})
        positions.advance(connection, "test", {place: (0, 5)})
    with pytest.raises(Unreachable) as caught, database.begin() as connection:
        positions.advance(connection, "test", {place: (0, 5)})
    assert caught.value.problem == "another process moved the position of this consumer"
    assert "one node per database" in caught.value.remedy


async def test_lag_counts_what_is_still_to_be_read(database: Database, log: FakeLog) -> None:
    """Lag is the distance of stored positions from the end; none means caught up."""
    await log.send_all([record(identification(f"FR-{n}"), TOPIC) for n in range(3)])
    ends = await log.ends([(TOPIC, 0), (TOPIC, 1)])
    with database.read() as connection:
        assert positions.lag(connection, "test", ends) == 3
    async with running(consumer(database, log)):
        await until(lambda: len(noted(database)) == 3)
    with database.read() as connection:
        assert positions.caught_up(connection, "test", ends)


def _unread(database: Database) -> int:
    with database.read() as connection:
        return inbox.count_unread(connection)
