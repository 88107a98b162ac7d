"""The planted pairs and lookalikes of ``examples/`` come out right, through the whole effect."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from producers.intake import Defaults, Intake, Parsed, decode_line
from schemas.identities import derived_id
from schemas.notifications import Identification, Notification
from tests.consumers.deduplication.support import Node

MakeNode = Callable[..., Node]
EXAMPLES = Path(__file__).parents[3] / "examples"
EXPECTED: dict[str, Any] = json.loads((EXAMPLES / "expected.json").read_text("utf-8"))
NOW_MS = 1_790_000_000_000


def identifications() -> list[Notification]:
    found: list[Notification] = []
    for code, name in EXPECTED["files"].items():
        intake = Intake(Defaults(code))
        for text in (EXAMPLES / name).read_text("utf-8").splitlines():
            line = dict(decode_line(text.encode()))  # type: ignore[arg-type]
            parsed = intake.parse(line, id=derived_id("test", text), now_ms=NOW_MS)
            assert isinstance(parsed, Parsed)
            if isinstance(parsed.notification, Identification):
                found.append(parsed.notification)
    return found


def pairs(node: Node) -> set[frozenset[str]]:
    """The references of what the node linked."""
    names = {made.head.root: made.head.reference for made in identifications()}
    return {frozenset((names[link.first], names[link.second])) for link in node.links()}


@pytest.mark.parametrize("backwards", [False, True])
def test_the_hub_finds_the_planted_pairs_and_nothing_else(
    make_node: MakeNode, backwards: bool
) -> None:
    """Every planted pair, no lookalike, nobody else; whichever side came first."""
    hub = make_node("XI", is_hub=True)
    hub.read(*identifications()[:: -1 if backwards else 1])
    assert pairs(hub) == {frozenset(pair["references"]) for pair in EXPECTED["pairs"]}
    assert len(hub.outbox()) == 2 * len(EXPECTED["pairs"])
