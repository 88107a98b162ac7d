"""Match alerts for a briefing: those in the casebook, and those that only our officers got.

An alert about a case of ours that was found here is not sent to anybody: the table of alerts
has it, and it alone knows which links no longer count.
"""

from __future__ import annotations

from consumers import alerts
from consumers.briefing.selection import Asked
from producers.database import Connection
from schemas.identities import derived_id
from schemas.markings import Role, Strength
from schemas.notifications import EvidenceKind, Head, MatchAlert, Side

GONE = frozenset({"withdrawn", "changed"})
"""Why a link no longer counts, verdicts aside: those show by themselves."""


def from_table(
    connection: Connection, asked: Asked, now_ms: int
) -> tuple[list[MatchAlert], frozenset[str]]:
    """The alerts about cases of ours, and the pairs among them that no longer count."""
    found = [one for one in alerts.search(connection) if _fits(one, asked, now_ms)]
    gone = frozenset(one.pair for one in found if one.retracted in GONE)
    return [_as_notification(one) for one in found], gone


def _fits(one: alerts.Alert, asked: Asked, now_ms: int) -> bool:
    expired = one.valid_until is not None and one.valid_until <= now_ms
    late = asked.as_of is not None and one.received_at > asked.as_of
    return one.mode is asked.mode and not expired and not late


def _as_notification(one: alerts.Alert) -> MatchAlert:
    """The alert in its form as a notification, with the marking it came with."""
    origin = one.side if one.side in one.raised_by or not one.raised_by else one.raised_by[0]
    identity = derived_id("alert-in-briefing", one.pair, one.side)
    head = Head(
        id=identity,
        type="match-alert",
        version=1,
        origin=origin,
        reference="",
        root=identity,
        created=one.received_at,
        marking=one.marking,
        valid_until=one.valid_until,
        mode=one.mode,
        urgency=one.urgency,
    )
    return MatchAlert(
        head,
        pair=one.pair,
        evidence_version=one.evidence_version,
        yours=Side(one.side, one.reference, one.notification, Role.UNKNOWN.value),
        theirs=Side(
            one.jurisdiction, one.their_reference, one.their_notification, one.role, one.contact
        ),
        decision=one.decision,
        strength=one.strength,
        evidence=tuple(EvidenceKind(kind, Strength(strength)) for kind, strength in one.evidence),
        verdict_due=one.due,
    )
