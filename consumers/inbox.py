"""The inbox: what makes an at-least-once log take effect exactly once.

A consumer notes the identity of each notification in the transaction of its effect. A record
that cannot be decoded is not lost and stops nothing: it is kept here, and tried again when the
node starts, which after an upgrade may know its schema.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from consumers.incoming import Identity, Incoming
from producers.database import Connection, insert_new, metadata
from producers.ports import IncomingRecord
from schemas.codec import PREFIX_LENGTH

_inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("consumer", sa.String(32), primary_key=True),
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("origin", sa.String(2), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sqlite_with_rowid=False,
)

_unread = sa.Table(
    "unread",
    metadata,
    sa.Column("consumer", sa.String(32), primary_key=True),
    sa.Column("topic", sa.String(249), primary_key=True),
    sa.Column("topic_id", sa.String(64), primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True),
    sa.Column("offset", sa.BigInteger, primary_key=True),
    sa.Column("fingerprint", sa.String(16), nullable=False),
    sa.Column("timestamp_ms", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

_known = sa.select(_inbox.c.origin, _inbox.c.id, _inbox.c.revision).where(
    _inbox.c.consumer == sa.bindparam("consumer"),
    _inbox.c.id.in_(sa.bindparam("ids", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A record that could not be decoded; ``fingerprint`` is 16 hexadecimal digits, or empty."""

    record: IncomingRecord
    topic_id: str
    fingerprint: str


def admit(connection: Connection, consumer: str, batch: Sequence[Incoming]) -> list[Incoming]:
    """Notes the identities of ``batch``; returns, in its order, those that were not there yet.

    One question and one insertion for a whole batch: ``ON CONFLICT DO NOTHING`` would not say
    which rows were new. The caller moves the consumer's position in the same transaction, which
    keeps another process from admitting the same ones in between.
    """
    new = unknown(connection, consumer, batch)
    note(connection, consumer, [incoming.identity for incoming in new])
    return new


def unknown(connection: Connection, consumer: str, batch: Sequence[Incoming]) -> list[Incoming]:
    """Those of ``batch`` that took no effect yet, each once, in its order."""
    first = {incoming.identity: incoming for incoming in reversed(batch)}
    asked = {"consumer": consumer, "ids": list({identity[1] for identity in first})}
    for row in connection.execute(_known, asked):
        first.pop(tuple(row), None)
    return [incoming for incoming in batch if first.get(incoming.identity) is incoming]


def note(connection: Connection, consumer: str, identities: Sequence[Identity]) -> None:
    """Notes that these took effect, which none of them did before."""
    rows = [
        {"consumer": consumer, "id": id, "origin": origin, "revision": revision}
        for origin, id, revision in identities
    ]
    if rows:
        connection.execute(_inbox.insert(), rows)


def noted(
    connection: Connection, consumer: str, origin: str, ids: Sequence[str]
) -> set[tuple[str, int]]:
    """(id, revision) of those of ``origin`` among ``ids`` that took effect in ``consumer``."""
    rows = connection.execute(_known, {"consumer": consumer, "ids": list(ids)})
    return {(row.id, row.revision) for row in rows if row.origin == origin}


def took(
    consumer: str,
    origin: sa.ColumnElement[str],
    id: sa.ColumnElement[str],
    revision: sa.ColumnElement[int],
) -> sa.ColumnElement[bool]:
    """The condition, inside of ``exists``, that a row of another table took effect."""
    return sa.and_(
        _inbox.c.consumer == consumer,
        _inbox.c.id == id,
        _inbox.c.origin == origin,
        _inbox.c.revision == revision,
    )


def count(connection: Connection, consumer: str) -> int:
    """How many notifications took effect in ``consumer``."""
    chosen = sa.select(sa.func.count()).select_from(_inbox).where(_inbox.c.consumer == consumer)
    return connection.scalar(chosen) or 0


def count_lacking(connection: Connection, consumer: str, other: str) -> int:
    """How many took effect in ``consumer`` that have not reached ``other`` yet."""
    theirs = _inbox.alias()
    reached = sa.exists().where(
        theirs.c.consumer == other,
        theirs.c.id == _inbox.c.id,
        theirs.c.origin == _inbox.c.origin,
        theirs.c.revision == _inbox.c.revision,
    )
    chosen = sa.select(sa.func.count()).select_from(_inbox)
    return connection.scalar(chosen.where(_inbox.c.consumer == consumer, ~reached)) or 0


def keep_unread(connection: Connection, consumer: str, records: Sequence[Unread]) -> None:
    """Keeps what could not be decoded. Safe to repeat."""
    insert_new(
        connection,
        _unread,
        [
            {
                "consumer": consumer,
                "topic": unread.record.topic,
                "topic_id": unread.topic_id,
                "partition": unread.record.partition,
                "offset": unread.record.offset,
                "fingerprint": unread.fingerprint,
                "timestamp_ms": unread.record.timestamp_ms,
                "data": unread.record.value or b"",
            }
            for unread in records
        ],
    )


def kept_unread(connection: Connection, consumer: str) -> list[Unread]:
    """What is kept for ``consumer``, in the order of its topics."""
    chosen = (
        sa.select(_unread)
        .where(_unread.c.consumer == consumer)
        .order_by(_unread.c.topic, _unread.c.partition, _unread.c.timestamp_ms, _unread.c.offset)
    )
    return [
        Unread(
            IncomingRecord(
                row.topic, row.partition, row.offset, None, row.data, (), row.timestamp_ms
            ),
            row.topic_id,
            row.fingerprint,
        )
        for row in connection.execute(chosen)
    ]


def forget_unread(connection: Connection, consumer: str, records: Sequence[Unread]) -> None:
    """Removes what could be read at last."""
    for unread in records:
        connection.execute(
            _unread.delete().where(
                _unread.c.consumer == consumer,
                _unread.c.topic == unread.record.topic,
                _unread.c.topic_id == unread.topic_id,
                _unread.c.partition == unread.record.partition,
                _unread.c.offset == unread.record.offset,
            )
        )


def count_unread(connection: Connection) -> int:
    """How many records of all consumers are kept unread, for status and doctor."""
    return connection.scalar(sa.select(sa.func.count()).select_from(_unread)) or 0


def fingerprint_of(data: bytes) -> str:
    """The schema fingerprint that ``data`` names, in hexadecimal; empty when it names none."""
    if len(data) < PREFIX_LENGTH or not data.startswith(b"\xc3\x01"):
        return ""
    return bytes(data[2:PREFIX_LENGTH]).hex()
