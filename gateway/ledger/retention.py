"""What is kept for restores goes away when its time is over; the chain stays verifiable.

Within the backup horizon a recipient restored from a backup can be sent everything again. After
it, ciphertext and clear copies are erased, those in quarantine too; headers, hashes, signatures and
receipts stay.
"""

from __future__ import annotations

import sqlalchemy as sa

from gateway.ledger.tables import IN, DeliveryState, blocks, deliveries, outbound, quarantine
from gateway.receipt import Disposition
from producers.database import Connection

UNSETTLED = (DeliveryState.QUEUED, DeliveryState.SEALED)


def prune(connection: Connection, before_ms: int) -> int:
    """Erases what was settled before ``before_ms``; returns how many contents that were.

    What still waits for a recipient, or here for an upgrade, is kept however old it is.
    """
    bodies = connection.execute(
        blocks.update()
        .where(
            blocks.c.body.is_not(None),
            sa.not_(_holds_unread()),
            sa.or_(blocks.c.receipted_at < before_ms, blocks.c.abandoned_at < before_ms),
        )
        .values(body=sa.null())
    )
    waiting = sa.select(deliveries.c.notification).where(deliveries.c.state.in_(UNSETTLED))
    clear = connection.execute(
        outbound.update()
        .where(
            outbound.c.data.is_not(None),
            outbound.c.routed_at < before_ms,
            outbound.c.notification.not_in(waiting),
        )
        .values(data=sa.null())
    )
    refused = connection.execute(
        quarantine.update()
        .where(quarantine.c.data.is_not(None), quarantine.c.at < before_ms)
        .values(data=sa.null())
    )
    return bodies.rowcount + clear.rowcount + refused.rowcount


def _holds_unread() -> sa.ColumnElement[bool]:
    """Held items are kept nowhere but in their sealed block, until an upgrade can read them."""
    return sa.exists().where(
        blocks.c.direction == IN,
        quarantine.c.sender == blocks.c.peer,
        quarantine.c.lane == blocks.c.lane,
        quarantine.c.epoch == blocks.c.epoch,
        quarantine.c.sequence == blocks.c.sequence,
        quarantine.c.disposition == Disposition.HELD,
        quarantine.c.released_at.is_(None),
    )
