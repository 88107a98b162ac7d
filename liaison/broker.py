"""The embedded broker: a real single-node Apache Kafka (KRaft) in a process of its own.

Its directory holds everything: ``ports.json`` (chosen once, kept for ever, with the cluster's
id), ``server.properties`` (written at every start), ``data/``, ``logs/`` and ``broker.pid``. The
process outlives whoever started it; it is found again by its pid file.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import string
import subprocess
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from liaison.kafka_jars import libraries, resources
from liaison.processes import Process, answers, free_ports, launch, write_atomically
from schemas.errors import ConfigurationInvalid, LiaisonError, Unreachable

if TYPE_CHECKING:
    from producers.kafka import KafkaSettings

JVM_OPTIONS = (
    "-Xms256m",
    "-Xmx384m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xss512k",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
)
START_TIMEOUT_S = 90.0
"""A cold start takes 3 seconds; after a crash all logs are read again, on a busy machine."""
STOP_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a broker is reached and what its cluster is called."""

    client_port: int
    controller_port: int
    cluster_id: str


class Broker:
    """The embedded broker in directory ``home``."""

    def __init__(self, home: Path) -> None:
        self.home = home

    @property
    def process(self) -> Process | None:
        """The running process; None when it does not run."""
        return Process.read(self.home / "broker.pid")

    def settings(self) -> KafkaSettings:
        """How clients reach it.

        Raises:
            Unreachable: it was never started here.
        """
        from producers.kafka import KafkaSettings

        return KafkaSettings(bootstrap_servers=f"127.0.0.1:{self._place().client_port}")

    def prepare(self, ports: tuple[int, int] | None = None) -> None:
        """Chooses ports (client, controller) and the cluster's id, once and for ever."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (self.home / "ports.json").exists():
            client, controller = ports or free_ports(2)
            place = Place(client, controller, _cluster_id())
            write_atomically(self.home / "ports.json", json.dumps(asdict(place)))

    def start(self) -> Process:
        """Starts it unless it runs already; it does not answer yet, see :meth:`wait`.

        The first time, fetches Kafka and formats the storage, which takes seconds.

        Raises:
            ConfigurationInvalid: no Java, or the storage cannot be formatted.
            Unreachable, VerificationFailed: Kafka could not be fetched.
        """
        if running := self.process:
            return running
        for directory in (self.home, self.home / "data", self.home / "logs"):
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        jars = libraries()
        self._configure()
        if not (self.home / "data" / "meta.properties").is_file():
            self._format(jars)
        # Ctrl-C on the terminal is for the node, which then stops the broker in order.
        process = launch(
            self._java(*JVM_OPTIONS, "-cp", f"{jars}/*", "kafka.Kafka", self._properties),
            self.home / "logs" / "console.log",
            cwd=self.home,
        )
        process.write(self.home / "broker.pid")
        return process

    def wait(self, seconds: float = START_TIMEOUT_S) -> None:
        """Returns when it answers, and is ours.

        Raises:
            Unreachable: it ended, or does not answer within ``seconds``.
        """
        deadline = time.monotonic() + seconds
        while not self.answers():
            if self.process is None:
                raise self._failed()
            if time.monotonic() > deadline:
                raise Unreachable(
                    f"the embedded Kafka does not answer within {seconds:.0f} seconds",
                    remedy=f"see {self.home / 'logs' / 'kafka.log'}",
                )
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether it takes requests now. Not to be called on an event loop."""
        from producers.kafka_admin import KafkaAdmin

        if not answers(self._place().client_port):
            return False
        try:
            found = asyncio.run(KafkaAdmin(self.settings()).cluster_id())
        except LiaisonError:
            return False
        return found == self._place().cluster_id

    def stop(self) -> None:
        """Stops it in order (SIGTERM), by force if it must be. Safe to repeat."""
        if running := self.process:
            running.stop(STOP_TIMEOUT_S)
        (self.home / "broker.pid").unlink(missing_ok=True)

    @property
    def _properties(self) -> str:
        return str(self.home / "server.properties")

    def _place(self) -> Place:
        try:
            return Place(**json.loads((self.home / "ports.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise Unreachable(
                "the embedded Kafka has not been started yet", remedy="start it: `liaison up`"
            ) from error

    def _configure(self) -> None:
        self.prepare()
        template = string.Template((resources() / "server.properties").read_text("utf-8"))
        filled = template.substitute(asdict(self._place()), data=self.home / "data")
        write_atomically(Path(self._properties), filled)

    def _format(self, jars: Path) -> None:
        command = self._java("-cp", f"{jars}/*", "kafka.tools.StorageTool", "format")
        command += ["--standalone", "-t", self._place().cluster_id, "-c", self._properties]
        done = subprocess.run(
            [*command, "--ignore-formatted"],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        if done.returncode != 0:
            raise ConfigurationInvalid(
                "the storage of the embedded Kafka cannot be prepared: "
                + _last_line(done.stderr.decode(errors="replace")),
                remedy=f"check the space and the permissions of {self.home}",
            )

    def _java(self, *arguments: str) -> list[str]:
        home = os.environ.get("JAVA_HOME")
        java = shutil.which("java", path=f"{home}/bin" if home else None)
        if java is None:
            raise ConfigurationInvalid(
                "Java is not installed", remedy="install Java 17 or newer, or set JAVA_HOME"
            )
        logging = f"-Dlog4j2.configurationFile={resources() / 'log4j2.properties'}"
        return [java, logging, f"-Dliaison.logs={self.home / 'logs'}", *arguments]

    def _failed(self) -> Unreachable:
        logs = self.home / "logs"
        said = [_last_line(_read(logs / name)) for name in ("kafka.log", "console.log")]
        return Unreachable(
            f"the embedded Kafka ended: {' / '.join(filter(None, said)) or 'it does not say why'}",
            remedy=f"see {logs}; free the ports in {self.home / 'ports.json'} if they are taken",
        )


def _cluster_id() -> str:
    """22 characters of URL-safe base64; not one that would pass for an option."""
    while (text := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[:22]).startswith("-"):
        pass
    return text


def _read(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.exists() else ""


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else ""
