"""A node: gateway and consumers of one jurisdiction, assembled and run in one process.

Every part is a task that goes on from what the database says; killing the process at any point
loses nothing. A part that fails in a way it does not know ends the process: better started again
by whoever supervises it than running half.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from consumers import alerts, casebook, transactional
from consumers.deduplication import overview
from consumers.deduplication.journal import Journal
from consumers.transactional import BATCH, Effect, State, TransactionalConsumer
from gateway import inbound
from gateway.client import Credentials, HttpPeer
from gateway.courier import Courier
from gateway.inbound import InboundPublisher
from gateway.ledger import retention
from gateway.policy import ExplicitPolicy
from gateway.receiver import OwnKeys, Receiver
from gateway.router import Router
from gateway.sealer import Sealer
from gateway.server import RelayServer
from gateway.trust import CurrentDirectory
from liaison import assembly
from liaison.admin import AdminServer
from liaison.configuration import Configuration
from liaison.deduplication import deduplicator, parties_of
from liaison.metrics import NodeCollector
from producers.dispatch import Dispatcher
from producers.kafka import KafkaReader, KafkaSender, KafkaSettings
from producers.kafka_admin import KafkaAdmin
from schemas.errors import LiaisonError

DAY_MS = 86_400_000
EXPIRE_EVERY_S = 60.0
COLLECT_AFTER = 50_000
"""Objects between two looks for cycles: a block makes thousands, and hardly a cycle."""
DEDUPLICATED_AT_ONCE = 8
"""Comparing takes the interpreter that relaying needs, too: with 64, half of what is relayed beside
it takes 0.7 s instead of 0.4 s to be there (``liaison bench relay``)."""
DIRECTORY_EVERY_S = 2.0
"""How often the directory file is looked at for a newer version."""

_log = structlog.get_logger()


def now_ms() -> int:
    """The present instant, in milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class Clients:
    """What this process holds open to Kafka and to peers."""

    settings: KafkaSettings
    sender: KafkaSender
    inbound_sender: KafkaSender
    admin: KafkaAdmin
    peer: HttpPeer

    async def close(self) -> None:
        """Closes all of it."""
        await self.sender.close()
        await self.inbound_sender.close()
        await self.peer.close()


class Node:
    """All parts of one node, made from its configuration and not yet running."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.database = assembly.open_database(configuration)
        self.directory = CurrentDirectory(assembly.open_directory(configuration))
        settings = assembly.kafka_settings(configuration)
        self.credentials = Credentials(
            configuration.gateway.certificate, configuration.gateway.private_key
        )
        self.clients = Clients(
            settings,
            KafkaSender(settings),
            KafkaSender(settings),
            KafkaAdmin(settings),
            HttpPeer(self.credentials),
        )
        self.matching: Journal | None = None
        self._assemble_gateway()
        self._assemble_consumers()

    def _assemble_gateway(self) -> None:
        configuration, own = self.configuration, self.configuration.jurisdiction
        keys = _own_keys(configuration, self.directory)
        policy = ExplicitPolicy(own, self.directory(), configuration.release)
        self._policy = policy
        self.directory.notify(self._renew_policy)
        self.courier = Courier(
            own,
            self.database,
            self.directory,
            Sealer(keys, self.directory, self._current_policy),
            self.clients.peer,
            now_ms,
        )
        self.inbound = InboundPublisher(
            self.database,
            self.clients.inbound_sender,
            self.clients.admin,
            configuration.topics,
            now_ms,
        )
        self.receiver = Receiver(
            keys,
            self.directory,
            parties_of,
            processed=lambda connection, channel: inbound.processed_place(
                connection, channel, "casebook"
            ),
        )
        self.server = RelayServer(
            self.receiver,
            self.database,
            self.directory,
            now_ms,
            accepted=self.inbound.wake,
            contacted=self.courier.wake,
        )
        self.directory.notify(self.server.trust_directory)

    def _assemble_consumers(self) -> None:
        configuration, topics = self.configuration, self.configuration.topics
        self.dispatcher = Dispatcher(self.database, self.clients.sender, self.clients.admin, topics)
        router = Router(configuration.jurisdiction, self._current_policy, now_ms)
        self.consumers = [
            self._consumer(
                "router", topics.all_outbound, router.route, self.courier.wake, once=False
            )
        ]
        if "casebook" in configuration.consumers:
            everything = topics.all_outbound + topics.all_inbound
            self.consumers.append(self._consumer("casebook", everything, casebook.record_batch))
        if "deduplication" in configuration.consumers:
            finder, read = deduplicator(configuration, self.directory)
            self.matching = Journal(configuration.index_home, self.database, finder)

            def committed() -> None:
                finder.committed()
                self.dispatcher.wake()

            self.consumers.append(
                self._consumer(
                    "deduplication", read, self.matching, committed, batch=DEDUPLICATED_AT_ONCE
                )
            )

    def _consumer(
        self,
        name: str,
        topics: tuple[str, ...],
        effect: Effect | transactional.Journal,
        committed: Callable[[], None] = lambda: None,
        batch: int = BATCH,
        once: bool = True,
    ) -> TransactionalConsumer:
        return TransactionalConsumer(
            name,
            database=self.database,
            reader=lambda: KafkaReader(self.clients.settings),
            admin=self.clients.admin,
            topics=topics,
            effect=effect,
            committed=committed,
            batch=batch,
            once=once,
        )

    def _current_policy(self) -> ExplicitPolicy:
        return self._policy

    def _renew_policy(self) -> None:
        configuration = self.configuration
        self._policy = ExplicitPolicy(
            configuration.jurisdiction, self.directory(), configuration.release
        )

    def ready(self) -> dict[str, bool]:
        """Each part, and whether it does its work."""
        running = (State.RUNNING, State.RETRYING)
        return {
            "gateway": self.server.listening,
            **{consumer.name: consumer.state in running for consumer in self.consumers},
        }

    async def run(self, stopping: asyncio.Event) -> None:
        """Until ``stopping``; raises what a part fails with."""
        configuration = self.configuration
        released = await self.database.transact(self.receiver.release_held, now_ms())
        if released:
            _log.info("held_items_released", count=released)
        matched = await self.database.query(overview.stats)
        if overview.is_replay_due(matched):
            _log.warning("replay_due", part="deduplication", version=matched.version)
        parts = {
            "server": self.server.serve(*configuration.gateway.listen, self.credentials),
            "courier": self.courier.run(),
            "inbound": self.inbound.run(),
            "dispatcher": self.dispatcher.run(),
            "admin": AdminServer(self.ready, NodeCollector(self.database, self.directory)).serve(
                *configuration.admin_listen
            ),
            "housekeeping": self._keep_house(),
            "directory": self._follow_directory(),
            **{consumer.name: consumer.run() for consumer in self.consumers},
        }
        try:
            await _first_end(parts, stopping)
        finally:
            await self.clients.close()
            if self.matching is not None:
                await asyncio.to_thread(self.matching.close)
            self.database.close()

    async def _keep_house(self) -> None:
        """What expired, or is kept for restores no longer, goes away by itself.

        The duty officer is reminded, once each, of verdicts that become overdue.
        """
        horizon_ms = self.configuration.retention.backup_days * DAY_MS
        overdue = 0
        while True:
            before, overdue = overdue, await self.database.query(alerts.count_overdue, now_ms())
            if overdue > before:
                _log.warning("verdicts_overdue", part="alerts", count=overdue)
            await self.database.transact(casebook.expire, now_ms())
            await self.database.transact(retention.prune, now_ms() - horizon_ms)
            if self.matching is not None:
                await asyncio.to_thread(self.matching.tidy, now_ms())
            await asyncio.sleep(EXPIRE_EVERY_S)

    async def _follow_directory(self) -> None:
        """A newer directory takes effect without a restart; a bad one changes nothing."""
        seen = self.configuration.directory_file.stat().st_mtime_ns
        while True:
            await asyncio.sleep(DIRECTORY_EVERY_S)
            with contextlib.suppress(OSError):
                found = self.configuration.directory_file.stat().st_mtime_ns
                if found == seen:
                    continue
                seen = found
                self._read_directory()

    def _read_directory(self) -> None:
        try:
            if self.directory.replace(assembly.open_directory(self.configuration)):
                _log.info("directory_replaced", version=self.directory().version)
        except LiaisonError as error:
            _log.error("directory_refused", error=type(error).__name__, reason=error.problem)


async def _first_end(parts: Mapping[str, Awaitable[None]], stopping: asyncio.Event) -> None:
    """Runs all parts until ``stopping``, or until one ends, which none should."""
    tasks = {
        asyncio.ensure_future(part): name
        for name, part in {**parts, "stopping": stopping.wait()}.items()
    }
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if task.exception() is not None:
                _log.error("part_failed", part=tasks[task], error=type(task.exception()).__name__)
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _own_keys(configuration: Configuration, directory: CurrentDirectory) -> OwnKeys:
    keyring = assembly.open_keyring(configuration)
    signer = keyring.current(directory().member(configuration.jurisdiction))
    return OwnKeys(
        configuration.jurisdiction,
        signer,
        keyring.openers,
        tuple(one.public for one in keyring.signers if one is not signer),
    )


async def run(configuration: Configuration) -> None:
    """Runs the node until SIGTERM or SIGINT.

    Raises:
        LiaisonError: it cannot start, or a part of it cannot go on.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    node = Node(configuration)
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    _log.info("node_started", jurisdiction=configuration.jurisdiction)
    await node.run(stopping)
    _log.info("node_stopped", jurisdiction=configuration.jurisdiction)
