"""The match index made anew from the casebook, beside the one in use, and put in its place.

What the consumer has read is fed through the engine once more, in the order of the log, into a
table of its own, a page in each transaction, with its place: whatever ends it, the next replay
goes on from there. The node works on meanwhile. At the end, in one transaction, what came in
between follows, the links of both are compared, what is new is told, and the tables change names.
A notification that the consumer has still to read is left to it; one that was erased is gone.
"""

from __future__ import annotations

import dataclasses
import heapq
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, takewhile
from operator import itemgetter

import sqlalchemy as sa

from consumers import casebook, inbox
from consumers.casebook import Entry, Held
from consumers.deduplication import EVIDENCE_VERSION, sql_store
from consumers.deduplication.deduplicator import Deduplicator, is_word, ruling_of, subject_of
from consumers.deduplication.engine import Change, Engine
from consumers.deduplication.index import MatchIndex
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.keys import keys_of
from consumers.deduplication.links import Link, Retraction
from consumers.deduplication.overview import CONSUMER
from consumers.deduplication.sql_store import FORMER, NEXT, SqlStore
from consumers.deduplication.store import Changes
from producers.database import Connection, Database
from schemas.errors import Unreachable
from schemas.markings import MatchDecision
from schemas.notifications import Head, Identification, MatchVerdict, Recall

PAGE = 500
"""Notifications in one transaction."""
TRIES, PAUSE_S = 20, 0.5
"""How long the casebook and the consumer, which read the same log, are waited for."""
PLACE = b"p"
"""Where the place of a replay is kept, in the table it makes."""
TELL_EVERY_S = 2.0
ERASED = "erased"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Changed:
    """A link that is not what it was: ``added``, ``removed``, ``stronger``, ``weaker``, ``erased``.

    The last is one whose case is not held any more; its alert stays as it is.
    """

    pair: str
    a: str
    b: str
    change: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a replay did; counts."""

    version_before: int
    version: int
    replayed: int
    erased: int
    left: int
    subjects: int
    capped: int
    kept: int
    changed: tuple[Changed, ...]

    def count(self, change: str) -> int:
        """How many links changed that way."""
        return Counter(one.change for one in self.changed)[change]


@dataclass(slots=True)
class _Place:
    """How far a replay came: the row of the casebook, and the rows before it that it left out."""

    version: int = EVIDENCE_VERSION
    after: int = 0
    waiting: list[int] = field(default_factory=list)
    replayed: int = 0
    erased: int = 0

    def dump(self) -> bytes:
        return json.dumps(dataclasses.asdict(self)).encode()


class _Behind(Unreachable):
    """The casebook has still to read what the deduplication has; it catches up while it runs."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} notifications that were compared are not in the casebook yet",
            remedy="let the node run until it has read them: `liaison dedup status`; then run the"
            " same command again, it goes on where it ended",
        )


class _Building:
    """A store on :data:`NEXT` that reads and writes in transactions of its own, place included."""

    def __init__(self, database: Database, place: _Place) -> None:
        self._database = database
        self._place = place

    def get(self, keys: Sequence[bytes]) -> list[bytes | None]:
        with self._database.read() as connection:
            return SqlStore(connection, NEXT).get(keys)

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        with self._database.read() as connection:
            return iter(list(SqlStore(connection, NEXT).scan(prefix)))

    def write(self, changes: Changes) -> None:
        with self._database.begin() as connection:
            SqlStore(connection, NEXT).write({**changes, PLACE: self._place.dump()})

    def close(self) -> None:
        pass


def replay(
    database: Database, finder: Deduplicator, types: Sequence[str], *, now_ms: int, say: Say
) -> Report:
    """Makes the index anew; safe to end at any point, to repeat, and beside the running node.

    One replay at a time: the caller sees to that.

    Args:
        database: of the node.
        finder: compares, and tells of what is new.
        types: of notifications, those that the deduplication reads.
        now_ms: now; the clock for verdicts on what is new begins here.
        say: hears of the progress.

    Raises:
        Unreachable: the casebook has not read all that the deduplication has, even after a wait.
    """
    place = _begin(database, say)
    index = KeyIndex(_Building(database, place))
    engine = Engine(index, finder.concerns, finder.rarity)
    told = time.monotonic()
    for rows in _pages(database, place, types):
        _apply(engine, rows, place)
        index.flush()
        if time.monotonic() - told > TELL_EVERY_S:
            told = time.monotonic()
            say(f"{place.replayed} notifications read again …")
    for attempt in range(1, TRIES + 1):
        try:
            with database.begin() as connection:
                report = _finish(connection, finder, types, place, now_ms)
        except _Behind:
            if attempt == TRIES:
                raise
            time.sleep(PAUSE_S)
        else:
            break
    _discard(database, FORMER)
    return report


def _begin(database: Database, say: Say) -> _Place:
    _discard(database, FORMER)
    with database.begin() as connection:
        if sql_store.exists(connection, NEXT):
            (found,) = SqlStore(connection, NEXT).get([PLACE])
            place = _Place(**json.loads(found)) if found else None
            if place is not None and place.version == EVIDENCE_VERSION:
                say(f"going on after the {place.replayed} notifications of an earlier replay")
                return place
    _discard(database, NEXT)
    place = _Place()
    with database.begin() as connection:
        NEXT.create(connection)
        # Verdicts are facts, whatever the rules; some may be erased in the casebook.
        rulings = dict(SqlStore(connection).scan(b"v"))
        SqlStore(connection, NEXT).write({**rulings, PLACE: place.dump()})
    return place


def _discard(database: Database, table: sa.Table) -> None:
    more = True
    while more:
        with database.begin() as connection:
            more = sql_store.discard(connection, table)


def _pages(database: Database, place: _Place, types: Sequence[str]) -> Iterator[Sequence[Held]]:
    """What is to be read again, up to less than a page before the end of the log.

    In its order: where the casebook is far ahead of the consumer, the consumer is waited for, as
    long as it goes on.
    """
    patience = TRIES
    while rows := _next(database, place, types):
        taken = list(takewhile(lambda row: row.taken, rows))
        if taken:
            patience = TRIES if patience else 0
            yield taken
        elif len(rows) < PAGE:
            return
        elif patience:
            patience -= 1
            time.sleep(PAUSE_S)
        else:
            yield rows


def _next(database: Database, place: _Place, types: Sequence[str]) -> list[Held]:
    with database.read() as connection:
        return casebook.held(connection, CONSUMER, types, after=place.after, limit=PAGE)


def _apply(engine: Engine, rows: Sequence[Held], place: _Place) -> None:
    for row in rows:
        place.after = max(place.after, row.n)
        if not row.taken:
            place.waiting.append(row.n)
        elif not row.entry.data:
            place.erased += 1
        else:
            _again(engine, row.entry)
            place.replayed += 1


def _again(engine: Engine, entry: Entry) -> None:
    """What the consumer did with a notification, without telling anybody."""
    notification = entry.notification()
    match notification:
        case Identification() if is_word(notification.head):
            subject = subject_of(notification, entry.received_at)
            changes = engine.observe(subject, keys_of(subject.features, subject.mode.value))
        case Identification():
            changes = _withdraw(engine, [notification.head.root], notification.head)
        case Recall():
            changes = _withdraw(engine, notification.targets, notification.head)
        case MatchVerdict() if ruling := ruling_of(notification):
            changes = engine.rule(ruling)
        case _:
            return
    list(changes)


def _withdraw(engine: Engine, roots: Sequence[str], by: Head) -> Iterator[Change]:
    for root in roots:
        yield from engine.withdraw(root, by.origin, (by.created, by.revision, by.id))


def _finish(
    connection: Connection, finder: Deduplicator, types: Sequence[str], place: _Place, now_ms: int
) -> Report:
    """In one transaction: what came meanwhile, what is new, and the change of tables."""
    waiting = place.waiting
    sql_store.set_aside(connection)
    if lacking := inbox.count_lacking(connection, CONSUMER, "casebook"):
        raise _Behind(lacking)
    index, before = (KeyIndex(SqlStore(connection, table)) for table in (NEXT, FORMER))
    engine = Engine(index, finder.concerns, finder.rarity)
    place = replace(place, waiting=[])
    for start in range(0, len(waiting), PAGE):
        among = waiting[start : start + PAGE]
        _apply(engine, casebook.held(connection, CONSUMER, types, among=among, limit=PAGE), place)
    while rows := casebook.held(connection, CONSUMER, types, after=place.after, limit=PAGE):
        _apply(engine, rows, place)
    index.flush()
    kept, changes = _compare(before, index)
    told = [change for kind, change in changes if kind != ERASED]
    finder.adopt(connection, index, told, now_ms)
    changed = tuple(_named(kind, change.after, before, index) for kind, change in changes)
    SqlStore(connection, NEXT).write({PLACE: None})
    found = index.stats()
    sql_store.put_in_place(connection)
    return Report(
        version_before=before.stats().version,
        version=found.version,
        replayed=place.replayed,
        erased=place.erased,
        left=len(place.waiting),
        subjects=found.subjects,
        capped=found.capped,
        kept=kept,
        changed=changed,
    )


def _compare(old: KeyIndex, new: KeyIndex) -> tuple[int, list[tuple[str, Change]]]:
    """How many links are in both, and those that differ, with how."""
    kept, changes = 0, []
    for before, after in _side_by_side(old.links(), new.links()):
        if before is None and after is not None:
            changes.append(("added", Change(None, after, None)))
        elif before is not None and after is None:
            changes.append(_gone(before, new))
        elif before is not None and after is not None:
            kept += 1
            if before.decision is not after.decision:
                same = after.decision is MatchDecision.SAME
                changes.append(("stronger" if same else "weaker", Change(before, after, None)))
    return kept, changes


def _side_by_side(
    old: Iterable[Link], new: Iterable[Link]
) -> Iterator[tuple[Link | None, Link | None]]:
    """The links of two indexes, both in the order of their pairs."""
    merged = heapq.merge(_marked(old, 0), _marked(new, 1), key=itemgetter(0, 1))
    for _, group in groupby(merged, key=itemgetter(0)):
        sides = {which: one for _, which, one in group}
        yield sides.get(0), sides.get(1)


def _marked(links: Iterable[Link], which: int) -> Iterator[tuple[str, int, Link]]:
    return ((link.pair, which, link) for link in links)


def _gone(before: Link, new: MatchIndex) -> tuple[str, Change]:
    known = new.link(before.pair)
    if known is not None:
        return "removed", Change(before, known, None)
    if any(new.get(root) is None for root in (before.first, before.second)):
        return ERASED, Change(before, before, None)
    return "removed", Change(before, before._replace(retracted=Retraction.CHANGED), None)


def _named(kind: str, link: Link, old: MatchIndex, new: MatchIndex) -> Changed:
    sides = [new.get(root) or old.get(root) for root in (link.first, link.second)]
    a, b = sorted(f"{side.origin}/{side.reference}" if side else "?" for side in sides)
    return Changed(link.pair, a, b, kind)
