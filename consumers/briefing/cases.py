"""One case chain as the document shows it. Pure.

A chain shows what its latest notification says: an update carries the whole subject again, so
nothing is patched together from several of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from consumers.briefing.document import (
    Account,
    Contact,
    Hash,
    MissingCase,
    Progress,
    Step,
    Subject,
    TakedownCase,
)
from consumers.briefing.times import iso, iso_or_none, whole_days
from schemas.markings import Handling, Relation, Tlp
from schemas.notifications import (
    DutyContact,
    Head,
    Identification,
    MediaHash,
    MissingChild,
    Notification,
    Takedown,
)

ENDED = frozenset({"removed", "refused"})
"""Takedown states after which nothing is pending; a site that moved or reappeared is."""

Chain = Sequence[Notification]


def subject(chain: Chain, as_of_ms: int) -> Subject:
    """A chain that ends with an identification; oldest first."""
    common, shown = _common(chain, as_of_ms)
    latest = cast(Identification, shown)
    return Subject(
        **common,
        role=latest.role.value,
        status=latest.status.value if latest.status else None,
        names=latest.names,
        birth_date=latest.birth_date,
        sex=latest.sex,
        nationalities=latest.nationalities,
        identifiers=tuple(
            Account(i.type, i.value, i.platform, iso_or_none(i.seen_at)) for i in latest.identifiers
        ),
        media_hashes=_hashes(latest.media_hashes),
        series=latest.series,
    )


def takedown_case(chain: Chain, as_of_ms: int) -> TakedownCase:
    """A chain that ends with a takedown; oldest first."""
    common, shown = _common(chain, as_of_ms)
    latest = cast(Takedown, shown)
    progress = sorted(latest.history, key=lambda step: step.at)
    opened = min([chain[0].head.created, *(step.at for step in progress)])
    status = progress[-1].status if progress else "open"
    pending = status not in ENDED and common["state"] == "active"
    return TakedownCase(
        **common,
        url=latest.url,
        domain=latest.domain,
        host=latest.host,
        hosting_country=latest.hosting_country,
        provider=latest.provider,
        commercial=latest.commercial,
        payment_methods=latest.payment_methods,
        evidence_hashes=_hashes(latest.evidence_hashes),
        requested_action=latest.requested_action,
        status=status,
        pending=pending,
        age_days=whole_days(opened, progress[-1].at if status in ENDED else as_of_ms),
        progress=tuple(Progress(step.status, iso(step.at), step.by) for step in progress),
    )


def missing_case(chain: Chain, as_of_ms: int) -> MissingCase:
    """A chain that ends with a missing child; oldest first."""
    common, shown = _common(chain, as_of_ms)
    latest = cast(MissingChild, shown)
    seen = latest.last_seen
    since = seen.at if seen and seen.at is not None else chain[0].head.created
    return MissingCase(
        **common,
        names=latest.names,
        birth_date=latest.birth_date,
        sex=latest.sex,
        nationalities=latest.nationalities,
        description=latest.description,
        last_seen_at=iso_or_none(seen.at) if seen else None,
        last_seen_place=(seen.place or None) if seen else None,
        last_seen_country=seen.country if seen else None,
        circumstances=latest.circumstances,
        vehicle=latest.vehicle,
        companion=latest.companion,
        areas=latest.areas,
        languages=latest.languages,
        broadcast=latest.broadcast,
        age_days=whole_days(since, as_of_ms),
    )


def _common(chain: Chain, as_of_ms: int) -> tuple[dict[str, Any], Notification]:
    """What every case has, and the notification whose content is shown."""
    latest = chain[-1]
    head = latest.head
    state = state_of(head, as_of_ms)
    if state != "active":
        latest = type(latest)(head)  # type: ignore[call-arg]
    return {
        "type": head.type,
        "jurisdiction": head.origin,
        "reference": head.reference,
        "case": head.root,
        "state": state,
        "urgency": head.urgency.value,
        "tlp": max((n.head.marking.tlp for n in chain), key=list(Tlp).index).label,
        "handling": max((n.head.marking.handling for n in chain), key=list(Handling).index).value,
        "purpose": head.marking.purpose,
        "legal_basis": head.marking.legal_basis,
        "grading": head.marking.grading,
        "opened": iso(chain[0].head.created),
        "updated": iso(head.created),
        "valid_until": iso_or_none(head.valid_until),
        "review_at": iso_or_none(head.review_at),
        "operation": head.operation,
        "contact": contact(head.contact),
        "withheld": head.withheld,
        "history": tuple(
            Step(iso(n.head.created), n.head.relation.value, n.head.id) for n in chain
        ),
    }, latest


def contact(given: DutyContact | None) -> Contact | None:
    """A duty contact; None when none was given or nothing of it is released."""
    if given is None or not (given.unit or given.email or given.phone):
        return None
    return Contact(given.unit, given.email, given.phone)


def state_of(head: Head, as_of_ms: int) -> str:
    """``active``, ``cancelled`` or ``expired``, by the latest head of a chain."""
    if head.relation is Relation.CANCEL:
        return "cancelled"
    return "expired" if head.expired(as_of_ms) else "active"


def _hashes(hashes: Sequence[MediaHash]) -> tuple[Hash, ...]:
    return tuple(Hash(h.algorithm, h.value) for h in hashes)
