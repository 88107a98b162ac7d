"""The recipient's half of the ledger: blocks with their receipts, arrivals, quarantine.

Block, receipt, dispositions and the notifications to publish are stored in one transaction: the
caller's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gateway.block import Block, Channel, Place
from gateway.channel import BEFORE_ALL, Inbound
from gateway.ledger import statements
from gateway.ledger.blocks import block_of
from gateway.ledger.tables import (
    IN,
    alerted_pairs,
    arrivals,
    blocks,
    channels_in,
    quarantine,
    recalled,
)
from gateway.receipt import Disposition
from gateway.wire import Lane
from producers.database import Connection, insert_new


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a notification one: origin, id, and revision of the view."""

    origin: str
    notification: str
    revision: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """An accepted notification that waits to be published to its inbound topic."""

    number: int
    sender: str
    lane: Lane
    place: Place
    item: int
    notification: str
    revision: int
    type: str
    root: str
    data: bytes


def state_of(connection: Connection, channel: Channel) -> Inbound:
    """The recipient's end of a channel; all zeros before its first block."""
    row = connection.execute(statements.STATE, _named(channel)).one_or_none()
    if row is None:
        return Inbound()
    return Inbound(Place(row.epoch, row.sequence), row.block_hash, row.receipt_hash)


def stored_receipt(connection: Connection, channel: Channel, block_hash: bytes) -> bytes | None:
    """The receipt of the block with this hash in this channel, byte for byte as it was given."""
    found: bytes | None = connection.scalar(
        statements.RECEIPT_OF, {**_named(channel), "b_block_hash": block_hash}
    )
    return found


def receipt_at(connection: Connection, channel: Channel, place: Place) -> bytes:
    """The receipt given at ``place``; empty when none was."""
    found: bytes | None = connection.scalar(
        sa.select(blocks.c.receipt).where(*_in_channel(channel), *_at(place))
    )
    return found or b""


def issued(connection: Connection, channel: Channel, receipt_hash: bytes) -> bool:
    """Whether a receipt with this hash was given in this channel and is kept."""
    asked = {**_named(channel), "b_receipt_hash": receipt_hash}
    return connection.scalar(statements.ISSUED, asked) is not None


def store_block(
    connection: Connection,
    channel: Channel,
    place: Place,
    block: Block,
    receipt: bytes,
    receipt_hash: bytes,
    now_ms: int,
) -> None:
    """Keeps a verified block with its receipt, and moves the channel to it."""
    connection.execute(
        statements.STORE_BLOCK,
        {
            "direction": IN,
            "peer": channel.sender,
            "lane": channel.lane,
            "epoch": place.epoch,
            "sequence": place.sequence,
            "header": block.header,
            "body_hash": block.body_hash,
            "body": block.body,
            "signatures": block.signatures.to_bytes(),
            "block_hash": block.hash,
            "stored_at": now_ms,
            "receipt": receipt,
            "receipt_hash": receipt_hash,
            "receipted_at": now_ms,
        },
    )
    position = {
        "epoch": place.epoch,
        "sequence": place.sequence,
        "block_hash": block.hash,
        "receipt_hash": receipt_hash,
    }
    moved = {f"b_new_{name}": value for name, value in position.items()}
    if not connection.execute(statements.MOVE_INBOUND, {**_named(channel), **moved}).rowcount:
        connection.execute(
            statements.OPEN_INBOUND, {"sender": channel.sender, "lane": channel.lane, **position}
        )


def known(connection: Connection, ids: Collection[str]) -> dict[Identity, bytes]:
    """The identities among ``ids`` that were accepted before, with the digest of their bytes."""
    rows = connection.execute(statements.KNOWN, {"b_ids": list(ids)})
    return {Identity(row.origin, row.notification, row.revision): row.digest for row in rows}


def origins(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Who originated those of ``ids`` that were accepted before."""
    return {identity.notification: identity.origin for identity in known(connection, ids)}


def note_alert(connection: Connection, pair: str, parties: Collection[str]) -> None:
    """Remembers the two sides of an accepted alert: their verdicts may follow at once."""
    rows = [{"pair": pair, "jurisdiction": one} for one in sorted(set(parties))]
    insert_new(connection, alerted_pairs, rows)


def alerted(connection: Connection, pair: str) -> set[str]:
    """The two sides of a match that an accepted alert told of; empty when none did."""
    chosen = sa.select(alerted_pairs.c.jurisdiction).where(alerted_pairs.c.pair == pair)
    return set(connection.scalars(chosen))


def marked_recalled(connection: Connection, ids: Collection[str]) -> set[tuple[str, str]]:
    """(origin, id) of those that were recalled, perhaps before they came."""
    rows = connection.execute(statements.RECALLED, {"b_ids": list(ids)})
    return {(row.origin, row.notification) for row in rows}


def mark_recalled(connection: Connection, origin: str, ids: Iterable[str], now_ms: int) -> None:
    """Leaves a mark, so that an original that comes after its recall is refused."""
    insert_new(
        connection,
        recalled,
        [{"notification": one, "origin": origin, "at": now_ms} for one in ids],
    )


def store_accepted(
    connection: Connection, rows: Sequence[dict[str, Any]], seen: Sequence[dict[str, Any]]
) -> None:
    """Queues accepted notifications for their topics, and remembers their identities."""
    if rows:
        connection.execute(statements.STORE_ARRIVAL, list(rows))
        connection.execute(statements.STORE_IDENTITY, list(seen))


def store_quarantined(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps what was refused or held, with its reason, where an operator finds it."""
    if rows:
        connection.execute(quarantine.insert(), list(rows))


def backlog(connection: Connection, sender: str | None = None) -> int:
    """How many accepted notifications, of all senders or of one, wait to be published."""
    if sender is None:
        return connection.scalar(statements.BACKLOG) or 0
    return connection.scalar(statements.BACKLOG_OF, {"b_peer": sender}) or 0


def unpublished(connection: Connection, limit: int) -> list[Arrival]:
    """The oldest accepted notifications that are not in their inbound topics yet."""
    rows = connection.execute(statements.UNPUBLISHED, {"b_limit": limit})
    return [
        Arrival(
            row.number,
            row.sender,
            Lane(row.lane),
            Place(row.epoch, row.sequence),
            row.item,
            row.notification,
            row.revision,
            row.type,
            row.root,
            row.data,
        )
        for row in rows
    ]


def mark_published(connection: Connection, numbers: Sequence[int], now_ms: int) -> None:
    """They are in their topics; their clear bytes are no longer kept here."""
    connection.execute(
        statements.MARK_PUBLISHED, [{"b_number": number, "b_now": now_ms} for number in numbers]
    )


def processed_place(connection: Connection, channel: Channel) -> Place:
    """Up to where every accepted item took effect, as last noted."""
    row = connection.execute(sa.select(channels_in).where(_is(channel))).one_or_none()
    return Place(row.processed_epoch, row.processed_sequence) if row else BEFORE_ALL


def note_processed(connection: Connection, channel: Channel, place: Place) -> None:
    """Everything up to ``place`` took effect."""
    connection.execute(
        channels_in.update()
        .where(_is(channel))
        .values(processed_epoch=place.epoch, processed_sequence=place.sequence)
    )


def places_after(connection: Connection, channel: Channel, place: Place, limit: int) -> list[Place]:
    """The places of kept blocks after ``place``, in order."""
    rows = connection.execute(
        sa.select(blocks.c.epoch, blocks.c.sequence)
        .where(
            *_in_channel(channel),
            sa.or_(
                blocks.c.epoch > place.epoch,
                sa.and_(blocks.c.epoch == place.epoch, blocks.c.sequence > place.sequence),
            ),
        )
        .order_by(blocks.c.epoch, blocks.c.sequence)
        .limit(limit)
    )
    return [Place(*row) for row in rows]


def arrived_at(
    connection: Connection, channel: Channel, place: Place
) -> list[tuple[str, int, bool]]:
    """(id, revision, published) of the accepted items of one block."""
    rows = connection.execute(
        sa.select(arrivals.c.notification, arrivals.c.revision, arrivals.c.published_at).where(
            arrivals.c.sender == channel.sender,
            arrivals.c.lane == channel.lane,
            arrivals.c.epoch == place.epoch,
            arrivals.c.sequence == place.sequence,
        )
    )
    return [(row.notification, row.revision, row.published_at is not None) for row in rows]


@dataclass(frozen=True, slots=True)
class HeldItem:
    """An item that could not be read when it came; still sealed in its block."""

    number: int
    channel: Channel
    place: Place
    item: int


def held(connection: Connection, own: str) -> list[HeldItem]:
    """Items that wait for an upgrade."""
    rows = connection.execute(
        sa.select(quarantine)
        .where(quarantine.c.disposition == Disposition.HELD, quarantine.c.released_at.is_(None))
        .order_by(quarantine.c.number)
    )
    return [
        HeldItem(
            row.number,
            Channel(row.sender, own, Lane(row.lane)),
            Place(row.epoch, row.sequence),
            row.item,
        )
        for row in rows
    ]


def release_held(connection: Connection, number: int, now_ms: int) -> None:
    """An upgrade could read this item; what became of it stands elsewhere now."""
    connection.execute(
        quarantine.update().where(quarantine.c.number == number).values(released_at=now_ms)
    )


def block_at(connection: Connection, channel: Channel, place: Place) -> Block | None:
    """The kept block at ``place``."""
    row = connection.execute(
        sa.select(blocks).where(*_in_channel(channel), *_at(place))
    ).one_or_none()
    return block_of(row) if row else None


def _is(channel: Channel) -> sa.ColumnElement[bool]:
    return sa.and_(channels_in.c.sender == channel.sender, channels_in.c.lane == channel.lane)


def _in_channel(channel: Channel) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        blocks.c.direction == IN,
        blocks.c.peer == channel.sender,
        blocks.c.lane == channel.lane,
    )


def _at(place: Place) -> tuple[sa.ColumnElement[bool], ...]:
    return (blocks.c.epoch == place.epoch, blocks.c.sequence == place.sequence)


def _named(channel: Channel) -> statements.Parameters:
    return statements.channel(channel.sender, channel.lane)
