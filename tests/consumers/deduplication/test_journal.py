"""The index on disk and the database that follows it, whatever fails or is killed in between."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from consumers import transactional
from consumers.batch import Batch
from consumers.deduplication import journal as journals
from consumers.deduplication import outbox, replaying, sql_copy
from consumers.deduplication.entry import ENTRY, Entry
from consumers.deduplication.journal import Journal
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.overview import reading
from consumers.deduplication.rocks import Beside, RocksStore
from consumers.deduplication.store import MemoryStore
from producers.database import Database, metadata
from schemas.errors import ConfigurationInvalid, Unreachable
from schemas.identities import pair_id
from schemas.markings import Relation
from tests.consumers.deduplication import comparing
from tests.consumers.deduplication.support import (
    ANNA,
    ANNA_ABROAD,
    ANOTHER,
    PICTURE,
    Node,
    pictured,
    subject,
    update,
)

ROOT = Path(__file__).parents[3]
TYPES = ("identification", "match-alert", "match-verdict", "recall")
OURS, THEIRS = subject("FR-1", "FR", **ANNA), subject("DE-1", "DE", **ANNA_ABROAD)
State = tuple[dict[str, list[Any]], dict[bytes, bytes]]


class Killed(BaseException):
    """What no code of ours catches."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactional, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(transactional, "LONGEST_PAUSE_S", 0.002)


def opened(home: Path) -> Database:
    home.mkdir(exist_ok=True)
    database = Database(f"sqlite:///{home}/node.db")
    database.create()
    return database


def state_of(home: Path) -> State:
    """All that database and index hold, but for the name of the index."""
    with closing(opened(home)) as database, database.read() as connection:
        state = sql_copy.state(connection)
        assert state is not None
        rows = {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
            if table.name not in ("match_state", "schema_version")
        }
        rows["match_state"] = [state.sequence, state.coming, state.stats]
        with closing(Beside(home / "match" / state.generation)) as store:
            return rows, dict(store.scan(b""))


def run(home: Path) -> None:
    """The consumer as a process that ends when it has read everything, or is killed."""
    with (
        closing(opened(home)) as database,
        closing(comparing.journal(database, home / "match")) as journal,
    ):
        asyncio.run(comparing.compare(database, journal))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> State:
    """What is there when nothing ever failed."""
    home = tmp_path_factory.mktemp("undisturbed")
    run(home)
    rows, index = state_of(home)
    stats = rows["match_state"][2]
    assert (len(rows["alerts"]), len(rows["unread"])) == (56, 1)
    assert (stats.subjects, stats.links, stats.retracted) == (112, 28, 28)
    assert len(rows["match_links"]) == 56
    return rows, index


def failing(function: Callable[..., Any], when: str, errors: list[BaseException]) -> Any:
    """``function``, which fails now and then, before or after it has done its work."""
    times, these = itertools.count(), itertools.cycle(errors)

    def faulty(*arguments: Any, **named: Any) -> Any:
        fails = next(times) % 19 == 3
        if fails and when == "before":
            raise next(these)
        result = function(*arguments, **named)
        if fails and when == "after":
            raise next(these)
        return result

    return faulty


BOUNDARIES = [
    (RocksStore, "write"),
    (journals.Deduplicator, "effect"),
    (journals.inbox, "note"),
    (outbox, "tell"),
    (outbox, "_tell"),
    (sql_copy, "advance"),
    (journals.Journal, "settle"),
]


@pytest.mark.parametrize("is_killed", [False, True])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("boundary", BOUNDARIES, ids=lambda b: b[1])
def test_a_failure_anywhere_loses_and_doubles_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    undisturbed: State,
    boundary: tuple[Any, str],
    when: str,
    is_killed: bool,
) -> None:
    """Now and then; the consumer goes on by itself, or is started again where it is killed."""
    target, name = boundary
    errors = [Killed()] if is_killed else [Unreachable("it is away"), RuntimeError()]
    monkeypatch.setattr(target, name, failing(getattr(target, name), when, errors))
    ended = False
    while not ended:
        with contextlib.suppress(Killed):
            run(tmp_path)
            ended = True
    monkeypatch.undo()
    assert state_of(tmp_path) == undisturbed


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_it_loses_and_doubles_nothing(
    tmp_path: Path, undisturbed: State, seed: int
) -> None:
    """A real process and a real signal, again and again, until one comes to the end."""
    opened(tmp_path).close()
    moments = random.Random(seed)
    command = [sys.executable, "-m", "tests.consumers.deduplication.comparing"]
    command += [f"sqlite:///{tmp_path}/node.db", str(tmp_path / "match")]
    kills, ended = 0, False
    while not ended:
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            if kills < 5:
                time.sleep(moments.uniform(0.0, 0.2))
                process.send_signal(signal.SIGKILL)
            process.communicate()
        kills += process.returncode == -signal.SIGKILL
        ended = process.returncode == 0
    assert kills
    assert state_of(tmp_path) == undisturbed


def _fails(_store: RocksStore, _changes: object) -> None:
    raise Killed


def test_a_batch_that_failed_leaves_no_picture_behind(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what it took in nor what it took out counts for the next one."""
    first = subject("FR-1", **ANNA, **pictured(PICTURE ^ 1))
    node.read(first)
    with monkeypatch.context() as broken:
        broken.setattr(RocksStore, "write", _fails)
        second = subject("FR-2", **ANOTHER, **pictured(PICTURE ^ 2))
        with pytest.raises(Killed):
            node.read(second, update(first, relation=Relation.CANCEL))
    late = [
        subject(f"DE-{n}", "DE", names=(name,), **pictured(PICTURE ^ 4 << n))
        for n, name in enumerate(("Quincampoix", "Wyrobek"))
    ]
    node.read(*late)
    assert [link.pair for link in node.links()] == [pair_id(first.head.id, late[0].head.id)]


def backed_up(file: Path, to: Path) -> None:
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


@pytest.mark.parametrize("restored", ["index", "database"])
def test_an_older_copy_of_either_is_noticed(node: Node, tmp_path: Path, restored: str) -> None:
    """Neither is guessed at; a replay mends it, and then it goes on."""
    node.hold(OURS)
    node.journal.close()
    shutil.copytree(node.home, tmp_path / "backup")
    file = Path(str(node.database.url.database))
    backed_up(file, tmp_path / "backup.db")
    node.hold(THEIRS)
    node.hold(update(OURS, number=2, **ANNA))
    node.journal.close()
    if restored == "index":
        shutil.rmtree(node.home)
        shutil.copytree(tmp_path / "backup", node.home)
    else:
        backed_up(tmp_path / "backup.db", file)
    for _ in range(2):
        with pytest.raises(ConfigurationInvalid, match=f"the {restored} is 2 batches behind") as no:
            node.journal.open()
        assert "`liaison dedup replay`" in str(no.value.remedy)
    replaying.replay(node.database, node.home, node.deduplicator, TYPES, now_ms=0, say=print)
    node.hold(THEIRS)
    node.hold(update(OURS, number=2, **ANNA))
    assert [alert.reference for alert in node.alerts()] == ["FR-1"]
    assert len(node.outbox()) == len(node.links()) == 1


def test_the_reader_notices_an_older_index_and_no_newer_one(node: Node) -> None:
    """The node may be a batch further than the database, and further still when it is read."""
    node.hold(OURS)
    node.journal.open()
    node.journal.write(Batch(node.batch([THEIRS])))
    with node.database.read() as connection, reading(connection, node.home) as index:
        assert len(list(index.links())) == 1
    assert node.alerts() == []
    with node.database.begin() as connection:
        connection.exec_driver_sql("UPDATE match_state SET sequence = 9")
    with (
        node.database.read() as connection,
        pytest.raises(ConfigurationInvalid, match="the index is 7 batches behind"),
        reading(connection, node.home),
    ):
        pass


def test_what_was_withdrawn_leaves_the_disk_within_a_day(node: Node) -> None:
    """By the housekeeping of the node; until then it is in older files, which are compressed."""

    def on_disk() -> bool:
        files = [one for one in node.home.rglob("*") if one.is_file()]
        return any(b"kx7vq2mz9w" in one.read_bytes() for one in files)

    def written() -> set[Path]:
        kinds = ("*.sst", "*.log", "MANIFEST-*")
        return {path for kind in kinds for path in node.home.rglob(kind)}

    day = 86_400_000
    account = (("username", "kx7vq2mz9w", "pixelhaus"),)
    node.hold(subject("FR-1", identifiers=account), subject("FR-2", names=("Tomasz Wyrobek",)))
    assert on_disk()
    node.journal.tidy(day)
    node.hold(update(OURS, relation=Relation.CANCEL))
    before = written()
    node.journal.tidy(2 * day - 1)
    assert written() == before
    node.journal.tidy(2 * day)
    assert not written() & before
    assert not on_disk()


def test_one_process_at_a_time_has_the_index(node: Node) -> None:
    """The second says so, and goes on when the first is gone."""
    node.hold(OURS)
    with closing(Journal(node.home, node.database, node.deduplicator)) as other:
        with pytest.raises(ConfigurationInvalid, match="cannot be opened"):
            other.open()
        with pytest.raises(Unreachable):
            other.write(Batch(node.batch([THEIRS])))
        node.journal.close()
        other.open()
        other.write(Batch(node.batch([THEIRS])))


def test_a_batch_is_read_as_it_was_written(undisturbed: State) -> None:
    """With all that there was to say in it."""
    entry = Entry.load(undisturbed[1][ENTRY])
    assert Entry.load(entry.dump()) == entry
    assert entry.sequence == undisturbed[0]["match_state"][0]
    assert entry.moves
    assert entry.taken


def test_every_saying_is_read_as_it_was_written(node: Node) -> None:
    """Alerts, links, retractions and verdicts."""
    said: list[outbox.Saying] = []
    index = KeyIndex(MemoryStore())
    for made in comparing.notifications():
        with node.database.read() as connection:
            said += node.deduplicator.effect(connection, index, node.batch([made]))
    said.append(outbox.Informed("a pair"))
    kinds = {"Alerted", "Sent", "Informed", "Linked", "Retracted", "Ruled"}
    assert {type(one).__name__ for one in said} == kinds
    assert [outbox.load(json.loads(json.dumps(outbox.dump(one)))) for one in said] == said
