"""A federation on one machine to develop against: real nodes, one real Kafka, loopback only.

On disk::

    DIR/<CODE>/      one member: an ordinary node, ``liaison --config DIR/<CODE>/liaison.toml``
    DIR/kafka/       the broker they share, each with topics of its own prefix
    DIR/federation/  the root key and the signed directory
    DIR/supervisor/  the process that keeps the parts alive: lock, pid, log, state

Ports, keys and paths are made once and kept; what is published here is marked as a test.
"""

from __future__ import annotations

import json
import shlex
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from gateway.directory import Document
from liaison import federation, lifecycle, setup
from liaison.broker import Broker
from liaison.configuration import FILE_NAME, Configuration, load
from liaison.processes import Process, free_ports, launch, locked, write_atomically
from schemas.errors import InputRefused, Unreachable
from schemas.members import is_code

MEMBERS = ("FR", "DE", "PH", "XI")
HUB = "XI"
READY_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 60.0
DIRECTORY_DAYS = 3650
LISTEN = "127.0.0.1"

NAMES = {
    "FR": "Contact point France",
    "DE": "Contact point Germany",
    "PH": "Contact point Philippines",
    "XI": "INTERPOL General Secretariat",
}
EU = frozenset({"DE", "FR"})

State = dict[str, Any]


class Sandbox:
    """The sandbox in directory ``home``."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.supervision = self.home / "supervisor"
        self.broker = Broker(self.home / "kafka")

    def up(self, members: Sequence[str] = MEMBERS, hub: str = HUB) -> State:
        """Makes what is missing, starts what does not run, returns when every part is ready.

        Raises:
            InputRefused: other members than those it was made with, or no such codes.
            Unreachable: a part does not get ready.
        """
        _check(members, hub)
        with locked(self.supervision / "setup.lock"):
            self._make(members, hub)
            supervisor = self.supervisor
            if supervisor is None:
                supervisor = self._start_supervisor()
        self._wait(supervisor)
        return self.state()

    def state(self) -> State:
        """``{kafka, members: {CODE: {config, url, topics, pid}}, broker_pid}``.

        A part that is being restarted keeps the pid it had until it has the next. Parts that
        outlived a killed supervisor still run, see :attr:`supervisor`.

        Raises:
            Unreachable: the sandbox does not run.
        """
        pids = read_pids(self.pids_file)
        if self.supervisor is None and not any(process.alive for process in pids.values()):
            raise Unreachable(
                f"no sandbox runs in {self.home}",
                remedy=f"start it: `liaison sandbox up --dir {shlex.quote(str(self.home))}`",
            )
        return {
            "kafka": self.broker.settings().bootstrap_servers,
            "members": {
                code: {
                    "config": str(node.path),
                    "url": node.gateway.public_url,
                    "topics": node.topics.prefix,
                    "pid": pids[code].pid if code in pids else None,
                }
                for code, node in self.nodes().items()
            },
            "broker_pid": pids["kafka"].pid if "kafka" in pids else None,
        }

    def down(self, *, purge: bool = False) -> None:
        """Stops every part, whoever still runs; with ``purge`` removes the files, too."""
        if not self.made:
            return
        with locked(self.supervision / "setup.lock"):
            supervisor = self.supervisor
            if supervisor is not None:
                supervisor.stop(STOP_TIMEOUT_S)
            if self._made["complete"]:
                # What a supervisor that was killed left behind.
                stop_parts(self)
            if purge:
                self._purge()

    @property
    def made(self) -> bool:
        """Whether there is a sandbox here, or the beginning of one."""
        return self._file.exists()

    @property
    def supervisor(self) -> Process | None:
        """The supervising process; None when it does not run."""
        return Process.read(self.supervision / "supervisor.pid")

    @property
    def pids_file(self) -> Path:
        """Where the supervisor notes which process is which part."""
        return self.supervision / "pids.json"

    def nodes(self) -> dict[str, Configuration]:
        """The configuration of each member, in the order given when it was made."""
        return {code: load(self.home / code / FILE_NAME) for code in self._made["members"]}

    @property
    def _file(self) -> Path:
        """Who the members are; there before anything else is, so that a purge finds it all."""
        return self.home / "sandbox.json"

    @property
    def _made(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._file.read_text("utf-8"))
        return found

    def _make(self, members: Sequence[str], hub: str) -> None:
        """Writes all files that are missing. Killed at any point, it can be repeated."""
        wanted = {"members": list(members), "hub": hub}
        begun = self._made if self.made else {**wanted, "complete": False}
        if begun != {**wanted, "complete": begun["complete"]}:
            raise InputRefused(
                f"the sandbox in {self.home} has other members or another hub",
                remedy="`liaison sandbox down --purge` first, or another --dir",
            )
        if begun["complete"]:
            return
        write_atomically(self._file, json.dumps(begun))
        ports = list(free_ports(2 + 2 * len(members)))
        self.broker.prepare((ports.pop(), ports.pop()))
        requests = [
            self._make_member(code, is_hub=code == hub, ports=(ports.pop(), ports.pop()))
            for code in members
        ]
        self._make_federation(requests, hub)
        write_atomically(self._file, json.dumps({**begun, "complete": True}))

    def _make_member(self, code: str, *, is_hub: bool, ports: tuple[int, int]) -> Path:
        """One member's files; returns its request."""
        node = setup.write_configuration(
            self.home / code / FILE_NAME,
            {
                "node": {
                    "jurisdiction": code,
                    "name": NAMES.get(code, f"Contact point {code}"),
                    "roles": ["contact-point", "hub"] if is_hub else ["contact-point"],
                    "mode": "test",
                },
                "contact": {
                    "unit": f"Duty desk {code}",
                    "email": f"duty.desk@{code.lower()}.example",
                },
                "kafka": {
                    "bootstrap_servers": self.broker.settings().bootstrap_servers,
                    "topic_prefix": f"{code.lower()}.",
                },
                "gateway": {"listen": f"{LISTEN}:{ports[0]}"},
                "admin": {"listen": f"{LISTEN}:{ports[1]}"},
            },
        )
        setup.make_keys(node, tls_request=False)
        return setup.write_member_request(node)

    def _make_federation(self, requests: Sequence[Path], hub: str) -> None:
        home = self.home / "federation"

        def edit(document: Document) -> Document:
            for request in requests:
                document = federation.admit(
                    document, request.read_bytes(), hubs=frozenset({hub}), replace_keys=True
                )
            eu = EU & {member.code for member in document.members}
            return replace(document, circles={"eu": eu} if eu else {})

        federation.create(home, days=DIRECTORY_DAYS)
        federation.change(home, edit, days=DIRECTORY_DAYS)
        for request in requests:
            for name in (federation.ROOT_FILE, federation.DIRECTORY_FILE):
                shutil.copyfile(home / name, request.parent / name)

    def _start_supervisor(self) -> Process:
        process = launch(
            [sys.executable, "-m", "liaison.supervisor", str(self.home)],
            self.supervision / "log",
            cwd=self.home,
            environment=lifecycle.environment(),
        )
        process.write(self.supervision / "supervisor.pid")
        return process

    def _wait(self, supervisor: Process) -> None:
        """Returns when the broker answers and every node is ready."""
        deadline = time.monotonic() + READY_TIMEOUT_S
        nodes = self.nodes()
        with ThreadPoolExecutor(len(nodes)) as threads:
            while True:
                found = dict(zip(nodes, threads.map(_ready, nodes.values()), strict=True))
                waiting = [code for code, ready in found.items() if not ready]
                if not waiting and self.broker.process is not None:
                    return
                if not supervisor.alive:
                    raise self._failed("the supervisor ended")
                if time.monotonic() > deadline:
                    raise self._failed(f"{', '.join(waiting) or 'Kafka'} does not get ready")
                time.sleep(0.1)

    def _failed(self, what: str) -> Unreachable:
        return Unreachable(
            f"{what} in the sandbox {self.home}",
            remedy=f"see {self.supervision / 'log'} and the node.log under each member's data",
        )

    def _purge(self) -> None:
        """Removes what this class made, and nothing that somebody else put beside it."""
        # The list of members goes last: a purge that is interrupted can be repeated.
        made = {**self._made, "complete": False}
        write_atomically(self._file, json.dumps(made))
        for name in (*made["members"], "kafka", "federation", "supervisor"):
            shutil.rmtree(self.home / name, ignore_errors=True)
        self._file.unlink()
        if not any(self.home.iterdir()):
            self.home.rmdir()


def stop_parts(sandbox: Sandbox) -> None:
    """Stops the nodes, then the broker they need to stop in order."""
    noted = read_pids(sandbox.pids_file)
    nodes = sandbox.nodes()
    running = [
        process
        for code, node in nodes.items()
        for process in {noted.get(code), Process.read(lifecycle.pid_file(node))}
        if process is not None
    ]
    if running:
        with ThreadPoolExecutor(len(running)) as threads:
            list(threads.map(lambda process: process.stop(lifecycle.STOP_TIMEOUT_S), running))
    sandbox.broker.stop()


def read_pids(path: Path) -> dict[str, Process]:
    """The processes that the supervisor noted, by part (a member's code, or ``kafka``)."""
    try:
        noted = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return {part: Process(**process) for part, process in noted.items()}


def write_pids(path: Path, pids: Mapping[str, Process]) -> None:
    """Notes them, in one piece."""
    noted = {part: {"pid": p.pid, "started": p.started} for part, p in pids.items()}
    write_atomically(path, json.dumps(noted))


def _ready(node: Configuration) -> bool:
    return lifecycle.readiness(node).get("ready") is True


def _check(members: Sequence[str], hub: str) -> None:
    wrong = [code for code in members if not is_code(code)]
    if wrong or len(set(members)) != len(members) or not members:
        raise InputRefused(
            "--members is not a list of different jurisdiction codes",
            remedy="give codes of two capital letters, such as FR,DE,PH,XI",
        )
    if hub and hub not in members:
        raise InputRefused(f"the hub {hub} is not among the members", remedy="add it to --members")
