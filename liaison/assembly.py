"""Builds the parts that a command or the node needs from a configuration."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from liaison.configuration import Configuration

if TYPE_CHECKING:
    from gateway.directory import MemberFile
    from liaison.keys import Keyring
    from producers.database import Database
    from producers.kafka import KafkaSettings
    from schemas.ports import Policy

TABLES = (
    "producers.publications",
    "producers.refused",
    "consumers.inbox",
    "consumers.positions",
    "consumers.casebook.tables",
    "consumers.deduplication.sql_copy",
    "consumers.alerts",
    "gateway.ledger.tables",
)
"""The modules that declare tables; a test finds one that is forgotten here."""


def open_database(configuration: Configuration) -> Database:
    """The node's database with all its tables.

    Raises:
        ConfigurationInvalid: it is of another version.
        Unreachable: it cannot be opened.
    """
    from producers.database import Database

    for module in TABLES:
        importlib.import_module(module)
    database = Database(configuration.database_url)
    database.create()
    return database


def kafka_settings(configuration: Configuration) -> KafkaSettings:
    """How to reach this node's Kafka: the configured cluster, or the embedded broker.

    Raises:
        Unreachable: the embedded broker was never started.
    """
    if configuration.kafka is not None:
        return configuration.kafka
    from liaison.broker import Broker

    return Broker(configuration.broker_home).settings()


def open_keyring(configuration: Configuration) -> Keyring:
    """The node's private keys.

    Raises:
        ConfigurationInvalid: there are none, or others may read them.
    """
    from liaison.keys import Keyring

    return Keyring.load(configuration.keys)


def open_directory(configuration: Configuration, at_ms: int | None = None) -> MemberFile:
    """The verified directory; remembers its version, so that an older one is refused later.

    It must not have expired at the instant ``at_ms``, now without it.

    Raises:
        ConfigurationInvalid: a file is missing.
        VerificationFailed: it is not signed by the federation's root, is expired or rolled back.
    """
    from liaison.federation import open_member_file

    return open_member_file(configuration, at_ms)


def open_policy(configuration: Configuration) -> Policy:
    """What may go to whom; raises as :func:`open_directory`."""
    from gateway.policy import ExplicitPolicy

    return ExplicitPolicy(
        configuration.jurisdiction, open_directory(configuration), configuration.release
    )
