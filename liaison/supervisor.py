"""Keeps the parts of a sandbox alive: ``python -m liaison.supervisor DIR``.

A part that ends is started again at once, more slowly when it ends again and again. Parts that
an earlier supervisor left running are taken over as they are. SIGTERM stops everything.
"""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from liaison import lifecycle, logging
from liaison.configuration import Configuration
from liaison.processes import Process, locked, reap
from liaison.sandbox import Sandbox, stop_parts, write_pids
from schemas.errors import LiaisonError

TICK_S = 0.1
LIVED_S = 10.0
"""A part that ran this long did not fail at its start."""
LONGEST_WAIT_S = 2.0

_log = structlog.get_logger()


@dataclass(slots=True)
class Patience:
    """When a part may be started again."""

    failures: int = 0
    started_s: float = 0.0
    next_s: float = 0.0

    def start(self, now_s: float) -> None:
        """The part is being started now; the next start waits when this one fails soon."""
        lived = now_s - self.started_s > LIVED_S
        self.failures = 0 if lived else self.failures + 1
        self.started_s = now_s
        self.next_s = now_s + min(LONGEST_WAIT_S, TICK_S * 2**self.failures)


@dataclass(slots=True)
class Part:
    """One member's node."""

    code: str
    configuration: Configuration
    child: Process | None = None
    patience: Patience = field(default_factory=Patience)

    def process(self) -> Process | None:
        """Its process: our child, or one that was running before us."""
        if self.child is not None and self.child.alive:
            return self.child
        return Process.read(lifecycle.pid_file(self.configuration))

    def start(self) -> None:
        """Starts it."""
        self.child = lifecycle.spawn(self.configuration)


class Supervisor:
    """Watches the broker and the nodes of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._parts = [Part(code, node) for code, node in sandbox.nodes().items()]
        self._broker = Patience()
        self._noted: dict[str, Process] = {}
        self.stopping = False

    def run(self) -> None:
        """Until :attr:`stopping` is set; then stops everything."""
        while not self.stopping:
            self._look()
            time.sleep(TICK_S)
        stop_parts(self._sandbox)

    def _look(self) -> None:
        reap()
        pids = dict(self._noted)
        # The broker first: it takes longest, and the nodes wait for it.
        if process := self._kept_broker():
            pids["kafka"] = process
        for part in self._parts:
            if process := self._kept(part):
                pids[part.code] = process
        if pids != self._noted:
            write_pids(self._sandbox.pids_file, pids)
            self._noted = pids

    def _kept(self, part: Part) -> Process | None:
        now_s = time.monotonic()
        if part.process() is None and now_s >= part.patience.next_s:
            part.patience.start(now_s)
            part.start()
            _log.info("part_started", part=part.code, attempt=part.patience.failures)
        return part.process()

    def _kept_broker(self) -> Process | None:
        broker, now_s = self._sandbox.broker, time.monotonic()
        if broker.process is None and now_s >= self._broker.next_s:
            self._broker.start(now_s)
            try:
                broker.start()
            except LiaisonError as error:
                _log.error("part_failed", part="kafka", reason=error.problem)
            else:
                _log.info("part_started", part="kafka", attempt=self._broker.failures)
        return broker.process


def main(home: Path) -> None:
    """Supervises the sandbox in ``home``; only one process does so at a time."""
    logging.configure()
    sandbox = Sandbox(home)
    supervisor = Supervisor(sandbox)

    def stop(*_: object) -> None:
        supervisor.stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with locked(sandbox.supervision / "lock"):
        supervisor.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
