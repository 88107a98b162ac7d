"""Who is told of a link, and what: one alert per side, without identity data. Pure.

Nothing in an alert is taken from a clock: it is as old as the later of its two notifications in
the log, so that a replay makes the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable

from consumers.deduplication.links import Link, Subject, earlier, stricter
from schemas.identities import derived_id
from schemas.markings import MatchDecision, Role, Urgency
from schemas.notifications import DutyContact, EvidenceKind, Head, MatchAlert, Side

HOUR_MS = 3_600_000
VERDICT_MS = 48 * HOUR_MS
"""Within this a verdict is due: core data follow a confirmed hit within 48 h (Prüm II)."""

ContactOf = Callable[[str], DutyContact | None]
"""The directory's duty contact of a jurisdiction."""


def alert(
    link: Link,
    yours: Subject,
    theirs: Subject,
    *,
    own: str,
    contact_of: ContactOf,
    not_before: int = 0,
) -> MatchAlert:
    """The alert for the contact point of ``yours``, raised by the node of ``own``.

    The sides are named by the first notifications of their case chains, whose pair the link is:
    it stays the same pair through every update. What is found only by a replay is as old as that:
    ``not_before``, milliseconds UTC.
    """
    raised = max(yours.seen_at, theirs.seen_at, not_before)
    notification = derived_id(
        "match-alert",
        *sorted((yours.root, theirs.root)),
        yours.origin,
        str(link.version),
        link.decision.value,
        own,
    )
    head = Head(
        id=notification,
        type="match-alert",
        version=1,
        origin=own,
        reference=f"match-{link.pair}-{yours.origin.lower()}-{link.decision}",
        root=notification,
        created=raised,
        marking=stricter(yours.marking, theirs.marking),
        valid_until=earlier(yours.valid_until, theirs.valid_until),
        mode=yours.mode,
        urgency=urgency(yours, theirs),
        recipients=() if yours.origin == own else (yours.origin,),
        contact=contact_of(own),
    )
    return MatchAlert(
        head=head,
        pair=link.pair,
        evidence_version=link.version,
        yours=_side(yours, contact_of),
        theirs=_side(theirs, contact_of),
        decision=link.decision,
        strength=link.strength,
        evidence=tuple(EvidenceKind(e.kind, e.strength) for e in link.evidence if e.weight > 0),
        verdict_due=raised + VERDICT_MS,
    )


def urgency(a: Subject, b: Subject) -> Urgency:
    """Urgent while a child is, for all we know, not safe."""
    victim = Role.VICTIM.value in (a.features.role, b.features.role)
    safe = a.safeguarded or b.safeguarded
    return Urgency.URGENT if victim and not safe else Urgency.ROUTINE


def is_news(before: Link | None, after: Link) -> bool:
    """Whether ``after`` says more than was told already; a repeat is kept quiet."""
    if not after.active:
        return False
    if before is None or not before.active:
        return True
    return before.decision is MatchDecision.COMPARE and after.decision is MatchDecision.SAME


def _side(subject: Subject, contact_of: ContactOf) -> Side:
    return Side(
        jurisdiction=subject.origin,
        reference=subject.reference,
        notification=subject.root,
        role=subject.features.role,
        contact=subject.contact or contact_of(subject.origin),
    )
