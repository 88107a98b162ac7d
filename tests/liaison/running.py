"""A federation of real processes for tests: told what to do, waited for, and looked into."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from liaison import lifecycle
from liaison.configuration import Configuration
from liaison.observation import Observer
from liaison.processes import Process
from liaison.sandbox import Sandbox
from producers.kafka import KafkaReader
from producers.kafka_admin import KafkaAdmin
from producers.ports import IncomingRecord
from schemas.errors import Unreachable

PATIENCE_S = 240.0
"""Nothing here waits for a time to pass, only for things to happen; a busy machine is slow."""
POLL_S = 0.1
MEMBERS = ("FR", "DE", "PH", "XI")
BROKER = "kafka"


class Federation:
    """The sandbox in ``home``, driven as an operator would."""

    def __init__(self, home: Path) -> None:
        self.sandbox = Sandbox(home)

    @property
    def home(self) -> Path:
        """Its directory."""
        return self.sandbox.home

    def up(self) -> None:
        """Starts what does not run."""
        self.sandbox.up()
        self.nodes: Mapping[str, Configuration] = self.sandbox.nodes()

    def spawn(self, code: str, *words: str) -> subprocess.Popen[bytes]:
        """A command of a member's command line, running."""
        return subprocess.Popen(
            [sys.executable, "-m", "liaison", "--config", str(self.nodes[code].path), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=lifecycle.environment(),
        )

    def command(self, code: str, *words: str) -> bytes:
        """What a command wrote; it must succeed."""
        process = self.spawn(code, *words)
        out, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, (code, words, process.returncode, err.decode()[-2000:])
        return out

    def rows(self, code: str, *words: str) -> list[dict[str, Any]]:
        """The rows a command lists."""
        out = self.command(code, *words, "--output", "jsonl")
        return [json.loads(line) for line in out.splitlines()]

    def publish(self, code: str, *files: Path) -> dict[str, str]:
        """Publishes files, as often as it takes; the id of each reference."""
        while True:
            process = self.spawn(code, "publish", *map(str, files), "--output", "json")
            out, err = process.communicate(timeout=PATIENCE_S)
            if process.returncode == 0:
                ids: dict[str, str] = json.loads(out)["ids"]
                return ids
            assert process.returncode == 4, (process.returncode, err.decode()[-2000:])
            time.sleep(POLL_S)

    def part(self, name: str) -> Process | None:
        """The running process of a member's code, or of the broker; None while there is none."""
        if name == BROKER:
            return self.sandbox.broker.process
        return Process.read(lifecycle.pid_file(self.nodes[name]))

    def ready(self, name: str) -> bool:
        """Whether a part does its work."""
        if name == BROKER:
            return self.sandbox.broker.answers()
        return lifecycle.readiness(self.nodes[name]).get("ready") is True

    def metric(self, name: str, metric: str) -> float | None:
        """What a member's node shows under a metric without labels."""
        connection = http.client.HTTPConnection(*self.nodes[name].admin_listen, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", "/metrics")
            lines = connection.getresponse().read().decode().splitlines()
        values = [line.split()[1] for line in lines if line.startswith(f"{metric} ")]
        return float(values[0]) if values else None

    def settle(self) -> None:
        """Waits until nothing is under way anywhere and every delivery was answered for."""
        with contextlib.closing(Observer(self.nodes)) as observer:
            wait_until(lambda: _idle(observer), "something is still under way", every_s=0.5)

    def records(self, *codes: str) -> list[IncomingRecord]:
        """All records in the topics of these members, partition by partition, in order."""
        return asyncio.run(self._records(codes))

    async def _records(self, codes: Iterable[str]) -> list[IncomingRecord]:
        settings = self.sandbox.broker.settings()
        admin = KafkaAdmin(settings)
        topics = [
            topic
            for code in codes
            for names in (self.nodes[code].topics,)
            for topic in (*names.all_outbound, *names.all_inbound)
        ]
        states = await admin.describe(topics)
        assert states.keys() == set(topics)
        ends = await admin.ends([(t, n) for t, s in states.items() for n in range(s.partitions)])
        left = {place for place, (first, end) in ends.items() if end > first}
        found: list[IncomingRecord] = []
        reader = KafkaReader(settings)
        try:
            await reader.start({place: ends[place][0] for place in left})
            async with asyncio.timeout(PATIENCE_S):
                while left:
                    for record in await reader.poll(limit=2000, wait_s=0.5):
                        found.append(record)
                        place = record.topic, record.partition
                        if record.offset + 1 >= ends[place][1]:
                            left.discard(place)
        finally:
            await reader.close()
        return sorted(found, key=lambda one: (one.topic, one.partition, one.offset))


@contextlib.contextmanager
def federation_in(home: Path) -> Iterator[Federation]:
    """A federation that leaves nothing running and nothing on disk."""
    made = Federation(home)
    try:
        yield made
    finally:
        made.sandbox.down(purge=True)


def wait_until(condition: Callable[[], bool], otherwise: str, *, every_s: float = POLL_S) -> float:
    """Waits for ``condition``; returns the seconds it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < PATIENCE_S, otherwise
        time.sleep(every_s)
    return time.monotonic() - started


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> Path:
    """A case file."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, "utf-8")
    return path


def victim(code: str, reference: str, recipients: Sequence[str], **fields: Any) -> dict[str, Any]:
    """A line about somebody who resembles nobody else, unless ``fields`` say so."""
    return {
        "type": "identification",
        "reference": reference,
        "jurisdiction": code,
        "role": "victim",
        "status": "suspected",
        "identifiers": [{"type": "username", "value": f"u-{reference}", "platform": "example"}],
        "recipients": list(recipients),
        **fields,
    }


def doubles(values: Iterable[Any]) -> list[Any]:
    """What occurs more than once."""
    return [value for value, count in Counter(values).items() if count > 1]


def started_in(home: Path) -> list[int]:
    """Every process of this machine that was started for a sandbox in ``home``."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            words = (entry / "cmdline").read_bytes()
            if str(home).encode() in words and Process.of(int(entry.name)):
                found.append(int(entry.name))
    return found


def _idle(observer: Observer) -> bool:
    try:
        return asyncio.run(observer.idle())
    except Unreachable:
        return False
