"""Positions of consumers: the SQL copy is authoritative, Kafka keeps none.

A position belongs to one incarnation of a topic: the topic's id is stored with it, because a
topic that was deleted and made again looks, by name and offset, like one that lost records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from producers.database import Connection, insert_new, metadata
from producers.ports import Position
from schemas.errors import Unreachable

_offsets = sa.Table(
    "consumer_offsets",
    metadata,
    sa.Column("consumer", sa.String(32), primary_key=True),
    sa.Column("topic", sa.String(249), primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True),
    sa.Column("topic_id", sa.String(64), nullable=False),
    sa.Column("next_offset", sa.BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Extent:
    """What the cluster has of a partition: the topic's id, first offset, next offset."""

    topic_id: str
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Rescan:
    """A partition whose stored position is gone; it is read again from ``first``."""

    position: Position
    reason: str
    stored: int
    first: int


def recover(
    connection: Connection, consumer: str, extents: Mapping[Position, Extent]
) -> tuple[dict[Position, int], list[Rescan]]:
    """Where ``consumer`` goes on in each partition, and which ones it has to scan again.

    A partition never read before begins at its first offset. One whose topic was made again, or
    whose stored position lies outside of what the log holds, is scanned from its first offset:
    the inbox recognises what took effect already.
    """
    rows = connection.execute(sa.select(_offsets).where(_offsets.c.consumer == consumer))
    known = {(row.topic, row.partition): row for row in rows}
    positions: dict[Position, int] = {}
    rescans = []
    for position, extent in extents.items():
        row = known.get(position)
        if row is None:
            _begin(connection, consumer, position, extent)
            positions[position] = extent.first
            continue
        reason = _lost(row.topic_id, row.next_offset, extent)
        if reason is None:
            positions[position] = row.next_offset
            continue
        _restart(connection, consumer, position, row, extent)
        positions[position] = extent.first
        rescans.append(Rescan(position, reason, row.next_offset, extent.first))
    return positions, rescans


def advance(
    connection: Connection, consumer: str, moves: Mapping[Position, tuple[int, int]]
) -> None:
    """Moves positions from their old to their new offset, in the transaction of the effects.

    Raises:
        Unreachable: another process moved one of them; nothing of this transaction may stay.
    """
    for (topic, partition), (old, new) in moves.items():
        moved = connection.execute(
            _at(consumer, (topic, partition))
            .where(_offsets.c.next_offset == old)
            .values(next_offset=new)
        )
        if moved.rowcount != 1:
            raise _overtaken()


def stored(connection: Connection, consumer: str) -> dict[Position, int]:
    """The next offset of each partition ``consumer`` has begun."""
    rows = connection.execute(sa.select(_offsets).where(_offsets.c.consumer == consumer))
    return {(row.topic, row.partition): row.next_offset for row in rows}


def lag(connection: Connection, consumer: str, ends: Mapping[Position, tuple[int, int]]) -> int:
    """How many records ``consumer`` has still to read, ``ends`` being what the log holds."""
    at = stored(connection, consumer)
    return sum(max(0, end - at.get(place, first)) for place, (first, end) in ends.items())


def lags(connection: Connection, ends: Mapping[Position, tuple[int, int]]) -> dict[str, int]:
    """:func:`lag` of every consumer, over those of ``ends`` that it reads."""
    found: dict[str, int] = {}
    for row in connection.execute(sa.select(_offsets)):
        _, end = ends.get((row.topic, row.partition), (0, row.next_offset))
        found[row.consumer] = found.get(row.consumer, 0) + max(0, end - row.next_offset)
    return found


def caught_up(
    connection: Connection, consumer: str, ends: Mapping[Position, tuple[int, int]]
) -> bool:
    """Whether ``consumer`` has read all that the log held when ``ends`` was asked."""
    return lag(connection, consumer, ends) == 0


def _lost(topic_id: str, next_offset: int, extent: Extent) -> str | None:
    if topic_id != extent.topic_id:
        return "topic-made-again"
    if next_offset > extent.end:
        return "beyond-end"
    if next_offset < extent.first:
        return "below-first"
    return None


def _begin(connection: Connection, consumer: str, position: Position, extent: Extent) -> None:
    row = {
        "consumer": consumer,
        "topic": position[0],
        "partition": position[1],
        "topic_id": extent.topic_id,
        "next_offset": extent.first,
    }
    insert_new(connection, _offsets, [row])


def _restart(
    connection: Connection,
    consumer: str,
    position: Position,
    row: sa.Row[tuple[object, ...]],
    extent: Extent,
) -> None:
    moved = connection.execute(
        _at(consumer, position)
        .where(_offsets.c.next_offset == row.next_offset, _offsets.c.topic_id == row.topic_id)
        .values(topic_id=extent.topic_id, next_offset=extent.first)
    )
    if moved.rowcount != 1:
        raise _overtaken()


def _at(consumer: str, position: Position) -> sa.Update:
    return _offsets.update().where(
        _offsets.c.consumer == consumer,
        _offsets.c.topic == position[0],
        _offsets.c.partition == position[1],
    )


def _overtaken() -> Unreachable:
    return Unreachable(
        "another process moved the position of this consumer",
        remedy="run one node per database; this one goes on from the stored position",
    )
