"""Whatever is killed or stalled, whenever: nothing is lost, nothing doubled, the proof is whole."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from schemas.notifications import CASE_TYPES
from tests.liaison.running import (
    BROKER,
    MEMBERS,
    PATIENCE_S,
    Federation,
    doubles,
    federation_in,
    started_in,
    victim,
    wait_until,
    write_lines,
)

PUBLISHER = "publisher"
PUBLISHING = ("FR", "DE", "PH")
EU = frozenset({"FR", "DE"})
RECIPIENTS: Mapping[str, Sequence[Sequence[str]]] = {
    "FR": (["DE"], ["DE", "XI"], ["PH"], ["DE", "PH", "XI"], ["circle:eu"], []),
    "DE": (["FR"], ["PH", "XI"], ["circle:eu"], ["FR", "PH", "XI"], ["XI"]),
    "PH": (["FR"], ["XI"], ["DE", "FR"], ["circle:eu", "XI"]),
}
SCHEDULE = (
    ("FR",), (BROKER,), (PUBLISHER,), ("XI", "DE"), ("PH", PUBLISHER), (BROKER, "FR"), (PUBLISHER,),
    ("DE",), ("XI",),
)  # fmt: skip
"""Twelve kills in nine steps, each of its parts at the same moment."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    """One federation for all tests here; each uses references of its own."""
    with federation_in(tmp_path_factory.mktemp("faults") / "box") as made:
        yield made


@pytest.fixture
def federation(running: Federation) -> Federation:
    """The same, up and with nothing under way."""
    running.up()
    running.settle()
    return running


@dataclass(slots=True)
class CaseFile:
    """One file of one member, and the id each of its references was given."""

    code: str
    path: Path
    lines: Sequence[Mapping[str, Any]]
    ids: dict[str, str] = field(default_factory=dict)

    def publish(self, federation: Federation) -> None:
        """Publishes it; what it was given before, it is given again."""
        for reference, found in federation.publish(self.code, self.path).items():
            assert self.ids.setdefault(reference, found) == found

    def unsent(self, federation: Federation) -> bool:
        """Whether something of it is stored that is not known to be sent."""
        query = (
            "SELECT 1 FROM publications WHERE kind = 'submitted' AND pending"
            " AND reference IN (SELECT value FROM json_each(?)) LIMIT 1"
        )
        references = json.dumps([line["reference"] for line in self.lines])
        return ask(federation, self.code, query, references) is not None


def ask(federation: Federation, code: str, query: str, value: str) -> Any:
    """The first value a member's database gives, without the cost of a command; or None."""
    path = federation.nodes[code].data / "node.db"
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        row = database.execute(query, [value]).fetchone()
        return row and row[0]


def write_cases(home: Path, run: str, code: str, *, files: int, lines: int) -> list[CaseFile]:
    """``files`` files of one member: most lines are new, some update one of the file before.

    The first line of each is about a person that the same file of each other member is about.
    """
    found: list[CaseFile] = []
    lists = itertools.cycle(RECIPIENTS[code])
    updated: list[dict[str, Any]] = []
    for n in range(files):
        name = f"{run}-{code}-{n}"
        everyone = [one for one in MEMBERS if one != code]
        person = [{"type": "email", "value": f"{run}.{n}@example.org"}]
        new = [victim(code, f"{name}-0", everyone, identifiers=person)]
        new += (victim(code, f"{name}-{i}", next(lists)) for i in range(1, lines - len(updated)))
        content = new + [{**line, "relation": "update", "sex": "x"} for line in updated]
        updated = new[1 : lines // 10]
        found.append(CaseFile(code, write_lines(home / f"{name}.jsonl", content), content))
    return found


class Campaign:
    """Publishes case files from all members at once while parts are killed."""

    def __init__(self, federation: Federation, home: Path, run: str) -> None:
        self.federation = federation
        self.recovered: list[tuple[str, float]] = []
        """Each part that was killed, and the seconds until it did its work again."""
        self.files: list[CaseFile] = []
        self._home = home
        self._run = run
        self._permits = threading.Semaphore(0)

    def run(self, schedule: Sequence[Sequence[str]], *, files: int, lines: int) -> None:
        """Some files before each step of ``schedule``; its parts die while those are under way.

        ``files`` of each member, of so many ``lines``.
        """
        planned = {
            code: write_cases(self._home, self._run, code, files=files, lines=lines)
            for code in PUBLISHING
        }
        count, released = files * len(PUBLISHING), 0
        with ThreadPoolExecutor(len(PUBLISHING)) as threads:
            publishing = [threads.submit(self._publish, planned[code]) for code in PUBLISHING]
            try:
                for step, parts in enumerate(schedule, 1):
                    upto = count * step // len(schedule)
                    self._permits.release(upto - released)
                    released = upto
                    self._kill_all(parts, step)
            finally:
                self._permits.release(count)
            for done in publishing:
                done.result()

    def _publish(self, files: Sequence[CaseFile]) -> None:
        for file in files:
            self.files.append(file)
            self._permits.acquire()
            file.publish(self.federation)

    def _kill_all(self, parts: Sequence[str], step: int) -> None:
        time.sleep(random.random())  # anywhere in the work of the files just released
        with ThreadPoolExecutor(len(parts)) as threads:
            self.recovered += threads.map(lambda part: (part, self._kill(part, step)), parts)

    def _kill(self, part: str, step: int) -> float:
        if part != PUBLISHER:
            return kill(self.federation, part)
        started = time.monotonic()
        code = PUBLISHING[step % len(PUBLISHING)]
        wait_until(lambda: self._interrupt(code), "no publishing command was interrupted")
        return time.monotonic() - started

    def _interrupt(self, code: str) -> bool:
        """Kills a publishing command in mid-flight and runs it again; whether it could."""
        run = f"{self._run}-again{len(self.files)}"
        [file] = write_cases(self._home, run, code, files=1, lines=60)
        self.files.append(file)
        with self.federation.spawn(code, "publish", str(file.path)) as process:
            while process.poll() is None and not file.unsent(self.federation):
                time.sleep(0.001)
            process.kill()
        file.publish(self.federation)
        return process.returncode == -signal.SIGKILL


def kill(federation: Federation, name: str) -> float:
    """Kills a part; the seconds until the supervisor's next one does its work."""
    killed = federation.part(name)
    assert killed is not None
    started = time.monotonic()
    killed.signal(signal.SIGKILL)
    assert killed.wait(PATIENCE_S)
    wait_until(
        lambda: federation.part(name) is not None and federation.ready(name),
        f"{name} does not come back",
    )
    return time.monotonic() - started


def resolved(code: str, recipients: Sequence[str]) -> frozenset[str]:
    """Who gets what ``code`` addresses to ``recipients``."""
    named = {one for one in recipients if one in MEMBERS}
    return frozenset(named | (EU if "circle:eu" in recipients else set())) - {code}


def expected(files: Sequence[CaseFile]) -> dict[str, list[tuple[str, str, str]]]:
    """Id, origin and recipient of every delivery that policy wants, by recipient."""
    found: dict[str, list[tuple[str, str, str]]] = {code: [] for code in MEMBERS}
    for file in files:
        for line in file.lines:
            for code in resolved(file.code, line["recipients"]):
                found[code].append((file.ids[line["reference"]], file.code, code))
    return found


def is_case(row: Mapping[str, Any], run: str) -> bool:
    """Whether a row is about a case of one test."""
    return row["type"] in CASE_TYPES and row["reference"].startswith(f"{run}-")


def verify(federation: Federation, files: Sequence[CaseFile], run: str) -> int:
    """Each notification took effect once where policy says, and nowhere else; all of it is proven.

    Returns how many records of inbound topics were there before.
    """
    wanted = expected(files)
    wait_until(lambda: processed(federation, wanted, run), "not all is processed", every_s=1)
    repeated = 0
    for code in MEMBERS:
        received = federation.rows(code, "cases", "list", "--direction", "in")
        cases = [row for row in received if is_case(row, run)]
        assert sorted((row["id"], row["origin"], code) for row in cases) == sorted(wanted[code])
        assert not [row for row in cases if row["orphan"]]
        repeated += verify_topics(federation, code, received)
        report = json.loads(federation.command(code, "ledger", "verify", "--output", "json"))
        assert report["ok"], report
        assert report["channels"]
    return repeated


def processed(
    federation: Federation, wanted: Mapping[str, Sequence[tuple[str, str, str]]], run: str
) -> bool:
    """Whether the originators know that all took effect; what they know of must be right."""
    found = []
    for code in PUBLISHING:
        rows = federation.rows(code, "deliveries", "list")
        found += [(row, code) for row in rows if is_case(row, run)]
    deliveries = sorted((row["id"], code, row["recipient"]) for row, code in found)
    assert deliveries == sorted(itertools.chain(*wanted.values()))
    return {row["status"] for row, _ in found} == {"processed"}


def verify_topics(federation: Federation, code: str, received: Sequence[Mapping[str, Any]]) -> int:
    """The inbound topics have what the casebook has, each update after what it follows."""
    first: dict[str, int] = {}
    records = [one for one in federation.records(code) if ".inbound." in one.topic]
    for number, record in enumerate(records):
        assert record.key is not None
        first.setdefault(record.key.decode(), number)
    keys = {f"{row['origin']}/{row['id']}": row for row in received}
    assert first.keys() == keys.keys()
    for key, row in keys.items():
        assert first[f"{row['origin']}/{row['root']}"] <= first[key]
    return len(records) - len(first)


def verify_alerts(federation: Federation, files: Sequence[CaseFile], run: str) -> None:
    """Each contact point was told once of each other one that knows the same person."""
    told = {
        code: [
            (row["reference"], row["their_reference"])
            for row in federation.rows(code, "alerts", "list")
        ]
        for code in PUBLISHING
    }
    for code in PUBLISHING:
        assert not doubles(told[code])
    same: dict[str, list[str]] = {}
    for file in files:
        [address] = file.lines[0]["identifiers"]
        same.setdefault(address["value"], []).append(file.lines[0]["reference"])
    for references in same.values():
        for own, their in itertools.permutations(references, 2):
            assert (own, their) in told[own.removeprefix(f"{run}-").split("-")[0]]


def publish_again(federation: Federation, files: Sequence[CaseFile]) -> None:
    """Every notification is accepted once more, with the id it has."""
    for code in PUBLISHING:
        own = [file for file in files if file.code == code]
        known: dict[str, str] = {}
        for file in own:
            known.update(file.ids)
        assert federation.publish(code, *(file.path for file in own)) == known


def campaign(
    federation: Federation, home: Path, run: str, schedule: Sequence[Sequence[str]], **load: int
) -> None:
    """Publishes under kills, and verifies everything that must hold afterwards."""
    driven = Campaign(federation, home, run)
    driven.run(schedule, **load)
    published = time.monotonic()
    federation.settle()
    print(f"settled {time.monotonic() - published:.1f} s after the last publication")
    for part, seconds in driven.recovered:
        print(f"{part} did its work again after {seconds:.1f} s")
    publish_again(federation, driven.files)
    federation.settle()
    print(f"{verify(federation, driven.files, run)} records of inbound topics were repeated")
    verify_alerts(federation, driven.files, run)


@pytest.mark.kafka
def test_kills(federation: Federation, tmp_path: Path) -> None:
    """Twelve kills under load: of nodes, of the broker, and of commands in mid-flight."""
    campaign(federation, tmp_path, "kills", SCHEDULE, files=7, lines=100)


@pytest.mark.soak
def test_many_kills(federation: Federation, tmp_path: Path) -> None:
    """A hundred kills at random, two at a time, under a greater load."""
    parts = [*MEMBERS, BROKER, PUBLISHER]
    schedule = [random.sample(parts, 2) for _ in range(50)]
    campaign(federation, tmp_path, "soak", schedule, files=50, lines=200)


@pytest.mark.kafka
def test_killed_supervisor(federation: Federation, tmp_path: Path) -> None:
    """Parts that die without a supervisor are back with the next one; down leaves nothing."""
    [file] = write_cases(tmp_path, "supervised", "FR", files=1, lines=50)
    file.publish(federation)
    for killed in (federation.sandbox.supervisor, federation.part("DE"), federation.part(BROKER)):
        assert killed is not None
        killed.signal(signal.SIGKILL)
        assert killed.wait(PATIENCE_S)
    federation.up()
    file.publish(federation)
    federation.settle()
    for code, wanted in expected([file]).items():
        assert arrived(federation, code, "supervised") == len(wanted)
    supervisor = federation.sandbox.supervisor
    assert supervisor is not None
    supervisor.signal(signal.SIGKILL)
    assert supervisor.wait(PATIENCE_S)
    federation.sandbox.down()
    assert not started_in(federation.home)


@contextlib.contextmanager
def stopped(federation: Federation, code: str) -> Iterator[None]:
    """A node that neither works nor ends."""
    process = federation.part(code)
    assert process is not None
    process.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.signal(signal.SIGCONT)


def in_order_of_arrival(federation: Federation, code: str, run: str) -> list[str]:
    """References of the cases of one test in one member's casebook."""
    rows = federation.rows(code, "cases", "list", "--direction", "in")
    return [row["reference"] for row in rows if is_case(row, run)]


def arrived(federation: Federation, code: str, run: str) -> int:
    """How many, without the cost of a command."""
    query = "SELECT count(*) FROM casebook WHERE direction = 'in' AND reference LIKE ? || '-%'"
    return int(ask(federation, code, query, run))


@pytest.mark.kafka
def test_stalled_member(federation: Federation, tmp_path: Path) -> None:
    """A member that stands still costs the others nothing, and has all in order once it goes on."""
    lines = [
        victim("FR", f"stalled-{i}", ["DE", "PH"], **({"relation": "update"} if again else {}))
        for i in range(20)
        for again in (False, True)
    ]
    with stopped(federation, "PH"):
        for n in range(0, len(lines), 10):
            federation.publish("FR", write_lines(tmp_path / "part.jsonl", lines[n : n + 10]))
            wait_until(lambda n=n: arrived(federation, "DE", "stalled") == n + 10, "DE waits too")
        assert arrived(federation, "PH", "stalled") == 0
    seconds = wait_until(
        lambda: arrived(federation, "PH", "stalled") == len(lines), "PH does not catch up"
    )
    print(f"everything had arrived {seconds:.1f} s after the member went on")
    assert seconds < 30
    rows = federation.rows("PH", "cases", "list", "--direction", "in")
    order = [(row["reference"], row["relation"]) for row in rows if is_case(row, "stalled")]
    for i in range(20):
        first = order.index((f"stalled-{i}", "new"))
        assert first < order.index((f"stalled-{i}", "update"))


@pytest.mark.kafka
def test_urgent(federation: Federation, tmp_path: Path) -> None:
    """An urgent notification does not wait for two thousand routine ones before it."""
    routine = [victim("FR", f"lanes-{i}", ["DE"]) for i in range(2000)]
    urgent = victim("FR", "lanes-urgent", ["DE"], urgency="urgent")
    # Each lane has its connection, as in any federation at work.
    both = [victim("FR", "open-r", ["DE"]), victim("FR", "open-u", ["DE"], urgency="urgent")]
    federation.publish("FR", write_lines(tmp_path / "both.jsonl", both))
    federation.settle()
    with stopped(federation, "DE"):
        federation.publish("FR", write_lines(tmp_path / "routine.jsonl", routine))
        federation.publish("FR", write_lines(tmp_path / "urgent.jsonl", [urgent]))
    wait_until(lambda: arrived(federation, "DE", "lanes") == 2001, "not all has arrived")
    before = in_order_of_arrival(federation, "DE", "lanes").index("lanes-urgent")
    print(f"{before} routine notifications were there before the urgent one")
    # What was on its way already, and no more than was read with it.
    assert before <= 1024


@pytest.mark.kafka
def test_broker_alone(federation: Federation, tmp_path: Path) -> None:
    """A broker that dies is all that is started again; alerts flow within seconds of its return."""
    nodes = {code: federation.part(code) for code in MEMBERS}
    told = [publish_to_alert(federation, tmp_path, f"before{n}") for n in range(1)]
    print(f"stored to told at both ends: {told} ms")
    print(f"broker answers after {kill(federation, BROKER):.1f} s")
    told = [publish_to_alert(federation, tmp_path, f"after{n}") for n in range(2)]
    print(f"stored to told at both ends: {told} ms")
    assert max(told) < 30_000
    assert {code: federation.part(code) for code in MEMBERS} == nodes


def publish_to_alert(federation: Federation, home: Path, run: str) -> int:
    """Milliseconds from storing the second of a pair until both contact points are told."""
    person = [{"type": "email", "value": f"{run}@example.net"}]
    files = [
        write_lines(
            home / f"{run}-{code}.jsonl",
            [victim(code, f"alone-{run}-{code}", [other], identifiers=person)],
        )
        for code, other in (("FR", "DE"), ("DE", "FR"))
    ]
    federation.publish("FR", files[0])
    alert = "SELECT 1 FROM alerts WHERE reference = ?"
    stored = "SELECT stored_at FROM publications WHERE reference = ?"
    with federation.spawn("DE", "publish", str(files[1])) as publishing:
        wait_until(
            lambda: all(ask(federation, c, alert, f"alone-{run}-{c}") for c in ("FR", "DE")),
            "nobody is told",
            every_s=0.01,
        )
        told_ms = time.time_ns() // 1_000_000
        publishing.communicate()
    return told_ms - int(ask(federation, "DE", stored, f"alone-{run}-DE"))
