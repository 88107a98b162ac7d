"""The dispatcher on an in-memory log and a real SQLite file."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from producers import dispatch, publications
from producers.database import Database
from producers.dispatch import Dispatcher
from producers.topics import Topics, key_of
from schemas.codec import encode
from tests.fakes.log import FakeLog
from tests.fakes.notifications import identification, notification

TOPICS = Topics("fr.")
IDENTIFICATIONS = TOPICS.outbound("identification")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(dispatch, "LOOK_EVERY_S", 0.05)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/node.db")
    database.create()
    yield database
    database.close()


@pytest.fixture
def log() -> FakeLog:
    return FakeLog([*TOPICS.all_outbound], partitions=3)


@contextlib.asynccontextmanager
async def running(database: Database, log: FakeLog) -> AsyncIterator[Dispatcher]:
    dispatcher = Dispatcher(database, log, log, TOPICS)
    task = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until_sent(database: Database) -> None:
    async with asyncio.timeout(10):
        while waiting(database):
            await asyncio.sleep(0.005)


def waiting(database: Database) -> int:
    with database.read() as connection:
        return publications.count_pending(connection)


def enqueue(database: Database, *made: object) -> None:
    with database.begin() as connection:
        for one in made:
            assert publications.enqueue(connection, one)  # type: ignore[arg-type]


async def test_what_was_enqueued_is_sent_to_the_topic_of_its_type(
    database: Database, log: FakeLog
) -> None:
    """A derived notification goes to its outbound topic, with its own key and bytes."""
    one, other = identification("FR-1"), notification("takedown", "FR-2")
    enqueue(database, one, other)
    async with running(database, log):
        await until_sent(database)
    (sent,) = log.records(IDENTIFICATIONS)
    assert (sent.key, sent.value) == (key_of(one.head), encode(one))
    (sent,) = log.records(TOPICS.outbound("takedown"))
    assert sent.value == encode(other)


async def test_a_case_chain_stays_on_one_partition_in_order(
    database: Database, log: FakeLog
) -> None:
    """Notifications of one chain are sent in the order they were enqueued."""
    root = identification().head.root
    made = [identification(f"FR-{n}", root=root) for n in range(5)]
    enqueue(database, *made)
    async with running(database, log):
        await until_sent(database)
    sent = log.records(IDENTIFICATIONS)
    assert [record.value for record in sent] == [encode(one) for one in made]
    assert len({record.partition for record in sent}) == 1


async def test_waking_it_sends_at_once(
    database: Database, log: FakeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever enqueues and wakes the dispatcher does not wait for its next look."""
    monkeypatch.setattr(dispatch, "LOOK_EVERY_S", 3600)
    async with running(database, log) as dispatcher:
        await asyncio.sleep(0.05)
        enqueue(database, identification("FR-1"))
        dispatcher.wake()
        await until_sent(database)


async def test_what_another_process_enqueued_is_found(database: Database, log: FakeLog) -> None:
    """A verdict given on the command line is sent without anybody waking the dispatcher."""
    async with running(database, log):
        await asyncio.sleep(0.02)
        enqueue(database, identification("FR-1"))
        await until_sent(database)


async def test_a_send_of_unknown_outcome_is_repeated(database: Database, log: FakeLog) -> None:
    """After a failure everything is sent again, so that nothing is missing."""
    made = [identification("FR-1"), identification("FR-2")]
    enqueue(database, *made)
    log.fail_sends(2, keeping=1)
    async with running(database, log):
        await until_sent(database)
    values = {record.value for record in log.records(IDENTIFICATIONS)}
    assert values == {encode(one) for one in made}


async def test_a_missing_topic_is_waited_for(database: Database) -> None:
    """Nothing is lost while the topic is not there yet."""
    log = FakeLog()
    enqueue(database, identification("FR-1"))
    async with running(database, log):
        await asyncio.sleep(0.05)
        assert waiting(database) == 1
        log.create_topic(IDENTIFICATIONS)
        await until_sent(database)


async def test_what_a_command_submits_is_left_to_the_command(
    database: Database, log: FakeLog
) -> None:
    """Submitted publications are not the dispatcher's to send."""
    with database.begin() as connection:
        publications.store(connection, identification("FR-1"), content_digest=b"x", now_ms=0)
    async with running(database, log):
        await asyncio.sleep(0.1)
    assert log.records(IDENTIFICATIONS) == []
