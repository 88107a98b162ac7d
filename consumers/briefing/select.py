"""Reads from the casebook what a briefing may be made from.

It reads rather too much than too little: what is kept from a participant is decided by
``redact``, and what was asked for by ``narrow`` after that, because a case must not come into
a paper through something its reader may not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from consumers import casebook
from consumers.briefing.matched import from_table
from consumers.briefing.selection import Asked, ChainKey, Selection, in_order, side_key
from producers.database import Connection
from schemas.errors import InputRefused, MalformedRecord
from schemas.members import Member
from schemas.notifications import CASE_TYPES, MatchAlert, MatchVerdict, Notification, Recall
from schemas.ports import Directory

SKEW_MS = 10 * 60_000
"""A notification may be dated this much after it was received: clocks of others run ahead."""


def attendees(directory: Directory, codes: Iterable[str]) -> tuple[Member, ...]:
    """The members with these codes, each once, by code.

    Raises:
        InputRefused: one is not a member of the federation.
    """
    found = []
    for code in sorted(set(codes)):
        member = directory.member(code)
        if member is None:
            known = ", ".join(m.code for m in directory.members())
            raise InputRefused(
                f"{code} is not a member of the federation",
                remedy=f"the directory lists {known}",
                field="for",
            )
        found.append(member)
    return tuple(found)


def select(
    connection: Connection, own: str, asked: Asked, participants: tuple[Member, ...], now_ms: int
) -> Selection:
    """What the casebook has for ``asked``, with a margin; nothing erased, recalled or expired.

    Raises:
        InputRefused: a reference asked for is not in the casebook.
    """
    reader = _Reader(connection, asked, now_ms)
    recalled = {
        (recall.head.origin, target)
        for recall in reader.of_type("recall")
        if isinstance(recall, Recall)
        for target in recall.targets
    }
    alerts, gone = from_table(connection, asked, now_ms)
    alerts += [alert for alert in reader.of_type("match-alert") if isinstance(alert, MatchAlert)]
    if asked.references or asked.since is not None:
        wanted = reader.asked_for(asked) | reader.touched(alerts, asked)
        alerts = reader.about(alerts, wanted)
        cases = [n for key in sorted(wanted | reader.sides(alerts)) for n in reader.chain(key)]
    else:
        cases = [n for name in CASE_TYPES for n in reader.of_type(name)]
    pairs = {alert.pair for alert in alerts}
    return Selection(
        own=own,
        cases=tuple(n for n in in_order(cases) if (n.head.origin, n.head.id) not in recalled),
        alerts=tuple(alerts),
        verdicts=tuple(
            verdict
            for verdict in reader.of_type("match-verdict")
            if isinstance(verdict, MatchVerdict) and verdict.pair in pairs
        ),
        gone=gone & pairs,
        participants=participants,
        unreadable=reader.unreadable,
    )


class _Reader:
    """The casebook as one briefing may read it; counts what it could not decode."""

    def __init__(self, connection: Connection, asked: Asked, now_ms: int) -> None:
        self._connection = connection
        self._now_ms = now_ms
        self._as_of = asked.as_of
        self._mode = asked.mode.value
        self._chains: dict[ChainKey, tuple[Notification, ...]] = {}
        self.unreadable = 0

    def of_type(self, name: str) -> Iterator[Notification]:
        """Every notification of type ``name``."""
        return self._decoded(casebook.search(self._connection, type=name, now_ms=self._now_ms))

    def chain(self, key: ChainKey) -> tuple[Notification, ...]:
        """A case chain; read once."""
        if key not in self._chains:
            origin, root = key
            entries = casebook.chain(self._connection, root, origin)
            self._chains[key] = tuple(self._decoded(entries))
        return self._chains[key]

    def asked_for(self, asked: Asked) -> set[ChainKey]:
        """The chains that have a reference asked for, or news."""
        found: set[ChainKey] = set()
        for number, reference in enumerate(asked.references, 1):
            keys = self._keys(reference=reference)
            if not keys:
                # The reference itself stays out of the message, which may be logged.
                raise InputRefused(
                    f"case {number} of those given is not in the casebook",
                    remedy="`liaison cases list` shows the references that are",
                    field="case",
                )
            found |= keys
        if asked.since is not None and not asked.references:
            found |= self._keys(since=asked.since - SKEW_MS)
        return found

    def touched(self, alerts: Iterable[MatchAlert], asked: Asked) -> set[ChainKey]:
        """The chains that a new alert is about."""
        if asked.since is None or asked.references:
            return set()
        since = asked.since
        return self.sides(alert for alert in alerts if alert.head.created >= since)

    def about(self, alerts: Iterable[MatchAlert], wanted: set[ChainKey]) -> list[MatchAlert]:
        """The alerts with a side in one of the chains ``wanted``."""
        ids = {i for key in wanted for n in self.chain(key) for i in (n.head.id, n.head.root)}
        return [a for a in alerts if ids & {a.yours.notification, a.theirs.notification}]

    def sides(self, alerts: Iterable[MatchAlert]) -> set[ChainKey]:
        """The chains of both sides, as far as they are held."""
        named = {side_key(side) for alert in alerts for side in (alert.yours, alert.theirs)}
        # A side is named by the root of its chain, which need not be held itself.
        entries = (casebook.get(self._connection, name, origin) for origin, name in named)
        return named | {(entry.origin, entry.root) for entry in entries if entry is not None}

    def _keys(self, *, reference: str | None = None, since: int | None = None) -> set[ChainKey]:
        entries = casebook.search(
            self._connection, reference=reference, since=since, now_ms=self._now_ms, content=False
        )
        return {(e.origin, e.root) for e in entries if e.type in CASE_TYPES and self._fits(e)}

    def _decoded(self, entries: Iterable[casebook.Entry]) -> Iterator[Notification]:
        for entry in entries:
            if not entry.data or not self._fits(entry):
                continue
            try:
                yield entry.notification()
            except MalformedRecord:
                self.unreadable += 1

    def _fits(self, entry: casebook.Entry) -> bool:
        expired = entry.valid_until is not None and entry.valid_until <= self._now_ms
        late = self._as_of is not None and entry.created > self._as_of
        return entry.mode == self._mode and not expired and not late
