"""What is kept for restores goes away when its time is over; the chain stays verifiable.

Within the backup horizon a recipient restored from a backup can be sent everything again. After
it, ciphertext and clear copies are erased; headers, hashes, signatures and receipts stay.
"""

from __future__ import annotations

import sqlalchemy as sa

from gateway.ledger.tables import DeliveryState, blocks, deliveries, outbound
from producers.database import Connection

UNSETTLED = (DeliveryState.QUEUED, DeliveryState.SEALED)


def prune(connection: Connection, before_ms: int) -> int:
    """Erases what was settled before ``before_ms``; returns how many contents that were.

    What still waits for a recipient is kept however old it is.
    """
    bodies = connection.execute(
        blocks.update()
        .where(
            blocks.c.body.is_not(None),
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
    return bodies.rowcount + clear.rowcount
