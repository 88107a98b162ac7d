"""The one adapter for confluent-kafka's admin client: topics, their ids and their ends.

aiokafka's own admin client does not show topic ids, without which a topic that was deleted and
made again looks like one that lost its records.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from confluent_kafka import KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec

from producers.kafka import KafkaSettings
from producers.ports import Position, TopicState
from schemas.errors import Unreachable

REQUEST_TIMEOUT_S = 20.0

_silent = logging.getLogger("liaison.kafka_admin")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False


class KafkaAdmin:
    """A :class:`~producers.ports.LogAdmin`."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._client = AdminClient(_options(settings), logger=_silent)

    async def create(
        self, topics: Sequence[str], *, partitions: int, replication: int, config: Mapping[str, str]
    ) -> None:
        """Makes the topics that are missing; leaves those that exist as they are."""
        wanted = [
            NewTopic(
                name, num_partitions=partitions, replication_factor=replication, config=dict(config)
            )
            for name in topics
        ]
        for future in (await self._ask(self._client.create_topics, wanted)).values():
            try:
                await asyncio.wrap_future(future)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                    raise _unreachable(error) from error

    async def describe(self, topics: Sequence[str]) -> dict[str, TopicState]:
        """See :class:`~producers.ports.LogAdmin`."""
        states = {}
        asked = await self._ask(self._client.describe_topics, TopicCollection(list(topics)))
        for name, future in asked.items():
            try:
                found = await asyncio.wrap_future(future)
            except KafkaException as error:
                if error.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                    continue
                raise _unreachable(error) from error
            states[name] = TopicState(str(found.topic_id), len(found.partitions))
        return states

    async def ends(self, positions: Sequence[Position]) -> dict[Position, tuple[int, int]]:
        """See :class:`~producers.ports.LogAdmin`."""
        first = await self._offsets(positions, OffsetSpec.earliest())
        last = await self._offsets(positions, OffsetSpec.latest())
        return {place: (first[place], last[place]) for place in positions}

    async def cluster_id(self) -> str:
        """The id of the cluster: the cheapest question that shows that it answers."""
        try:
            found = await asyncio.wrap_future(
                self._client.describe_cluster(request_timeout=REQUEST_TIMEOUT_S)
            )
        except KafkaException as error:
            raise _unreachable(error) from error
        return str(found.cluster_id)

    async def _offsets(self, positions: Sequence[Position], spec: Any) -> dict[Position, int]:
        wanted = {TopicPartition(*place): spec for place in positions}
        found = {}
        for place, future in (await self._ask(self._client.list_offsets, wanted)).items():
            try:
                found[place.topic, place.partition] = (await asyncio.wrap_future(future)).offset
            except KafkaException as error:
                raise _unreachable(error) from error
        return found

    async def _ask(self, call: Any, argument: Any) -> dict[Any, Any]:
        if not argument:
            return {}
        try:
            asked: dict[Any, Any] = await asyncio.to_thread(
                call, argument, request_timeout=REQUEST_TIMEOUT_S
            )
        except KafkaException as error:
            raise _unreachable(error) from error
        return asked


def _unreachable(error: KafkaException) -> Unreachable:
    name = error.args[0].name()
    if error.args[0].code() > 0:
        return Unreachable(
            f"Kafka refuses an administrative request: {name}",
            remedy="see what this node's user may do, and docs/operations.md for what it must",
        )
    # librdkafka's own codes begin with an underscore: _TIMED_OUT.
    words = name.strip("_").replace("_", " ").lower()
    return Unreachable(
        f"Kafka does not answer: {words}",
        remedy="check that the broker runs and [kafka] bootstrap_servers is right",
    )


def _options(settings: KafkaSettings) -> dict[str, Any]:
    """The same settings under the names that librdkafka knows."""
    named = {
        "bootstrap.servers": settings.bootstrap_servers,
        "security.protocol": settings.security_protocol,
        "ssl.ca.location": settings.cafile,
        "ssl.certificate.location": settings.certfile,
        "ssl.key.location": settings.keyfile,
    }
    if settings.security_protocol.startswith("SASL"):
        named["sasl.mechanism"] = settings.sasl_mechanism
        named["sasl.username"] = settings.sasl_username
        named["sasl.password"] = settings.password()
    return {name: value for name, value in named.items() if value is not None}
