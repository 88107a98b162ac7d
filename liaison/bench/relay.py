"""``liaison bench relay``: from the outbound topic of one node to the inbound topic of another.

Two nodes and one broker, each a process of its own, as the sandbox runs them; the same payloads go
through a bare consume-and-produce loop on the same broker in the same run, Avro at both ends of
each. Latencies are taken at a hundred notifications a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import multiprocessing
import os
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

from liaison import assembly
from liaison.bench import corpus, stages
from liaison.configuration import Configuration, load
from liaison.sandbox import Sandbox
from producers.kafka import KafkaReader, KafkaSender, KafkaSettings
from producers.kafka_admin import KafkaAdmin
from producers.ports import OutgoingRecord
from producers.topics import Topics, key_of, partition_of
from schemas.codec import decode_head, decode_record, encode
from schemas.errors import Unreachable
from schemas.notifications import Identification

LATENCY_RATE = 100
LATENCY_SECONDS = 10
SEND_AT_ONCE = 500
READ_TIMEOUT_S = 600.0
BARE_PREFIX = "bare."

Say = Callable[[str], None]


def measure(home: Path, notifications: int, say: Say) -> dict[str, Any]:
    """All figures of ``liaison bench relay``; leaves nothing running."""
    result: dict[str, Any] = {"notifications": notifications, "cores": os.cpu_count()}
    alone = _with_nodes(home / "relay", notifications, "", say)
    result |= alone["relay"]
    result["bare_kafka_per_second"] = alone["bare"]
    result["ratio"] = _ratio(result["notifications_per_second"], alone["bare"])
    result["cpu_us_per_notification"] |= stages.measure(home)
    busy = _with_nodes(home / "consumers", notifications, "casebook,deduplication", say)
    result["with_consumers"] = {
        "notifications_per_second": busy["relay"]["notifications_per_second"],
        "bare_kafka_per_second": busy["bare"],
        "ratio": _ratio(busy["relay"]["notifications_per_second"], busy["bare"]),
        "p50_ms": busy["relay"]["p50_ms"],
        "p99_ms": busy["relay"]["p99_ms"],
    }
    return result


def _ratio(ours: float, theirs: float) -> float:
    return round(ours / theirs, 3)


def _with_nodes(home: Path, notifications: int, consumers: str, say: Say) -> dict[str, Any]:
    """The relay and the bare loop on one broker, the nodes with these consumers."""
    sandbox = Sandbox(home)
    os.environ["LIAISON_NODE__CONSUMERS"] = consumers
    try:
        say(f"starting two nodes with consumers: {consumers or 'none'} …")
        state = sandbox.up(("FR", "DE"), "DE")
        sender, recipient = (load(Path(state["members"][code]["config"])) for code in ("FR", "DE"))
        return asyncio.run(_run(sender, recipient, state, notifications, say))
    finally:
        del os.environ["LIAISON_NODE__CONSUMERS"]
        sandbox.down(purge=True)


async def _run(
    sender: Configuration,
    recipient: Configuration,
    state: dict[str, Any],
    notifications: int,
    say: Say,
) -> dict[str, Any]:
    settings = assembly.kafka_settings(sender)
    pids = {
        "sender": state["members"]["FR"]["pid"],
        "recipient": state["members"]["DE"]["pid"],
        "broker": state["broker_pid"],
        "client": os.getpid(),
    }
    route = (sender.topics.outbound("identification"), recipient.topics.inbound("identification"))
    say(f"{notifications} notifications through the relay …")
    await _through(settings, route, 200)
    before = {name: _cpu_seconds(pid) for name, pid in pids.items()}
    per_second = await _through(settings, route, notifications)
    used = {name: _cpu_seconds(pid) - before[name] for name, pid in pids.items()}
    say(f"latency at {LATENCY_RATE} a second …")
    latencies = await _latencies(settings, route)
    say("the bare loop …")
    bare, kafka = await _bare(settings, notifications)
    return {
        "relay": {
            "notifications_per_second": round(per_second, 1),
            "p50_ms": round(statistics.median(latencies), 1),
            "p99_ms": round(statistics.quantiles(latencies, n=100)[98], 1),
            "cpu_us_per_notification": {
                f"process_{name}": round(seconds / notifications * 1e6, 1)
                for name, seconds in used.items()
            }
            | {"kafka": kafka},
        },
        "bare": round(bare, 1),
    }


async def _bare(settings: KafkaSettings, notifications: int) -> tuple[float, float]:
    """The same payloads through a bare loop in a process of its own.

    Gives notifications a second, and the loop's microseconds of CPU for one: what it costs to read
    a record and to send it.
    """
    topics = Topics(BARE_PREFIX)
    route = (topics.outbound("identification"), topics.inbound("identification"))
    await KafkaAdmin(settings).create(route, partitions=4, replication=1, config={})
    ready = multiprocessing.get_context("spawn").Event()
    loop = multiprocessing.get_context("spawn").Process(
        target=_bare_loop, args=(settings, route, ready), daemon=True
    )
    loop.start()
    try:
        await asyncio.to_thread(ready.wait, 60)
        await _through(settings, route, 200)
        began = _cpu_seconds(loop.pid or 0)
        per_second = await _through(settings, route, notifications)
        used = _cpu_seconds(loop.pid or 0) - began
        return per_second, round(used / notifications * 1e6, 1)
    finally:
        loop.kill()
        loop.join()


def _bare_loop(settings: KafkaSettings, route: tuple[str, str], ready: Any) -> None:
    async def run() -> None:
        async with _reader(settings, route[0]) as reader, _sender(settings) as sender:
            ready.set()
            while True:
                records = await reader.poll(limit=2000, wait_s=0.5)
                await sender.send_all(
                    [OutgoingRecord(route[1], r.partition, r.key or b"", r.value) for r in records]
                )

    _uvloop_run(run())


def _uvloop_run(main: Any) -> None:
    import uvloop

    uvloop.run(main)


async def _through(settings: KafkaSettings, route: tuple[str, str], count: int) -> float:
    """Notifications a second, from the first encoded here to the last decoded here."""
    async with _reader(settings, route[1]) as reader, _sender(settings) as sender:
        now_ms = time.time_ns() // 1_000_000
        notifications = [corpus.identification(number, now_ms) for number in range(count)]
        gc.freeze()
        began = time.perf_counter()
        sending = asyncio.create_task(_send(sender, route[0], notifications))
        arrived: set[str] = set()
        while len(arrived) < count:
            for record in await _poll(reader, began, sending):
                arrived.add(decode_record(record.value or b"")["head"]["id"])
        took = time.perf_counter() - began
        await sending
    return count / took


async def _send(sender: KafkaSender, topic: str, notifications: Sequence[Identification]) -> None:
    for first in range(0, len(notifications), SEND_AT_ONCE):
        some = notifications[first : first + SEND_AT_ONCE]
        await sender.send_all([_record(topic, one) for one in some])


async def _latencies(settings: KafkaSettings, route: tuple[str, str]) -> list[float]:
    """Milliseconds from before a send to readable at the other end, one for each."""
    sent: dict[str, float] = {}
    latencies: list[float] = []
    total = LATENCY_RATE * LATENCY_SECONDS
    async with _reader(settings, route[1]) as reader, _sender(settings) as sender:
        began = time.perf_counter()

        async def send_steadily() -> None:
            async with asyncio.TaskGroup() as sends:
                for number in range(total):
                    await asyncio.sleep(began + number / LATENCY_RATE - time.perf_counter())
                    one = corpus.identification(number, time.time_ns() // 1_000_000)
                    record = _record(route[0], one)
                    sent[one.head.id] = time.perf_counter()
                    sends.create_task(sender.send_all([record]))

        sending = asyncio.create_task(send_steadily())
        while len(latencies) < total:
            for received in await _poll(reader, began, sending):
                at = sent.pop(decode_head(received.value or b"").id, None)
                if at is not None:
                    latencies.append((time.perf_counter() - at) * 1000)
        await sending
    return latencies


async def _poll(reader: KafkaReader, began: float, sending: asyncio.Task[None]) -> Sequence[Any]:
    if sending.done():
        sending.result()
    if time.perf_counter() - began > READ_TIMEOUT_S:
        raise Unreachable(
            "not everything came through in time",
            remedy="look into the nodes' logs; try fewer notifications",
        )
    return await reader.poll(limit=2000, wait_s=1.0)


def _record(topic: str, notification: Identification) -> OutgoingRecord:
    head = notification.head
    return OutgoingRecord(topic, partition_of(head.root, 4), key_of(head), encode(notification))


@contextlib.asynccontextmanager
async def _reader(settings: KafkaSettings, topic: str) -> AsyncIterator[KafkaReader]:
    """Reads all partitions of ``topic`` from their ends on."""
    admin = KafkaAdmin(settings)
    partitions = (await admin.describe([topic]))[topic].partitions
    ends = await admin.ends([(topic, number) for number in range(partitions)])
    reader = KafkaReader(settings)
    await reader.start({place: end for place, (_, end) in ends.items()})
    try:
        yield reader
    finally:
        await reader.close()


@contextlib.asynccontextmanager
async def _sender(settings: KafkaSettings) -> AsyncIterator[KafkaSender]:
    sender = KafkaSender(settings)
    try:
        yield sender
    finally:
        await sender.close()


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process, from /proc (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
