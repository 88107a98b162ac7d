"""Writing into the casebook, and erasing from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from consumers.casebook import orphans
from consumers.casebook.tables import casebook
from consumers.incoming import Incoming
from producers.database import Connection


def record_batch(connection: Connection, batch: Sequence[Incoming]) -> None:
    """The effect of the casebook's consumer: one row for each notification."""
    lonely = orphans.mark(connection, batch)
    connection.execute(casebook.insert(), [_row(one, one.head.id in lonely) for one in batch])
    _outdate(connection, [one for one in batch if one.head.revision > 1])
    orphans.unmark(connection, batch)


def erase(connection: Connection, ids: Iterable[str], *, now_ms: int) -> int:
    """Erases the content of all revisions of ``ids``; says how many rows that were.

    The row stays, with its ids and times, so that one can see that there was something.
    """
    return _erase(connection, casebook.c.id.in_(list(ids)), now_ms)


def expire(connection: Connection, now_ms: int) -> int:
    """Erases the content of what is no longer valid; says how many rows that were."""
    return _erase(connection, casebook.c.valid_until <= now_ms, now_ms)


def _erase(connection: Connection, which: sa.ColumnElement[bool], now_ms: int) -> int:
    erased = connection.execute(
        casebook.update()
        .where(which, casebook.c.erased_at.is_(None))
        .values(data=b"", erased_at=now_ms)
    )
    return erased.rowcount


def _row(incoming: Incoming, orphan: bool) -> dict[str, object]:
    head = incoming.head
    return {
        "id": head.id,
        "origin": head.origin,
        "revision": head.revision,
        "direction": incoming.direction,
        "type": head.type,
        "reference": head.reference,
        "root": head.root,
        "relation": head.relation.value,
        "created": head.created,
        "received_at": incoming.timestamp_ms,
        "urgency": head.urgency.value,
        "mode": head.mode.value,
        "valid_until": head.valid_until,
        "orphan": orphan,
        "latest": True,
        "erased_at": None,
        "data": incoming.data,
    }


def _outdate(connection: Connection, wider: Sequence[Incoming]) -> None:
    for one in wider:
        connection.execute(
            casebook.update()
            .where(
                casebook.c.id == one.head.id,
                casebook.c.origin == one.head.origin,
                casebook.c.revision < one.head.revision,
            )
            .values(latest=False)
        )
