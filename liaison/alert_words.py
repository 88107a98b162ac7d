"""``liaison alerts explain``: what an alert means and what its duty officer can do next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from consumers.alerts import Alert
from consumers.deduplication.evidence import why
from consumers.deduplication.explaining import Field, explain_held
from consumers.deduplication.index import MatchIndex
from producers.intake.moments import iso
from schemas.markings import MatchDecision, Strength, Urgency, Verdict

_DECISIONS = {
    MatchDecision.SAME: "very likely the same person",
    MatchDecision.COMPARE: "perhaps the same person, perhaps a lookalike: please compare",
}
_VERDICTS = {
    Verdict.CONFIRMED: "it is the same person",
    Verdict.REFUTED: "these are two persons",
    Verdict.NEEDS_MORE: "not decided, more is needed",
}
_ORDER = list(Strength)


def explain_alert(index: MatchIndex, alert: Alert, now_ms: int) -> dict[str, Any]:
    """All of it in words, strongest evidence first; nothing of what the cases say.

    What speaks against a pair is known only where this node holds both sides (``against`` is
    None else): an alert from elsewhere has only the kinds of what speaks for it.
    """
    supporting, against = _evidence(index, alert)
    return {
        "pair": alert.pair,
        "reference": alert.reference,
        "jurisdiction": alert.jurisdiction,
        "their_reference": alert.their_reference,
        "means": _DECISIONS[alert.decision],
        "strength": alert.strength.value,
        "for": supporting,
        "against": against,
        "raised_by": list(alert.raised_by),
        "rules": alert.evidence_version,
        "state": alert.state.value,
        "verdicts": {
            alert.side: _VERDICTS[alert.our_verdict] if alert.our_verdict else None,
            alert.jurisdiction: _VERDICTS[alert.their_verdict] if alert.their_verdict else None,
        },
        "due": iso(alert.due),
        "overdue": alert.overdue(now_ms),
        "next": list(_next(alert, now_ms)),
    }


def _evidence(
    index: MatchIndex, alert: Alert
) -> tuple[list[dict[str, Any]], list[dict[str, Any]] | None]:
    ours, theirs = index.get(alert.notification), index.get(alert.their_notification)
    if ours is None or theirs is None:
        told = sorted(alert.evidence, key=lambda one: (_ORDER.index(Strength(one[1])), one[0]))
        return [{"kind": k, "strength": s, "words": why(k)} for k, s in told], None
    fields = explain_held(index, ours, theirs).fields
    supporting = [_said(f) for f in fields if f.weight > 0 and f.field != "role"]
    return supporting, [_said(f) for f in reversed(fields) if f.weight < 0]


def _said(field: Field) -> dict[str, Any]:
    return {"kind": field.field, "strength": field.strength.value, "words": field.words}


def _next(alert: Alert, now_ms: int) -> Iterator[str]:
    """What the duty officer can do, the most pressing first."""
    if alert.retracted:
        yield f"nothing: the link no longer counts ({alert.retracted})"
        return
    said = {alert.our_verdict, alert.their_verdict}
    whom = _whom(alert)
    if said >= {Verdict.CONFIRMED, Verdict.REFUTED}:
        yield f"the two verdicts contradict each other: call {whom}"
    elif alert.our_verdict is None:
        yield from _compare(alert, whom, now_ms)
    elif alert.their_verdict is None:
        yield f"{alert.jurisdiction} has not said what it found: call {whom}, or wait"
    elif Verdict.NEEDS_MORE in said:
        yield f"tell each other what is missing: {whom}; a later verdict replaces this one"
    else:
        yield (
            f"go on together with {whom}; `liaison briefing export --for {alert.jurisdiction}"
            f" --case {alert.reference} --format pdf --out .` makes the papers"
        )
    if alert.remedy:
        yield alert.remedy


def _compare(alert: Alert, whom: str, now_ms: int) -> Iterator[str]:
    if alert.urgency is Urgency.URGENT:
        yield f"a child may be in danger now: call {whom}, do not write"
    else:
        yield f"compare the two cases with {whom}"
    when = "since" if alert.overdue(now_ms) else "by"
    yield (
        f"say what you found, {'overdue ' if when == 'since' else ''}{when} {iso(alert.due)}:"
        f" `liaison alerts verdict {alert.pair} confirmed` (or `refuted`, or `needs-more`)"
    )


def _whom(alert: Alert) -> str:
    contact = alert.contact.to_record() if alert.contact else {}
    known = ", ".join(str(text) for text in contact.values() if text)
    return f"{known or 'the duty desk'} ({alert.jurisdiction} {alert.their_reference})"
