"""The sender's half of the ledger: routing, sealing, receipts, epochs.

Functions take an open connection and never commit. Every change of a channel is conditional on
the state it was decided on, so that of two processes only one moves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gateway.block import Frame, Place
from gateway.channel import MAX_EPOCH, Halt, Outbound, Overtaken
from gateway.ledger import statements
from gateway.ledger.blocks import block_of, incident
from gateway.ledger.recovery import abandon_in_flight, sent_to
from gateway.ledger.tables import OUT, DeliveryState, blocks, channels_out, deliveries, outbound
from gateway.receipt import Disposition, Receipt
from gateway.wire import Lane
from producers.database import Connection, insert_new


@dataclass(frozen=True, slots=True)
class Routed:
    """What policy decided for one notification and one recipient; ``refusal`` names its rule."""

    notification: str
    recipient: str
    revision: int
    lane: Lane
    root: str
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Queued:
    """A delivery that waits to be sealed."""

    number: int
    notification: str
    revision: int
    queued_at: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Destination:
    """One outgoing channel as the courier sees it."""

    state: Outbound
    processed: Place
    halted: str | None
    attempts: int
    next_attempt_at: int


def record_outbound(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps the notifications that were routed, until they are delivered everywhere."""
    insert_new(connection, outbound, rows)


def queue(connection: Connection, routed: Sequence[Routed], now_ms: int) -> None:
    """Queues what policy released, and records what it withheld and why. Safe to repeat."""
    _open_channels(connection, {(one.recipient, one.lane) for one in routed if not one.refusal})
    insert_new(
        connection,
        deliveries,
        [
            {
                "notification": one.notification,
                "recipient": one.recipient,
                "revision": one.revision,
                "lane": one.lane,
                "root": one.root,
                "queued_at": now_ms,
                "state": DeliveryState.WITHHELD if one.refusal else DeliveryState.QUEUED,
                "reason": one.refusal,
            }
            for one in routed
        ],
    )


def expedite(connection: Connection, root: str, recipient: str) -> None:
    """Moves a case chain's unsealed notifications into the urgent lane, before their update."""
    _open_channels(connection, {(recipient, Lane.URGENT)})
    connection.execute(
        deliveries.update()
        .where(
            deliveries.c.recipient == recipient,
            deliveries.c.lane == Lane.ROUTINE,
            deliveries.c.state == DeliveryState.QUEUED,
            deliveries.c.root == root,
        )
        .values(lane=Lane.URGENT)
    )


def open_channels(connection: Connection) -> set[tuple[str, Lane]]:
    """Every channel that something was ever queued in."""
    rows = connection.execute(sa.select(channels_out.c.recipient, channels_out.c.lane))
    return {(row.recipient, Lane(row.lane)) for row in rows}


def next_queued(connection: Connection, recipient: str, lane: Lane, limit: int) -> list[Queued]:
    """The oldest deliveries queued in a channel, with their notifications."""
    asked = {**statements.channel(recipient, lane), "b_limit": limit}
    return [Queued(*row) for row in connection.execute(statements.NEXT_QUEUED, asked)]


def withhold(connection: Connection, numbers: Sequence[int], reason: str) -> None:
    """Takes queued deliveries back because policy, asked again at sealing, says no."""
    connection.execute(
        deliveries.update()
        .where(deliveries.c.number.in_(numbers))
        .values(state=DeliveryState.WITHHELD, reason=reason)
    )


def destination(connection: Connection, recipient: str, lane: Lane) -> Destination:
    """The state of an outgoing channel; that of a new one when there is none."""
    asked = statements.channel(recipient, lane)
    row = connection.execute(statements.DESTINATION, asked).one_or_none()
    if row is None:
        return Destination(Outbound(), Place(), None, 0, 0)
    return Destination(
        Outbound(
            Place(row.epoch, row.sequence),
            row.block_hash,
            row.receipt_hash,
            Place(row.receipted_epoch, row.receipted_sequence),
        ),
        Place(row.processed_epoch, row.processed_sequence),
        row.halted,
        row.attempts,
        row.next_attempt_at,
    )


def move(connection: Connection, recipient: str, lane: Lane, old: Outbound, new: Outbound) -> None:
    """Stores the next state of a channel.

    Raises:
        Overtaken: the channel is not in state ``old``: another process moved it.
    """
    change = {**statements.channel(recipient, lane), **statements.from_to(old, new)}
    moved = connection.execute(statements.MOVE, change)
    if moved.rowcount != 1:
        raise Overtaken("the channel was moved by another process")


def store_sealed(
    connection: Connection,
    recipient: str,
    lane: Lane,
    place: Place,
    frame: Frame,
    numbers: Sequence[int],
    now_ms: int,
) -> None:
    """Keeps a sealed block and binds its deliveries to it."""
    block = frame.block
    connection.execute(
        statements.STORE_BLOCK,
        {
            "direction": OUT,
            "peer": recipient,
            "lane": lane,
            "epoch": place.epoch,
            "sequence": place.sequence,
            "header": block.header,
            "body_hash": block.body_hash,
            "body": block.body,
            "signatures": block.signatures.to_bytes(),
            "block_hash": block.hash,
            "witness": frame.receipt or None,
            "stored_at": now_ms,
        },
    )
    at = {"b_epoch": place.epoch, "b_sequence": place.sequence}
    connection.execute(
        statements.SEAL_DELIVERY,
        [{**at, "b_number": number, "b_item": item} for item, number in enumerate(numbers)],
    )


def frame_at(connection: Connection, recipient: str, lane: Lane, place: Place) -> Frame:
    """The block sealed at ``place``, as it is to be sent."""
    row = connection.execute(statements.BLOCK_AT, _at(recipient, lane, place)).one()
    return Frame(block_of(row), row.witness or b"")


def header_at(connection: Connection, recipient: str, lane: Lane, place: Place) -> bytes:
    """The header alone of the block sealed at ``place``."""
    found: bytes = connection.execute(
        statements.HEADER_AT, _at(recipient, lane, place)
    ).scalar_one()
    return found


def store_receipt(
    connection: Connection, receipt: Receipt, signed_receipt: bytes, digest: bytes, now_ms: int
) -> None:
    """Keeps the receipt of the block in flight and settles its deliveries."""
    channel = receipt.channel
    at = {**_at(channel.recipient, channel.lane, receipt.place), "b_now": now_ms}
    connection.execute(
        statements.STORE_RECEIPT, {**at, "b_receipt": signed_receipt, "b_receipt_hash": digest}
    )
    grouped = _by_disposition(receipt.dispositions)
    for disposition, items in grouped.items():
        settled = {**at, "b_disposition": disposition}
        if len(grouped) == 1:
            connection.execute(statements.SETTLE, settled)
        else:
            connection.execute(statements.SETTLE_SOME, {**settled, "b_items": items})


def _by_disposition(dispositions: Iterable[Disposition]) -> dict[Disposition, list[int]]:
    grouped: dict[Disposition, list[int]] = {}
    for item, disposition in enumerate(dispositions):
        grouped.setdefault(disposition, []).append(item)
    return grouped


def note_processed(connection: Connection, recipient: str, lane: Lane, processed: Place) -> None:
    """Up to ``processed`` everything took effect at the recipient, by its signed word."""
    connection.execute(
        channels_out.update()
        .where(_is(recipient, lane))
        .values(processed_epoch=processed.epoch, processed_sequence=processed.sequence)
    )


def back_off(
    connection: Connection, recipient: str, lane: Lane, *, until_ms: int, error: str
) -> None:
    """Notes a failed attempt and when the next one may be made."""
    connection.execute(
        channels_out.update()
        .where(_is(recipient, lane))
        .values(
            attempts=channels_out.c.attempts + 1, next_attempt_at=until_ms, last_error=error[:64]
        )
    )


def clear_back_offs(connection: Connection) -> None:
    """On start: try everyone at once."""
    connection.execute(channels_out.update().values(attempts=0, next_attempt_at=0))


def clear_back_off(connection: Connection, recipient: str) -> None:
    """The peer answered, or called us: try it again at once."""
    connection.execute(statements.CLEAR_BACK_OFF, {"b_peer": recipient})


def halt(
    connection: Connection,
    recipient: str,
    lane: Lane,
    why: Halt,
    detail: str,
    evidence: bytes,
    now_ms: int,
) -> None:
    """Stops a lane until an operator resumes it, and says why."""
    state = destination(connection, recipient, lane).state
    connection.execute(channels_out.update().where(_is(recipient, lane)).values(halted=why.value))
    incident(
        connection,
        OUT,
        recipient,
        lane,
        state.place,
        f"halted-{why.value}",
        detail,
        evidence,
        now_ms,
    )


def resume(connection: Connection, recipient: str, lane: Lane) -> None:
    """Lets a halted lane go on, in a new epoch: what was refused is sealed anew.

    The same bytes would be refused again, if they name keys that are gone or an instant to come.
    """
    state = destination(connection, recipient, lane).state
    if state.in_flight and state.place.epoch < MAX_EPOCH:
        abandon_in_flight(connection, recipient, lane, 0)
        raised = state.epoch_raised(state.receipted, state.receipt_hash)
        move(connection, recipient, lane, state, raised)
    connection.execute(
        blocks.update()
        .where(*sent_to(recipient, lane), blocks.c.abandoned_at.is_not(None))
        .values(abandoned_at=0)
    )
    connection.execute(
        channels_out.update()
        .where(_is(recipient, lane))
        .values(halted=None, attempts=0, next_attempt_at=0, last_error=None)
    )


def was_released(connection: Connection, notification_id: str, jurisdiction: str) -> bool:
    """Whether this notification of ours, or one of the case it began, was sealed for them."""
    return _is_delivery(
        connection, notification_id, jurisdiction, (DeliveryState.SEALED, DeliveryState.DONE)
    )


def is_released(connection: Connection, notification_id: str, jurisdiction: str) -> bool:
    """The same, or policy released it and it still waits: it may have been sent before a loss."""
    states = (DeliveryState.QUEUED, DeliveryState.SEALED, DeliveryState.DONE)
    return _is_delivery(connection, notification_id, jurisdiction, states)


def _is_delivery(
    connection: Connection, notification_id: str, jurisdiction: str, states: Sequence[str]
) -> bool:
    found = connection.scalar(
        sa.select(deliveries.c.number)
        .where(
            sa.or_(
                deliveries.c.notification == notification_id, deliveries.c.root == notification_id
            ),
            deliveries.c.recipient == jurisdiction,
            deliveries.c.state.in_(states),
        )
        .limit(1)
    )
    return found is not None


def _open_channels(connection: Connection, keys: Iterable[tuple[str, Lane]]) -> None:
    insert_new(
        connection,
        channels_out,
        [
            {"recipient": recipient, "lane": lane, **statements.state_columns(Outbound())}
            for recipient, lane in sorted(keys)
        ],
    )


def _is(recipient: str, lane: Lane) -> sa.ColumnElement[bool]:
    return sa.and_(channels_out.c.recipient == recipient, channels_out.c.lane == lane)


def _at(recipient: str, lane: Lane, place: Place) -> statements.Parameters:
    at = {"b_epoch": place.epoch, "b_sequence": place.sequence}
    return {**statements.channel(recipient, lane), **at}
