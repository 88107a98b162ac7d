"""The transactional consumer on the real broker, killed in the middle of its work."""

from __future__ import annotations

import asyncio
import contextlib
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from consumers import positions
from producers.database import Database
from producers.kafka import KafkaSender, KafkaSettings
from producers.kafka_admin import KafkaAdmin
from tests.consumers import counting
from tests.fakes.notifications import identification, record

pytestmark = pytest.mark.kafka

PARTITIONS = 3
ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/node.db")
    database.create()
    yield database
    database.close()


def references(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(sa.select(counting.counts.c.reference)))


@contextlib.contextmanager
def process(kafka: KafkaSettings, database: Database, topic: str) -> Iterator[None]:
    """A consumer in a process of its own, killed at the end."""
    url = database.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.consumers.counting", kafka.bootstrap_servers, url, topic],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    ) as running:
        try:
            yield
        finally:
            running.kill()


async def publish(kafka: KafkaSettings, topic: str, count: int, *, first: int = 0) -> None:
    sender = KafkaSender(kafka)
    try:
        await sender.send_all(
            [
                record(identification(f"FR-{n}"), topic, partitions=PARTITIONS)
                for n in range(first, first + count)
            ]
        )
    finally:
        await sender.close()


async def until(database: Database, count: int) -> None:
    async with asyncio.timeout(60):
        while len(references(database)) < count:
            await asyncio.sleep(0.05)


async def new_topic(kafka: KafkaSettings) -> str:
    topic = f"t{uuid.uuid4().hex[:8]}.notifications.inbound.identification"
    await KafkaAdmin(kafka).create([topic], partitions=PARTITIONS, replication=1, config={})
    return topic


async def test_killed_in_the_middle_of_a_batch_it_loses_and_doubles_nothing(
    kafka: KafkaSettings, database: Database
) -> None:
    """However often the process is killed, every notification takes effect exactly once."""
    topic, count, kills = await new_topic(kafka), 3000, 0
    await publish(kafka, topic, count)
    with contextlib.suppress(TimeoutError):
        while kills < 4:
            before = len(references(database))
            with process(kafka, database, topic):
                await until(database, min(count, before + 1))
                time.sleep(random.uniform(0.0, 0.3))
            kills += 1
    with process(kafka, database, topic):
        await until(database, count)
        await publish(kafka, topic, 50, first=count)
        await until(database, count + 50)
    assert sorted(references(database)) == sorted(f"FR-{n}" for n in range(count + 50))
    ends = await KafkaAdmin(kafka).ends([(topic, n) for n in range(PARTITIONS)])
    with database.read() as connection:
        assert positions.caught_up(connection, "counting", ends)


async def test_a_stored_position_the_topic_does_not_have_leads_to_a_rescan(
    kafka: KafkaSettings, database: Database
) -> None:
    """A restored database or a lost broker disk is noticed at the start, and nothing doubled."""
    topic = await new_topic(kafka)
    await publish(kafka, topic, 20)
    with process(kafka, database, topic):
        await until(database, 20)
    extent = {(topic, n): positions.Extent("another-topic", 900, 900) for n in range(PARTITIONS)}
    with database.begin() as connection:
        positions.recover(connection, "counting", extent)
    await publish(kafka, topic, 5, first=20)
    with process(kafka, database, topic):
        await until(database, 25)
    assert len(references(database)) == 25
