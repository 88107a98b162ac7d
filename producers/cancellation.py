"""A notification that cancels a case: whom it concerns, and nothing about the case."""

from __future__ import annotations

from producers.intake import Defaults, content_digest
from producers.publications import Candidate, Envelope
from schemas import catalogue
from schemas.codec import encode
from schemas.identities import new_id
from schemas.markings import Relation
from schemas.notifications import TYPES, Head


def cancellation(
    envelope: Envelope, defaults: Defaults, reference: str, *, now_ms: int
) -> Candidate:
    """What ends the chain of ``reference``.

    Everybody whom any notification of the chain was addressed to is a recipient: who was told
    must be told that it is over.
    """
    id = new_id(now_ms)
    head = Head(
        id=id,
        type=envelope.type,
        version=catalogue.VERSION,
        origin=defaults.jurisdiction,
        reference=reference,
        root=id,
        created=now_ms,
        marking=envelope.marking,
        relation=Relation.CANCEL,
        valid_until=envelope.valid_until,
        review_at=now_ms + defaults.review_ms if defaults.review_ms else None,
        mode=envelope.mode,
        urgency=envelope.urgency,
        recipients=envelope.recipients,
        contact=defaults.contact,
    )
    notification = TYPES[envelope.type](head=head)  # type: ignore[call-arg]
    stated = {"reference": reference, "relation": head.relation, "created": now_ms}
    return Candidate(notification, content_digest(stated), encode(notification))
