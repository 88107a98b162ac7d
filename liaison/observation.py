"""What the nodes of a federation know, read from their databases as their operators could.

Nothing is asked of a running process: what is not in a database did not happen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from consumers import casebook, positions
from gateway.ledger.tables import DeliveryState, arrivals, deliveries, outbound
from gateway.receipt import Disposition
from liaison.assembly import kafka_settings, open_database
from liaison.configuration import Configuration
from liaison.expectations import Alert, Delivery, Observed
from producers.database import Connection, Database
from producers.kafka_admin import KafkaAdmin
from schemas.notifications import CASE_TYPES, MatchAlert

TAKEN = (Disposition.ACCEPTED, Disposition.DUPLICATE)
"""Dispositions of a receipt that mean: they have it."""


class Observer:
    """Looks at several nodes until it is closed."""

    def __init__(self, configurations: Mapping[str, Configuration]) -> None:
        self._configurations = configurations
        self._databases = {code: open_database(one) for code, one in configurations.items()}
        self._admins = {
            code: KafkaAdmin(kafka_settings(one)) for code, one in configurations.items()
        }

    def look(self) -> dict[str, Observed]:
        """Every node as it is now."""
        published = self._published()
        return {
            code: _observe(database, code, published) for code, database in self._databases.items()
        }

    async def idle(self) -> bool:
        """Whether nothing is under way anywhere: all read, all delivered, nothing to publish."""
        for code, configuration in self._configurations.items():
            topics = configuration.topics.all_outbound + configuration.topics.all_inbound
            states = await self._admins[code].describe(topics)
            ends = await self._admins[code].ends(
                [(topic, n) for topic, state in states.items() for n in range(state.partitions)]
            )
            with self._databases[code].read() as connection:
                if any(positions.lags(connection, ends).values()) or _under_way(connection):
                    return False
        return True

    def close(self) -> None:
        """Lets go of the databases."""
        for database in self._databases.values():
            database.close()

    def _published(self) -> dict[str, int]:
        """When the first notification of each reference was acknowledged by its node's Kafka."""
        found: dict[str, int] = {}
        for database in self._databases.values():
            with database.read() as connection:
                for entry in casebook.search(connection, direction="out", content=False):
                    found.setdefault(entry.reference, entry.received_at)
        return found


def _observe(database: Database, code: str, published: Mapping[str, int]) -> Observed:
    with database.read() as connection:
        entries = list(casebook.search(connection, content=False))
        alerts = _alerts(connection, code, published)
        return Observed(
            sent=_count(entries, "out"),
            received=_count(entries, "in"),
            deliveries=tuple(_deliveries(connection)),
            alerts=tuple(alerts),
        )


def _count(entries: list[casebook.Entry], direction: str) -> Counter[str]:
    return Counter(
        one.reference for one in entries if one.direction == direction and one.type in CASE_TYPES
    )


def _alerts(connection: Connection, code: str, published: Mapping[str, int]) -> Iterator[Alert]:
    """One alert for each pair that concerns this node: several nodes may raise the same."""
    seen: set[tuple[str, str]] = set()
    for entry in casebook.search(connection, type="match-alert"):
        alert = entry.notification()
        if not isinstance(alert, MatchAlert) or alert.yours.jurisdiction != code:
            continue
        sides = alert.yours.reference, alert.theirs.reference
        if sides in seen:
            continue
        seen.add(sides)
        later = max(published.get(side, entry.received_at) for side in sides)
        yield Alert(
            *sides,
            jurisdiction=alert.theirs.jurisdiction,
            strength=alert.strength.value,
            evidence=tuple(evidence.kind for evidence in alert.evidence),
            delay_ms=entry.received_at - later,
        )


def _deliveries(connection: Connection) -> Iterator[Delivery]:
    chosen = (
        sa.select(
            outbound.c.reference,
            deliveries.c.recipient,
            deliveries.c.state,
            deliveries.c.disposition,
            deliveries.c.receipted_at,
        )
        .join_from(deliveries, outbound, outbound.c.notification == deliveries.c.notification)
        .where(outbound.c.type.in_(CASE_TYPES))
        .order_by(deliveries.c.number)
    )
    for row in connection.execute(chosen):
        receipted = row.receipted_at is not None and row.disposition in TAKEN
        yield Delivery(row.reference, row.recipient, row.state, receipted)


def _under_way(connection: Connection) -> bool:
    moving = sa.select(deliveries.c.number).where(
        deliveries.c.state.in_((DeliveryState.QUEUED, DeliveryState.SEALED))
    )
    waiting = sa.select(arrivals.c.number).where(arrivals.c.published_at.is_(None))
    return any(connection.execute(one.limit(1)).first() is not None for one in (moving, waiting))
