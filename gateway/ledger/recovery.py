"""The sender's half of the ledger after a fork, gap or loss: what is kept, what is offered again.

Section 7.4 of docs/relay-protocol.md says when. Functions take an open connection and never commit.
"""

from __future__ import annotations

import sqlalchemy as sa

from gateway.block import Block, Place
from gateway.channel import BEFORE_ALL
from gateway.ledger.blocks import block_of
from gateway.ledger.tables import OUT, DeliveryState, blocks, deliveries, outbound
from gateway.receipt import Disposition
from gateway.wire import ZERO_HASH, Lane
from producers.database import Connection


def abandon_in_flight(connection: Connection, recipient: str, lane: Lane, now_ms: int) -> None:
    """Puts what is sealed without receipt back into the queue, in its old order."""
    connection.execute(
        blocks.update()
        .where(
            blocks.c.direction == OUT,
            blocks.c.peer == recipient,
            blocks.c.lane == lane,
            blocks.c.receipt.is_(None),
            blocks.c.abandoned_at.is_(None),
        )
        .values(abandoned_at=now_ms)
    )
    connection.execute(
        deliveries.update()
        .where(
            deliveries.c.recipient == recipient,
            deliveries.c.lane == lane,
            deliveries.c.state == DeliveryState.SEALED,
        )
        .values(state=DeliveryState.QUEUED, epoch=None, sequence=None, item=None)
    )


def abandoned_after(connection: Connection, recipient: str, lane: Lane, place: Place) -> int:
    """How many blocks after ``place`` were abandoned since an operator last looked."""
    return (
        connection.scalar(
            sa.select(sa.func.count()).where(
                *sent_to(recipient, lane), _after(place), blocks.c.abandoned_at > 0
            )
        )
        or 0
    )


def offer_again(connection: Connection, recipient: str, lane: Lane, position: Place) -> None:
    """Queues again what was receipted after ``position``: a recipient there has lost it.

    What it has all the same, it knows by its identity. What we erased since stays as receipted.
    """
    kept = sa.select(outbound.c.notification).where(outbound.c.data.is_not(None))
    connection.execute(
        deliveries.update()
        .where(
            deliveries.c.recipient == recipient,
            deliveries.c.lane == lane,
            deliveries.c.state == DeliveryState.DONE,
            deliveries.c.disposition < Disposition.MALFORMED,
            deliveries.c.notification.in_(kept),
            _after(position, deliveries),
        )
        .values(
            state=DeliveryState.QUEUED,
            epoch=None,
            sequence=None,
            item=None,
            disposition=None,
            receipted_at=None,
        )
    )


def receipted_after(
    connection: Connection, recipient: str, lane: Lane, position: Place, limit: int
) -> list[tuple[Place, Block, bytes]]:
    """The kept blocks after ``position`` that have a receipt, in order, with it."""
    rows = connection.execute(
        sa.select(blocks)
        .where(
            blocks.c.direction == OUT,
            blocks.c.peer == recipient,
            blocks.c.lane == lane,
            blocks.c.receipt.is_not(None),
            _after(position),
        )
        .order_by(blocks.c.epoch, blocks.c.sequence)
        .limit(limit)
    )
    return [(Place(row.epoch, row.sequence), block_of(row), row.receipt) for row in rows]


def holds(
    connection: Connection, recipient: str, lane: Lane, place: Place, block_hash: bytes
) -> bool:
    """Whether the block that we sent at ``place`` has this hash."""
    found = connection.scalar(
        sa.select(blocks.c.sequence).where(
            *sent_to(recipient, lane),
            blocks.c.epoch == place.epoch,
            blocks.c.sequence == place.sequence,
            blocks.c.block_hash == block_hash,
        )
    )
    return found is not None


def receipt_at(connection: Connection, recipient: str, lane: Lane, place: Place) -> bytes:
    """The receipt held for the block at ``place``, empty when it is not kept."""
    found: bytes | None = connection.scalar(
        sa.select(blocks.c.receipt).where(
            *sent_to(recipient, lane),
            blocks.c.epoch == place.epoch,
            blocks.c.sequence == place.sequence,
        )
    )
    return found or b""


def place_of_receipt(
    connection: Connection, recipient: str, lane: Lane, digest: bytes
) -> Place | None:
    """Where the block stands whose receipt has this hash; before all for zeros, None if unknown."""
    if digest == ZERO_HASH:
        return BEFORE_ALL
    row = connection.execute(
        sa.select(blocks.c.epoch, blocks.c.sequence).where(
            *sent_to(recipient, lane), blocks.c.receipt_hash == digest
        )
    ).one_or_none()
    return row and Place(row.epoch, row.sequence)


def receipt_with_hash(connection: Connection, recipient: str, lane: Lane, digest: bytes) -> bytes:
    """The kept receipt with this hash, empty when it is not kept."""
    found: bytes | None = connection.scalar(
        sa.select(blocks.c.receipt).where(
            blocks.c.direction == OUT,
            blocks.c.peer == recipient,
            blocks.c.lane == lane,
            blocks.c.receipt_hash == digest,
        )
    )
    return found or b""


def sent_to(recipient: str, lane: Lane) -> tuple[sa.ColumnElement[bool], ...]:
    """The blocks of an outgoing channel."""
    return (blocks.c.direction == OUT, blocks.c.peer == recipient, blocks.c.lane == lane)


def _after(position: Place, table: sa.Table = blocks) -> sa.ColumnElement[bool]:
    return sa.or_(
        table.c.epoch > position.epoch,
        sa.and_(table.c.epoch == position.epoch, table.c.sequence > position.sequence),
    )
