"""The one adapter for aiokafka: a sender and a reader with safe settings.

aiokafka's own defaults are ``acks=1``, no idempotence, auto-commit and ``latest``; here a record
counts as written when all in-sync replicas have it, nothing is committed to Kafka at all
(positions are in SQL, with their effects), and a reader that finds its position gone says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from producers.ports import IncomingRecord, OutgoingRecord, Position
from schemas.errors import ConfigurationInvalid, Unreachable

SEND_TIMEOUT_S = 30.0
"""After this an unacknowledged send has an unknown outcome: idempotent sends never expire."""
CLOSE_TIMEOUT_S = 5.0
"""``stop()`` of a client whose broker is gone can hang."""
MAX_REQUEST_BYTES = 2 * 1024 * 1024
BATCH_BYTES = 256 * 1024
LINGER_MS = 5
FETCH_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """How to reach a cluster. The password is in a file, never in the configuration itself."""

    bootstrap_servers: str
    security_protocol: str = "PLAINTEXT"
    cafile: str | None = None
    certfile: str | None = None
    keyfile: str | None = None
    sasl_mechanism: str = "SCRAM-SHA-512"
    sasl_username: str | None = None
    sasl_password_file: str | None = None

    def password(self) -> str | None:
        """The SASL password, read from its file.

        Raises:
            ConfigurationInvalid: the file cannot be read.
        """
        if self.sasl_password_file is None:
            return None
        try:
            return Path(self.sasl_password_file).read_text("utf-8").strip()
        except OSError as error:
            raise ConfigurationInvalid(
                f"the SASL password file {self.sasl_password_file} cannot be read",
                remedy="correct [kafka] sasl_password_file, mode 0600",
            ) from error

    def client_options(self) -> dict[str, Any]:
        """Keyword arguments that every aiokafka client takes."""
        options: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap_servers,
            "security_protocol": self.security_protocol,
            "client_id": "liaison",
        }
        if "SSL" in self.security_protocol:
            context = ssl.create_default_context(cafile=self.cafile)
            if self.certfile:
                context.load_cert_chain(self.certfile, self.keyfile)
            options["ssl_context"] = context
        if self.security_protocol.startswith("SASL"):
            options["sasl_mechanism"] = self.sasl_mechanism
            options["sasl_plain_username"] = self.sasl_username
            options["sasl_plain_password"] = self.password()
        return options


class KafkaSender:
    """A :class:`~producers.ports.RecordSender` on an idempotent producer.

    The producer is made at the first send and thrown away after any failure: the outcome of what
    was under way is then unknown, and the caller sends it again.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._producer: AIOKafkaProducer | None = None
        self._turn = asyncio.Lock()
        self._waiting: list[tuple[Sequence[OutgoingRecord], asyncio.Future[None]]] = []

    async def send_all(self, records: Sequence[OutgoingRecord]) -> None:
        """See :class:`~producers.ports.RecordSender`.

        Callers that come while a send is under way are served together by the next one: aiokafka
        takes one hand-made batch a partition at a time and times out a crowd that waits for it.
        """
        if not records:
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((records, done))
        async with self._turn:
            if not done.done():
                await self._serve()
        await done

    async def _serve(self) -> None:
        """Sends for everybody who waits, and tells each how it went."""
        served, self._waiting = self._waiting, []
        failure: BaseException | None = None
        try:
            await self._send_together([record for records, _ in served for record in records])
        except BaseException as error:
            failure = error
            raise
        finally:
            for _, done in served:
                if done.cancelled():
                    continue
                if failure is None:
                    done.set_result(None)
                else:
                    done.set_exception(_unknown_outcome(failure))
                    done.exception()  # retrieved: its caller may be gone

    async def _send_together(self, records: Sequence[OutgoingRecord]) -> None:
        async with _translated("write to"):
            try:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    await self._send(await self._started(), records)
            except BaseException:
                await self._drop()
                raise

    async def close(self) -> None:
        """Ends the producer. Safe to repeat."""
        await self._drop()

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                **self._settings.client_options(),
                acks="all",
                enable_idempotence=True,
                linger_ms=LINGER_MS,
                max_batch_size=BATCH_BYTES,
                max_request_size=MAX_REQUEST_BYTES,
            )
            try:
                await producer.start()
            except BaseException:
                await _closed(producer)
                raise
            self._producer = producer
        return self._producer

    async def _send(self, producer: AIOKafkaProducer, records: Sequence[OutgoingRecord]) -> None:
        # Batches made by hand cost a fifth of the CPU of one send() a record.
        futures = []
        ordered = sorted(records, key=_place)
        for (topic, partition), group in groupby(ordered, key=_place):
            batch = producer.create_batch()
            for record in group:
                if _append(batch, record) is None:
                    futures.append(await producer.send_batch(batch, topic, partition=partition))
                    batch = producer.create_batch()
                    if _append(batch, record) is None:
                        raise Unreachable("a record is larger than a batch can hold")
            futures.append(await producer.send_batch(batch, topic, partition=partition))
        await asyncio.gather(*futures)

    async def _drop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await _closed(producer)


class KafkaReader:
    """A :class:`~producers.ports.RecordReader` on a consumer without a group.

    Partitions are assigned, not subscribed to: positions live in SQL, and a node that was killed
    goes on at once instead of waiting for its old session to expire.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._consumer: AIOKafkaConsumer | None = None

    async def start(self, positions: Mapping[Position, int]) -> None:
        """See :class:`~producers.ports.RecordReader`."""
        async with _translated("read from"):
            consumer = AIOKafkaConsumer(
                **self._settings.client_options(),
                group_id=None,
                enable_auto_commit=False,
                isolation_level="read_committed",
                auto_offset_reset="none",
                fetch_max_bytes=FETCH_BYTES,
                fetch_max_wait_ms=500,
            )
            self._consumer = consumer
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await consumer.start()
                assigned = {TopicPartition(*place): offset for place, offset in positions.items()}
                consumer.assign(list(assigned))
                for place, offset in assigned.items():
                    consumer.seek(place, offset)

    async def poll(self, *, limit: int, wait_s: float) -> list[IncomingRecord]:
        """See :class:`~producers.ports.RecordReader`."""
        if self._consumer is None:
            raise Unreachable("the reader is closed")
        async with _translated("read from"):
            polled = await self._consumer.getmany(timeout_ms=int(wait_s * 1000), max_records=limit)
        return [
            IncomingRecord(
                place.topic,
                place.partition,
                record.offset,
                record.key,
                record.value,
                tuple(record.headers),
                record.timestamp,
            )
            for place, records in polled.items()
            for record in records
        ]

    async def close(self) -> None:
        """See :class:`~producers.ports.RecordReader`."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await _closed(consumer)


def _unknown_outcome(failure: BaseException) -> Unreachable:
    if isinstance(failure, Unreachable):
        return failure
    return Unreachable(
        f"a send was given up: {type(failure).__name__}",
        remedy="its outcome is unknown; the same records are sent again",
    )


def _place(record: OutgoingRecord) -> Position:
    return record.topic, record.partition


def _append(batch: Any, record: OutgoingRecord) -> Any:
    return batch.append(
        key=record.key,
        value=record.value,
        timestamp=record.timestamp_ms,
        headers=list(record.headers),
    )


async def _closed(client: Any) -> None:
    """Stops an aiokafka client within a bound; what it cannot end then is left to the collector."""
    with contextlib.suppress(TimeoutError, KafkaError, OSError):
        await asyncio.wait_for(client.stop(), CLOSE_TIMEOUT_S)


@contextlib.asynccontextmanager
async def _translated(doing: str) -> AsyncIterator[None]:
    try:
        yield
    except OffsetOutOfRangeError as error:
        raise Unreachable(
            "Kafka no longer has the position this node stored",
            remedy="the node rescans the topic by itself; `liaison doctor` shows it",
        ) from error
    except (KafkaError, OSError, TimeoutError) as error:
        raise Unreachable(
            f"cannot {doing} Kafka: {type(error).__name__}",
            remedy="check that the broker runs and [kafka] bootstrap_servers is right",
        ) from error
