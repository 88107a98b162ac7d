"""The match index made anew from the casebook, beside the one in use, and put in its place.

What the consumer has read is fed through the engine once more, in the order of the log, into a
directory of its own, a page in each write, with its place: whatever ends it, the next replay goes
on from there. The node works on meanwhile. At the end, in one transaction, what came in between
follows, the links are compared with those in the database, what is new is told, and the database
names the new directory. The index in use is not needed for it: it may be lost, or an older copy.
A notification that the consumer has still to read is left to it; one that was erased is gone.
"""

from __future__ import annotations

import dataclasses
import heapq
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile
from operator import itemgetter
from pathlib import Path

from consumers import casebook, inbox
from consumers.casebook import Held
from consumers.deduplication import EVIDENCE_VERSION, outbox, sql_copy
from consumers.deduplication.deduplicator import Deduplicator, is_word, ruling_of, subject_of
from consumers.deduplication.engine import Change, Engine
from consumers.deduplication.entry import ENTRY, Entry, Stamped
from consumers.deduplication.index import MatchIndex, Stats
from consumers.deduplication.journal import new_generation
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.keys import keys_of
from consumers.deduplication.links import Link, Retraction
from consumers.deduplication.overview import CONSUMER
from consumers.deduplication.rocks import RocksStore, discard
from producers.database import Connection, Database
from schemas.errors import Unreachable
from schemas.markings import MatchDecision
from schemas.notifications import Head, Identification, MatchVerdict, Recall

PAGE = 500
"""Notifications in one write."""
TRIES, PAUSE_S = 20, 0.5
"""How long the casebook and the consumer, which read the same log, are waited for."""
PLACE = b"p"
"""Where the place of a replay is kept, in the index it makes."""
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
    """The index that a replay makes; its place goes into every write."""

    def __init__(self, generation: str, store: RocksStore, place: _Place) -> None:
        self.generation = generation
        self.place = place
        self._store = Stamped(store)
        self.index = KeyIndex(self._store)

    def flush(self) -> None:
        """Writes what changed."""
        self._store.stamp = {PLACE: self.place.dump()}
        self.index.flush()

    def put_in_place(self, connection: Connection) -> Stats:
        """Makes it the index of ``connection``'s database, as one that has its first batch."""
        stats = self.index.stats()
        self._store.stamp = {ENTRY: Entry(1, stats, {}, (), ()).dump()}
        self.index.flush()
        self.close()
        sql_copy.change(connection, self.generation, 1, stats)
        return stats

    def close(self) -> None:
        """Lets go of it, so that the node can open it."""
        self._store.close()


def replay(
    database: Database,
    home: Path,
    finder: Deduplicator,
    types: Sequence[str],
    *,
    now_ms: int,
    say: Say,
) -> Report:
    """Makes the index anew; safe to end at any point, to repeat, and beside the running node.

    One replay at a time: the caller sees to that.

    Args:
        database: of the node.
        home: holds the directories of all generations of its index.
        finder: compares, and tells of what is new.
        types: of notifications, those that the deduplication reads.
        now_ms: now; the clock for verdicts on what is new begins here.
        say: hears of the progress.

    Raises:
        Unreachable: the casebook has not read all that the deduplication has, even after a wait.
    """
    building = _begin(database, home, say)
    try:
        place = building.place
        engine = Engine(building.index, finder.concerns, finder.rarity)
        told = time.monotonic()
        for rows in _pages(database, place, types):
            _apply(engine, rows, place)
            building.flush()
            if time.monotonic() - told > TELL_EVERY_S:
                told = time.monotonic()
                say(f"{place.replayed} notifications read again …")
        report = _until_it_is_in_place(database, building, finder, types, now_ms)
    finally:
        building.close()
    # The former one, unless the node has it open: then the node does it.
    for other in home.iterdir():
        if other.name != building.generation:
            discard(other)
    return report


def _begin(database: Database, home: Path, say: Say) -> _Building:
    with database.begin() as connection:
        state = sql_copy.state(connection)
        if state is None:
            sql_copy.begin(connection, new_generation())
        coming = state.coming if state is not None else None
    if coming is not None and (building := _opened(home, coming)) is not None:
        say(f"going on after the {building.place.replayed} notifications of an earlier replay")
        return building
    generation = new_generation()
    with database.begin() as connection:
        sql_copy.announce(connection, generation)
        rulings = list(sql_copy.rulings(connection))
    if coming is not None:
        discard(home / coming)
    building = _Building(generation, RocksStore(home / generation), _Place())
    # Verdicts are facts, whatever the rules; some may be erased in the casebook.
    for ruling in rulings:
        building.index.rule(ruling)
    building.flush()
    return building


def _opened(home: Path, generation: str) -> _Building | None:
    """What an earlier replay made by the rules of now; None when there is no such thing."""
    if not (home / generation).exists():
        return None
    store = RocksStore(home / generation)
    (found,) = store.get([PLACE])
    place = _Place(**json.loads(found)) if found is not None else None
    if place is None or place.version != EVIDENCE_VERSION:
        store.close()
        return None
    return _Building(generation, store, place)


def _until_it_is_in_place(
    database: Database, building: _Building, finder: Deduplicator, types: Sequence[str], now_ms: int
) -> Report:
    tries = 1
    while True:
        try:
            with database.begin() as connection:
                return _finish(connection, building, finder, types, now_ms)
        except _Behind:
            if tries == TRIES:
                raise
        tries += 1
        time.sleep(PAUSE_S)


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


def _again(engine: Engine, entry: casebook.Entry) -> None:
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
    connection: Connection,
    building: _Building,
    finder: Deduplicator,
    types: Sequence[str],
    now_ms: int,
) -> Report:
    """In one transaction: what came meanwhile, what is new, and which index counts.

    What the node writes into the former one from now on, it cannot tell the database any more:
    it notices, and reads it again for this one.
    """
    if lacking := inbox.count_lacking(connection, CONSUMER, "casebook"):
        raise _Behind(lacking)
    state, place, index = sql_copy.state(connection), building.place, building.index
    engine = Engine(index, finder.concerns, finder.rarity)
    waiting, place.waiting = place.waiting, []
    for start in range(0, len(waiting), PAGE):
        among = waiting[start : start + PAGE]
        _apply(engine, casebook.held(connection, CONSUMER, types, among=among, limit=PAGE), place)
    while rows := casebook.held(connection, CONSUMER, types, after=place.after, limit=PAGE):
        _apply(engine, rows, place)
    building.flush()
    kept, changes = _compare(connection, index)
    told = [change for kind, change in changes if kind != ERASED]
    outbox.tell(connection, finder.adopt(connection, index, told, now_ms))
    changed = tuple(_named(connection, kind, change.after, index) for kind, change in changes)
    found = building.put_in_place(connection)
    return Report(
        version_before=state.stats.version if state else found.version,
        version=found.version,
        replayed=place.replayed,
        erased=place.erased,
        left=len(place.waiting),
        subjects=found.subjects,
        capped=found.capped,
        kept=kept,
        changed=changed,
    )


def _compare(connection: Connection, new: KeyIndex) -> tuple[int, list[tuple[str, Change]]]:
    """How many links are in database and index, and those that differ, with how.

    What nobody is told of is put right in the database at once: other evidence for the same
    decision, and links with a case that is not held any more.
    """
    kept, changes = 0, []
    for before, after in _side_by_side(sql_copy.links(connection), new.links()):
        if before is None and after is not None:
            changes.append(("added", Change(None, after, None)))
        elif before is not None and after is None:
            changes.append(found := _gone(before, new))
            if found[0] == ERASED:
                sql_copy.forget(connection, before.pair)
        elif before is not None and after is not None:
            kept += 1
            if before.decision is not after.decision:
                same = after.decision is MatchDecision.SAME
                changes.append(("stronger" if same else "weaker", Change(before, after, None)))
            elif before != after:
                sql_copy.update(connection, after)
    return kept, changes


def _side_by_side(
    old: Iterable[Link], new: Iterable[Link]
) -> Iterator[tuple[Link | None, Link | None]]:
    """Links as they were and as they are, both in the order of their pairs."""
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


def _named(connection: Connection, kind: str, link: Link, new: MatchIndex) -> Changed:
    sides = [new.get(root) or casebook.get(connection, root) for root in (link.first, link.second)]
    a, b = sorted(f"{side.origin}/{side.reference}" if side else "?" for side in sides)
    return Changed(link.pair, a, b, kind)
