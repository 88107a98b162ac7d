"""Starting and stopping a node as a process of this machine.

``up`` holds a lock on ``data/node.lock`` for as long as it runs, so that there is never a second
process on the same data, and keeps its process in ``data/node.pid`` for ``down``. It starts the
embedded broker when no cluster is configured and starts it again when it dies; it makes the
topics that are missing; then it is the node.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import http.client
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import structlog

from liaison import assembly
from liaison.broker import Broker
from liaison.configuration import Configuration
from liaison.processes import Process, launch, wait_for
from schemas.errors import InputRefused, LiaisonError, Unreachable, VerificationFailed

TOPIC_CONFIG: Mapping[str, str] = {
    # One key is one notification: it stays until a tombstone erases it, whatever its age.
    "cleanup.policy": "compact",
    # An erased notification is gone after a day at most, wherever it lies in the log; a
    # segment must be closed for that, too.
    "max.compaction.lag.ms": "86400000",
    "segment.ms": "86400000",
    # A consumer that was away for a week still sees the tombstone.
    "delete.retention.ms": "604800000",
}
STOP_TIMEOUT_S = 30.0
READY_TIMEOUT_S = 120.0
RETRY_S = 1.0
LAST_LINES = 10
WATCH_S = 1.0
DIRECTORY_EVERY_S = 10.0

_log = structlog.get_logger()


def pid_file(configuration: Configuration) -> Path:
    """Where the node's process is kept."""
    return configuration.data / "node.pid"


def log_file(configuration: Configuration) -> Path:
    """Where a detached node's log goes."""
    return configuration.data / "node.log"


def run(configuration: Configuration) -> None:
    """Is the node, in the foreground, until SIGTERM or Ctrl-C.

    Raises:
        InputRefused: it runs already.
        ConfigurationInvalid, Unreachable, VerificationFailed: it cannot start as it is.
    """
    import uvloop

    with _alone(configuration):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        # What cannot get better by waiting is said at once, not found in a log.
        assembly.open_keyring(configuration)
        assembly.open_directory(configuration)
        broker = Broker(configuration.broker_home) if configuration.kafka is None else None
        try:
            if broker is not None:
                broker.start()
                broker.wait()
            with contextlib.suppress(KeyboardInterrupt):
                uvloop.run(_run(configuration, broker))
        finally:
            if broker is not None:
                broker.stop()


def detach(configuration: Configuration) -> Process:
    """Starts the node in the background and returns when it is ready; does nothing if it runs.

    Raises:
        Unreachable: it ended, or is not ready in time; its log says why.
    """
    found = Process.read(pid_file(configuration))
    running = found or spawn(configuration)
    deadline = time.monotonic() + READY_TIMEOUT_S
    while running.alive and time.monotonic() < deadline:
        if readiness(configuration).get("ready"):
            return running
        time.sleep(0.1)
    if found is not None and not found.alive:
        return detach(configuration)  # It was just ending.
    what = "is not ready yet" if running.alive else "did not start"
    raise Unreachable(
        f"the node {what}; it says: {_last_words(configuration)}",
        remedy=f"`liaison doctor` tells more, and the end of {log_file(configuration)}",
    )


def _last_words(configuration: Configuration) -> str:
    """The error at the end of a detached node's log; like all of the log it tells no secrets."""
    lines = log_file(configuration).read_text("utf-8", "replace").splitlines()[-LAST_LINES:]
    errors = [line for line in lines if line.startswith("Error: ") or '"level": "error"' in line]
    return (errors or lines or ["nothing"])[-1]


def spawn(configuration: Configuration) -> Process:
    """``liaison up`` as a process of its own."""
    configuration.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return launch(
        [sys.executable, "-m", "liaison", "--config", str(configuration.path), "up"],
        log_file(configuration),
        cwd=configuration.home,
        environment=environment(),
    )


def environment() -> dict[str, str]:
    """Our environment, such that a child finds the same code from any directory."""
    inherited = os.environ.get("PYTHONPATH")
    code = str(Path(__file__).parent.parent)
    return {**os.environ, "PYTHONPATH": f"{code}{os.pathsep}{inherited}" if inherited else code}


def stop(configuration: Configuration) -> bool:
    """Stops the node and its broker; whether something ran. Safe to repeat."""
    running = Process.read(pid_file(configuration))
    if running is not None:
        running.stop(STOP_TIMEOUT_S)
    broker = Broker(configuration.broker_home)
    orphan = broker.process if configuration.kafka is None else None
    if orphan is not None:
        # The node was killed and could not take its broker along.
        broker.stop()
    pid_file(configuration).unlink(missing_ok=True)
    return running is not None or orphan is not None


def readiness(configuration: Configuration) -> dict[str, Any]:
    """What ``/readyz`` says: ``{"ready": bool, "parts": {…}}``; empty when nothing answers."""
    connection = http.client.HTTPConnection(*configuration.admin_listen, timeout=2)
    try:
        connection.request("GET", "/readyz")
        found = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return {}
    finally:
        connection.close()
    return found if isinstance(found, dict) else {}


async def create_topics(configuration: Configuration) -> None:
    """Makes the topics that are missing; waits for a Kafka that does not answer yet."""
    from producers.kafka_admin import KafkaAdmin

    admin = KafkaAdmin(assembly.kafka_settings(configuration))
    config = dict(TOPIC_CONFIG)
    if configuration.replication > 2:
        config["min.insync.replicas"] = "2"
    topics = configuration.topics
    while True:
        try:
            await admin.create(
                (*topics.all_outbound, *topics.all_inbound),
                partitions=configuration.partitions,
                replication=configuration.replication,
                config=config,
            )
        except Unreachable:
            _log.warning("kafka_unreachable", part="topics")
            await asyncio.sleep(RETRY_S)
        else:
            return


async def _run(configuration: Configuration, broker: Broker | None) -> None:
    from liaison import node

    await create_topics(configuration)
    tasks = [asyncio.create_task(node.run(configuration), name="node")]
    tasks.append(asyncio.create_task(until_expired(configuration), name="directory"))
    if broker is not None:
        tasks.append(asyncio.create_task(_keep(broker), name="broker"))
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in done:
        task.result()


async def until_expired(configuration: Configuration) -> None:
    """Ends the node when the newest directory it saw expires: an old one is not acted upon.

    Raises:
        VerificationFailed: it has expired. What is queued waits in the database.
    """
    ends = assembly.open_directory(configuration).expires
    while ends > time.time() * 1000:
        await asyncio.sleep(DIRECTORY_EVERY_S)
        with contextlib.suppress(LiaisonError):
            ends = await asyncio.to_thread(_directory_ends, configuration)
    raise VerificationFailed(
        "the directory of members has expired while the node ran",
        remedy="get the current one from the federation, then `liaison up`",
    )


def _directory_ends(configuration: Configuration) -> int:
    return assembly.open_directory(configuration).expires


async def _keep(broker: Broker) -> None:
    """Starts the broker again when it has died; the node waits for it meanwhile."""
    while True:
        await asyncio.sleep(WATCH_S)
        if broker.process is None:
            _log.error("broker_died", part="kafka")
            # Shielded: a start under way is finished, so that it can be stopped in order.
            await asyncio.shield(asyncio.to_thread(broker.start))


@contextlib.contextmanager
def _alone(configuration: Configuration) -> Iterator[None]:
    """Holds the node's lock and keeps its process in the pid file."""
    configuration.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (configuration.data / "node.lock").open("w") as lock:
        # A process that was just told to end may need a moment to let go.
        if not wait_for(lambda: _taken(lock.fileno()), 2):
            raise InputRefused(
                "this node is running already", remedy="`liaison status`, or `liaison down` first"
            )
        own = Process.of(os.getpid())
        if own is not None:
            own.write(pid_file(configuration))
        try:
            yield
        finally:
            pid_file(configuration).unlink(missing_ok=True)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
