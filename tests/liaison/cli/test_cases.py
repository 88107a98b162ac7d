"""``liaison cases`` on a real database, without a node."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from consumers import casebook
from consumers.incoming import Incoming
from liaison.cli.cases import cases
from liaison.cli.context import Node
from producers.database import Database
from schemas.codec import encode
from schemas.markings import Relation
from schemas.notifications import Identifier, Notification
from tests.fakes.notifications import CREATED, identification, notification

OUT = "fr.notifications.outbound.identification"
IN = "fr.notifications.inbound.identification"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/node.db")
    database.create()
    yield database
    database.close()


def record(database: Database, *made: Notification, topic: str = IN) -> None:
    with database.begin() as connection:
        batch = [Incoming(one.head, encode(one), topic, 0, 0, CREATED) for one in made]
        casebook.record_batch(connection, batch)


def run(database: Database, *arguments: str) -> Result:
    node = Node(None)
    node._database = database
    return CliRunner().invoke(cases, arguments, obj=node)


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_jsonl_gives_one_line_for_each_notification(database: Database) -> None:
    """Every notification is one line, with what a program needs to find it again."""
    sent, got = identification("FR-1"), identification("DE-1", origin="DE")
    record(database, sent, topic=OUT)
    record(database, got)
    first, second = lines(run(database, "list", "--output", "jsonl"))
    assert first["direction"] == "out"
    wanted = ("id", "reference", "origin", "type", "direction", "received_at")
    assert {name: second[name] for name in wanted} == {
        "id": got.head.id,
        "reference": "DE-1",
        "origin": "DE",
        "type": "identification",
        "direction": "in",
        "received_at": "2025-10-09T08:53:20Z",
    }


def test_jsonl_has_no_limit_unless_asked(database: Database) -> None:
    """A program gets all of them; a table ends, a limit holds."""
    record(database, *(identification(f"FR-{n}") for n in range(300)))
    assert len(lines(run(database, "list", "--output", "jsonl"))) == 300
    assert len(lines(run(database, "list", "--limit", "7", "--output", "jsonl"))) == 7
    table = run(database, "list")
    assert len(table.stdout.splitlines()) == 201
    assert "these are the newest 200; --limit gives more" in table.stderr
    assert "newest" not in run(database, "list", "--limit", "200").stderr


def test_filters_reach_the_search(database: Database) -> None:
    """Each option narrows the list."""
    record(database, identification("FR-1"), topic=OUT)
    record(database, notification("takedown", "DE-2", origin="DE"))
    for options, found in (
        (["--direction", "out"], ["FR-1"]),
        (["--type", "takedown"], ["DE-2"]),
        (["--origin", "DE"], ["DE-2"]),
        (["--reference", "FR-1"], ["FR-1"]),
        (["--search", "ALICE"], ["FR-1"]),
        (["--since", "2025-10-10"], []),
        (["--since", "2025-10-09T08:53:20Z"], ["FR-1", "DE-2"]),
    ):
        rows = lines(run(database, "list", *options, "--output", "jsonl"))
        assert [row["reference"] for row in rows] == found


def test_a_time_that_is_none_is_refused_with_the_remedy(database: Database) -> None:
    """The refusal says what to write."""
    result = run(database, "list", "--since", "last Tuesday")
    assert str(result.exception) == (
        "--since is not an ISO 8601 instant; write for example 2026-01-02T03:04:05Z"
    )


def test_show_prints_the_chain_with_what_was_withheld(database: Database) -> None:
    """All of a chain is shown, oldest first, and what policy kept back is named."""
    first = replace(
        identification("DE-1", origin="DE", withheld=("identity",)),
        identifiers=(Identifier("ip", "192.0.2.7", seen_at=CREATED),),
    )
    second = identification(
        "DE-1",
        origin="DE",
        root=first.head.root,
        relation=Relation.CANCEL,
        predecessors=(first.head.id,),
        created=CREATED + 1000,
    )
    record(database, first, second)
    result = run(database, "show", "DE-1", "--output", "json")
    shown = json.loads(result.stdout)
    assert [one["relation"] for one in shown] == ["new", "cancel"]
    assert shown[0]["withheld"] == ["identity"]
    assert shown[0]["content"]["identifiers"][0]["seen_at"] == "2025-10-09T08:53:20Z"
    table = run(database, "show", first.head.id).stdout
    assert "withheld" in table
    assert "Alice Example" in table


def test_an_orphan_is_marked(database: Database) -> None:
    """An update without what it updates is shown and marked."""
    lost = identification("FR-0")
    record(
        database,
        identification(
            "FR-1",
            root=lost.head.root,
            relation=Relation.UPDATE,
            predecessors=(lost.head.id,),
        ),
    )
    (row,) = lines(run(database, "list", "--output", "jsonl"))
    assert row["orphan"] is True
    assert row["marks"] == ["orphan"]


def test_an_unknown_case_is_refused_with_the_way_to_find_it(database: Database) -> None:
    """Show tells how to search."""
    result = run(database, "show", "FR-404")
    assert str(result.exception) == (
        "no notification with this reference or id is in the casebook; "
        "`liaison cases list --search TEXT` looks into all of them"
    )


def test_erased_content_is_shown_as_erased(database: Database) -> None:
    """A chain with an erased notification says when that was."""
    made = identification("FR-1")
    record(database, made)
    with database.begin() as connection:
        casebook.erase(connection, [made.head.id], now_ms=CREATED)
    (shown,) = json.loads(run(database, "show", "FR-1", "--output", "json").stdout)
    assert shown["erased_at"] == "2025-10-09T08:53:20Z"
    assert "content" not in shown
