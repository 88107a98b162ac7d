"""How the channels are, for status, doctor and metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gateway.ledger import incoming
from gateway.ledger.tables import DeliveryState, channels_out, deliveries, quarantine
from gateway.ledger.tables import incidents as _incidents
from gateway.wire import Lane
from producers.database import Connection


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """One outgoing channel; ``oldest_queued_at`` is None when nothing waits."""

    peer: str
    lane: Lane
    queued: int
    oldest_queued_at: int | None
    attempts: int
    last_error: str | None
    halt: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Labels of a metric."""
        return self.peer, self.lane.label

    @property
    def halted(self) -> bool:
        """Whether it needs an operator."""
        return self.halt is not None


def channels(connection: Connection) -> list[ChannelHealth]:
    """Every outgoing channel, by peer and lane."""
    waiting = {
        (row.recipient, row.lane): row
        for row in connection.execute(
            sa.select(
                deliveries.c.recipient,
                deliveries.c.lane,
                sa.func.count().label("queued"),
                sa.func.min(deliveries.c.queued_at).label("oldest"),
            )
            .where(deliveries.c.state.in_((DeliveryState.QUEUED, DeliveryState.SEALED)))
            .group_by(deliveries.c.recipient, deliveries.c.lane)
        )
    }
    rows = connection.execute(
        sa.select(channels_out).order_by(channels_out.c.recipient, channels_out.c.lane)
    )
    found = []
    for row in rows:
        queue = waiting.get((row.recipient, row.lane))
        found.append(
            ChannelHealth(
                row.recipient,
                Lane(row.lane),
                queue.queued if queue else 0,
                queue.oldest if queue else None,
                row.attempts,
                row.last_error,
                row.halted,
            )
        )
    return found


def backlog(connection: Connection) -> int:
    """Accepted notifications that are not in their topics yet."""
    return incoming.backlog(connection)


def quarantined(connection: Connection) -> int:
    """Items that were refused or held and still lie in quarantine."""
    return (
        connection.scalar(
            sa.select(sa.func.count())
            .select_from(quarantine)
            .where(quarantine.c.released_at.is_(None))
        )
        or 0
    )


def incidents(connection: Connection, peer: str | None = None) -> list[Any]:
    """What an operator must see, newest first."""
    query = sa.select(_incidents).order_by(_incidents.c.at.desc(), _incidents.c.number.desc())
    if peer is not None:
        query = query.where(_incidents.c.peer == peer)
    return list(connection.execute(query))


def quarantine_rows(connection: Connection) -> list[Any]:
    """Items that were refused or held, newest first, without their bytes."""
    columns = [column for column in quarantine.c if column.name != "data"]
    return list(connection.execute(sa.select(*columns).order_by(quarantine.c.number.desc())))
