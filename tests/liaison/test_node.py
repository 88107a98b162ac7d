"""What a node does by itself, without Kafka and without peers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from consumers import alerts
from consumers.deduplication.rocks import RocksStore
from liaison.node import Node
from schemas.identities import derived_id, pair_id
from schemas.notifications import MatchAlert, Side
from tests.fakes.notifications import CREATED, head
from tests.liaison.nodes import join, make_node


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    """A node on a Kafka that does not answer, which nothing here asks."""
    kafka = {"kafka": {"bootstrap_servers": "127.0.0.1:1"}}
    configuration = make_node(tmp_path, "FR", sections=kafka)
    join(tmp_path, configuration)
    node = Node(configuration)
    yield node
    await node.clients.close()
    node.database.close()


def overdue(node: Node, number: int) -> None:
    """An alert of long ago on which nobody said anything."""
    ours, theirs = derived_id("ours", str(number)), derived_id("theirs")
    made = MatchAlert(
        head=head(f"match-{number}", kind="match-alert"),
        pair=pair_id(ours, theirs),
        evidence_version=1,
        yours=Side("FR", f"FR-{number}", ours, "victim"),
        theirs=Side("DE", "DE-1", theirs, "victim"),
    )
    with node.database.begin() as connection:
        alerts.record(connection, made, "FR", CREATED)


async def test_the_duty_officer_is_reminded_when_more_is_overdue(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line when the number rises, none while it stays."""
    rounds: list[float] = []

    async def pass_time(seconds: float) -> None:
        rounds.append(seconds)
        if len(rounds) == 3:
            overdue(node, 2)
        if len(rounds) == 5:
            raise asyncio.CancelledError

    overdue(node, 1)
    monkeypatch.setattr("liaison.node.asyncio.sleep", pass_time)
    with capture_logs() as lines, contextlib.suppress(asyncio.CancelledError):
        await node._keep_house()
    assert [(line["event"], line["count"]) for line in lines] == [
        ("verdicts_overdue", 1),
        ("verdicts_overdue", 2),
    ]


async def test_what_a_replay_replaced_is_taken_away(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while nothing comes in; the index in use stays."""
    assert node.matching is not None
    await asyncio.to_thread(node.matching.open)
    home = node.configuration.index_home
    (current,) = home.iterdir()
    RocksStore(home / "former").close()

    async def once(_seconds: float) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr("liaison.node.asyncio.sleep", once)
    with contextlib.suppress(asyncio.CancelledError):
        await node._keep_house()
    assert list(home.iterdir()) == [current]
    node.matching.close()
