"""``liaison alerts`` on a real database, without a node."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from consumers import alerts as store
from consumers.deduplication.links import Ruling
from liaison.cli.alerts import alerts
from liaison.cli.context import Node
from producers.database import Database
from schemas.errors import InputRefused
from schemas.identities import derived_id, pair_id
from schemas.markings import Strength, Urgency, Verdict
from schemas.notifications import DutyContact, EvidenceKind, MatchAlert, Side
from tests.consumers.deduplication.support import ANNA, ANNA_ABROAD, subject, update
from tests.consumers.deduplication.support import Node as Held
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
    home = Path(str(database.url.database)).parent / "fr-match"
    node.configuration = SimpleNamespace(index_home=home)  # type: ignore[assignment]
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


def test_overdue_ones_can_be_asked_for(database: Database) -> None:
    """A verdict given ends it."""
    pair, other = record(database, 1), record(database, 2)
    run(database, "verdict", other, "confirmed")
    (row,) = rows(run(database, "list", "--overdue", "--output", "jsonl"))
    assert (row["pair"], row["overdue"]) == (pair, True)
    with database.read() as connection:
        assert store.count_overdue(connection, time.time_ns() // 1_000_000) == 1
        assert store.count_overdue(connection, CREATED) == 0


def test_an_alert_from_elsewhere_is_explained_by_its_kinds(database: Database) -> None:
    """In words, with who raised it, and what to do: whom to call, and what to write."""
    pair = record(database)
    (shown,) = json.loads(run(database, "explain", "FR-1", "--output", "json").stdout)
    assert shown["for"] == [
        {"kind": "email", "strength": "strong", "words": "the same e-mail address"}
    ]
    assert shown["against"] is None
    assert shown["verdicts"] == {"FR": None, "DE": None}
    text = run(database, "explain", pair).stdout
    assert "the same e-mail address (strong)" in text
    assert "against it: not known here" in text
    assert "compare the two cases with Desk, duty@de.example (DE DE-1)" in text
    assert f"overdue since 2025-10-11T08:53:20Z: `liaison alerts verdict {pair} confirmed`" in text


def test_what_to_do_next_follows_the_verdicts(database: Database) -> None:
    """From comparing over waiting to going on together."""
    pair = record(database, told=store.Told.NO)
    assert "DE was not told" in run(database, "explain", pair).stdout
    run(database, "verdict", pair, "confirmed")
    assert "DE has not said what it found" in run(database, "explain", pair).stdout
    first, second = sorted((derived_id("test", "ours", "1"), derived_id("test", "theirs")))
    for at, found, words in (
        (1, Verdict.CONFIRMED, "go on together"),
        (2, Verdict.NEEDS_MORE, "tell each other what is missing"),
        (3, Verdict.REFUTED, "contradict each other"),
    ):
        with database.begin() as connection:
            store.rule(connection, Ruling(first, second, "DE", found, CREATED + at, "x"))
        assert words in run(database, "explain", pair).stdout
    with database.begin() as connection:
        store.retract(connection, pair, "withdrawn")
    assert "nothing: the link no longer counts" in run(database, "explain", pair).stdout


def test_where_both_sides_are_held_what_speaks_against_is_told(tmp_path: Path) -> None:
    """Strongest first, on both sides; without a value of either."""
    held = Held(tmp_path)
    mailbox = (("email", "aurelie.q@example.org"),)
    held.read(subject("FR-1", "FR", **ANNA, identifiers=mailbox))
    held.read(subject("DE-1", "DE", **{**ANNA_ABROAD, "sex": "m"}, identifiers=mailbox))
    (shown,) = json.loads(run(held.database, "explain", "FR-1", "--output", "json").stdout)
    assert [one["kind"] for one in shown["against"]] == ["sex"]
    assert {one["kind"] for one in shown["for"]} >= {"email", "name", "birth-date"}
    strengths = [list(Strength).index(Strength(one["strength"])) for one in shown["for"]]
    assert strengths == sorted(strengths)
    text = run(held.database, "explain", "FR-1").stdout
    assert "against it: the sexes differ" in text
    assert "quincampoix" not in text.lower()
    held.read(update(subject("DE-1", "DE", **ANNA_ABROAD), **ANNA_ABROAD, identifiers=mailbox))
    assert "against it: nothing" in run(held.database, "explain", "FR-1").stdout
    held.close()


def test_an_explanation_cannot_steer_the_terminal(database: Database) -> None:
    """What comes from elsewhere is shown as text."""
    ours, theirs = derived_id("test", "ours"), derived_id("test", "theirs")
    made = MatchAlert(
        head=head("match", kind="match-alert"),
        pair=pair_id(ours, theirs),
        evidence_version=1,
        yours=Side("FR", "FR-1", ours, "victim"),
        theirs=Side("DE", "DE\x1b[2J-1", theirs, "victim"),
    )
    with database.begin() as connection:
        store.record(connection, made, "DE", CREATED)
    shown = run(database, "explain", "FR-1").stdout
    assert "\x1b" not in shown
    assert "DE·[2J-1" in shown


def test_a_digest_puts_what_is_pressing_first(database: Database) -> None:
    """Counts by jurisdiction and state, urgent and overdue, with the oldest."""
    record(database, 1)
    record(database, 2)
    other = record(database, 3)
    run(database, "verdict", other, "refuted")
    urgent = MatchAlert(
        head=replace(head("match-4", kind="match-alert"), urgency=Urgency.URGENT),
        pair=pair_id(derived_id("a"), derived_id("b")),
        evidence_version=1,
        yours=Side("FR", "FR-4", derived_id("a"), "victim"),
        theirs=Side("PH", "PH-1", derived_id("b"), "victim"),
    )
    with database.begin() as connection:
        store.record(connection, urgent, "PH", CREATED + 86_400_000)
    found = json.loads(run(database, "digest", "--output", "json").stdout)
    assert [(one["jurisdiction"], one["state"], one["count"]) for one in found] == [
        ("PH", "open", 1),
        ("DE", "open", 2),
        ("DE", "refuted", 1),
    ]
    assert [one["urgent"] for one in found] == [1, 0, 0]
    assert [one["overdue"] for one in found] == [1, 2, 0]
    assert found[1]["oldest"] == "2025-10-09T08:53:20Z"
    later = run(database, "digest", "--since", "2025-10-10", "--output", "jsonl")
    assert [row["jurisdiction"] for row in rows(later)] == ["PH"]
    assert "JURISDICTION  STATE" in run(database, "digest").stdout


def test_a_digest_sets_aside_what_is_no_longer_linked(database: Database) -> None:
    """Nothing is to be done about it."""
    pair = record(database)
    with database.begin() as connection:
        store.retract(connection, pair, "withdrawn")
    (row,) = rows(run(database, "digest", "--output", "jsonl"))
    assert (row["state"], row["overdue"]) == ("no-longer-linked", 0)
