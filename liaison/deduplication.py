"""Hands the deduplication what it asks of directory and ledger, which lie above it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from consumers import alerts
from consumers.deduplication.deduplicator import Deduplicator
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.sql_store import SqlStore
from gateway import ledger
from gateway.policy import resolve
from liaison.configuration import Configuration
from producers.database import Connection
from schemas.notifications import DutyContact
from schemas.ports import Directory

TYPES = ("identification", "match-alert", "match-verdict", "recall")
"""What the deduplication reads, of ours and of others."""


def deduplicator(
    configuration: Configuration, directory: Callable[[], Directory]
) -> tuple[Deduplicator, tuple[str, ...]]:
    """The deduplication of this node, and the topics it reads."""

    def contact_of(jurisdiction: str) -> DutyContact | None:
        member = directory().member(jurisdiction)
        return member.contact if member else None

    def hubs() -> Collection[str]:
        return [member.code for member in directory().members() if member.is_hub]

    def resolved(recipients: Sequence[str]) -> Collection[str]:
        return resolve(recipients, directory())

    topics = configuration.topics
    finder = Deduplicator(
        configuration.jurisdiction,
        configuration.is_hub,
        released=ledger.was_released,
        contact_of=contact_of,
        hubs=hubs,
        resolve=resolved,
    )
    read = tuple(topic(name) for name in TYPES for topic in (topics.outbound, topics.inbound))
    return finder, read


def parties_of(connection: Connection, pair: str) -> Collection[str]:
    """The two jurisdictions of a match that was alerted here.

    At a hub, which has no alerts of its own, those of the link it found.
    """
    index = KeyIndex(SqlStore(connection))
    return alerts.parties(connection, pair) or index.parties(pair)
