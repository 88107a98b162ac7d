"""The match index on disk as the consumer of a node keeps it: what the log said takes effect here.

A batch is one write of RocksDB, durable when it returns: what changed in the index, what there is
to say, and the places in the log it came from. Only then is the database told, in one transaction
that notes the number of the batch. Whatever ends the process in between, the next one finds the
batch here and tells it; what was told is never told twice, as its number is in the database.

Each index lies in a directory of its own, ``match/GENERATION``; the database says which one counts.
"""

from __future__ import annotations

import secrets
import threading
from pathlib import Path

from consumers import inbox, positions
from consumers.batch import Batch
from consumers.deduplication import outbox, sql_copy
from consumers.deduplication.deduplicator import Deduplicator
from consumers.deduplication.entry import ENTRY, Entry, Stamped, check, last_entry, lost
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.overview import CONSUMER
from consumers.deduplication.rocks import RocksStore, discard
from consumers.deduplication.sql_copy import State
from producers.database import Connection, Database
from schemas.errors import ConfigurationInvalid, Unreachable

REMEMBERED = 10_000
"""Subjects that are kept decoded: a node has more to do with its memory than to compare."""
COMPACTED = b"z"
"""When what was deleted was last taken off the disk, milliseconds UTC, in decimal."""
COMPACT_EVERY_MS = 86_400_000


class _Opened:
    """One generation, open."""

    def __init__(self, generation: str, home: Path) -> None:
        self.generation = generation
        self.store = RocksStore(home)
        self.reset()

    def reset(self) -> None:
        """Forgets what is in memory."""
        self.stamped = Stamped(self.store)
        self.index = KeyIndex(self.stamped, remembered=REMEMBERED)
        self.entry = last_entry(self.store)

    @property
    def sequence(self) -> int:
        return self.entry.sequence if self.entry else 0


class Journal:
    """A :class:`~consumers.transactional.Journal` on RocksDB.

    Args:
        home: holds the directories of all generations.
        database: follows it.
        finder: compares.
    """

    def __init__(self, home: Path, database: Database, finder: Deduplicator) -> None:
        self._home = home
        self._database = database
        self._finder = finder
        self._opened: _Opened | None = None
        # One while it is opened, closed or compacted; one while it is written to. Neither while
        # waiting to write to the database.
        self._door, self._turn = threading.Lock(), threading.Lock()

    def open(self) -> None:
        """See the port.

        Raises:
            ConfigurationInvalid: the index is lost, or it or the database is an older copy.
        """
        with self._database.read() as connection:
            is_new = sql_copy.state(connection) is None
        if is_new:
            with self._database.begin() as connection:
                if sql_copy.state(connection) is None:
                    sql_copy.begin(connection, new_generation())
        with self._door, self._turn:
            self._open()

    def _open(self) -> None:
        state, former = self._look()
        if self._opened is None:
            home = self._home / state.generation
            if state.sequence and not home.exists():
                raise lost(home)
            self._opened = _Opened(state.generation, home)
        try:
            check(state, self._opened.sequence)
        except ConfigurationInvalid:
            self._let_go()
            raise
        for one in former:
            discard(one)

    def write(self, batch: Batch) -> None:
        """See the port."""
        with self._turn, self._database.read() as connection:
            opened, state = self._opened, _state(connection)
            if opened is None or (opened.generation, opened.sequence) != (
                state.generation,
                state.sequence,
            ):
                raise Unreachable("the match index was put in another's place, or is ahead")
            new = inbox.unknown(connection, CONSUMER, batch.readable)
            try:
                sayings = self._finder.effect(connection, opened.index, new)
                entry = Entry(
                    opened.sequence + 1,
                    opened.index.stats(),
                    batch.moves or {},
                    tuple(incoming.identity for incoming in new),
                    tuple(sayings),
                )
                opened.stamped.stamp = {ENTRY: entry.dump()}
                opened.index.flush()
                opened.entry = entry
            except BaseException:
                opened.reset()
                raise

    def settle(self, connection: Connection) -> None:
        """See the port."""
        opened, state = self._opened, _state(connection)
        if opened is None or opened.generation != state.generation:
            raise Unreachable("another match index was put in the place of this one")
        entry = opened.entry
        if entry is None or entry.sequence == state.sequence:
            return
        positions.advance(connection, CONSUMER, entry.moves)
        inbox.note(connection, CONSUMER, entry.taken)
        outbox.tell(connection, entry.sayings)
        sql_copy.advance(connection, state.generation, entry.sequence, entry.stats)

    def tidy(self, now_ms: int) -> None:
        """Takes former indexes off the disk, and once a day what was deleted in this one."""
        with self._door:
            if self._opened is not None:
                with self._turn:
                    _, former = self._look()
                self._tidy(former, now_ms)

    def _tidy(self, former: set[Path], now_ms: int) -> None:
        if self._opened is None:  # it was replaced, and the consumer will open the new one
            return
        for one in former:
            discard(one)
        store = self._opened.store
        (last,) = store.get([COMPACTED])
        if last is None or now_ms - int(last) >= COMPACT_EVERY_MS:
            store.compact({COMPACTED: b"%d" % now_ms})

    def close(self) -> None:
        """Lets go of it, after the batch that is being written."""
        with self._door, self._turn:
            self._let_go()

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened.store.close()
            self._opened = None

    def _look(self) -> tuple[State, set[Path]]:
        """What the database says, and the indexes that it does not name.

        Lets go of an index that was replaced.
        """
        there = set(self._home.iterdir()) if self._home.exists() else set()
        with self._database.read() as connection:  # after: a replay says first what it makes
            state = _state(connection)
        if self._opened is not None and self._opened.generation != state.generation:
            self._let_go()
        return state, there - {self._home / (state.coming or "-"), self._home / state.generation}


def new_generation() -> str:
    """A name that no other index has or had."""
    return secrets.token_hex(16)


def _state(connection: Connection) -> State:
    state = sql_copy.state(connection)
    if state is None:
        raise Unreachable("the database does not know of a match index")
    return state
