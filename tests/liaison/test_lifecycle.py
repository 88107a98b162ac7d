"""A node with its embedded broker, from ``up`` to ``down``, as processes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway import directory
from liaison import doctor, federation, lifecycle
from liaison.broker import Broker
from liaison.cli import cli
from liaison.configuration import Configuration
from liaison.keys import load_signer
from liaison.processes import Process, free_ports, wait_for
from schemas.errors import InputRefused, Unreachable, VerificationFailed
from tests.liaison.nodes import join, make_node


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Configuration]:
    """FR alone in its federation, on ports of its own, stopped at the end."""
    gateway, admin = free_ports(2)
    made = make_node(
        tmp_path,
        "FR",
        sections={
            "gateway": {"listen": f"127.0.0.1:{gateway}"},
            "admin": {"listen": f"127.0.0.1:{admin}"},
            "kafka": {"partitions": 1},
        },
    )
    join(tmp_path, made)
    yield made
    lifecycle.stop(made)


def states(node: Configuration) -> dict[str, bool]:
    """What doctor says."""
    return {finding.check: finding.ok for finding in doctor.examine(node)}


@pytest.mark.kafka
def test_up_and_down(node: Configuration) -> None:
    """Detached it is up when ready, doctor is all green, a second one is refused, down is down."""
    process = lifecycle.detach(node)
    assert lifecycle.detach(node) == process
    assert all(states(node).values())
    shown = CliRunner().invoke(cli, ["--config", str(node.path), "status", "--output", "json"])
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["pid"] == process.pid
    with pytest.raises(InputRefused, match="running already"):
        lifecycle.run(node)
    broker = Broker(node.broker_home).process
    assert broker is not None
    assert lifecycle.stop(node)
    assert not process.alive
    assert not broker.alive
    assert not lifecycle.stop(node)


@pytest.mark.kafka
def test_dead_broker_is_started_again(node: Configuration) -> None:
    """A broker that is killed under the node comes back by itself."""
    lifecycle.detach(node)
    broker = Broker(node.broker_home)
    killed = broker.process
    assert killed is not None
    os.kill(killed.pid, signal.SIGKILL)
    assert wait_for(lambda: broker.process not in (None, killed), 20)
    broker.wait()


@pytest.mark.kafka
def test_down_after_a_kill(node: Configuration) -> None:
    """A node that was killed leaves its broker; down takes it away, up would take it over."""
    process = lifecycle.detach(node)
    os.kill(process.pid, signal.SIGKILL)
    broker = Broker(node.broker_home).process
    assert broker is not None
    again = lifecycle.detach(node)
    assert again != process
    assert Broker(node.broker_home).process == broker
    os.kill(again.pid, signal.SIGKILL)
    assert again.wait(10)
    assert lifecycle.stop(node)
    assert not broker.alive


def test_node_that_cannot_start(node: Configuration) -> None:
    """A node without its directory ends at once, and detaching says where to look."""
    node.directory_file.unlink()
    with pytest.raises(Unreachable, match="it says: Error: the directory of") as refusal:
        lifecycle.detach(node)
    assert refusal.value.problem.startswith("the node did not start")
    assert "node.log" in refusal.value.remedy
    assert "cannot be read" in lifecycle.log_file(node).read_text("utf-8")
    assert Process.read(lifecycle.pid_file(node)) is None


def test_readiness_of_nobody(node: Configuration) -> None:
    """Where nothing answers nothing is ready."""
    assert lifecycle.readiness(node) == {}


async def test_directory_that_runs_out(
    node: Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node whose directory expires while it runs ends, rather than act on an old one."""
    monkeypatch.setattr(lifecycle, "DIRECTORY_EVERY_S", 0.05)
    root = load_signer(tmp_path / "federation" / "root-key.json")
    document = directory.read_signed(node.directory_file.read_bytes(), root.public)
    soon = replace(document, version=document.version + 1, expires=federation.now_ms() + 2000)
    running = asyncio.create_task(lifecycle.until_expired(node))
    await asyncio.sleep(0.2)
    assert not running.done()
    node.directory_file.write_bytes(directory.sign(soon, root))
    with pytest.raises(VerificationFailed, match="expired while the node ran"):
        await asyncio.wait_for(running, 10)
