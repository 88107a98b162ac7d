"""From a redacted selection to the document. Pure: what it says follows from its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from consumers.briefing.cases import missing_case, state_of, subject, takedown_case
from consumers.briefing.document import FORMAT, Contact, Document, Event, Link, Participant
from consumers.briefing.links import links, questions
from consumers.briefing.selection import Selection, SideKey, chains
from consumers.briefing.times import iso, iso_or_none
from schemas.markings import Handling, Mode, Tlp
from schemas.members import Member
from schemas.notifications import (
    Identification,
    Marking,
    MissingChild,
    Notification,
    Takedown,
)

EMPTY = Marking(tlp=Tlp.AMBER, handling=Handling.H1)
"""Of a briefing without any notification: it still names duty contacts."""

RELATIONS = {
    "new": "reported",
    "update": "updated",
    "supersede": "replaced by a new report",
    "cancel": "cancelled",
}
KINDS = {"identification": "Case", "takedown": "Takedown", "missing-child": "Missing child"}


def newest(selection: Selection) -> int | None:
    """When the newest notification in ``selection`` was made; None when it is empty."""
    return max((n.head.created for n in _everything(selection)), default=None)


def compose(
    selection: Selection,
    *,
    prepared_for: str,
    as_of_ms: int,
    since_ms: int | None = None,
    meeting: str | None = None,
    mode: Mode = Mode.ACTUAL,
) -> Document:
    """The document about ``selection``, which must have been redacted for its reader."""
    cases = chains(selection.cases)
    found = links(
        selection.alerts, selection.verdicts, gone=selection.gone, ended=_ended(cases, as_of_ms)
    )
    marking = strictest(n.head.marking for n in _everything(selection))
    takedowns = [takedown_case(c, as_of_ms) for c in cases if isinstance(c[-1], Takedown)]
    missing = [missing_case(c, as_of_ms) for c in cases if isinstance(c[-1], MissingChild)]
    return Document(
        format=FORMAT,
        prepared_by=selection.own,
        prepared_for=prepared_for,
        meeting=meeting,
        as_of=iso(as_of_ms),
        since=iso_or_none(since_ms),
        mode=mode.value,
        tlp=marking.tlp.label,
        handling=marking.handling.value,
        participants=tuple(map(participant, selection.participants)),
        questions=questions(found, as_of_ms),
        missing_children=tuple(sorted(missing, key=lambda c: (c.state != "active", c.age_days))),
        links=found,
        subjects=tuple(
            subject(chain, as_of_ms) for chain in cases if isinstance(chain[-1], Identification)
        ),
        takedowns=tuple(sorted(takedowns, key=lambda c: (not c.pending, -c.age_days))),
        timeline=timeline(cases, found),
    )


def strictest(markings: Iterable[Marking]) -> Marking:
    """The strictest TLP and handling code of ``markings``, each for itself."""
    known = list(markings) or [EMPTY]
    return Marking(
        tlp=max((m.tlp for m in known), key=list(Tlp).index),
        handling=max((m.handling for m in known), key=list(Handling).index),
    )


def participant(member: Member) -> Participant:
    """A member of the federation as a participant."""
    return Participant(
        jurisdiction=member.code,
        name=member.name,
        roles=tuple(sorted(role.value for role in member.roles)),
        active=member.active,
        contact=Contact(member.contact.unit, member.contact.email, member.contact.phone),
    )


def timeline(cases: Sequence[Sequence[Notification]], found: Sequence[Link]) -> tuple[Event, ...]:
    """Everything that happened, oldest first."""
    events = [event for chain in cases for notification in chain for event in _events(notification)]
    for link in found:
        events.extend(_link_events(link))
    return tuple(sorted(events, key=lambda event: (event.at, event.case, event.what)))


def case_name(jurisdiction: str, reference: str) -> str:
    """How a case is named in running text: the reference whole, and whose it is."""
    return f"{jurisdiction} {reference}"


def _events(notification: Notification) -> list[Event]:
    head = notification.head
    name = case_name(head.origin, head.reference)
    events = [Event(iso(head.created), name, f"{KINDS[head.type]} {RELATIONS[head.relation]}")]
    if isinstance(notification, Takedown):
        events += [
            Event(iso(step.at), name, f"Site {step.status}" + (f" ({step.by})" if step.by else ""))
            for step in notification.history
        ]
    if isinstance(notification, MissingChild) and notification.last_seen is not None:
        seen = notification.last_seen.at
        events += [Event(iso(seen), name, "Child last seen")] if seen is not None else []
    return events


def _link_events(link: Link) -> list[Event]:
    first, second = (case_name(p.jurisdiction, p.reference) for p in link.parties)
    return [
        Event(link.raised, first, f"Match with {second}"),
        *(
            Event(p.verdict_at, case_name(p.jurisdiction, p.reference), f"Verdict: {p.verdict}")
            for p in link.parties
            if p.verdict_at is not None
        ),
    ]


def _ended(cases: Sequence[Sequence[Notification]], as_of_ms: int) -> set[SideKey]:
    """Every name of the cases that are cancelled or expired."""
    ended = [chain for chain in cases if state_of(chain[-1].head, as_of_ms) != "active"]
    heads = [notification.head for chain in ended for notification in chain]
    return {(head.origin, name) for head in heads for name in (head.id, head.root)}


def _everything(selection: Selection) -> Iterable[Notification]:
    return (*selection.cases, *selection.alerts, *selection.verdicts)
