"""The match index in SQL, in the transaction of the consumer that uses it.

What was found and the place in the log are committed together, so that neither can be ahead of
the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from consumers.deduplication.store import Changes
from producers.database import Connection, PlainBytes, metadata, put_all

DISCARDED_AT_ONCE = 10_000
QUESTION = 500
"""Keys in one question; below every database's limit of parameters."""


def _table(name: str, tables: sa.MetaData) -> sa.Table:
    return sa.Table(
        name,
        tables,
        sa.Column("key", PlainBytes, primary_key=True),
        sa.Column("value", PlainBytes, nullable=False),
        sqlite_with_rowid=False,
    )


CURRENT = _table("match_index", metadata)
"""The index in use."""
NEXT = _table("match_index_next", sa.MetaData())
"""The one that a replay is making; there only meanwhile."""
FORMER = _table("match_index_former", sa.MetaData())
"""The one that a replay has replaced, until it is taken away."""


class SqlStore:
    """A :class:`~consumers.deduplication.store.Store` for one transaction; commits nothing."""

    def __init__(self, connection: Connection, table: sa.Table = CURRENT) -> None:
        self._connection = connection
        self._table = table

    def get(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """See the port."""
        found: dict[bytes, bytes] = {}
        read, _ = _statements(self._table)
        for part in _parts(keys):
            found.update((k, v) for k, v in self._connection.execute(read, {"keys": part}))
        return [found.get(key) for key in keys]

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """See the port."""
        key = self._table.c.key
        chosen = sa.select(self._table).where(key >= prefix)
        if bare := prefix.rstrip(b"\xff"):
            chosen = chosen.where(key < bare[:-1] + bytes([bare[-1] + 1]))
        found = self._connection.execute(chosen.order_by(key))
        return ((key, value) for key, value in found)

    def write(self, changes: Changes) -> None:
        """See the port; durable when the transaction is."""
        for part in _parts(sorted(key for key, value in changes.items() if value is None)):
            self._connection.execute(_statements(self._table)[1], {"keys": part})
        put_all(
            self._connection,
            self._table,
            [{"key": k, "value": v} for k, v in sorted(changes.items()) if v is not None],
        )

    def close(self) -> None:
        """See the port."""


@cache
def _statements(table: sa.Table) -> tuple[sa.Select[Any], sa.Delete]:
    """What reads some keys, and what deletes them; built once for each table."""
    chosen = table.c.key.in_(sa.bindparam("keys", expanding=True))
    return sa.select(table.c.key, table.c.value).where(chosen), table.delete().where(chosen)


def set_aside(connection: Connection) -> None:
    """Makes :data:`CURRENT` to :data:`FORMER`; until the transaction ends nobody else has either.

    A consumer that is at work ends first, and one that comes later waits for what is put there.
    """
    _rename(connection, CURRENT, FORMER)


def put_in_place(connection: Connection) -> None:
    """Makes :data:`NEXT` to :data:`CURRENT`, in the transaction that set the old one aside."""
    _rename(connection, NEXT, CURRENT)


def _rename(connection: Connection, table: sa.Table, to: sa.Table) -> None:
    connection.execute(sa.text(f"ALTER TABLE {table.name} RENAME TO {to.name}"))


def exists(connection: Connection, table: sa.Table) -> bool:
    """Whether a table that is there only at times is there now."""
    return sa.inspect(connection).has_table(table.name)


def discard(connection: Connection, table: sa.Table) -> bool:
    """Takes some of ``table`` away; False when it is gone, so that it need not be one long lock."""
    if not exists(connection, table):
        return False
    some = sa.select(table.c.key).order_by(table.c.key).limit(DISCARDED_AT_ONCE).subquery()
    gone = connection.execute(table.delete().where(table.c.key.in_(sa.select(some.c.key))))
    if gone.rowcount < DISCARDED_AT_ONCE:
        table.drop(connection)
    return gone.rowcount == DISCARDED_AT_ONCE


def _parts(keys: Sequence[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(keys), QUESTION):
        yield list(keys[start : start + QUESTION])
