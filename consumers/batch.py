"""What one poll gave, sorted into what can be read and what has to be kept unread. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from consumers.inbox import Unread, fingerprint_of
from consumers.incoming import Incoming
from producers.ports import IncomingRecord, Position
from schemas.codec import decode
from schemas.errors import MalformedRecord

Moves = Mapping[Position, tuple[int, int]]
"""Each partition's next offset before and after."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What goes into one transaction.

    Attributes:
        readable: notifications, in the order of the log.
        unread: records that cannot be decoded.
        moves: positions to move.
        no_longer_unread: kept records that ``readable`` now has.
    """

    readable: Sequence[Incoming]
    unread: Sequence[Unread] = ()
    moves: Moves | None = None
    no_longer_unread: Sequence[Unread] = ()


def sort(
    records: Sequence[IncomingRecord],
    positions: Mapping[Position, int],
    topic_ids: Mapping[str, str],
) -> Batch:
    """A batch of what was polled at ``positions``; tombstones only move them."""
    readable, unread = [], []
    moves: dict[Position, tuple[int, int]] = {}
    for record in records:
        place = record.topic, record.partition
        old = moves[place][0] if place in moves else positions[place]
        moves[place] = old, record.offset + 1
        if record.value is None:
            continue
        try:
            readable.append(Incoming.of(record))
        except MalformedRecord:
            unread.append(_unread(record, topic_ids))
    return Batch(readable, unread, moves)


def decoded(batch: Batch, topic_ids: Mapping[str, str]) -> Batch:
    """``batch`` with what cannot be decoded to its end moved to the unread."""
    readable, unread = [], list(batch.unread)
    for incoming in batch.readable:
        try:
            decode(incoming.data)
        except MalformedRecord:
            unread.append(_unread(incoming.record(), topic_ids))
        else:
            readable.append(incoming)
    return replace(batch, readable=readable, unread=unread)


def recovered(kept: Sequence[Unread], size: int) -> list[Batch]:
    """Batches of those kept records that can be read now."""
    found = [(unread, incoming) for unread in kept if (incoming := _readable(unread.record))]
    return [
        Batch(
            [incoming for _, incoming in found[start : start + size]],
            no_longer_unread=[unread for unread, _ in found[start : start + size]],
        )
        for start in range(0, len(found), size)
    ]


def _unread(record: IncomingRecord, topic_ids: Mapping[str, str]) -> Unread:
    return Unread(record, topic_ids[record.topic], fingerprint_of(record.value or b""))


def _readable(record: IncomingRecord) -> Incoming | None:
    try:
        decode(record.value or b"")
        return Incoming.of(record)
    except MalformedRecord:
        return None
