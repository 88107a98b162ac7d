"""The transactional consumer: effects happen exactly once, whatever is killed when.

One SQL transaction holds the inbox rows, the effect, the records that could not be decoded and
the position in the source. What a crash leaves undone is read again; what is read again and had
been done is recognised. Kafka's own groups and commits are not used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import ParamSpec, Protocol

import structlog

from consumers import batch as batches
from consumers import inbox, positions
from consumers.batch import Batch
from consumers.incoming import Incoming
from consumers.watch import Watch
from producers.database import Connection, Database
from producers.ports import LogAdmin, Position, RecordReader
from schemas.errors import LiaisonError, MalformedRecord, Unreachable

__all__ = ["Effect", "Incoming", "Journal", "State", "TransactionalConsumer", "caught_up", "lag"]

caught_up = positions.caught_up
lag = positions.lag

Effect = Callable[[Connection, Sequence[Incoming]], None]
"""What a consumer does with notifications it sees for the first time, in the order of the log."""


class Journal(Protocol):
    """An effect with a store of its own, which is ahead of the database by one batch at most.

    What a batch changes there, its place in the source and all that the database is to be told of
    it are written at once and durably; that is the effect. The database is then brought up to it,
    which can be repeated until it succeeds.
    """

    def open(self) -> None:
        """Makes ready what is to be written to. Safe to repeat.

        Raises:
            LiaisonError: the store is not the one that the database belongs with.
        """

    def write(self, batch: Batch) -> None:
        """Applies ``batch`` to the store. Not before the database is up to what was written.

        Raises:
            Unreachable: it is not.
        """

    def settle(self, connection: Connection) -> None:
        """Brings the database up to what is written, positions and inbox included."""


BATCH = 512
POLL_WAIT_S = 0.5
"""How long an empty poll waits; a record ends the wait at once."""
INSPECT_EVERY_S = 5.0
"""How often topic ids and ends are compared with where the reader stands."""
EFFECT_TRIES = 5
"""How often an effect may fail on the same batch before the consumer halts."""
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0

P = ParamSpec("P")

_log = structlog.get_logger()


class State(StrEnum):
    """How a consumer is; ``halted`` needs an operator, the others mend themselves."""

    STARTING = "starting"
    RUNNING = "running"
    RECOVERING = "recovering"
    RETRYING = "retrying"
    HALTED = "halted"


def _nothing() -> None:
    """The default of ``committed``."""


class TransactionalConsumer:
    """Reads topics and applies an effect to each notification once.

    Args:
        name: of the consumer; its inbox and positions are kept under it.
        database: what the effect changes.
        reader: makes a reader; called again whenever the last one failed or fell silent.
        admin: tells topic ids and ends.
        topics: all of their partitions are read.
        effect: called in the transaction, on the database's thread; or a journal, which is
            written on a thread of its own, beside the transactions of others.
        committed: called after each transaction, on the event loop.
        batch: most records in one transaction.
        once: whether the inbox keeps repeats from the effect; off for one that recognises them
            by its own tables, which spares it the rows.
    """

    def __init__(
        self,
        name: str,
        *,
        database: Database,
        reader: Callable[[], RecordReader],
        admin: LogAdmin,
        topics: Sequence[str],
        effect: Effect | Journal,
        committed: Callable[[], None] = _nothing,
        batch: int = BATCH,
        once: bool = True,
    ) -> None:
        self.name = name
        self._database = database
        self._reader = reader
        self._admin = admin
        self._topics = tuple(topics)
        self._effect = effect if callable(effect) else None
        self._journal = None if callable(effect) else effect
        self._committed = committed
        self._batch = batch
        self._once = once
        self._positions: dict[Position, int] = {}
        self._topic_ids: dict[str, str] = {}
        self._watch = Watch(INSPECT_EVERY_S)
        self._pause_s = FIRST_PAUSE_S
        self._state = State.STARTING

    @property
    def state(self) -> State:
        """How it is, for health and status."""
        return self._state

    async def run(self) -> None:
        """Reads until cancelled. Whatever does not answer is waited for, longer each time."""
        while True:
            reader = self._reader()
            try:
                await self._follow(reader)
            except Exception as error:  # whatever a client library raises: begin anew
                self._enter(State.RECOVERING, error)
            finally:
                await reader.close()
            await self._pause()

    async def _follow(self, reader: RecordReader) -> None:
        await self._recover()
        await self._read_again()
        await reader.start(self._positions)
        self._enter(State.RUNNING)
        # Beside the reading: while a broker is away an administrative request takes long, and
        # the reader may be back before it.
        inspection: asyncio.Task[dict[Position, positions.Extent]] | None = None
        try:
            while True:
                records = await reader.poll(limit=self._batch, wait_s=POLL_WAIT_S)
                if records:
                    await self._process(batches.sort(records, self._positions, self._topic_ids))
                if inspection is not None and inspection.done():
                    self._inspect(inspection)
                    inspection = None
                if inspection is None and self._watch.due(asyncio.get_running_loop().time()):
                    inspection = asyncio.create_task(self._extents())
        finally:
            if inspection is not None:
                inspection.cancel()
                await asyncio.gather(inspection, return_exceptions=True)

    async def _recover(self) -> None:
        if self._journal is not None:
            await _on_thread(self._journal.open)
            await self._database.transact(self._journal.settle)
            self._committed()
        extents = await self._extents()
        self._topic_ids = {topic: extent.topic_id for (topic, _), extent in extents.items()}
        self._positions, rescans = await self._database.transact(
            positions.recover, self.name, extents
        )
        for rescan in rescans:
            topic, partition = rescan.position
            _log.error(
                "position_lost",
                reason=rescan.reason,
                topic=topic,
                partition=partition,
                offset=rescan.stored,
                part=self.name,
            )

    async def _read_again(self) -> None:
        """Tries what was kept unread: this version may know its schema."""
        kept = await self._database.query(inbox.kept_unread, self.name)
        for found in batches.recovered(kept, self._batch):
            await self._process(found)
            _log.info("unread_recovered", count=len(found.readable), part=self.name)

    async def _process(self, batch: Batch) -> None:
        for attempt in range(1, EFFECT_TRIES + 1):
            try:
                await self._commit(batch)
            except MalformedRecord as error:
                self._enter(State.RETRYING, error, attempt)
                batch = batches.decoded(batch, self._topic_ids)
            except Unreachable:
                raise
            except Exception as error:  # an effect that fails must not lose its batch
                self._enter(State.RETRYING, error, attempt)
                await self._pause()
            else:
                self._done(batch)
                return
        self._enter(State.HALTED)
        await asyncio.Event().wait()

    async def _commit(self, batch: Batch) -> None:
        if self._journal is None:
            await self._database.transact(self._apply, batch)
            return
        if batch.unread:  # first, as the journal moves beyond them
            await self._database.transact(inbox.keep_unread, self.name, batch.unread)
        await _on_thread(self._journal.write, batch)
        await self._database.transact(self._settle, self._journal, batch)

    def _apply(self, connection: Connection, batch: Batch) -> None:
        positions.advance(connection, self.name, batch.moves or {})
        inbox.forget_unread(connection, self.name, batch.no_longer_unread)
        inbox.keep_unread(connection, self.name, batch.unread)
        new = batch.readable
        if self._once:
            new = inbox.admit(connection, self.name, batch.readable) if new else new
        if new and self._effect is not None:
            self._effect(connection, new)

    def _settle(self, connection: Connection, journal: Journal, batch: Batch) -> None:
        journal.settle(connection)
        inbox.forget_unread(connection, self.name, batch.no_longer_unread)

    def _done(self, batch: Batch) -> None:
        self._positions.update({place: new for place, (_, new) in (batch.moves or {}).items()})
        self._pause_s = FIRST_PAUSE_S
        if batch.unread:
            _log.error("records_unread", count=len(batch.unread), part=self.name)
        if self._state is not State.RUNNING:
            self._enter(State.RUNNING)
        self._committed()

    def _inspect(self, inspection: asyncio.Task[dict[Position, positions.Extent]]) -> None:
        """Raises when the reader no longer reads what the cluster has."""
        try:
            extents = inspection.result()
        except Unreachable as error:
            self._enter(State.RECOVERING, error)
            return
        self._pause_s = FIRST_PAUSE_S
        if self._state is State.RECOVERING:
            self._enter(State.RUNNING)
        if {place: self._topic_ids.get(place[0]) for place in self._positions} != {
            place: extent.topic_id for place, extent in extents.items()
        }:
            raise Unreachable("a topic was made again, or has other partitions now")
        ends = {place: extent.end for place, extent in extents.items()}
        if self._watch.silent(self._positions, ends):
            raise Unreachable("the reader fell silent")

    async def _extents(self) -> dict[Position, positions.Extent]:
        states = await self._admin.describe(self._topics)
        missing = set(self._topics) - set(states)
        if missing:
            raise Unreachable(
                f"{len(missing)} of the topics to read do not exist",
                remedy="`liaison up` creates them; check the prefix in the configuration",
            )
        places = [(topic, n) for topic, state in states.items() for n in range(state.partitions)]
        ends = await self._admin.ends(places)
        return {
            (topic, partition): positions.Extent(states[topic].id, first, end)
            for (topic, partition), (first, end) in ends.items()
        }

    def _enter(self, state: State, error: Exception | None = None, attempt: int = 0) -> None:
        self._state = state
        if error is None:
            note = _log.error if state is State.HALTED else _log.info
            note("consumer_state", part=self.name, state=state.value)
            return
        reason = error.problem if isinstance(error, LiaisonError) else None
        _log.warning(
            "consumer_state",
            part=self.name,
            state=state.value,
            error=type(error).__name__,
            reason=reason,
            attempt=attempt,
        )

    async def _pause(self) -> None:
        await asyncio.sleep(self._pause_s)
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)


async def _on_thread(work: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Runs ``work`` to its end, also when the caller is cancelled."""
    await asyncio.shield(asyncio.to_thread(work, *args, **kwargs))
