"""The statements that run for every block, built once: building one costs more than running it.

Parameters begin with ``b_`` so that none has the name of a column.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from gateway.channel import Outbound
from gateway.ledger.tables import (
    IN,
    OUT,
    DeliveryState,
    arrivals,
    blocks,
    channels_in,
    channels_out,
    deliveries,
    identities,
    outbound,
    recalled,
)
from gateway.wire import Lane

Parameters = dict[str, Any]

_Parameter = sa.BindParameter[Any]

_peer: _Parameter = bindparam("b_peer")
_lane: _Parameter = bindparam("b_lane")
_epoch: _Parameter = bindparam("b_epoch")
_sequence: _Parameter = bindparam("b_sequence")


def channel(peer: str, lane: Lane) -> Parameters:
    """Names a channel by its other end."""
    return {"b_peer": peer, "b_lane": lane}


def state_columns(state: Outbound) -> Parameters:
    """The columns of ``channels_out`` that hold a sender's state."""
    return {
        "epoch": state.place.epoch,
        "sequence": state.place.sequence,
        "block_hash": state.block_hash,
        "receipt_hash": state.receipt_hash,
        "receipted_epoch": state.receipted.epoch,
        "receipted_sequence": state.receipted.sequence,
    }


def from_to(old: Outbound, new: Outbound) -> Parameters:
    """For :data:`MOVE`."""
    return {f"b_old_{name}": value for name, value in state_columns(old).items()} | {
        f"b_new_{name}": value for name, value in state_columns(new).items()
    }


def _blocks(direction: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (blocks.c.direction == direction, blocks.c.peer == _peer, blocks.c.lane == _lane)


_out_channel = (channels_out.c.recipient == _peer, channels_out.c.lane == _lane)
_in_channel = (channels_in.c.sender == _peer, channels_in.c.lane == _lane)
_out_block = (*_blocks(OUT), blocks.c.epoch == _epoch, blocks.c.sequence == _sequence)
_queue = (deliveries.c.recipient == _peer, deliveries.c.lane == _lane)

# The sender's

DESTINATION = sa.select(channels_out).where(*_out_channel)

MOVE = (
    channels_out.update()
    .where(
        *_out_channel,
        *(channels_out.c[name] == bindparam(f"b_old_{name}") for name in state_columns(Outbound())),
    )
    .values({name: bindparam(f"b_new_{name}") for name in state_columns(Outbound())})
)

NEXT_QUEUED = (
    sa.select(
        deliveries.c.number,
        deliveries.c.notification,
        deliveries.c.revision,
        deliveries.c.queued_at,
        outbound.c.data,
    )
    .join(outbound, outbound.c.notification == deliveries.c.notification)
    .where(*_queue, deliveries.c.state == DeliveryState.QUEUED)
    .order_by(deliveries.c.number)
    .limit(bindparam("b_limit"))
)

STORE_BLOCK = blocks.insert()

SEAL_DELIVERY = (
    deliveries.update()
    .where(deliveries.c.number == bindparam("b_number"))
    .values(state=DeliveryState.SEALED, epoch=_epoch, sequence=_sequence, item=bindparam("b_item"))
)

BLOCK_AT = sa.select(blocks).where(*_out_block)

HEADER_AT = sa.select(blocks.c.header).where(*_out_block)

STORE_RECEIPT = (
    blocks.update()
    .where(*_out_block)
    .values(
        receipt=bindparam("b_receipt"),
        receipt_hash=bindparam("b_receipt_hash"),
        receipted_at=bindparam("b_now"),
    )
)

SETTLE = (
    deliveries.update()
    .where(
        *_queue,
        deliveries.c.state == DeliveryState.SEALED,
        deliveries.c.epoch == _epoch,
        deliveries.c.sequence == _sequence,
    )
    .values(
        state=DeliveryState.DONE,
        disposition=bindparam("b_disposition"),
        receipted_at=bindparam("b_now"),
    )
)

SETTLE_SOME = SETTLE.where(deliveries.c.item.in_(bindparam("b_items", expanding=True)))

CLEAR_BACK_OFF = (
    channels_out.update()
    .where(channels_out.c.recipient == _peer, channels_out.c.attempts > 0)
    .values(attempts=0, next_attempt_at=0, last_error=None)
)

# The recipient's

STATE = sa.select(channels_in).where(*_in_channel)

RECEIPT_OF = sa.select(blocks.c.receipt).where(
    *_blocks(IN), blocks.c.block_hash == bindparam("b_block_hash")
)

ISSUED = sa.select(blocks.c.sequence).where(
    *_blocks(IN), blocks.c.receipt_hash == bindparam("b_receipt_hash")
)

OPEN_INBOUND = channels_in.insert()

MOVE_INBOUND = (
    channels_in.update()
    .where(*_in_channel)
    .values(
        {
            name: bindparam(f"b_new_{name}")
            for name in ("epoch", "sequence", "block_hash", "receipt_hash")
        }
    )
)

_ids: _Parameter = bindparam("b_ids", expanding=True)

KNOWN = sa.select(identities).where(identities.c.notification.in_(_ids))

RECALLED = sa.select(recalled).where(recalled.c.notification.in_(_ids))

STORE_ARRIVAL = arrivals.insert()

STORE_IDENTITY = identities.insert()

BACKLOG = sa.select(sa.func.count()).where(arrivals.c.published_at.is_(None))

BACKLOG_OF = BACKLOG.where(arrivals.c.sender == _peer)

UNPUBLISHED = (
    sa.select(arrivals)
    .where(arrivals.c.published_at.is_(None))
    .order_by(arrivals.c.number)
    .limit(bindparam("b_limit"))
)

MARK_PUBLISHED = (
    arrivals.update()
    .where(arrivals.c.number == bindparam("b_number"))
    .values(published_at=bindparam("b_now"), data=sa.null())
)
