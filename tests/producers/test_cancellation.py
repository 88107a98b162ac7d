"""What a cancellation says."""

from __future__ import annotations

from producers.cancellation import cancellation
from producers.intake import Defaults
from producers.publications import Envelope
from schemas.codec import decode
from schemas.markings import Mode, Relation, Role, Urgency
from schemas.notifications import Identification, Marking


def test_no_case_data() -> None:
    """It names everybody concerned, keeps the marking, and says nothing about the case."""
    envelope = Envelope(
        type="identification",
        latest=Relation.NEW,
        latest_id="01920000-0000-7000-8000-0123456789ab",
        recipients=("DE", "PH"),
        marking=Marking(purpose="p"),
        mode=Mode.EXERCISE,
        urgency=Urgency.URGENT,
        valid_until=1_900_000_000_000,
    )
    made = cancellation(envelope, Defaults("FR"), "FR-1", now_ms=1_790_000_000_000)
    found = decode(made.data)
    assert found == made.notification
    assert found == Identification(found.head, role=Role.UNKNOWN)
    assert found.head.relation is Relation.CANCEL
    assert found.head.recipients == ("DE", "PH")
    assert found.head.marking == Marking(purpose="p")
    assert (found.head.mode, found.head.urgency) == (Mode.EXERCISE, Urgency.URGENT)
