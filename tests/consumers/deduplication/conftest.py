"""Nodes that end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.consumers.deduplication.support import Node

MakeNode = Callable[..., Node]


@pytest.fixture
def make_node(tmp_path: Path) -> Iterator[MakeNode]:
    """Makes nodes, each on a database of its own."""
    made: list[Node] = []

    def make(own: str = "FR", **options: object) -> Node:
        made.append(Node(tmp_path, own, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for node in made:
        node.close()


@pytest.fixture
def node(make_node: MakeNode) -> Node:
    """The node of FR, whose notifications have all left for everybody."""
    return make_node("FR")
