"""Notifications for tests: synthetic, about nobody."""

from __future__ import annotations

from typing import Any

from producers.ports import OutgoingRecord
from producers.topics import key_of, partition_of
from schemas.codec import encode
from schemas.identities import new_id
from schemas.markings import Role, Tlp
from schemas.notifications import (
    TYPES,
    DutyContact,
    Head,
    Identification,
    Marking,
    Notification,
)

CREATED = 1_760_000_000_000
"""2025-10-09T08:53:20Z, when everything here was made."""


def head(reference: str, *, origin: str = "FR", kind: str = "identification", **more: Any) -> Head:
    """A head with an id of its own; ``more`` overrides any field."""
    notification = more.pop("id", None) or new_id()
    values: dict[str, Any] = {
        "id": notification,
        "type": kind,
        "version": 1,
        "origin": origin,
        "reference": reference,
        "root": notification,
        "created": CREATED,
        "marking": Marking(tlp=Tlp.AMBER),
        "recipients": ("DE",),
        "contact": DutyContact(unit="Example unit", email="duty@fr.example"),
    }
    return Head(**{**values, **more})


def identification(reference: str = "FR-1", **more: Any) -> Identification:
    """An identification of a victim; ``more`` goes to the head."""
    return Identification(
        head(reference, **more), role=Role.VICTIM, names=("Alice Example",), birth_date="2012-03-04"
    )


def notification(kind: str, reference: str, **more: Any) -> Notification:
    """A notification of type ``kind`` with nothing but its head (and what has no default)."""
    made = head(reference, kind=kind, **more)
    return TYPES[kind](head=made)  # type: ignore[call-arg]


def record(made: Notification, topic: str, *, partitions: int = 1) -> OutgoingRecord:
    """``made`` as it is written to ``topic``."""
    return OutgoingRecord(
        topic,
        partition_of(made.head.root, partitions),
        key_of(made.head),
        encode(made),
        timestamp_ms=CREATED,
    )
