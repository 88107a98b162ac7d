"""From an outbound topic into the channels."""

from __future__ import annotations

import base64

from gateway.ledger.tables import channels_out, deliveries, outbound
from gateway.wire import Lane
from schemas.markings import Relation, Urgency
from schemas.members import MemberStatus
from tests.gateway.federation import NOW, Federation, Gateway, identification


def routed(gateway: Gateway) -> list[tuple[str, str, str | None]]:
    """Recipient, state and reason of every delivery, in order."""
    return [(row.recipient, row.state, row.reason) for row in gateway.rows(deliveries)]


def test_each_recipient_for_itself(federation: Federation) -> None:
    """Queued for those who may have it, and written down why the others may not."""
    federation.directory.change("PH", status=MemberStatus.SUSPENDED)
    federation["FR"].publish(identification(recipients=("DE", "PH", "BR", "FR")))
    assert routed(federation["FR"]) == [
        ("BR", "withheld", "unknown-member"),
        ("DE", "queued", None),
        ("PH", "withheld", "suspended"),
    ]
    assert {row.recipient for row in federation["FR"].rows(channels_out)} == {"DE"}


def test_what_is_not_ours_goes_nowhere(federation: Federation) -> None:
    """Any client of our Kafka can write to the topic: another's origin is withheld, and shown."""
    federation["FR"].publish(identification(origin="PH", recipients=("DE", "XI")))
    assert routed(federation["FR"]) == [
        ("DE", "withheld", "foreign-origin"),
        ("XI", "withheld", "foreign-origin"),
    ]


def test_imagery_on_the_topic_goes_nowhere(federation: Federation) -> None:
    """The guard is asked again for what did not come through our intake."""
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8).decode()
    federation["FR"].publish(identification(series=picture))
    assert routed(federation["FR"]) == [("DE", "withheld", "imagery")]


def test_routed_again_changes_nothing(federation: Federation) -> None:
    """After a crash the same records come again: nothing is queued twice, nothing set back."""
    sender = federation["FR"]
    sent = [identification(reference=f"FR-{i}", recipients=("DE", "PH")) for i in range(3)]
    sender.publish(*sent)
    before = [sender.rows(table) for table in (deliveries, outbound, channels_out)]
    federation.now_ms += 1000
    sender.publish(*sent)
    sender.publish(*reversed(sent))
    assert [sender.rows(table) for table in (deliveries, outbound, channels_out)] == before


def test_lanes(federation: Federation) -> None:
    """By urgency; a new urgent case takes nothing along."""
    sender = federation["FR"]
    sender.publish(
        identification(reference="FR-1"),
        identification(reference="FR-2", urgency=Urgency.URGENT),
    )
    assert [row.lane for row in sender.rows(deliveries)] == [Lane.ROUTINE, Lane.URGENT]


def test_an_urgent_update_that_stays_here_takes_nothing_along(federation: Federation) -> None:
    """Withheld from a recipient, it is no reason to hurry; and no lane to nobody is opened."""
    sender, first = federation["FR"], identification(recipients=("DE",))
    update = identification(
        recipients=("DE", "BR"),
        root=first.head.id,
        relation=Relation.UPDATE,
        urgency=Urgency.URGENT,
        valid_until=NOW,
    )
    sender.publish(first, update)
    assert [(row.recipient, row.lane) for row in sender.rows(channels_out)] == [
        ("DE", Lane.ROUTINE)
    ]
    assert routed(sender) == [
        ("DE", "queued", None),
        ("BR", "withheld", "unknown-member"),
        ("DE", "withheld", "expired"),
    ]


def test_an_urgent_update_in_the_same_batch(federation: Federation) -> None:
    """Takes its predecessors along even so, for each recipient, and no other case."""
    sender = federation["FR"]
    first = identification(reference="FR-1", recipients=("DE", "PH"))
    other = identification(reference="FR-2", recipients=("DE", "PH"))
    update = identification(
        reference="FR-1",
        recipients=("DE",),
        root=first.head.id,
        relation=Relation.CANCEL,
        urgency=Urgency.URGENT,
    )
    sender.publish(first, other, update)
    lanes = {(row.notification, row.recipient): row.lane for row in sender.rows(deliveries)}
    assert lanes == {
        (first.head.id, "DE"): Lane.URGENT,
        (first.head.id, "PH"): Lane.ROUTINE,
        (other.head.id, "DE"): Lane.ROUTINE,
        (other.head.id, "PH"): Lane.ROUTINE,
        (update.head.id, "DE"): Lane.URGENT,
    }
