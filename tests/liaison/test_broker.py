"""The embedded broker, a real one."""

from __future__ import annotations

import asyncio
import os
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from liaison.broker import Broker
from producers.kafka import KafkaReader, KafkaSender, KafkaSettings
from producers.kafka_admin import KafkaAdmin
from producers.ports import OutgoingRecord
from schemas.errors import ConfigurationInvalid, Unreachable


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker of the test's own, stopped at the end."""
    made = Broker(tmp_path / "kafka")
    yield made
    made.stop()


async def write(settings: KafkaSettings, topic: str, value: bytes) -> None:
    """One record, acknowledged."""
    admin = KafkaAdmin(settings)
    await admin.create([topic], partitions=1, replication=1, config={})
    sender = KafkaSender(settings)
    await sender.send_all([OutgoingRecord(topic, 0, b"FR/1", value)])
    await sender.close()


async def read(settings: KafkaSettings, topic: str) -> list[bytes | None]:
    """What is there."""
    reader = KafkaReader(settings)
    await reader.start({(topic, 0): 0})
    records = await reader.poll(limit=10, wait_s=10)
    await reader.close()
    return [record.value for record in records]


@pytest.mark.kafka
def test_survives_a_kill(broker: Broker) -> None:
    """After kill -9 it comes back on the same port with what it had acknowledged."""
    first = broker.start()
    broker.wait()
    before = broker.settings()
    asyncio.run(write(before, "t", b"kept"))
    os.kill(first.pid, signal.SIGKILL)
    assert first.wait(10)
    assert broker.process is None
    assert not broker.answers()
    second = broker.start()
    broker.wait()
    assert second != first
    assert broker.settings() == before
    assert asyncio.run(read(before, "t")) == [b"kept"]


@pytest.mark.kafka
def test_found_again(broker: Broker, tmp_path: Path) -> None:
    """Another process finds the running broker instead of starting a second one, and stops it."""
    running = broker.start()
    broker.wait()
    other = Broker(tmp_path / "kafka")
    assert other.start() == running
    assert other.answers()
    other.stop()
    assert not running.alive
    assert broker.process is None


@pytest.mark.kafka
async def test_session_broker_does_not_make_topics(kafka: KafkaSettings) -> None:
    """A topic that nobody made is an error, not a topic with other settings."""
    topic = f"{uuid.uuid4().hex}.unmade"
    sender = KafkaSender(kafka)
    sending = asyncio.create_task(sender.send_all([OutgoingRecord(topic, 0, b"k", b"v")]))
    await asyncio.sleep(1)
    assert await KafkaAdmin(kafka).describe([topic]) == {}
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    await sender.close()


def test_ports_are_kept(broker: Broker) -> None:
    """Ports and cluster id are chosen once; the id never looks like an option."""
    broker.prepare()
    first = (broker.home / "ports.json").read_text("utf-8")
    broker.prepare()
    assert (broker.home / "ports.json").read_text("utf-8") == first
    assert '"-' not in first


def test_never_started(broker: Broker) -> None:
    """Before the first start there is nothing to reach, and stopping does nothing."""
    with pytest.raises(Unreachable, match="has not been started yet"):
        broker.settings()
    broker.stop()


def test_no_java(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Java the remedy says which."""
    monkeypatch.setenv("JAVA_HOME", str(broker.home))
    monkeypatch.setattr("liaison.broker.libraries", lambda: broker.home)
    with pytest.raises(ConfigurationInvalid, match="Java is not installed") as refusal:
        broker.start()
    assert "Java 17" in refusal.value.remedy
