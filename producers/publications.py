"""Everything this node originates: which reference has which id, and what is still to be sent.

One table, two kinds of rows. ``submitted`` ones come from a case system, belong to a reference
and have a position in its case chain; whoever submits them sends them. ``derived`` ones (alerts,
verdicts) are made by consumers in their own transaction, which makes this their outbox; the
node's dispatcher sends those.

The encoded record is kept until it is sent. After that the log and the casebook have it, and
here only what makes publishing idempotent remains.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from producers.chains import Known, Link, Next, place
from producers.database import insert_new, metadata
from producers.intake.report import Problem
from producers.topics import record_key
from schemas import codec
from schemas.errors import Unreachable
from schemas.markings import Mode, Relation, Urgency
from schemas.notifications import Marking, Notification

SUBMITTED = "submitted"
DERIVED = "derived"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

publications = sa.Table(
    "publications",
    metadata,
    sa.Column("sequence", _BIG, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(36), nullable=False, unique=True),
    sa.Column("kind", sa.String(9), nullable=False),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("jurisdiction", sa.String(2), nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    # Position in the reference's case chain; null for derived ones, which have none.
    sa.Column("position", sa.Integer),
    sa.Column("root", sa.String(36), nullable=False),
    sa.Column("relation", sa.String(9), nullable=False),
    sa.Column("content_digest", sa.LargeBinary),
    # Recipients and marking, so that a cancellation can follow after the record is gone.
    sa.Column("envelope", sa.Text),
    sa.Column("record", sa.LargeBinary),
    sa.Column("pending", sa.Boolean, nullable=False),
    sa.Column("stored_at", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("jurisdiction", "reference", "position"),
)
sa.Index(
    "publications_pending",
    publications.c.kind,
    publications.c.sequence,
    sqlite_where=publications.c.pending,
    postgresql_where=publications.c.pending,
)
_p = publications.c


@dataclass(frozen=True, slots=True)
class Candidate:
    """A notification that wants to be stored; its id counts only if its content is new."""

    notification: Notification
    content_digest: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a candidate that was accepted.

    ``new`` is False for content that was there already; ``sent`` says whether it was
    acknowledged by the log before.
    """

    id: str
    new: bool
    sent: bool
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingPublication:
    """A record that has not been acknowledged by the log."""

    id: str
    type: str
    key: bytes
    root: str
    record: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a cancellation takes over from the chain that it ends."""

    type: str
    latest: Relation
    latest_id: str
    recipients: tuple[str, ...]
    marking: Marking
    mode: Mode
    urgency: Urgency
    valid_until: int | None


def store(
    connection: Connection, notification: Notification, *, content_digest: bytes, now_ms: int
) -> Stored | Problem:
    """:func:`store_all` for one notification."""
    candidate = Candidate(notification, content_digest, codec.encode(notification))
    return store_all(connection, [candidate], now_ms=now_ms)[0]


def store_all(
    connection: Connection, candidates: Sequence[Candidate], *, now_ms: int
) -> list[Stored | Problem]:
    """Gives every candidate its id and its place in the case chain, or says why not.

    Later candidates see earlier ones.

    Raises:
        Unreachable: another process published one of the references at the same moment, on a
            database that lets both begin. Roll back and do it again.
    """
    chains = _chains(connection, {c.notification.head.reference for c in candidates})
    outcomes, placed = _place_all(candidates, chains)
    if placed:
        _insert(connection, [_row(SUBMITTED, one, at, now_ms) for one, at in placed])
    return outcomes


def rehearse_all(
    connection: Connection, candidates: Sequence[Candidate], chains: dict[str, list[Link]]
) -> list[Stored | Problem]:
    """What :func:`store_all` would say; writes nothing but to ``chains``, for the next call."""
    references = {c.notification.head.reference for c in candidates}
    chains.update(_chains(connection, references - chains.keys()))
    return _place_all(candidates, chains)[0]


def enqueue(connection: Connection, notification: Notification) -> bool:
    """Puts a derived notification into the outbox; False when its id is there already."""
    head = notification.head
    if connection.scalar(sa.select(_p.id).where(_p.id == head.id)) is not None:
        return False
    data = codec.encode(notification)
    insert_new(
        connection,
        publications,
        [_row(DERIVED, Candidate(notification, b"", data), None, head.created)],
    )
    return True


def pending(
    connection: Connection, limit: int, *, origin_kind: str = DERIVED
) -> list[PendingPublication]:
    """The oldest publications of a kind that are not known to be in the log, in order."""
    return _pending(connection, _p.kind == origin_kind, limit)


def pending_of(connection: Connection, references: Iterable[str]) -> list[PendingPublication]:
    """The same for the case chains of ``references``."""
    wanted = sa.and_(_p.kind == SUBMITTED, _p.reference.in_(list(references)))
    return _pending(connection, wanted, None)


def count_pending(connection: Connection, *, origin_kind: str = DERIVED) -> int:
    """How many publications of a kind are not known to be in the log."""
    wanted = sa.and_(_p.kind == origin_kind, _p.pending)
    found = connection.scalar(sa.select(sa.func.count()).select_from(publications).where(wanted))
    return found or 0


def mark_sent(connection: Connection, ids: Sequence[str]) -> None:
    """Notes that the log has acknowledged ``ids``, and lets go of their records."""
    if ids:
        connection.execute(
            publications.update().where(_p.id.in_(list(ids))).values(pending=False, record=None)
        )


def envelope_of(connection: Connection, jurisdiction: str, reference: str) -> Envelope | None:
    """What a cancellation of ``reference`` needs; its recipients are all that any link had."""
    rows = connection.execute(
        sa.select(_p.id, _p.type, _p.relation, _p.envelope)
        .where(_p.jurisdiction == jurisdiction, _p.reference == reference, _p.position.is_not(None))
        .order_by(_p.position)
    ).all()
    if not rows:
        return None
    envelopes = [json.loads(row.envelope) for row in rows]
    last = envelopes[-1]
    return Envelope(
        type=rows[-1].type,
        latest=Relation(rows[-1].relation),
        latest_id=rows[-1].id,
        recipients=tuple(dict.fromkeys(code for e in envelopes for code in e["recipients"])),
        marking=Marking.from_record(last["marking"]),
        mode=Mode(last["mode"]),
        urgency=Urgency(last["urgency"]),
        valid_until=last["valid_until"],
    )


def _place_all(
    candidates: Sequence[Candidate], chains: dict[str, list[Link]]
) -> tuple[list[Stored | Problem], list[tuple[Candidate, int]]]:
    """Outcomes, and the new candidates with their positions; adds them to ``chains``."""
    outcomes: list[Stored | Problem] = []
    new = []
    for candidate in candidates:
        head = candidate.notification.head
        chain = chains[head.reference]
        match place(chain, head, candidate.content_digest):
            case Problem() as problem:
                outcomes.append(problem)
            case Known(link, warnings):
                outcomes.append(Stored(link.id, new=False, sent=link.sent, warnings=warnings))
            case Next(root, predecessors, warnings):
                outcomes.append(Stored(head.id, new=True, sent=False, warnings=warnings))
                new.append((_placed(candidate, root, predecessors), len(chain)))
                chain.append(
                    Link(head.id, head.type, head.relation, candidate.content_digest, sent=False)
                )
    return outcomes, new


def _chains(connection: Connection, references: set[str]) -> dict[str, list[Link]]:
    """The case chain of each of ``references``, empty for an unknown one."""
    chains: dict[str, list[Link]] = {reference: [] for reference in references}
    found = connection.execute(
        sa.select(_p.reference, _p.id, _p.type, _p.relation, _p.content_digest, _p.pending)
        .where(_p.reference.in_(references), _p.position.is_not(None))
        .order_by(_p.position)
    )
    for reference, id, type, relation, digest, pending in found:
        chains[reference].append(Link(id, type, Relation(relation), digest, sent=not pending))
    return chains


def _placed(candidate: Candidate, root: str, predecessors: tuple[str, ...]) -> Candidate:
    if not predecessors:
        return candidate
    notification = candidate.notification.with_head(root=root, predecessors=predecessors)
    return replace(candidate, notification=notification, data=codec.encode(notification))


def _row(kind: str, candidate: Candidate, position: int | None, now_ms: int) -> dict[str, Any]:
    head = candidate.notification.head
    return {
        "id": head.id,
        "kind": kind,
        "type": head.type,
        "jurisdiction": head.origin,
        "reference": head.reference,
        "position": position,
        "root": head.root,
        "relation": head.relation.value,
        "content_digest": candidate.content_digest or None,
        "envelope": _envelope(candidate.notification) if kind == SUBMITTED else None,
        "record": candidate.data,
        "pending": True,
        "stored_at": now_ms,
    }


def _envelope(notification: Notification) -> str:
    head, marking = notification.head, notification.head.marking
    return json.dumps(
        {
            "recipients": head.recipients,
            "marking": marking.to_record(),
            "mode": head.mode,
            "urgency": head.urgency,
            "valid_until": head.valid_until,
        }
    )


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    insert_new(connection, publications, rows)
    ids = [row["id"] for row in rows]
    there = sa.select(sa.func.count()).select_from(publications).where(_p.id.in_(ids))
    if connection.scalar(there) != len(ids):
        raise Unreachable(
            "another process published one of these references at the same moment",
            remedy="run the same command again",
        )


def _pending(
    connection: Connection, wanted: sa.ColumnElement[bool], limit: int | None
) -> list[PendingPublication]:
    rows = connection.execute(
        sa.select(_p.id, _p.type, _p.jurisdiction, _p.root, _p.record)
        .where(_p.pending, wanted)
        .order_by(_p.sequence)
        .limit(limit)
    )
    return [
        PendingPublication(id, type, record_key(jurisdiction, id), root, record)
        for id, type, jurisdiction, root, record in rows
    ]
