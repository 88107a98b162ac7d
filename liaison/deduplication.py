"""Hands the deduplication what it asks of directory and ledger, which lie above it."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Collection, Sequence

from consumers import alerts
from consumers.deduplication import replaying, sql_copy
from consumers.deduplication.deduplicator import Deduplicator
from consumers.deduplication.replaying import Report, Say
from gateway import ledger
from gateway.policy import resolve
from liaison.assembly import open_directory
from liaison.configuration import Configuration
from producers.database import Connection, Database
from schemas.errors import InputRefused
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


def replay(configuration: Configuration, database: Database, say: Say) -> Report:
    """Makes this node's match index anew, beside the node if it runs.

    Raises:
        InputRefused: another replay runs, or this node keeps no casebook or does not compare.
        LiaisonError: the directory cannot be used, or the casebook is behind.
    """
    if not {"casebook", "deduplication"} <= set(configuration.consumers):
        raise InputRefused(
            "the index is made from the casebook, and this node has not both",
            remedy="[node] consumers must have casebook and deduplication",
        )
    members = open_directory(configuration)
    finder, _ = deduplicator(configuration, lambda: members)
    with (configuration.data / "replay.lock").open("w") as lock:
        try:
            fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputRefused(
                "another replay of this index is running", remedy="let it end, or end it"
            ) from error
        return replaying.replay(
            database,
            configuration.index_home,
            finder,
            TYPES,
            now_ms=time.time_ns() // 1_000_000,
            say=say,
        )


def parties_of(connection: Connection, pair: str) -> Collection[str]:
    """The two jurisdictions of a match that was alerted here.

    At a hub, which has no alerts of its own, those of the link it found.
    """
    return alerts.parties(connection, pair) or sql_copy.parties(connection, pair)
