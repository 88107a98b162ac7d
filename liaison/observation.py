"""What the nodes of a federation know, read from their databases as their operators could.

Nothing is asked of a running process: what is not in a database did not happen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from consumers import alerts, casebook, positions
from gateway.ledger.tables import DeliveryState, arrivals, deliveries, outbound
from gateway.receipt import Disposition
from liaison.assembly import kafka_settings, open_database
from liaison.configuration import Configuration
from liaison.expectations import Alert, Delivery, Observed
from producers import publications
from producers.database import Connection, Database
from producers.kafka_admin import KafkaAdmin
from schemas.notifications import CASE_TYPES

TAKEN = (Disposition.ACCEPTED, Disposition.DUPLICATE)
"""Dispositions of a receipt that mean: they have it."""


class Observer:
    """Looks at several nodes until it is closed, and remembers when it first saw each alert."""

    def __init__(self, configurations: Mapping[str, Configuration]) -> None:
        self._configurations = configurations
        self._databases = {code: open_database(one) for code, one in configurations.items()}
        self._admins = {
            code: KafkaAdmin(kafka_settings(one)) for code, one in configurations.items()
        }
        self._first_seen: dict[tuple[str, str, str], int] = {}

    def look(self, now_ms: int) -> dict[str, Observed]:
        """Every node as it is now."""
        published = self._published()
        return {
            code: self._observe(database, code, published, now_ms)
            for code, database in self._databases.items()
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
        """When the first notification of each reference was written to its node's Kafka."""
        found: dict[str, int] = {}
        for database in self._databases.values():
            with database.read() as connection:
                for entry in casebook.search(connection, direction="out", content=False):
                    found.setdefault(entry.reference, entry.received_at)
        return found

    def _observe(
        self, database: Database, code: str, published: Mapping[str, int], now_ms: int
    ) -> Observed:
        with database.read() as connection:
            entries = list(casebook.search(connection, content=False))
            return Observed(
                sent=_count(entries, "out"),
                received=_count(entries, "in"),
                deliveries=tuple(_deliveries(connection)),
                alerts=tuple(self._alerts(connection, code, published, now_ms)),
            )

    def _alerts(
        self, connection: Connection, code: str, published: Mapping[str, int], now_ms: int
    ) -> Iterator[Alert]:
        for alert in alerts.search(connection):
            if alert.retracted is not None:
                continue
            sides = alert.reference, alert.their_reference
            seen = self._first_seen.setdefault((code, *sides), now_ms)
            yield Alert(
                *sides,
                jurisdiction=alert.jurisdiction,
                strength=alert.strength.value,
                evidence=tuple(kind for kind, _ in alert.evidence),
                raised_by=alert.raised_by,
                delay_ms=seen - max(published.get(side, seen) for side in sides),
            )


def _count(entries: list[casebook.Entry], direction: str) -> Counter[str]:
    return Counter(
        one.reference for one in entries if one.direction == direction and one.type in CASE_TYPES
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
    return bool(publications.count_pending(connection)) or any(
        connection.execute(one.limit(1)).first() is not None for one in (moving, waiting)
    )
