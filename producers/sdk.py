"""The Python SDK: publish from a program, with the guarantees of ``liaison publish``.

    async with Producer("FR", database="sqlite:///node.db", kafka=KafkaSettings("localhost:9092"),
                        topics=Topics("fr.")) as producer:
        outcome = await producer.publish({"type": "identification", …})

``docs/intake.md`` has the whole example.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from producers.database import Database
from producers.intake import Defaults, Intake, Problem
from producers.intake.unparser import to_content
from producers.kafka import KafkaSettings
from producers.ports import LogAdmin, RecordSender
from producers.publications import Stored
from producers.publisher import BATCH, Publisher
from producers.submission import Prepared, prepare
from producers.topics import Topics
from schemas.errors import InputRefused
from schemas.notifications import Notification

Content = Mapping[str, Any] | Notification


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one notification.

    ``id`` is its id, also when it had been published before; None when it was refused, and
    ``problems`` says why. ``new`` tells the two first apart.
    """

    reference: str
    id: str | None
    new: bool = False
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether it is in the log now."""
        return self.id is not None


class Producer:
    """Publishes notifications of one jurisdiction, beside or instead of the command line.

    Args:
        defaults: what to fill in where a notification is silent; a code alone means the most
            restrictive marking.
        database: the node's own, as SQLAlchemy URL or opened.
        kafka: how to reach the node's Kafka, or a sender and an admin of it.
        topics: the node's topic names.
    """

    def __init__(
        self,
        defaults: Defaults | str,
        *,
        database: Database | str,
        kafka: KafkaSettings | tuple[RecordSender, LogAdmin],
        topics: Topics | None = None,
    ) -> None:
        self._intake = Intake(Defaults(defaults) if isinstance(defaults, str) else defaults)
        self._own_database = isinstance(database, str)
        self._database = Database(database) if isinstance(database, str) else database
        self._kafka = kafka
        self._topics = topics or Topics()
        self._publisher: Publisher | None = None
        self._close: Any = None

    async def __aenter__(self) -> Self:
        """Opens the database and asks Kafka for the topics.

        Raises:
            ConfigurationInvalid: the database is of another version.
            Unreachable: database or Kafka do not answer.
        """
        if self._own_database:
            self._database.create()
        if isinstance(self._kafka, KafkaSettings):
            # Imported here: the clients take a quarter of a second to load.
            from producers.kafka import KafkaSender
            from producers.kafka_admin import KafkaAdmin

            sender = KafkaSender(self._kafka)
            self._close = sender.close
            parts: tuple[RecordSender, LogAdmin] = sender, KafkaAdmin(self._kafka)
        else:
            parts = self._kafka
        publisher = Publisher(self._database, *parts, self._topics)
        try:
            await publisher.connect()
        except BaseException:
            await self.__aexit__()
            raise
        self._publisher = publisher
        return self

    async def __aexit__(self, *_: object) -> None:
        """Lets go of what it opened itself."""
        self._publisher = None
        if self._close is not None:
            await self._close()
        if self._own_database:
            self._database.close()

    async def publish(self, content: Content) -> Outcome:
        """Publishes one notification, given as in the intake format or as its Python type.

        Of a :class:`~schemas.notifications.Notification` the id, root, predecessors, contact and
        review date are not looked at: the store gives them. ``created`` is content: keep it
        when you repeat the call.

        Raises:
            Unreachable: the outcome is unknown; the same call again gives the same id.
            InputRefused: the producer is not open.
        """
        return (await self.publish_many([content]))[0]

    async def publish_many(self, contents: Iterable[Content]) -> list[Outcome]:
        """The outcome of each of ``contents``, in order; raises as :meth:`publish`."""
        waiting = list(contents)
        outcomes: list[Outcome] = []
        for at in range(0, len(waiting), BATCH):
            outcomes += await self._publish_batch(waiting[at : at + BATCH])
        return outcomes

    async def _publish_batch(self, contents: Sequence[Content]) -> list[Outcome]:
        if self._publisher is None:
            raise InputRefused(
                "the producer is not open", remedy="use it as: async with Producer(…) as producer"
            )
        now_ms = time.time_ns() // 1_000_000
        looked_at = [self._prepare(content, now_ms) for content in contents]
        prepared = [found for _, found in looked_at if isinstance(found, Prepared)]
        stored = iter(await self._publisher.publish([one.candidate for one in prepared]))
        return [
            _outcome(reference, found, next(stored))
            if isinstance(found, Prepared)
            else Outcome(reference, None, problems=tuple(found))
            for reference, found in looked_at
        ]

    def _prepare(self, content: Content, now_ms: int) -> tuple[str, Prepared | list[Problem]]:
        given: Any = to_content(content) if isinstance(content, Notification) else content
        if not isinstance(given, Mapping):
            return "", [Problem("", "is no object", "give a mapping or a notification")]
        reference = str(given.get("reference") or "")
        return reference, prepare(self._intake, given, now_ms=now_ms)


def _outcome(reference: str, prepared: Prepared, stored: Stored | Problem) -> Outcome:
    if isinstance(stored, Problem):
        return Outcome(reference, None, problems=(stored,), warnings=prepared.warnings)
    warnings = (*prepared.warnings, *stored.warnings)
    return Outcome(reference, stored.id, new=stored.new, warnings=warnings)
