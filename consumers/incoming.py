"""One notification as a consumer sees it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from producers.ports import IncomingRecord
from schemas.codec import decode, decode_head
from schemas.notifications import Head, Notification

OUTBOUND_MARK = "notifications.outbound."
"""In the name of every topic that holds this node's own notifications."""

HEADS = 16_384
"""Heads kept decoded, some 2 kB each with their records: the consumers of a node and its sealer
look at the same ones at about the same time."""

head_of = lru_cache(maxsize=HEADS)(decode_head)

Identity = tuple[str, str, int]
"""Origin, id and view revision: what makes a notification the same one."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A notification read from a topic: its head decoded, the rest as it came.

    Attributes:
        head: the common head.
        data: the whole record in single-object encoding.
        topic: where it was read.
        partition: of ``topic``.
        offset: in ``partition``.
        timestamp_ms: when it was written to ``topic``, as the log says.
    """

    head: Head
    data: bytes
    topic: str
    partition: int
    offset: int
    timestamp_ms: int = 0

    @classmethod
    def of(cls, record: IncomingRecord) -> Incoming:
        """From a record of the log.

        Raises:
            MalformedRecord, UnknownSchema: its head cannot be decoded.
        """
        data = record.value or b""
        return cls(
            head_of(data),
            data,
            record.topic,
            record.partition,
            record.offset,
            record.timestamp_ms,
        )

    def record(self) -> IncomingRecord:
        """The record it was read from, without its key and headers."""
        return IncomingRecord(
            self.topic, self.partition, self.offset, None, self.data, (), self.timestamp_ms
        )

    @property
    def direction(self) -> str:
        """``out`` when this node sent it, ``in`` when another jurisdiction did."""
        return direction_of(self.topic)

    @property
    def identity(self) -> Identity:
        """What the inbox knows it by."""
        return self.head.origin, self.head.id, self.head.revision

    def notification(self) -> Notification:
        """All of it, decoded now.

        Raises:
            MalformedRecord, UnknownSchema: what follows the head cannot be decoded.
        """
        return decode(self.data)


def direction_of(topic: str) -> str:
    """``out`` for a topic of this node's own notifications, else ``in``."""
    return "out" if OUTBOUND_MARK in topic else "in"
