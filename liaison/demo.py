"""The demonstration: a federation of four publishes the example case files, and is held to them.

It stands on the sandbox and does what operators do: it publishes with the command, reads the
nodes' databases, and exports briefings with the command. What it reports, happened.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import shutil
import signal
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from liaison import expectations
from liaison.cli import cli
from liaison.configuration import Configuration
from liaison.expectations import Expected, Judgement, Observed
from liaison.observation import Observer
from liaison.sandbox import HUB, MEMBERS, Sandbox
from schemas.errors import InputRefused, LiaisonError

HOST = "FR"
"""The contact point that prepares the meeting and exports the briefings."""
SETTLE_TIMEOUT_S = 90.0
LOOK_EVERY_S = 0.2
INTERRUPTED = 128 + signal.SIGINT
"""Exit code of a command that was interrupted and saw to it itself."""
QUIET_LOOKS = 2
"""Looks in a row that must find nothing under way, before a lookalike counts as not alerted."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        published: lines accepted by the publishing commands.
        expected: what had to happen.
        observed: what each node knows at the end.
        judgement: the comparison of the two.
        briefings: absolute paths of the files written.
        delays_ms: of each alert at each contact point, from the later publication.
        seconds: all of it, the sandbox's start included.
    """

    published: int
    expected: Expected
    observed: Mapping[str, Observed]
    judgement: Judgement
    briefings: tuple[Path, ...]
    delays_ms: tuple[int, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether all of it really happened."""
        wanted = sum(self.expected.notifications.values())
        written = all(path.is_file() and path.stat().st_size for path in self.briefings)
        return (
            self.judgement.settled
            and self.published == wanted
            and len(self.briefings) == len(MEMBERS) - 1
            and written
        )

    def facts(self) -> dict[str, Any]:
        """For a program. ``publish_to_alert_ms`` is that of the slowest alert."""
        return {
            "ok": self.ok,
            "published": self.published,
            "delivered": self.judgement.delivered,
            "receipts": self.judgement.receipts,
            "pairs_planted": len(self.expected.pairs),
            "pairs_alerted_both_sides": self.judgement.pairs_alerted,
            "lookalikes": len(self.expected.lookalikes),
            "lookalikes_alerted": self.judgement.lookalikes_alerted,
            "briefings": [str(path) for path in self.briefings],
            "publish_to_alert_ms": max(self.delays_ms, default=None),
            "seconds": round(self.seconds, 1),
        }

    @property
    def median_delay_ms(self) -> int | None:
        """Half of the alerts were there within this time."""
        return round(statistics.median(self.delays_ms)) if self.delays_ms else None


def examples() -> Path:
    """The example case files: beside the package, or in the installed one."""
    here = Path(__file__).parent
    installed = here / "examples"
    return installed if installed.is_dir() else here.parent / "examples"


def run(home: Path, *, keep: bool, say: Say) -> Outcome:
    """Runs the demonstration in the directory ``home``, which must be empty or missing.

    Its files stay. Unless ``keep``, its processes do not; when it is interrupted neither does.

    Raises:
        InputRefused: ``home`` holds something.
        LiaisonError: a part did not start, or a command failed.
    """
    if home.exists() and any(home.iterdir()):
        raise InputRefused(
            f"the directory {home} is not empty", remedy="give another one, or leave --dir out"
        )
    home.mkdir(parents=True, exist_ok=True)
    sandbox = Sandbox(home)
    try:
        with _terminable():
            outcome = _perform(sandbox, say)
            if not keep:
                say("stopping the federation …")
                sandbox.down()
    except LiaisonError:
        with _undisturbed():
            sandbox.down()
        raise
    except BaseException:
        with _undisturbed():
            say("interrupted: stopping the federation and removing its files …")
            sandbox.down(purge=True)
            shutil.rmtree(home, ignore_errors=True)
        raise
    return outcome


def _perform(sandbox: Sandbox, say: Say) -> Outcome:
    started = time.monotonic()
    expected = expectations.load(examples())
    say(f"starting Kafka and the nodes {', '.join(MEMBERS)} in {sandbox.home} …")
    sandbox.up(MEMBERS, HUB)
    nodes = sandbox.nodes()
    observer = Observer(nodes)
    try:
        published = _publish(nodes, expected, say)
        observed = _watch(observer, expected, say)
    finally:
        observer.close()
    say("exporting the briefings …")
    briefings = _export(nodes[HOST], sandbox.home / "briefings")
    return Outcome(
        published,
        expected,
        observed,
        expectations.judge(expected, observed),
        briefings,
        tuple(alert.delay_ms for node in observed.values() for alert in node.alerts),
        time.monotonic() - started,
    )


def _publish(nodes: Mapping[str, Configuration], expected: Expected, say: Say) -> int:
    """Publishes the case files, each with the command of its own node; returns what was taken."""
    accepted = 0
    for code, path in expected.files.items():
        say(f"{code} publishes {path.name} …")
        answer = _command(nodes[code], "publish", str(path), "--output", "json")
        accepted += json.loads(answer)["accepted"]
    return accepted


def _watch(observer: Observer, expected: Expected, say: Say) -> Mapping[str, Observed]:
    """Looks until everything expected has happened and nothing is under way any more."""
    deadline = time.monotonic() + SETTLE_TIMEOUT_S
    quiet = 0
    while True:
        observed = observer.look(time.time_ns() // 1_000_000)
        judged = expectations.judge(expected, observed)
        say(
            f"delivered {judged.delivered}/{expected.deliveries}, "
            f"receipts {judged.receipts}/{expected.deliveries}, "
            f"pairs alerted on both sides {judged.pairs_alerted}/{len(expected.pairs)}"
        )
        quiet = quiet + 1 if judged.settled and asyncio.run(observer.idle()) else 0
        if quiet >= QUIET_LOOKS or time.monotonic() > deadline:
            return observed
        time.sleep(LOOK_EVERY_S)


def _export(node: Configuration, out: Path) -> tuple[Path, ...]:
    """A briefing for each other member, by the command of the node that prepares the meeting."""
    others = [code for code in MEMBERS if code != node.jurisdiction]
    wanted = [word for code in others for word in ("--for", code)]
    answer = _command(
        node,
        "briefing",
        "export",
        *wanted,
        "--format",
        "pdf",
        "--out",
        str(out),
        "--output",
        "json",
    )
    return tuple(Path(row["path"]).resolve() for row in json.loads(answer))


def _command(node: Configuration, *words: str) -> str:
    """Runs a command of the command line as an operator would; returns what it wrote.

    Raises:
        LiaisonError: it failed; with its last words.
    """
    answer, complaint = io.StringIO(), io.StringIO()
    code: object = 0
    with contextlib.redirect_stdout(answer), contextlib.redirect_stderr(complaint):
        try:
            cli.main(["--config", str(node.path), *words], standalone_mode=False)
        except SystemExit as stopped:
            code = stopped.code
        except click.ClickException as error:
            code = error.exit_code
            error.show()
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if code:
        raise LiaisonError(
            f"`liaison {words[0]}` at {node.jurisdiction} failed with exit code {code}",
            remedy=complaint.getvalue().strip()[-2000:],
        )
    return answer.getvalue()


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends it in the same orderly way as Ctrl-C."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C must not leave half of it running."""
    kept = {
        number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
