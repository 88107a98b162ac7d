"""Links from match alerts and verdicts, and the questions they leave open. Pure.

Several nodes may raise an alert for the same pair; they show as one link.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from consumers.briefing.cases import contact
from consumers.briefing.document import Link, Met, Party, Question
from consumers.briefing.selection import SideKey, in_order, side_key
from consumers.briefing.times import instant, iso, iso_or_none, whole_days
from schemas.markings import MatchDecision, Strength, Verdict
from schemas.notifications import EvidenceKind, MatchAlert, MatchVerdict, Side

CLOSED = frozenset({"refuted", "withdrawn"})
"""States of a link that nothing is to be done about."""

_STRENGTHS = list(Strength)
_URGENCY = ["overdue", "contradictory", "compare", "verdict", "needs-more"]


def links(
    alerts: Sequence[MatchAlert],
    verdicts: Sequence[MatchVerdict],
    *,
    gone: Collection[str] = (),
    ended: Collection[SideKey] = (),
) -> tuple[Link, ...]:
    """One link per pair, strongest first; a newer version of the rules replaces an older one.

    A pair in ``gone`` is withdrawn, as is a link with a side in ``ended`` (cancelled or expired).
    """
    by_pair: dict[str, list[MatchAlert]] = {}
    for alert in in_order(alerts):
        assert isinstance(alert, MatchAlert)
        by_pair.setdefault(alert.pair, []).append(alert)
    said: dict[tuple[str, str], MatchVerdict] = {}
    for verdict in in_order(verdicts):
        assert isinstance(verdict, MatchVerdict)
        said[verdict.pair, verdict.head.origin] = verdict
    over = frozenset(ended)
    found = [
        _link(group, said, pair in gone or any(_sides(one) & over for one in group))
        for pair, group in by_pair.items()
    ]
    return tuple(sorted(found, key=_rank))


def questions(found: Sequence[Link], as_of_ms: int) -> tuple[Question, ...]:
    """What is open about ``found``: most pressing first, then by due date."""
    asked = [q for q in (_question(link, as_of_ms) for link in found) if q is not None]
    return tuple(sorted(asked, key=lambda q: (_URGENCY.index(q.kind), q.due or "~", q.cases)))


def _rank(link: Link) -> tuple[bool, int, str, str]:
    return (
        link.state in CLOSED,
        _STRENGTHS.index(Strength(link.strength)),
        link.raised,
        link.pair,
    )


def _link(
    group: Sequence[MatchAlert],
    said: Mapping[tuple[str, str], MatchVerdict],
    withdrawn: bool,
) -> Link:
    shown = max(group, key=lambda a: (a.evidence_version, a.head.created, a.head.id))
    sides = sorted(
        (shown.yours, shown.theirs), key=lambda s: (s.jurisdiction, s.reference, s.notification)
    )
    first, second = (_party(side, shown.pair, said) for side in sides)
    return Link(
        pair=shown.pair,
        parties=(first, second),
        decision=shown.decision.value,
        strength=shown.strength.value,
        evidence=_evidence(shown.evidence),
        raised=iso(min(a.head.created for a in group)),
        due=iso_or_none(min((a.verdict_due for a in group if a.verdict_due), default=None)),
        state="withdrawn" if withdrawn else _state(first, second),
    )


def _sides(alert: MatchAlert) -> set[SideKey]:
    return {side_key(alert.yours), side_key(alert.theirs)}


def _party(side: Side, pair: str, said: Mapping[tuple[str, str], MatchVerdict]) -> Party:
    verdict = said.get((pair, side.jurisdiction))
    return Party(
        jurisdiction=side.jurisdiction,
        reference=side.reference,
        role=side.role,
        contact=contact(side.contact),
        verdict=verdict.verdict.value if verdict else None,
        verdict_at=iso(verdict.head.created) if verdict else None,
    )


def _evidence(given: Sequence[EvidenceKind]) -> tuple[Met, ...]:
    ordered = sorted(given, key=lambda e: (_STRENGTHS.index(e.strength), e.kind))
    return tuple(Met(e.kind, e.strength.value) for e in ordered)


def _state(first: Party, second: Party) -> str:
    """Where a link stands: one confirmation or refutation counts unless the other objects."""
    said = {first.verdict, second.verdict} & {Verdict.CONFIRMED, Verdict.REFUTED}
    if len(said) == 2:
        return "contradictory"
    return str(said.pop()) if said else "open"


def _question(link: Link, as_of_ms: int) -> Question | None:
    kind = _open(link, as_of_ms)
    if kind is None:
        return None
    waiting = tuple(p.jurisdiction for p in link.parties if p.verdict is None)
    return Question(
        kind=kind,
        cases=tuple(f"{p.jurisdiction} {p.reference}" for p in link.parties),
        waiting_for=waiting or tuple(p.jurisdiction for p in link.parties),
        due=link.due,
        days_overdue=whole_days(instant(link.due), as_of_ms)
        if kind == "overdue" and link.due
        else 0,
    )


def _open(link: Link, as_of_ms: int) -> str | None:
    """What is open about a link; None for nothing."""
    if link.state in CLOSED:
        return None
    if link.state == "contradictory":
        return "contradictory"
    said = {party.verdict for party in link.parties}
    if None not in said:
        return "needs-more" if Verdict.NEEDS_MORE in said else None
    if link.due is not None and instant(link.due) <= as_of_ms:
        return "overdue"
    return "compare" if link.decision == MatchDecision.COMPARE else "verdict"
