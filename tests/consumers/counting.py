"""A process for a test to kill: counts every notification of one topic in a database.

``python -m tests.consumers.counting BOOTSTRAP URL TOPIC``
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence

import sqlalchemy as sa

from consumers.transactional import Incoming, TransactionalConsumer
from producers.database import Connection, Database, metadata
from producers.kafka import KafkaReader, KafkaSettings
from producers.kafka_admin import KafkaAdmin

counts = sa.Table(
    "test_counts",
    metadata,
    sa.Column("reference", sa.String(64), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

PAUSE_S = 0.03
"""Between the effect and the commit, so that a kill finds a transaction half done."""


def count(connection: Connection, batch: Sequence[Incoming]) -> None:
    """Notes each notification; a second effect of the same one breaks the primary key."""
    rows = [{"reference": incoming.head.reference, "count": 1} for incoming in batch]
    connection.execute(counts.insert(), rows)
    time.sleep(PAUSE_S)


async def main(bootstrap: str, url: str, topic: str) -> None:
    """Consumes until killed."""
    settings = KafkaSettings(bootstrap)
    database = Database(url)
    database.create()
    await TransactionalConsumer(
        "counting",
        database=database,
        reader=lambda: KafkaReader(settings),
        admin=KafkaAdmin(settings),
        topics=[topic],
        effect=count,
        batch=64,
    ).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
