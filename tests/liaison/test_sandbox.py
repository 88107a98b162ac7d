"""The sandbox: real nodes on one real Kafka, kept alive."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from liaison import lifecycle
from liaison.cli import cli
from liaison.processes import Process, wait_for
from liaison.sandbox import Sandbox
from liaison.supervisor import Patience
from schemas.errors import InputRefused, Unreachable

MEMBERS = ("FR", "DE")


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox that is not up yet; purged at the end."""
    made = Sandbox(tmp_path / "box")
    yield made
    made.down(purge=True)


def command(sandbox: Sandbox, *words: str) -> dict[str, Any]:
    """What `liaison sandbox` writes; it must end although the parts run on."""
    done = subprocess.run(
        [sys.executable, "-m", "liaison", "sandbox", *words, "--dir", str(sandbox.home),
         "--output", "json"],
        capture_output=True,
        check=True,
        timeout=120,
        env=lifecycle.environment(),
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def pid_of(state: dict[str, Any], name: str) -> int:
    """The process id of a part of a state."""
    return int(state["broker_pid"] if name == "kafka" else state["members"][name]["pid"])


def part(state: dict[str, Any], name: str) -> Process:
    """The process of a part of a state."""
    found = Process.of(pid_of(state, name))
    assert found is not None
    return found


def _replaced(sandbox: Sandbox, name: str, killed: Process) -> bool:
    return pid_of(sandbox.state(), name) != killed.pid


def settled(state: dict[str, Any]) -> dict[str, Any]:
    """A state without what changes when a part is started again."""
    members = {
        code: {key: value for key, value in member.items() if key != "pid"}
        for code, member in state["members"].items()
    }
    return {"kafka": state["kafka"], "members": members}


@pytest.mark.kafka
def test_whole_life(sandbox: Sandbox) -> None:
    """Up, kept alive through kills of every part, up again where it was, down with nothing left."""
    up = command(sandbox, "up", "--members", "FR,DE")
    assert up == command(sandbox, "status")
    assert up["members"]["FR"]["topics"] == "fr."
    assert up["members"]["FR"]["config"] == str(sandbox.home / "FR" / "liaison.toml")
    for name in ("FR", "kafka"):
        killed = part(up, name)
        killed.signal(signal.SIGKILL)
        assert settled(command(sandbox, "status")) == settled(up)
        assert wait_for(partial(_replaced, sandbox, name, killed), 10)
    again = command(sandbox, "up", "--members", "FR,DE")
    assert settled(again) == settled(up)
    parts = [part(again, name) for name in ("FR", "DE", "kafka")]
    sandbox.down()
    assert not any(process.alive for process in parts)
    with pytest.raises(Unreachable, match="no sandbox runs"):
        sandbox.state()
    assert {path.name for path in sandbox.home.iterdir()} == {
        "FR", "DE", "kafka", "federation", "supervisor", "sandbox.json"
    }  # fmt: skip
    sandbox.down(purge=True)
    assert not sandbox.home.exists()


@pytest.mark.kafka
def test_killed_supervisor(sandbox: Sandbox) -> None:
    """A new supervisor takes the running parts over; down finds them without any supervisor."""
    first = sandbox.up(MEMBERS, "")
    supervisor = sandbox.supervisor
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    assert supervisor.wait(10)
    shown = CliRunner().invoke(
        cli, ["sandbox", "status", "--dir", str(sandbox.home), "--output", "json"]
    )
    assert (shown.exit_code, json.loads(shown.stdout)) == (0, first)
    assert "warning: nothing keeps its parts alive any more" in shown.stderr
    assert sandbox.up(MEMBERS, "") == first
    supervisor = sandbox.supervisor
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    parts = [part(first, name) for name in ("FR", "DE", "kafka")]
    sandbox.down()
    assert not any(process.alive for process in parts)


def test_other_members(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox keeps the members it was made with; others need another directory or a purge."""
    monkeypatch.setattr(sandbox, "_start_supervisor", _stop)
    with pytest.raises(Stopped):
        sandbox.up(MEMBERS, "")
    with pytest.raises(InputRefused, match="has other members or another hub"):
        sandbox.up(("FR", "PH"), "")


@pytest.mark.parametrize(
    ("members", "hub", "problem"),
    [
        ((), "", "not a list of different jurisdiction codes"),
        (("FR", "FR"), "", "not a list of different jurisdiction codes"),
        (("FR", "de"), "", "not a list of different jurisdiction codes"),
        (("FR", "DE"), "XI", "the hub XI is not among the members"),
    ],
)
def test_wrong_members(sandbox: Sandbox, members: tuple[str, ...], hub: str, problem: str) -> None:
    """Codes that are none, twice the same, or a hub from outside are refused before any file."""
    with pytest.raises(InputRefused, match=problem):
        sandbox.up(members, hub)
    assert not sandbox.home.exists()


def test_purge_leaves_what_is_not_its_own(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that somebody put beside the sandbox's stays, and so does a directory without one."""
    monkeypatch.setattr(sandbox, "_start_supervisor", _stop)
    with pytest.raises(Stopped):
        sandbox.up(MEMBERS, "")
    (sandbox.home / "notes.txt").write_text("mine", "utf-8")
    sandbox.down(purge=True)
    assert [path.name for path in sandbox.home.iterdir()] == ["notes.txt"]
    sandbox.down(purge=True)
    assert (sandbox.home / "notes.txt").exists()


@pytest.mark.parametrize("made", [0, 1, 2])
def test_interrupted_set_up(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, made: int) -> None:
    """A set-up that was cut short leaves nothing that a purge does not find, and can go on."""
    make = sandbox._make_member

    def make_some(code: str, **given: Any) -> Path:
        if code in MEMBERS[made:]:
            raise Stopped
        return make(code, **given)

    monkeypatch.setattr(sandbox, "_start_supervisor", _stop)
    monkeypatch.setattr(sandbox, "_make_member", make_some)
    for purge in (True, False):
        with pytest.raises(Stopped):
            sandbox.up(MEMBERS, "")
        with pytest.raises(Unreachable, match="no sandbox runs"):
            sandbox.state()
        sandbox.down(purge=purge)
        assert sandbox.home.exists() is not purge
    monkeypatch.setattr(sandbox, "_make_member", make)
    with pytest.raises(Stopped):
        sandbox.up(MEMBERS, "")
    assert list(sandbox.nodes()) == list(MEMBERS)


def test_down_for_programs(tmp_path: Path) -> None:
    """Down answers a program, too, and does nothing where nothing is."""
    home = tmp_path / "box"
    done = CliRunner().invoke(cli, ["sandbox", "down", "--dir", str(home), "--output", "json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"running": False, "purged": False})
    assert not home.exists()


def test_patience() -> None:
    """A part is started again at once; one that fails at its start waits, two seconds at most."""
    patience = Patience()
    patience.start(100.0)
    assert patience.next_s - 100.0 < 0.5
    for second in range(101, 110):
        patience.start(float(second))
    assert patience.next_s == 109.0 + 2.0
    patience.start(200.0)
    assert patience.next_s < 200.5


class Stopped(Exception):
    """The test ends here."""


def _stop() -> Callable[[], Process]:
    raise Stopped
