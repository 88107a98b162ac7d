"""``liaison alerts`` on a real database, without a node."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from consumers import alerts as store
from liaison.cli.alerts import alerts
from liaison.cli.context import Node
from producers.database import Database
from schemas.errors import InputRefused
from schemas.identities import derived_id, pair_id
from schemas.markings import Strength
from schemas.notifications import DutyContact, EvidenceKind, MatchAlert, Side
from tests.fakes.notifications import CREATED, head

WANTED = {
    "pair", "reference", "their_reference", "jurisdiction", "contact", "role", "strength",
    "decision", "evidence", "received_at", "state", "due",
}  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/node.db")
    database.create()
    yield database
    database.close()


def record(database: Database, number: int = 1, told: store.Told = store.Told.YES) -> str:
    """Stores an alert on our case ``FR-<number>``; returns its pair id."""
    ours, theirs = derived_id("test", "ours", str(number)), derived_id("test", "theirs")
    made = MatchAlert(
        head=head(f"match-{number}", kind="match-alert", created=CREATED),
        pair=pair_id(ours, theirs),
        evidence_version=1,
        yours=Side("FR", f"FR-{number}", ours, "victim"),
        theirs=Side("DE", "DE-1", theirs, "victim", DutyContact("Desk", "duty@de.example")),
        evidence=(EvidenceKind("email", Strength.STRONG),),
    )
    with database.begin() as connection:
        store.record(connection, made, "FR", CREATED, told=told)
    return made.pair


def run(database: Database, *arguments: str) -> Result:
    node = Node(None)
    node._database = database
    return CliRunner().invoke(alerts, arguments, obj=node)


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_an_alert_is_one_object_for_a_program(database: Database) -> None:
    """It has everything that a case system needs to show it, and instants in ISO 8601."""
    pair = record(database)
    (row,) = rows(run(database, "list", "--output", "jsonl"))
    assert row.keys() >= WANTED
    assert (row["pair"], row["state"], row["overdue"]) == (pair, "open", True)
    assert row["contact"]["email"] == "duty@de.example"
    assert row["evidence"] == [{"kind": "email", "strength": "strong"}]
    assert (row["received_at"], row["due"]) == ("2025-10-09T08:53:20Z", "2025-10-11T08:53:20Z")


def test_the_table_is_for_an_officer(database: Database) -> None:
    """Both references, where, and what needs attention."""
    record(database, told=store.Told.NO)
    shown = run(database, "list").stdout
    assert "FR-1" in shown
    assert "DE-1" in shown
    assert "overdue, only we are told" in shown


def test_one_case_is_shown_in_full_by_its_reference(database: Database) -> None:
    """By pair or reference, with whom to call and what to do where they were not told."""
    pair = record(database, told=store.Told.NO)
    for name in (pair, "FR-1", "DE-1"):
        result = run(database, "show", name)
        assert result.exit_code == 0
        assert "Desk, duty@de.example" in result.stdout
        assert "email (strong)" in result.stdout
        assert "DE was not told" in result.stdout


def test_what_is_not_there_is_refused_with_where_to_look(database: Database) -> None:
    """An unknown pair or reference is the caller's error."""
    result = run(database, "show", "FR-9")
    assert isinstance(result.exception, InputRefused)
    assert str(result.exception) == (
        "there is no alert with this pair id or reference; `liaison alerts list` shows all of them"
    )


def test_a_verdict_is_kept_and_says_who_is_told(database: Database) -> None:
    """The state changes at once; the other party will hear of it."""
    pair = record(database)
    result = run(database, "verdict", pair, "needs-more", "--output", "json")
    given = json.loads(result.stdout)
    assert (given["state"], given["our_verdict"]) == ("needs_more", "needs_more")
    assert given["told_to"] == ["DE"]
    shown = run(database, "verdict", pair, "confirmed").stdout
    assert "told_to" in shown
    assert "{" not in shown
    assert rows(run(database, "list", "--state", "open", "--output", "jsonl")) == []


def test_an_unknown_verdict_is_a_usage_error(database: Database) -> None:
    """Three words are verdicts."""
    assert run(database, "verdict", record(database), "perhaps").exit_code == 2


def test_following_shows_new_ones_until_interrupted(database: Database) -> None:
    """What is there comes first, what comes later follows, and Ctrl-C ends it with 0."""
    record(database, 1)
    interrupt = threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGINT))
    later = threading.Timer(0.3, record, (database, 2))
    for timer in (later, interrupt):
        timer.start()
    result = run(database, "list", "--follow", "--output", "jsonl")
    for timer in (later, interrupt):
        timer.join()
    assert [row["reference"] for row in rows(result)] == ["FR-1", "FR-2"]
