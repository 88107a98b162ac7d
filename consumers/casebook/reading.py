"""Finding what the casebook holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consumers.casebook.searching import Needle
from consumers.casebook.tables import casebook
from producers.database import Connection
from schemas.codec import decode
from schemas.notifications import Notification

PAGE = 1000
"""Rows fetched at a time, so that a search of any length needs the memory of one page."""

_FIELDS = tuple(column for column in casebook.c if column.name not in ("n", "latest", "data"))


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
    columns = (*_FIELDS, casebook.c.data) if content or needle else _FIELDS
    given = {"direction": direction, "type": type, "reference": reference, "origin": origin}
    chosen = sa.select(*columns).where(casebook.c.latest, casebook.c.erased_at.is_(None))
    for name, value in given.items():
        if value is not None:
            chosen = chosen.where(casebook.c[name] == value)
    if since is not None:
        chosen = chosen.where(casebook.c.received_at >= since)
    if now_ms is not None:
        expiry = casebook.c.valid_until
        chosen = chosen.where(sa.or_(expiry.is_(None), expiry > now_ms))
    chosen = chosen.order_by(casebook.c.n if limit is None else casebook.c.n.desc())
    if limit is not None and needle is None:
        chosen = chosen.limit(limit)
    return _found(connection, chosen, needle, limit)


def get(connection: Connection, id_or_reference: str, origin: str | None = None) -> Entry | None:
    """The notification with that id, or the newest one with that reference (of ``origin``)."""
    chosen = (
        sa.select(*_FIELDS, casebook.c.data)
        .where(
            sa.or_(casebook.c.id == id_or_reference, casebook.c.reference == id_or_reference),
            casebook.c.latest,
        )
        .order_by(casebook.c.n.desc())
        .limit(1)
    )
    if origin is not None:
        chosen = chosen.where(casebook.c.origin == origin)
    return next((_entry(row) for row in connection.execute(chosen)), None)


def chain(connection: Connection, root: str, origin: str) -> list[Entry]:
    """All of a case chain of ``origin``, oldest first; what was erased is there, but empty.

    The origin is part of the question: nobody can put a notification into another
    jurisdiction's chain by naming its root.
    """
    chosen = (
        sa.select(*_FIELDS, casebook.c.data)
        .where(casebook.c.root == root, casebook.c.origin == origin, casebook.c.latest)
        .order_by(casebook.c.created, casebook.c.n)
    )
    return [_entry(row) for row in connection.execute(chosen)]


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
