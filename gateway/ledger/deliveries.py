"""What a duty officer asks: for each notification and recipient, where it is, why, since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from gateway.block import Place
from gateway.ledger.tables import (
    OUT,
    DeliveryState,
    blocks,
    channels_out,
    deliveries,
    outbound,
)
from gateway.receipt import Disposition
from gateway.wire import Lane
from producers.database import Connection

UNKNOWN_AFTER_MS = 60_000
"""A block without receipt for longer may or may not have arrived: its state is unknown."""


class Status(StrEnum):
    """Where one notification is on its way to one recipient.

    ``sent`` and ``unknown`` differ by age alone: no receipt means unknown, never not delivered.
    ``received`` is the recipient's signed word that it is durably stored, ``processed`` that it
    also took effect there.
    """

    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"
    RECEIVED = "received"
    PROCESSED = "processed"
    HELD = "held"
    REFUSED = "refused"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notification to one recipient.

    Attributes:
        reason: why it was refused by the recipient or withheld by policy, or why it waits.
        since: when it came into this state.
    """

    id: str
    reference: str
    type: str
    recipient: str
    revision: int
    lane: Lane
    status: Status
    reason: str
    since: int
    queued_at: int
    block: Place | None


def search(
    connection: Connection,
    *,
    now_ms: int,
    name: str | None = None,
    recipient: str | None = None,
    status: Status | None = None,
    since: int | None = None,
    limit: int | None = None,
) -> Iterator[Delivery]:
    """Deliveries, newest first; ``name`` is an id or a reference."""
    query = _select().order_by(deliveries.c.number.desc())
    if name is not None:
        query = query.where(sa.or_(outbound.c.notification == name, outbound.c.reference == name))
    if recipient is not None:
        query = query.where(deliveries.c.recipient == recipient)
    if since is not None:
        query = query.where(deliveries.c.queued_at >= since)
    found = 0
    with connection.execute(query, execution_options={"yield_per": 1000}) as rows:
        for row in rows:
            delivery = _delivery(row, now_ms)
            if status in (None, delivery.status):
                yield delivery
                found += 1
                if found == limit:
                    return


def receipt_of(connection: Connection, delivery: Delivery) -> bytes | None:
    """The recipient's signed receipt for the block that carried it."""
    if delivery.block is None:
        return None
    found: bytes | None = connection.scalar(
        sa.select(blocks.c.receipt).where(
            blocks.c.direction == OUT,
            blocks.c.peer == delivery.recipient,
            blocks.c.lane == delivery.lane,
            blocks.c.epoch == delivery.block.epoch,
            blocks.c.sequence == delivery.block.sequence,
        )
    )
    return found


def _select() -> sa.Select[Any]:
    sent = blocks.alias("sent")
    return (
        sa.select(
            deliveries,
            outbound.c.reference,
            outbound.c.type,
            channels_out.c.processed_epoch,
            channels_out.c.processed_sequence,
            channels_out.c.halted,
            channels_out.c.last_error,
            sent.c.stored_at,
        )
        .join(outbound, outbound.c.notification == deliveries.c.notification)
        .outerjoin(
            channels_out,
            sa.and_(
                channels_out.c.recipient == deliveries.c.recipient,
                channels_out.c.lane == deliveries.c.lane,
            ),
        )
        .outerjoin(
            sent,
            sa.and_(
                sent.c.direction == OUT,
                sent.c.peer == deliveries.c.recipient,
                sent.c.lane == deliveries.c.lane,
                sent.c.epoch == deliveries.c.epoch,
                sent.c.sequence == deliveries.c.sequence,
            ),
        )
    )


def _delivery(row: Any, now_ms: int) -> Delivery:
    status, reason, since = _status(row, now_ms)
    return Delivery(
        id=row.notification,
        reference=row.reference,
        type=row.type,
        recipient=row.recipient,
        revision=row.revision,
        lane=Lane(row.lane),
        status=status,
        reason=reason,
        since=since,
        queued_at=row.queued_at,
        block=None if row.epoch is None else Place(row.epoch, row.sequence),
    )


def _status(row: Any, now_ms: int) -> tuple[Status, str, int]:
    if row.state == DeliveryState.WITHHELD:
        return Status.WITHHELD, row.reason or "", row.queued_at
    if row.state == DeliveryState.QUEUED:
        return Status.QUEUED, row.halted or row.last_error or "", row.queued_at
    if row.state == DeliveryState.SEALED:
        old = now_ms - row.stored_at > UNKNOWN_AFTER_MS
        status = Status.UNKNOWN if old else Status.SENT
        return status, row.halted or row.last_error or "", row.stored_at
    return _settled(row)


def _settled(row: Any) -> tuple[Status, str, int]:
    disposition = Disposition(row.disposition)
    if disposition.refused:
        return Status.REFUSED, disposition.label, row.receipted_at
    if disposition is Disposition.HELD:
        return Status.HELD, "the recipient's node does not know the schema yet", row.receipted_at
    processed = Place(row.processed_epoch or 0, row.processed_sequence or 0)
    done = Place(row.epoch, row.sequence) <= processed
    return Status.PROCESSED if done else Status.RECEIVED, "", row.receipted_at
