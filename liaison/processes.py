"""Processes that outlive the command that started them, and the ports they keep.

A process id alone says little: the number is used again. A process is meant by its id and the
instant it started (``/proc/<pid>/stat``), so that nothing of somebody else's is ever ended.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import ConfigurationInvalid

PORTS = range(20_000, 32_000)
"""Below the range that systems give to outgoing connections, so that a port stays ours."""
POLL_S = 0.05

_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True)
class Process:
    """One process: ``started`` is its start in clock ticks after boot, from ``/proc``."""

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> Process | None:
        """The process that has the id ``pid`` now; None when there is none (or it has ended)."""
        found = _stat(pid)
        return None if found is None or found[0] in "ZX" else cls(pid, found[1])

    @property
    def alive(self) -> bool:
        """Whether it still runs; a zombie does not."""
        return Process.of(self.pid) == self

    def signal(self, number: int) -> None:
        """Sends it a signal, if it still runs."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within ``seconds``."""
        return wait_for(lambda: not self.alive, seconds)

    def stop(self, seconds: float) -> None:
        """SIGTERM, and SIGKILL when it still runs after ``seconds``."""
        self.signal(signal.SIGTERM)
        if not self.wait(seconds):
            self.signal(signal.SIGKILL)
            self.wait(seconds)

    def write(self, path: Path) -> None:
        """Keeps it in a file."""
        write_atomically(path, json.dumps({"pid": self.pid, "started": self.started}))

    @classmethod
    def read(cls, path: Path) -> Process | None:
        """The process kept in ``path``, if it still runs."""
        try:
            kept = json.loads(path.read_text("utf-8"))
            process = cls(int(kept["pid"]), int(kept["started"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return process if process.alive else None


def launch(
    command: Sequence[str], log: Path, *, cwd: Path, environment: Mapping[str, str] | None = None
) -> Process:
    """Starts a process that outlives us: a session of its own, none of our files, a private log.

    Output goes to the end of ``log``. Ctrl-C on our terminal does not reach it.
    """
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
            cwd=cwd,
            env=environment,
        )
    finally:
        os.close(descriptor)
    reap()
    _children.append(child)
    found = _stat(child.pid)
    # It cannot have vanished: a child stays until it is waited for.
    return Process(child.pid, found[1] if found else 0)


def reap() -> None:
    """Waits for those of our children that have ended, so that none stays a zombie."""
    _children[:] = [child for child in _children if child.poll() is None]


def _stat(pid: int) -> tuple[str, int] | None:
    """State and start of a process; None when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return None
    # The second field is the program's name in parentheses and may hold anything.
    fields = stat.rpartition(")")[2].split()
    return fields[0], int(fields[19])


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether ``condition()`` became true within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


def write_atomically(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Replaces ``path`` by a file with ``text``: whoever reads sees the old one or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def free_ports(count: int) -> tuple[int, ...]:
    """Ports on the loopback address that nobody listens on now.

    Raises:
        ConfigurationInvalid: there are not that many.
    """
    found = []
    for port in random.sample(PORTS, len(PORTS)):
        if _free(port):
            found.append(port)
        if len(found) == count:
            return tuple(found)
    raise ConfigurationInvalid(
        f"no {count} free ports between {PORTS.start} and {PORTS.stop}",
        remedy="stop what listens there",
    )


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether something accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds an exclusive lock on ``path``, waiting for it; let go when the process ends."""

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
