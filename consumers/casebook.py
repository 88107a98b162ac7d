"""The casebook: everything this node sent and received, searchable.

An orphan is an update, supersession or cancellation whose predecessor is not here (yet): it is
shown at once, marked as such, and the mark goes when the predecessor arrives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consumers.incoming import Incoming
from consumers.searching import Needle
from producers.database import Connection, insert_new, metadata
from schemas.codec import decode
from schemas.notifications import Notification

_casebook = sa.Table(
    "casebook",
    metadata,
    sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("id", sa.String(36), nullable=False),
    sa.Column("origin", sa.String(2), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("direction", sa.String(3), nullable=False),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("reference", sa.String(256), nullable=False),
    sa.Column("root", sa.String(36), nullable=False),
    sa.Column("relation", sa.String(16), nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("received_at", sa.BigInteger, nullable=False),
    sa.Column("urgency", sa.String(16), nullable=False),
    sa.Column("mode", sa.String(16), nullable=False),
    sa.Column("valid_until", sa.BigInteger),
    sa.Column("orphan", sa.Boolean, nullable=False),
    sa.Column("latest", sa.Boolean, nullable=False),
    sa.Column("erased_at", sa.BigInteger),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("id", "origin", "revision"),
    sa.Index("casebook_by_root", "root"),
    sa.Index("casebook_by_reference", "reference"),
    sa.Index("casebook_by_expiry", "valid_until"),
)

_awaited = sa.Table(
    "casebook_awaited",
    metadata,
    sa.Column("predecessor", sa.String(36), primary_key=True),
    sa.Column("origin", sa.String(2), primary_key=True),
    sa.Column("orphan", sa.String(36), primary_key=True),
)
"""Which predecessor an orphan waits for; both are of the same origin."""

PAGE = 1000
"""Rows fetched at a time, so that a search of any length needs the memory of one page."""

_FIELDS = tuple(column for column in _casebook.c if column.name not in ("n", "latest", "data"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One notification in the casebook, in its widest view here.

    Attributes:
        direction: ``out`` when this node sent it, else ``in``.
        received_at: when it was written to this node's Kafka.
        orphan: whether what it relates to is not here.
        erased_at: when its content was erased, None while it is there.
        data: the encoded notification; empty when erased, or not asked for.
    """

    id: str
    origin: str
    revision: int
    direction: str
    type: str
    reference: str
    root: str
    relation: str
    created: int
    received_at: int
    urgency: str
    mode: str
    valid_until: int | None
    orphan: bool
    erased_at: int | None
    data: bytes = b""

    def notification(self) -> Notification:
        """All of it, decoded.

        Raises:
            MalformedRecord: it was erased, or the search was told to leave the content out.
        """
        return decode(self.data)


def record_batch(connection: Connection, batch: Sequence[Incoming]) -> None:
    """The effect of the casebook's consumer: one row for each notification."""
    orphans = _mark_awaited(connection, batch)
    _outdate(connection, [one for one in batch if one.head.revision > 1])
    connection.execute(_casebook.insert(), [_row(one, one.head.id in orphans) for one in batch])
    _unmark(connection, batch)


def search(
    connection: Connection,
    *,
    direction: str | None = None,
    type: str | None = None,
    reference: str | None = None,
    origin: str | None = None,
    since: int | None = None,
    text: str | None = None,
    limit: int | None = None,
    now_ms: int | None = None,
    content: bool = True,
) -> Iterator[Entry]:
    """What fits all that is given, as it came in; nothing erased.

    Args:
        connection: stays in use until the iterator ends.
        direction: ``in`` or ``out``.
        type: of the notification.
        reference: the originator's case number, whole.
        origin: jurisdiction of the originator.
        since: received at this instant or later.
        text: occurs somewhere in the notification, whatever the case and the accents.
        limit: at most so many, the newest ones, newest first.
        now_ms: leaves out what expired by then.
        content: whether entries carry the encoded notification.
    """
    needle = Needle(text) if text else None
    columns = (*_FIELDS, _casebook.c.data) if content or needle else _FIELDS
    given = {"direction": direction, "type": type, "reference": reference, "origin": origin}
    chosen = sa.select(*columns).where(_casebook.c.latest, _casebook.c.erased_at.is_(None))
    for name, value in given.items():
        if value is not None:
            chosen = chosen.where(_casebook.c[name] == value)
    if since is not None:
        chosen = chosen.where(_casebook.c.received_at >= since)
    if now_ms is not None:
        expiry = _casebook.c.valid_until
        chosen = chosen.where(sa.or_(expiry.is_(None), expiry > now_ms))
    chosen = chosen.order_by(_casebook.c.n if limit is None else _casebook.c.n.desc())
    if limit is not None and needle is None:
        chosen = chosen.limit(limit)
    return _found(connection, chosen, needle, limit)


def get(connection: Connection, id_or_reference: str, origin: str | None = None) -> Entry | None:
    """The notification with that id, or the newest one with that reference (of ``origin``)."""
    chosen = (
        sa.select(*_FIELDS, _casebook.c.data)
        .where(
            sa.or_(_casebook.c.id == id_or_reference, _casebook.c.reference == id_or_reference),
            _casebook.c.latest,
        )
        .order_by(_casebook.c.n.desc())
        .limit(1)
    )
    if origin is not None:
        chosen = chosen.where(_casebook.c.origin == origin)
    return next((_entry(row) for row in connection.execute(chosen)), None)


def chain(connection: Connection, root: str, origin: str) -> list[Entry]:
    """All of a case chain of ``origin``, oldest first; what was erased is there, but empty.

    The origin is part of the question: nobody can put a notification into another
    jurisdiction's chain by naming its root.
    """
    chosen = (
        sa.select(*_FIELDS, _casebook.c.data)
        .where(_casebook.c.root == root, _casebook.c.origin == origin, _casebook.c.latest)
        .order_by(_casebook.c.created, _casebook.c.n)
    )
    return [_entry(row) for row in connection.execute(chosen)]


def erase(connection: Connection, ids: Iterable[str], *, now_ms: int) -> int:
    """Erases the content of all revisions of ``ids``; says how many rows that were.

    The row stays, with its ids and times, so that one can see that there was something.
    """
    return _erase(connection, _casebook.c.id.in_(list(ids)), now_ms)


def expire(connection: Connection, now_ms: int) -> int:
    """Erases the content of what is no longer valid; says how many rows that were."""
    return _erase(connection, _casebook.c.valid_until <= now_ms, now_ms)


def _erase(connection: Connection, which: sa.ColumnElement[bool], now_ms: int) -> int:
    erased = connection.execute(
        _casebook.update()
        .where(which, _casebook.c.erased_at.is_(None))
        .values(data=b"", erased_at=now_ms)
    )
    return erased.rowcount


def _found(
    connection: Connection,
    chosen: sa.Select[tuple[object, ...]],
    needle: Needle | None,
    limit: int | None,
) -> Iterator[Entry]:
    count = 0
    for row in connection.execute(chosen, execution_options={"yield_per": PAGE}):
        if limit is not None and count >= limit:
            return
        entry = _entry(row)
        if needle is None or needle.occurs_in(entry.data):
            count += 1
            yield entry


def _entry(row: Any) -> Entry:
    return Entry(*row)


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


def _mark_awaited(connection: Connection, batch: Sequence[Incoming]) -> set[str]:
    """Notes predecessors that are neither here nor in ``batch``; returns who waits for one."""
    wanted = {
        (predecessor, one.head.origin, one.head.id)
        for one in batch
        for predecessor in one.head.predecessors
    }
    if not wanted:
        return set()
    here = sa.select(_casebook.c.id, _casebook.c.origin).where(
        _casebook.c.id.in_({predecessor for predecessor, _, _ in wanted})
    )
    known = {(row.id, row.origin) for row in connection.execute(here)}
    known |= {(one.head.id, one.head.origin) for one in batch}
    missing = [
        {"predecessor": predecessor, "origin": origin, "orphan": orphan}
        for predecessor, origin, orphan in sorted(wanted)
        if (predecessor, origin) not in known
    ]
    insert_new(connection, _awaited, missing)
    return {row["orphan"] for row in missing}


def _unmark(connection: Connection, batch: Sequence[Incoming]) -> None:
    """Takes the mark from orphans whose last missing predecessor is in ``batch``."""
    if connection.scalar(sa.select(_awaited.c.orphan).limit(1)) is None:
        return
    arrived = {(one.head.id, one.head.origin) for one in batch}
    waiting = connection.execute(
        sa.select(_awaited).where(_awaited.c.predecessor.in_({found for found, _ in arrived}))
    )
    for row in waiting.all():
        if (row.predecessor, row.origin) not in arrived:
            continue
        connection.execute(
            _awaited.delete().where(
                _awaited.c.predecessor == row.predecessor,
                _awaited.c.origin == row.origin,
                _awaited.c.orphan == row.orphan,
            )
        )
        still = sa.exists().where(_awaited.c.orphan == row.orphan, _awaited.c.origin == row.origin)
        connection.execute(
            _casebook.update()
            .where(_casebook.c.id == row.orphan, _casebook.c.origin == row.origin, ~still)
            .values(orphan=False)
        )


def _outdate(connection: Connection, wider: Sequence[Incoming]) -> None:
    for one in wider:
        connection.execute(
            _casebook.update()
            .where(
                _casebook.c.id == one.head.id,
                _casebook.c.origin == one.head.origin,
                _casebook.c.revision < one.head.revision,
            )
            .values(latest=False)
        )
