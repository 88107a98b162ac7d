"""From the lines of a file to records in the log, and back on the track after any interruption."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from producers import publications, refused
from producers.database import Database
from producers.feed import Feed, Line, Tally, read_lines
from producers.intake import MAX_LINE_BYTES, Defaults, Intake, Problem
from producers.kafka import KafkaSender, KafkaSettings
from producers.kafka_admin import KafkaAdmin
from producers.publisher import BATCH, Publisher
from producers.topics import Topics, key_of, partition_of
from schemas.codec import decode
from schemas.errors import Unreachable
from schemas.identities import new_id
from tests.fakes.log import FakeLog

TOPICS = Topics("fr.")
TOPIC = TOPICS.outbound("identification")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database with its tables."""
    found = Database(f"sqlite:///{tmp_path / 'node.db'}")
    found.create()
    yield found
    found.close()


@pytest.fixture
def log() -> FakeLog:
    """A log with this node's topics."""
    return FakeLog(TOPICS.all_outbound, partitions=3)


def line(reference: str, number: int = 1, **fields: Any) -> Line:
    """One line of a file."""
    content = {
        "type": "identification",
        "reference": reference,
        "jurisdiction": "FR",
        "role": "victim",
        "recipients": ["DE"],
        **fields,
    }
    return Line("cases.jsonl", number, json.dumps(content).encode())


def lines(count: int) -> list[Line]:
    """So many acceptable lines."""
    return [line(f"FR-{number}", number) for number in range(1, count + 1)]


async def run(
    database: Database,
    log: FakeLog,
    given: list[Line],
    progress: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """What one run of the command does."""
    feed = Feed(database, Intake(Defaults("FR")))
    await feed.publish(given, Publisher(database, log, log, TOPICS), progress)
    return feed.tally


def published(log: FakeLog) -> list[str]:
    """The ids in the log."""
    return [decode(record.value).head.id for record in log.records(TOPIC) if record.value]


async def test_publishes(database: Database, log: FakeLog) -> None:
    """Every accepted line is in the log, under its key and in its chain's partition."""
    tally = await run(database, log, lines(BATCH + 20))
    assert tally.accepted == BATCH + 20
    assert sorted(published(log)) == sorted(tally.ids.values())
    for record in log.records(TOPIC):
        assert record.value
        head = decode(record.value).head
        assert record.key == key_of(head)
        assert record.partition == partition_of(head.root, 3)


async def test_again(database: Database, log: FakeLog) -> None:
    """The same file again is accepted with the same ids, and nothing is sent."""
    first = await run(database, log, lines(30))
    second = await run(database, log, lines(30))
    assert second.ids == first.ids
    assert second.accepted == 30
    assert len(published(log)) == 30


@pytest.mark.parametrize("keeping", [0, 100, BATCH])
async def test_broken_send(database: Database, log: FakeLog, keeping: int) -> None:
    """When the outcome of a send is unknown, the same command completes it with the same ids."""
    log.fail_sends(1, keeping=keeping)
    with pytest.raises(Unreachable):
        await run(database, log, lines(BATCH + 5))
    with database.read() as connection:
        kept = publications.pending(connection, 9999, origin_kind=publications.SUBMITTED)
    tally = await run(database, log, lines(BATCH + 5))
    assert {one.id for one in kept} <= set(tally.ids.values())
    assert set(published(log)) == set(tally.ids.values())


async def test_resume(database: Database, log: FakeLog) -> None:
    """What a run has left is sent without its file."""
    log.fail_sends(1)
    with pytest.raises(Unreachable):
        await run(database, log, lines(20))
    publisher = Publisher(database, log, log, TOPICS)
    assert await publisher.resume() == 20
    assert await publisher.resume() == 0
    assert len(published(log)) == 20


async def test_nothing_overtakes(database: Database, log: FakeLog) -> None:
    """An update takes with it what an interrupted run has left of its chain."""
    log.fail_sends(1)
    with pytest.raises(Unreachable):
        await run(database, log, [line("FR-1")])
    await run(database, log, [line("FR-1", relation="update", names=["A"])])
    relations = [decode(r.value).head.relation for r in log.records(TOPIC) if r.value]
    assert relations == ["new", "update"]


async def test_cancelled(database: Database, log: FakeLog) -> None:
    """A run that is interrupted between batches loses nothing of what it accepted."""
    task: asyncio.Task[Tally]

    def stop(_tally: Tally) -> None:
        task.cancel()

    task = asyncio.create_task(run(database, log, lines(3 * BATCH), stop))
    with pytest.raises(asyncio.CancelledError):
        await task
    tally = await run(database, log, lines(3 * BATCH))
    assert tally.accepted == 3 * BATCH
    assert set(published(log)) == set(tally.ids.values())


async def test_no_topics(database: Database) -> None:
    """Without topics nothing is stored either."""
    with pytest.raises(Unreachable, match="topics do not exist yet; start the node"):
        await run(database, FakeLog(), lines(1))
    with database.read() as connection:
        assert publications.count_pending(connection, origin_kind=publications.SUBMITTED) == 0


async def test_refused(database: Database, log: FakeLog) -> None:
    """Refused lines are told with their number, kept with the reason, and stop nothing."""
    given = [line("FR-1", 1), line("FR-2", 2, sex="w"), Line("cases.jsonl", 3, b"{")]
    tally = await run(database, log, given)
    assert tally.accepted == 1
    assert [(one.line, one.problem.field) for one in tally.refused] == [(2, "sex"), (3, "")]
    with database.read() as connection:
        kept = list(refused.list_all(connection))
    assert [(one.line, one.content) for one in kept] == [(2, given[1].data), (3, b"{")]
    assert kept[0].problems[0].field == "sex"


async def test_refused_until_accepted(database: Database, log: FakeLog) -> None:
    """A line that is accepted later is no longer among the refused."""
    update = line("FR-1", 2, relation="update", names=["A"])
    tally = await run(database, log, [update])
    assert tally.refused[0].problem.problem == "nothing was published under this reference"
    await run(database, log, [line("FR-1"), update])
    with database.read() as connection:
        assert list(refused.list_all(connection)) == []


async def test_pictures_are_not_kept(database: Database, log: FakeLog) -> None:
    """A line that holds a file is refused, and kept without its content."""
    tally = await run(database, log, [line("FR-1", series="iVBORw0KGgo" + "A7b9Zx3Q" * 60)])
    assert tally.accepted == 0
    assert "holds a PNG file in Base64" in tally.refused[0].problem.problem
    assert tally.refused[0].problem.remedy == "send hashes, never images, films or files"
    with database.read() as connection:
        (kept,) = refused.list_all(connection)
    assert kept.content is None


async def test_oversized_notification(database: Database, log: FakeLog) -> None:
    """A notification that no block could carry is refused at once."""
    hashes = [{"algorithm": "photodna", "value": f"{n:0288x}"} for n in range(1000)]
    tally = await run(database, log, [line("FR-1", media_hashes=hashes)])
    assert "262144 are allowed" in tally.refused[0].problem.problem


async def test_extra_warnings(database: Database, log: FakeLog) -> None:
    """Whoever feeds can look at each line once more, and warn."""
    odd = Problem("recipients", "ZZ is not in the directory", "…")
    feed = Feed(database, Intake(Defaults("FR")), inspect=lambda _: [odd])
    await feed.publish([line("FR-1", 7)], Publisher(database, log, log, TOPICS))
    assert [(one.line, one.problem) for one in feed.tally.warnings] == [(7, odd)]


def test_rehearse(database: Database) -> None:
    """A rehearsal tells what would be accepted, across batches, and writes nothing."""
    feed = Feed(database, Intake(Defaults("FR")))
    given = [*lines(BATCH + 1), line("FR-1", 900, names=["other"]), line("FR-2", 901, sex="w")]
    accepted = [one.number for one, _ in feed.rehearse(given)]
    assert accepted == list(range(1, BATCH + 2))
    assert {one.line for one in feed.tally.refused} == {900, 901}
    with database.read() as connection:
        assert list(refused.list_all(connection)) == []
        assert publications.count_pending(connection, origin_kind=publications.SUBMITTED) == 0


def test_read_lines() -> None:
    """Blank lines are passed over, numbers count them, ends of lines of all systems are known."""
    found = list(read_lines("f", io.BytesIO(b'{"a":1}\r\n\n  \n{"b":2}')))
    assert found == [Line("f", 1, b'{"a":1}'), Line("f", 4, b'{"b":2}')]


def test_read_an_oversized_line() -> None:
    """Of an oversized line only the beginning is held, and the next one is found."""
    data = b"x" * (3 * MAX_LINE_BYTES) + b'\n{"b":2}\n'
    first, second = read_lines("f", io.BytesIO(data))
    assert len(first.data) == MAX_LINE_BYTES + 1
    assert second == Line("f", 2, b'{"b":2}')


@pytest.mark.kafka
async def test_real_kafka(database: Database, kafka: KafkaSettings) -> None:
    """On a real broker every accepted line is acknowledged, once."""
    topics = Topics(f"{new_id()}.")
    admin, sender = KafkaAdmin(kafka), KafkaSender(kafka)
    await admin.create(topics.all_outbound, partitions=3, replication=1, config={})
    try:
        for _ in range(2):
            feed = Feed(database, Intake(Defaults("FR")))
            await feed.publish(lines(BATCH + 7), Publisher(database, sender, admin, topics))
            assert feed.tally.accepted == BATCH + 7
    finally:
        await sender.close()
    places = [(topics.outbound("identification"), partition) for partition in range(3)]
    ends = await admin.ends(places)
    assert sum(last - first for first, last in ends.values()) == BATCH + 7
