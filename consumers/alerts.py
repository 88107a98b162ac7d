"""Match alerts as a contact point works with them: one row per pair, whoever raised it.

The same pair can be found by our node, by theirs and by a hub: it shows once. A pair is open
until a party gives a verdict; it is overdue when ours is not given by the due time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from consumers.deduplication.links import Ruling
from producers import publications
from producers.database import Connection, metadata
from schemas.errors import InputRefused
from schemas.identities import new_id
from schemas.markings import MatchDecision, Mode, Strength, Urgency, Verdict
from schemas.notifications import DutyContact, Head, Marking, MatchAlert, MatchVerdict

_alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("pair", sa.String(36), nullable=False),
    sa.Column("side", sa.String(2), nullable=False, comment="our jurisdiction"),
    sa.Column("notification", sa.String(36), nullable=False, comment="root of our case chain"),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("jurisdiction", sa.String(2), nullable=False, comment="theirs"),
    sa.Column("their_notification", sa.String(36), nullable=False),
    sa.Column("their_reference", sa.Text, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("contact", sa.Text),
    sa.Column("decision", sa.String(8), nullable=False),
    sa.Column("strength", sa.String(8), nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("evidence_version", sa.Integer, nullable=False),
    sa.Column("mode", sa.String(8), nullable=False),
    sa.Column("urgency", sa.String(8), nullable=False),
    sa.Column("marking", sa.Text, nullable=False),
    sa.Column("valid_until", sa.BigInteger),
    sa.Column("received_at", sa.BigInteger, nullable=False),
    sa.Column("due", sa.BigInteger, nullable=False),
    sa.Column("raised_by", sa.Text, nullable=False, comment="jurisdictions, sorted"),
    sa.Column("told", sa.String(8), nullable=False, comment="whether the other side knows"),
    sa.Column("our_verdict", sa.String(16)),
    sa.Column("our_verdict_at", sa.BigInteger),
    sa.Column("our_verdict_id", sa.String(36)),
    sa.Column("their_verdict", sa.String(16)),
    sa.Column("their_verdict_at", sa.BigInteger),
    sa.Column("their_verdict_id", sa.String(36)),
    sa.Column("retracted", sa.String(16), comment="why the link no longer counts"),
    sa.UniqueConstraint("pair", "side"),
    sa.Index("alerts_by_reference", "reference"),
    sa.Index("alerts_by_told", "told", "n"),
)

VERDICT_MS = 48 * 3_600_000
"""Within this a verdict is due where the alert does not say."""
_ORDER = (Strength.WEAK, Strength.MODERATE, Strength.STRONG)


class Told(StrEnum):
    """Whether the contact point of the other side knows of a pair."""

    YES = "yes"
    LATER = "later"
    """Our side is on its way to them; when it has left, they are told."""
    NO = "no"
    """Ours was never released to them: our officer decides."""


class State(StrEnum):
    """Where a pair stands; one refutation is enough, and a confirmation comes next."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    NEEDS_MORE = "needs_more"


@dataclass(frozen=True, slots=True)
class Alert:
    """One pair as our contact point sees it; instants in milliseconds UTC.

    Attributes:
        n: rises with every new pair.
        notification: id of the first notification of our case chain.
        role: of their subject; ours where theirs is not known.
        evidence: kinds and strengths, strongest first.
        raised_by: the jurisdictions whose nodes found it.
        retracted: why the link behind it no longer counts; None while it does.
    """

    n: int
    pair: str
    side: str
    notification: str
    reference: str
    jurisdiction: str
    their_notification: str
    their_reference: str
    role: str
    contact: DutyContact | None
    decision: MatchDecision
    strength: Strength
    evidence: tuple[tuple[str, str], ...]
    evidence_version: int
    mode: Mode
    urgency: Urgency
    marking: Marking
    valid_until: int | None
    received_at: int
    due: int
    raised_by: tuple[str, ...]
    told: Told
    our_verdict: Verdict | None
    our_verdict_id: str | None
    their_verdict: Verdict | None
    retracted: str | None

    @property
    def state(self) -> State:
        """From the verdicts of both sides."""
        said = {self.our_verdict, self.their_verdict}
        for verdict in (Verdict.REFUTED, Verdict.CONFIRMED, Verdict.NEEDS_MORE):
            if verdict in said:
                return State(verdict.value)
        return State.OPEN

    def overdue(self, now_ms: int) -> bool:
        """Whether we owe a verdict that should have been given by now."""
        return self.our_verdict is None and self.retracted is None and self.due <= now_ms

    @property
    def remedy(self) -> str | None:
        """What our officer can do where the other side was not told."""
        if self.told is not Told.NO:
            return None
        return (
            f"{self.jurisdiction} was not told, because your case was never released to it: "
            f"publish an update of it with {self.jurisdiction} among the recipients, or call"
        )


def record(
    connection: Connection,
    alert: MatchAlert,
    source: str,
    received_at: int,
    *,
    told: Told = Told.YES,
) -> bool:
    """Notes that ``source`` raised ``alert``, about a notification of ours; returns if it is new.

    An alert that came from elsewhere means that the other side can be told, and was.
    """
    known = _row(connection, alert.pair)
    if known is None:
        row = _row_of(alert, source, received_at, told)
        connection.execute(_alerts.insert().values(row))
        return True
    changes: dict[str, Any] = {
        "raised_by": json.dumps(sorted({*json.loads(known["raised_by"]), source})),
        "retracted": None,
    }
    if told is Told.YES or known["told"] == Told.YES:
        changes["told"] = Told.YES.value
    if _strength(alert.decision, alert.strength) > _strength(known["decision"], known["strength"]):
        changes.update(_judgement(alert))
    _update(connection, alert.pair, changes)
    return False


def _strength(decision: str, strength: str) -> tuple[bool, int]:
    return decision == MatchDecision.SAME, _ORDER.index(Strength(strength))


def _judgement(alert: MatchAlert) -> dict[str, Any]:
    return {
        "decision": alert.decision.value,
        "strength": alert.strength.value,
        "evidence": json.dumps([[e.kind, e.strength.value] for e in alert.evidence]),
        "evidence_version": alert.evidence_version,
    }


def _row_of(alert: MatchAlert, source: str, received_at: int, told: Told) -> dict[str, Any]:
    yours, theirs = alert.yours, alert.theirs
    contact = theirs.contact
    return {
        **_judgement(alert),
        "pair": alert.pair,
        "side": yours.jurisdiction,
        "notification": yours.notification,
        "reference": yours.reference,
        "jurisdiction": theirs.jurisdiction,
        "their_notification": theirs.notification,
        "their_reference": theirs.reference,
        "role": yours.role if theirs.role == "unknown" else theirs.role,
        "contact": json.dumps(contact.to_record(), ensure_ascii=False) if contact else None,
        "mode": alert.head.mode.value,
        "urgency": alert.head.urgency.value,
        "marking": json.dumps(alert.head.marking.to_record(), ensure_ascii=False),
        "valid_until": alert.head.valid_until,
        "received_at": received_at,
        "due": alert.verdict_due or received_at + VERDICT_MS,
        "raised_by": json.dumps([source]),
        "told": told.value,
    }


def told(connection: Connection, pair: str) -> None:
    """The other side has been told now."""
    _update(connection, pair, {"told": Told.YES.value})


def waiting(connection: Connection, limit: int) -> list[tuple[str, tuple[str, str]]]:
    """Pairs whose other side is to be told later: pair, and the roots of our and their side."""
    chosen = (
        sa.select(_alerts.c.pair, _alerts.c.notification, _alerts.c.their_notification)
        .where(_alerts.c.told == Told.LATER.value, _alerts.c.retracted.is_(None))
        .order_by(_alerts.c.n.desc())
        .limit(limit)
    )
    return [(pair, (ours, theirs)) for pair, ours, theirs in connection.execute(chosen)]


def retract(connection: Connection, pair: str, reason: str) -> None:
    """The link of ``pair`` no longer counts."""
    _update(connection, pair, {"retracted": reason})


# reading


def search(
    connection: Connection,
    *,
    state: State | None = None,
    reference: str | None = None,
    after: int = 0,
    limit: int | None = None,
) -> Iterator[Alert]:
    """Alerts in the order they came, from the one after number ``after`` on."""
    chosen = sa.select(_alerts).where(_alerts.c.n > after).order_by(_alerts.c.n)
    if reference is not None:
        chosen = chosen.where(_alerts.c.reference == reference)
    shown = 0
    for row in connection.execute(chosen).mappings():
        alert = _alert(dict(row))
        if state is not None and alert.state is not state:
            continue
        if limit is not None and shown >= limit:
            return
        shown += 1
        yield alert


def count_overdue(connection: Connection, now_ms: int) -> int:
    """How many verdicts we owe that should have been given by now; see :meth:`Alert.overdue`."""
    column = _alerts.c
    chosen = sa.select(sa.func.count()).select_from(_alerts)
    owed = sa.and_(column.our_verdict.is_(None), column.retracted.is_(None), column.due <= now_ms)
    return connection.scalar(chosen.where(owed)) or 0


def show(connection: Connection, name: str) -> tuple[Alert, ...]:
    """The alerts of a pair id, or of a reference of ours or theirs."""
    column = _alerts.c
    chosen = sa.select(_alerts).where(
        sa.or_(column.pair == name, column.reference == name, column.their_reference == name)
    )
    rows = connection.execute(chosen.order_by(column.n)).mappings()
    return tuple(_alert(dict(row)) for row in rows)


def parties(connection: Connection, pair: str) -> Collection[str]:
    """The two jurisdictions of a pair that our contact point was alerted to; else empty."""
    row = _row(connection, pair)
    return (row["side"], row["jurisdiction"]) if row is not None else ()


# verdicts


def give_verdict(connection: Connection, pair: str, verdict: Verdict, now_ms: int) -> MatchVerdict:
    """Gives our verdict on ``pair``, to the other party and to the hubs that raised it.

    A party that was not told of the pair is not told of the verdict either. A later verdict
    replaces an earlier one.

    Raises:
        InputRefused: there is no alert on ``pair`` here.
    """
    row = _row(connection, pair)
    if row is None:
        raise InputRefused(
            "there is no alert with this pair id",
            remedy="`liaison alerts list` shows the pairs; the id is in the column PAIR",
        )
    made = _verdict(_alert(row), verdict, now_ms)
    publications.enqueue(connection, made)
    first, second = made.notifications
    rule(connection, Ruling(first, second, made.head.origin, verdict, now_ms, made.head.id))
    return made


def _verdict(alert: Alert, verdict: Verdict, now_ms: int) -> MatchVerdict:
    notification = new_id(now_ms)
    told_to = {alert.jurisdiction} if alert.told is Told.YES else set()
    recipients = (told_to | set(alert.raised_by)) - {alert.side}
    head = Head(
        id=notification,
        type="match-verdict",
        version=1,
        origin=alert.side,
        reference=f"verdict-{alert.pair}-{notification[:13]}",
        root=notification,
        created=now_ms,
        marking=alert.marking,
        valid_until=alert.valid_until,
        mode=alert.mode,
        urgency=alert.urgency,
        recipients=tuple(sorted(recipients)),
    )
    roots = tuple(sorted((alert.notification, alert.their_notification)))
    return MatchVerdict(head=head, pair=alert.pair, notifications=roots, verdict=verdict)


def rule(connection: Connection, ruling: Ruling) -> bool:
    """Notes a verdict of either party; False when its giver is no party, or it is an old one."""
    row = _row(connection, ruling.pair)
    if row is None or ruling.jurisdiction not in (row["side"], row["jurisdiction"]):
        return False
    whose = "our" if ruling.jurisdiction == row["side"] else "their"
    at, by = row[f"{whose}_verdict_at"], row[f"{whose}_verdict_id"]
    if at is not None and (at, by) >= (ruling.created, ruling.id):
        return False
    changes = {
        f"{whose}_verdict": ruling.verdict.value,
        f"{whose}_verdict_at": ruling.created,
        f"{whose}_verdict_id": ruling.id,
    }
    _update(connection, ruling.pair, changes)
    return True


def _row(connection: Connection, pair: str) -> Mapping[str, Any] | None:
    rows = connection.execute(sa.select(_alerts).where(_alerts.c.pair == pair)).mappings()
    return next(map(dict, rows), None)


def _update(connection: Connection, pair: str, changes: Mapping[str, Any]) -> None:
    connection.execute(_alerts.update().where(_alerts.c.pair == pair).values(**changes))


def _alert(row: Mapping[str, Any]) -> Alert:
    contact = json.loads(row["contact"]) if row["contact"] else None
    kept = {
        name: row[name]
        for name in Alert.__slots__
        if name in row and isinstance(row[name], str | int | None)
    }
    return Alert(
        **{
            **kept,
            "contact": DutyContact.from_record(contact) if contact else None,
            "decision": MatchDecision(row["decision"]),
            "strength": Strength(row["strength"]),
            "evidence": tuple((kind, strength) for kind, strength in json.loads(row["evidence"])),
            "mode": Mode(row["mode"]),
            "urgency": Urgency(row["urgency"]),
            "marking": Marking.from_record(json.loads(row["marking"])),
            "raised_by": tuple(json.loads(row["raised_by"])),
            "told": Told(row["told"]),
            "our_verdict": Verdict(row["our_verdict"]) if row["our_verdict"] else None,
            "their_verdict": Verdict(row["their_verdict"]) if row["their_verdict"] else None,
        }
    )
