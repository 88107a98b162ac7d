"""The match index in SQL, in the transaction of the consumer that uses it.

What was found and the place in the log are committed together, so that neither can be ahead of
the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from consumers.deduplication.store import Changes
from producers.database import Connection, PlainBytes, metadata, put_all

QUESTION = 500
"""Keys in one question; below every database's limit of parameters."""

_records = sa.Table(
    "match_index",
    metadata,
    sa.Column("key", PlainBytes, primary_key=True),
    sa.Column("value", PlainBytes, nullable=False),
    sqlite_with_rowid=False,
)
_CHOSEN = _records.c.key.in_(sa.bindparam("keys", expanding=True))
_READ = sa.select(_records.c.key, _records.c.value).where(_CHOSEN)
_DELETE = _records.delete().where(_CHOSEN)


class SqlStore:
    """A :class:`~consumers.deduplication.store.Store` for one transaction; commits nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """See the port."""
        found: dict[bytes, bytes] = {}
        for part in _parts(keys):
            found.update((k, v) for k, v in self._connection.execute(_READ, {"keys": part}))
        return [found.get(key) for key in keys]

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """See the port."""
        chosen = sa.select(_records).where(_records.c.key >= prefix)
        if bare := prefix.rstrip(b"\xff"):
            chosen = chosen.where(_records.c.key < bare[:-1] + bytes([bare[-1] + 1]))
        found = self._connection.execute(chosen.order_by(_records.c.key))
        return ((key, value) for key, value in found)

    def write(self, changes: Changes) -> None:
        """See the port; durable when the transaction is."""
        for part in _parts(sorted(key for key, value in changes.items() if value is None)):
            self._connection.execute(_DELETE, {"keys": part})
        put_all(
            self._connection,
            _records,
            [{"key": k, "value": v} for k, v in sorted(changes.items()) if v is not None],
        )

    def close(self) -> None:
        """See the port."""


def _parts(keys: Sequence[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(keys), QUESTION):
        yield list(keys[start : start + QUESTION])
