"""Names of the topics, and which partition a notification goes to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from schemas.notifications import TYPES, Head


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one node. Several nodes may share one Kafka by their prefix."""

    prefix: str = ""

    def outbound(self, name: str) -> str:
        """Where this node's own notifications of type ``name`` begin their way."""
        return f"{self.prefix}notifications.outbound.{name}"

    def inbound(self, name: str) -> str:
        """Where notifications of type ``name`` from other jurisdictions arrive."""
        return f"{self.prefix}notifications.inbound.{name}"

    @property
    def all_outbound(self) -> tuple[str, ...]:
        """Every outbound topic, in the catalogue's order."""
        return tuple(map(self.outbound, TYPES))

    @property
    def all_inbound(self) -> tuple[str, ...]:
        """Every inbound topic, in the catalogue's order."""
        return tuple(map(self.inbound, TYPES))


def record_key(origin: str, notification: str) -> bytes:
    """The record key: origin and id, so that a tombstone erases one notification."""
    return f"{origin}/{notification}".encode()


def partition_of(root: str, partitions: int) -> int:
    """The partition of a case chain: all of it on one, so that its order holds."""
    return int.from_bytes(hashlib.sha256(root.encode()).digest()[:8]) % partitions


def key_of(head: Head) -> bytes:
    """:func:`record_key` of a notification."""
    return record_key(head.origin, head.id)
