"""The match index in SQL, in the transaction of the consumer that uses it.

What a batch will need is read in a few questions (:meth:`SqlIndex.prepare`), everything after
that happens in memory, and :meth:`SqlIndex.flush` writes what changed in a few statements: that
is what makes thousands of notifications a second out of a database that answers a question in
a tenth of a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import sqlalchemy as sa

from consumers.deduplication import tables
from consumers.deduplication.index import MAX_SUBJECTS_PER_KEY, Age, CappedKey, Stats
from consumers.deduplication.keys import Key
from consumers.deduplication.links import Link, Ruling, Subject
from producers.database import Connection

QUESTION = 500
"""Values in one question; below every database's limit of parameters."""


class SqlIndex:
    """A :class:`~consumers.deduplication.index.MatchIndex` for one transaction.

    Args:
        connection: the transaction; nothing is committed here.
        cap: how many subjects a key may have.
    """

    def __init__(self, connection: Connection, *, cap: int = MAX_SUBJECTS_PER_KEY) -> None:
        self._connection = connection
        self._cap = cap
        self._rows: dict[str, tables.Row | None] = {}
        self._subjects: dict[str, Subject] = {}
        self._members: dict[str, set[str]] = {}
        self._capped: dict[str, CappedKey | None] = {}
        self._links: dict[str, Link | None] = {}
        self._linked: dict[str, set[str]] = {}
        self._rulings: dict[tuple[str, str], Ruling] = {}
        self._ruled: dict[str, set[tuple[str, str]]] = {}
        self._stale = _Stale()

    # reading

    def prepare(self, roots: Collection[str], keys: Collection[str]) -> None:
        """See the port."""
        unknown = sorted(set(keys) - self._capped.keys())
        self._capped.update(dict.fromkeys(unknown))
        for row in self._select(tables.capped_keys.c.key, unknown):
            self._capped[row["key"]] = CappedKey(**row)
        self._members.update({key: set() for key in unknown})
        for row in self._select(tables.match_keys.c.key, unknown):
            if (row["key"], row["subject"]) not in self._stale.removed:
                self._members[row["key"]].add(row["subject"])
        members = (self._members[key] for key in unknown)
        wanted = sorted(set(roots).union(*members) - self._rows.keys())
        self._rows.update(dict.fromkeys(wanted))
        for row in self._select(tables.subjects.c.root, wanted):
            self._rows[row["root"]] = row
        self._load_links([root for root in sorted(roots) if self._rows[root] is not None])
        self._load_rulings(sorted(roots))

    def _load_links(self, roots: Sequence[str]) -> None:
        roots = [root for root in roots if root not in self._linked]
        self._linked.update({root: set() for root in roots})
        for column in (tables.links.c.first, tables.links.c.second):
            for row in self._select(column, roots):
                if row["pair"] not in self._links:
                    self._links[row["pair"]] = tables.link_of(row)
                for root in (row["first"], row["second"]):
                    if root in self._linked:
                        self._linked[root].add(row["pair"])

    def _select(self, column: sa.Column[Any], values: Sequence[str]) -> Iterator[tables.Row]:
        for start in range(0, len(values), QUESTION):
            found = self._connection.execute(
                _choosing(column), {"values": list(values[start : start + QUESTION])}
            )
            yield from map(dict, found.mappings())

    def get(self, root: str) -> Subject | None:
        """See the port."""
        row = self._row(root)
        if row is None or row["withdrawn"]:
            return None
        if root not in self._subjects:
            self._subjects[root] = tables.subject_of(row)
        return self._subjects[root]

    def age(self, root: str) -> Age | None:
        """See the port."""
        row = self._row(root)
        return None if row is None else tables.age_of(row)

    def _row(self, root: str) -> tables.Row | None:
        if root not in self._rows:
            self.prepare([root], [])
        return self._rows[root]

    def candidates(self, keys: Sequence[Key]) -> list[Subject]:
        """See the port."""
        self._know(keys)
        roots = {root for key in keys for root in self._members[key.digest]}
        return [subject for root in sorted(roots) if (subject := self.get(root))]

    def _know(self, keys: Sequence[Key]) -> None:
        if any(key.digest not in self._members for key in keys):
            self.prepare([], [key.digest for key in keys])

    # changing

    def put(self, subject: Subject, keys: Sequence[Key]) -> None:
        """See the port."""
        self._know(keys)
        self._release(subject.root)
        for key in keys:
            self._enter(key, subject)
        self._rows[subject.root] = tables.subject_row(subject, keys)
        self._subjects[subject.root] = subject
        self._stale.subjects.add(subject.root)

    def _enter(self, key: Key, subject: Subject) -> None:
        capped = self._capped[key.digest]
        members = self._members[key.digest]
        if capped is None and len(members) >= self._cap:
            self._stale.emptied.add(key.digest)
            members.clear()
            capped = CappedKey(key.digest, key.kind, subject.seen_at, 0)
        if capped is None:
            members.add(subject.root)
            self._stale.added.add((key.digest, subject.root))
        else:
            self._capped[key.digest] = replace(capped, refused=capped.refused + 1)
            self._stale.capped.add(key.digest)

    def remove(self, root: str, origin: str, age: Age) -> None:
        """See the port."""
        self._release(root)
        self._rows[root] = tables.withdrawn_row(root, origin, age)
        self._subjects.pop(root, None)
        self._stale.subjects.add(root)

    def _release(self, root: str) -> None:
        """Takes a subject out of its keys; a capped key stays capped."""
        row = self._row(root)
        for digest in row["keys"].split() if row else ():
            if digest in self._members:
                self._members[digest].discard(root)
            self._stale.added.discard((digest, root))
            self._stale.removed.add((digest, root))

    # links and rulings

    def rule(self, ruling: Ruling) -> None:
        """See the port."""
        self._load_rulings([ruling.first, ruling.second])
        before = self._rulings.get((ruling.pair, ruling.jurisdiction))
        if before is None or (before.created, before.id) < (ruling.created, ruling.id):
            self._know_ruling(ruling)
            self._stale.rulings.add(ruling.pair)

    def rulings(self, first: str, second: str) -> tuple[Ruling, ...]:
        """See the port."""
        self._load_rulings([first, second])
        known = self._ruled[first] & self._ruled[second]
        return tuple(self._rulings[key] for key in sorted(known))

    def ruled_with(self, root: str) -> list[str]:
        """See the port."""
        self._load_rulings([root])
        found = (self._rulings[key] for key in self._ruled[root])
        return sorted({r.second if r.first == root else r.first for r in found})

    def _load_rulings(self, roots: Iterable[str]) -> None:
        unknown = [root for root in roots if root not in self._ruled]
        if not unknown:
            return
        self._ruled.update({root: set() for root in unknown})
        for column in (tables.rulings.c.first, tables.rulings.c.second):
            for row in self._select(column, unknown):
                key = row["pair"], row["jurisdiction"]
                self._know_ruling(self._rulings.get(key) or tables.ruling_of(row))
        for ruling in self._rulings.values():
            self._know_ruling(ruling)

    def _know_ruling(self, ruling: Ruling) -> None:
        key = ruling.pair, ruling.jurisdiction
        self._rulings[key] = ruling
        for root in (ruling.first, ruling.second):
            if root in self._ruled:
                self._ruled[root].add(key)

    def put_link(self, link: Link) -> None:
        """See the port."""
        self._links[link.pair] = link
        for root in (link.first, link.second):
            if root in self._linked:
                self._linked[root].add(link.pair)
        self._stale.links.add(link.pair)

    def link(self, pair: str) -> Link | None:
        """See the port."""
        if pair not in self._links:
            rows = self._select(tables.links.c.pair, [pair])
            self._links[pair] = next(map(tables.link_of, rows), None)
        return self._links[pair]

    def links_of(self, root: str) -> list[Link]:
        """See the port."""
        if root not in self._linked:
            self._load_links([root])
            for pair in self._stale.links:
                link = self._links[pair]
                if link and root in (link.first, link.second):
                    self._linked[root].add(pair)
        return [link for pair in sorted(self._linked[root]) if (link := self._links[pair])]

    def links(self) -> Iterator[Link]:
        """See the port."""
        self.flush()
        counting = sa.select(tables.links).where(tables.links.c.retracted.is_(None))
        for row in self._connection.execute(counting.order_by(tables.links.c.pair)).mappings():
            yield tables.link_of(dict(row))

    # for operators

    def stats(self) -> Stats:
        """See the port."""
        self.flush()
        counting = tables.links.c.retracted.is_(None)
        return Stats(
            subjects=self._count(tables.subjects, tables.subjects.c.withdrawn.is_(sa.false())),
            keys=self._count(tables.match_keys),
            links=self._count(tables.links, counting),
            retracted=self._count(tables.links, sa.not_(counting)),
            capped=self._count(tables.capped_keys),
        )

    def _count(self, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
        counted = sa.select(sa.func.count()).select_from(table).where(*conditions)
        return self._connection.scalar(counted) or 0

    def quarantine(self) -> list[CappedKey]:
        """See the port."""
        self.flush()
        table = tables.capped_keys
        rows = self._connection.execute(
            sa.select(table).order_by(table.c.refused.desc(), table.c.key)
        )
        return [CappedKey(**row) for row in rows.mappings()]

    # writing

    def flush(self) -> None:
        """See the port."""
        stale, self._stale = self._stale, _Stale()
        self._replace(
            tables.subjects, "root", stale.subjects, lambda root: _present([self._rows[root]])
        )
        self._flush_keys(stale)
        self._replace(
            tables.capped_keys, "key", stale.capped, lambda key: _present([self._capped_row(key)])
        )
        self._replace(
            tables.links,
            "pair",
            stale.links,
            lambda pair: [tables.link_row(link)] if (link := self._links[pair]) else [],
        )
        known = list(self._rulings.values())
        self._replace(
            tables.rulings,
            "pair",
            stale.rulings,
            lambda pair: [tables.ruling_row(r) for r in known if r.pair == pair],
        )

    def _capped_row(self, key: str) -> tables.Row | None:
        capped = self._capped[key]
        if capped is None:
            return None
        return {
            "key": key, "kind": capped.kind, "since": capped.since, "refused": capped.refused
        }  # fmt: skip

    def _flush_keys(self, stale: _Stale) -> None:
        table = tables.match_keys
        self._delete(table, "key", sorted(stale.emptied))
        if stale.removed:
            one = sa.and_(table.c.key == sa.bindparam("k"), table.c.subject == sa.bindparam("s"))
            gone = [{"k": key, "s": subject} for key, subject in sorted(stale.removed)]
            self._connection.execute(table.delete().where(one), gone)
        new = [
            {"key": key, "subject": subject}
            for key, subject in sorted(stale.added)
            if subject in self._members[key]
        ]
        if new:
            self._connection.execute(table.insert(), new)

    def _replace(
        self,
        table: sa.Table,
        column: str,
        values: Collection[str],
        rows: Callable[[str], Iterable[tables.Row]],
    ) -> None:
        """Deletes what is there under ``values`` and inserts what ``rows`` gives for each."""
        ordered = sorted(values)
        self._delete(table, column, ordered)
        new = [dict(row) for value in ordered for row in rows(value)]
        if new:
            self._connection.execute(table.insert(), new)

    def _delete(self, table: sa.Table, column: str, values: Sequence[str]) -> None:
        chosen = table.c[column].in_(sa.bindparam("values", expanding=True))
        statement = table.delete().where(chosen)
        for start in range(0, len(values), QUESTION):
            self._connection.execute(statement, {"values": list(values[start : start + QUESTION])})


@cache
def _choosing(column: sa.Column[Any]) -> sa.Select[Any]:
    """The rows whose ``column`` is one of ``values``; made once, because making it costs most."""
    return sa.select(column.table).where(column.in_(sa.bindparam("values", expanding=True)))


def _present(rows: Iterable[tables.Row | None]) -> list[tables.Row]:
    return [row for row in rows if row is not None]


class _Stale:
    """What memory has that the tables have not, yet."""

    def __init__(self) -> None:
        self.subjects: set[str] = set()
        self.added: set[tuple[str, str]] = set()
        self.removed: set[tuple[str, str]] = set()
        self.emptied: set[str] = set()
        self.capped: set[str] = set()
        self.links: set[str] = set()
        self.rulings: set[str] = set()
