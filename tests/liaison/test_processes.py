"""Processes are meant by id and start; files are replaced whole."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from liaison.processes import Process, answers, free_ports, locked, wait_for, write_atomically

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
IGNORES = "signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
STUBBORN = [sys.executable, "-c", f"import signal, time; {IGNORES}"]


def test_alive_and_stopped(tmp_path: Path) -> None:
    """A process kept in a file is found while it runs and not afterwards."""
    child = subprocess.Popen(SLEEP)
    process = Process.of(child.pid)
    assert process is not None
    process.write(tmp_path / "pid")
    assert Process.read(tmp_path / "pid") == process
    process.stop(10)
    assert Process.read(tmp_path / "pid") is None
    assert child.wait() == -signal.SIGTERM


def test_reused_id_is_somebody_else() -> None:
    """A process with the same id that started at another instant is never signalled."""
    child = subprocess.Popen(SLEEP)
    try:
        process = Process.of(child.pid)
        assert process is not None
        other = Process(child.pid, process.started - 1)
        assert not other.alive
        other.stop(1)
        assert child.poll() is None
    finally:
        child.kill()
        child.wait()


def test_zombie_does_not_run() -> None:
    """A child that ended and was not waited for yet counts as ended."""
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    assert wait_for(lambda: Process.of(child.pid) is None, 10)
    child.wait()


def test_stubborn_is_killed() -> None:
    """What ignores SIGTERM is ended by force once its time is over."""
    child = subprocess.Popen(STUBBORN, stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    process = Process.of(child.pid)
    assert process is not None
    process.stop(0.2)
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()


def test_damaged_pid_file(tmp_path: Path) -> None:
    """A file that is not one names no process."""
    (tmp_path / "pid").write_text('{"pid": 1', "utf-8")
    assert Process.read(tmp_path / "pid") is None
    assert Process.read(tmp_path / "missing") is None


def test_replaced_whole(tmp_path: Path) -> None:
    """A replaced file is private and leaves nothing beside it."""
    path = tmp_path / "state.json"
    for text in ("one", "two"):
        write_atomically(path, text)
    assert path.read_text("utf-8") == "two"
    assert [file.name for file in tmp_path.iterdir()] == ["state.json"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_free_ports() -> None:
    """Free ports differ, and one that is listened on answers."""
    first, second = free_ports(2)
    assert first != second
    assert not answers(first)
    with socket.create_server(("127.0.0.1", first)):
        assert answers(first)


def test_lock_is_exclusive_and_dies_with_its_holder(tmp_path: Path) -> None:
    """A second process waits for the lock until the holder lets go or is killed."""
    code = (
        "import sys, time; from pathlib import Path; from liaison.processes import locked\n"
        f"with locked(Path({str(tmp_path / 'lock')!r})): print(flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)
    assert holder.stdout is not None
    holder.stdout.readline()
    started = time.monotonic()
    os.kill(holder.pid, signal.SIGKILL)
    with locked(tmp_path / "lock"):
        assert time.monotonic() - started < 10
    holder.wait()
    holder.stdout.close()
