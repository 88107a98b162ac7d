"""Lines that were refused."""

from __future__ import annotations

from pathlib import Path

from producers import refused
from producers.database import Connection, Database
from producers.intake import MAX_LINE_BYTES, Problem

WHY = Problem("sex", "is not one of the values known here", "write one of: f, m, x")


def keep(connection: Connection, data: bytes, line: int = 1, why: Problem = WHY) -> str:
    """Keeps a line of a file."""
    return refused.keep(
        connection, source="cases.jsonl", line=line, data=data, problems=[why], now_ms=5
    )


def test_kept_and_forgotten(tmp_path: Path) -> None:
    """A refused line stays with its reason until it is forgotten."""
    database = Database(f"sqlite:///{tmp_path / 'node.db'}")
    database.create()
    with database.begin() as connection:
        assert not refused.any_kept(connection)
        second, first = keep(connection, b"{2}", 2), keep(connection, b"{1}", 1)
        assert refused.any_kept(connection)
        found = list(refused.list_all(connection))
        assert [(one.id, one.line, one.content) for one in found] == [
            (first, 1, b"{1}"),
            (second, 2, b"{2}"),
        ]
        assert found[0].problems == (WHY,)
        assert refused.find(connection, first[:6]) == [found[0]]
        assert refused.forget(connection, [first]) == 1
        assert refused.forget(connection, []) == 0
        assert [one.id for one in refused.list_all(connection)] == [second]
    database.close()


def test_once(tmp_path: Path) -> None:
    """The same line is kept once, with the latest reason."""
    database = Database(f"sqlite:///{tmp_path / 'node.db'}")
    database.create()
    other = Problem("", "another", "remedy")
    with database.begin() as connection:
        assert keep(connection, b"{1}") == keep(connection, b" {1}\n", 3, other)
        (found,) = refused.list_all(connection)
    assert (found.line, found.problems) == (3, (other,))
    database.close()


def test_not_kept(tmp_path: Path) -> None:
    """What may hold a picture, or was too long to be looked at, is kept without content."""
    database = Database(f"sqlite:///{tmp_path / 'node.db'}")
    database.create()
    with database.begin() as connection:
        keep(connection, b'{"photo": "iVBORw0KGgo' + b"A7b9Zx3Q" * 60 + b'"}')
        keep(connection, b" " * MAX_LINE_BYTES + b"{}")
        assert [one.content for one in refused.list_all(connection)] == [None, None]
    database.close()
