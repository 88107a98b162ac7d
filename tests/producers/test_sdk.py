"""The Python SDK."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from producers.database import Database
from producers.intake import Defaults
from producers.publications import SUBMITTED, count_pending
from producers.publisher import BATCH
from producers.sdk import Producer
from producers.topics import Topics
from schemas.codec import decode
from schemas.errors import InputRefused, Unreachable
from schemas.markings import Relation
from tests.fakes.log import FakeLog
from tests.fakes.notifications import identification

TOPICS = Topics("fr.")
CASE = {
    "type": "identification",
    "reference": "FR-1",
    "jurisdiction": "FR",
    "role": "victim",
    "recipients": ["DE"],
}


def producer(tmp_path: Path, log: FakeLog) -> Producer:
    """A producer on a database of its own."""
    url = f"sqlite:///{tmp_path / 'node.db'}"
    return Producer("FR", database=url, kafka=(log, log), topics=TOPICS)


@pytest.fixture
def log() -> FakeLog:
    """A log with this node's topics."""
    return FakeLog(TOPICS.all_outbound)


async def test_publish(tmp_path: Path, log: FakeLog) -> None:
    """What is published is in the log when the call returns; again, it is the same id."""
    async with producer(tmp_path, log) as open_producer:
        first = await open_producer.publish(CASE)
        again = await open_producer.publish(CASE)
    assert first.accepted
    assert (first.new, again.new) == (True, False)
    assert first.id == again.id
    (record,) = log.records(TOPICS.outbound("identification"))
    assert record.value
    assert decode(record.value).head.id == first.id


async def test_notification(tmp_path: Path, log: FakeLog) -> None:
    """A notification object is published by its content; the store gives the id."""
    async with producer(tmp_path, log) as open_producer:
        first = await open_producer.publish(identification("FR-7"))
        again = await open_producer.publish(identification("FR-7"))
        update = await open_producer.publish(identification("FR-7", relation=Relation.UPDATE))
    assert first.id == again.id
    records = log.records(TOPICS.outbound("identification"))
    found = [decode(record.value) for record in records if record.value]
    assert found[0].head.contact is None
    assert found[1].head.predecessors == (first.id,)
    assert update.id == found[1].head.id


async def test_refused(tmp_path: Path, log: FakeLog) -> None:
    """A refusal is an outcome with its problems, not an exception."""
    async with producer(tmp_path, log) as open_producer:
        found = await open_producer.publish_many([CASE, {**CASE, "sex": "w"}, {"type": "recall"}])
        odd: Any = (None, "a case", {**CASE, "recipients": {"DE"}})
        problems = [(await open_producer.publish(one)).problems[0].problem for one in odd]
    assert problems == ["is no object", "is no object", "is of the Python type set, not a list"]
    assert [one.accepted for one in found] == [True, False, False]
    assert found[1].reference == "FR-1"
    assert found[1].problems[0].field == "sex"
    assert found[2].problems[0].field == "type"


async def test_not_open(tmp_path: Path, log: FakeLog) -> None:
    """A producer that was not entered, or was left, says how it is used."""
    left = producer(tmp_path, log)
    async with left:
        pass
    for one in (producer(tmp_path, log), left):
        with pytest.raises(InputRefused, match="the producer is not open"):
            await one.publish(CASE)


async def test_many(tmp_path: Path, log: FakeLog) -> None:
    """Any number can be given at once; outcomes come in order."""
    cases = [{**CASE, "reference": f"FR-{number}"} for number in range(BATCH + 3)]
    async with producer(tmp_path, log) as open_producer:
        found = await open_producer.publish_many(cases)
    assert [one.reference for one in found] == [case["reference"] for case in cases]
    assert len(log.records(TOPICS.outbound("identification"))) == BATCH + 3


async def test_unknown_outcome(tmp_path: Path, log: FakeLog) -> None:
    """After a failed send the same call completes it with the same id."""
    async with producer(tmp_path, log) as open_producer:
        log.fail_sends(1, keeping=1)
        with pytest.raises(Unreachable):
            await open_producer.publish(CASE)
        found = await open_producer.publish(CASE)
    records = log.records(TOPICS.outbound("identification"))
    assert {decode(record.value).head.id for record in records if record.value} == {found.id}


async def test_borrowed_database(tmp_path: Path, log: FakeLog) -> None:
    """A database that was handed over stays open."""
    database = Database(f"sqlite:///{tmp_path / 'node.db'}")
    database.create()
    async with Producer(
        Defaults("FR"), database=database, kafka=(log, log), topics=TOPICS
    ) as open_producer:
        await open_producer.publish(CASE)
    with database.read() as connection:
        assert count_pending(connection, origin_kind=SUBMITTED) == 0
    database.close()


async def test_unreachable(tmp_path: Path) -> None:
    """A log that is not there is told when the producer is opened."""
    log = FakeLog()
    log.reachable = False
    with pytest.raises(Unreachable):
        async with producer(tmp_path, log):
            pass
