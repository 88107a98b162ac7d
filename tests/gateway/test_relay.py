"""Both ends of a channel together, in memory, with faults (docs/relay-protocol.md, section 7)."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest

from gateway import answer as answers
from gateway.answer import Answer
from gateway.block import Channel, Place
from gateway.channel import MAX_EPOCH, MAX_FRUITLESS
from gateway.courier import RESUMES_AT_ONCE
from gateway.ledger import outgoing
from gateway.ledger.outgoing import Routed
from gateway.ledger.tables import blocks, deliveries, incidents, outbound, quarantine
from gateway.receipt import Disposition, Position, signed, signer_key_ids
from gateway.wire import Lane
from schemas.errors import Unreachable, VerificationFailed
from schemas.identities import new_id
from schemas.markings import Relation, Urgency
from schemas.members import Member
from schemas.notifications import LastSeen, MissingChild, Recall
from tests.gateway.federation import NOW, Federation, identification, keys_of


async def test_a_notification_reaches_each_recipient_once(federation: Federation) -> None:
    """What FR publishes for DE and XI arrives there, with a receipt, and nowhere else."""
    sent = identification(recipients=("DE", "XI"))
    federation["FR"].publish(sent)
    await federation["FR"].drain("DE")
    await federation["FR"].drain("XI")
    assert federation["DE"].arrived() == [sent]
    assert [one.head.id for one in federation["XI"].arrived()] == [sent.head.id]
    assert federation["PH"].arrived() == []
    assert {row.disposition for row in federation["FR"].rows(deliveries)} == {Disposition.ACCEPTED}


async def test_a_hub_sees_only_what_policy_releases(federation: Federation) -> None:
    """A view that withholds a sensitivity says so in its head."""
    head = replace(identification(recipients=("XI",)).head, type="missing-child")
    federation["FR"].publish(
        MissingChild(head, names=("Liwayway Example",), last_seen=LastSeen(place="Lyon"))
    )
    await federation["FR"].drain("XI")
    seen = federation["XI"].arrived()[0]
    assert seen.head.withheld == ("location",)
    assert isinstance(seen, MissingChild)
    assert (seen.last_seen, seen.names) == (None, ("Liwayway Example",))


@pytest.mark.parametrize("fault", ["lose_requests", "lose_answers"])
async def test_a_lost_request_or_answer_changes_nothing(federation: Federation, fault: str) -> None:
    """The same bytes are sent again and get the same receipt; nothing is lost or doubled."""
    sender = federation["FR"]
    setattr(sender.wire, fault, 1)
    sent = [identification(reference=f"FR-{i}") for i in range(3)]
    sender.publish(*sent)
    with pytest.raises(Unreachable):
        await sender.step("DE")
    sender.publish(identification(reference="FR-late"))
    await sender.drain("DE")
    assert sender.wire.sent[0] == sender.wire.sent[1]
    assert [one.head.reference for one in federation["DE"].arrived()] == [
        "FR-0", "FR-1", "FR-2", "FR-late",
    ]  # fmt: skip
    assert sender.destination("DE").state.receipted == Place(1, 2)


async def test_a_full_queue_goes_in_several_blocks_in_order(federation: Federation) -> None:
    """At most 512 items to a block, in the order they were published."""
    sent = [identification(reference=f"FR-{i:04}") for i in range(1100)]
    federation["FR"].publish(*sent)
    await federation["FR"].drain("DE")
    assert [one.head.reference for one in federation["DE"].arrived()] == [
        one.head.reference for one in sent
    ]
    assert federation["DE"].position_from("FR") == Place(1, 3)


async def test_an_empty_recipient_list_reaches_nobody(federation: Federation) -> None:
    """No recipient, no delivery."""
    federation["FR"].publish(identification(recipients=()))
    assert federation["FR"].rows(deliveries) == []


async def test_policy_is_asked_again_at_sealing(federation: Federation) -> None:
    """What expired while it waited is withheld, and the rule is recorded."""
    late = identification(reference="FR-late", valid_until=federation.now_ms + 10)
    federation["FR"].publish(late, identification(reference="FR-good"))
    federation.now_ms += 20
    await federation["FR"].drain("DE")
    assert [one.head.reference for one in federation["DE"].arrived()] == ["FR-good"]
    withheld = [row for row in federation["FR"].rows(deliveries) if row.state == "withheld"]
    assert [(row.notification, row.reason) for row in withheld] == [(late.head.id, "expired")]


async def test_a_sender_restored_from_backup_raises_the_epoch(federation: Federation) -> None:
    """Its other block at a receipted place is a fork; it goes on in a new epoch."""
    sender, recipient = federation["FR"], federation["DE"]
    first, lost = identification(reference="FR-1"), identification(reference="FR-2")
    sender.publish(first)
    await sender.drain("DE")
    backup = federation.backup("FR", "backup.db")
    sender.publish(lost)
    await sender.drain("DE")
    sender = federation.restore("FR", backup)
    sender.publish(lost, identification(reference="FR-3"))
    await sender.drain("DE")
    assert [one.head.reference for one in recipient.arrived()] == ["FR-1", "FR-2", "FR-3"]
    assert recipient.position_from("FR") == Place(2, 1)
    assert [row.kind for row in recipient.rows(incidents)] == ["fork", "epoch-raised"]
    assert [row.kind for row in sender.rows(incidents)] == ["fork-raise-epoch"]
    settled = {row.notification: row.disposition for row in sender.rows(deliveries)}
    assert settled[lost.head.id] == Disposition.DUPLICATE


async def test_a_sender_that_lost_everything_begins_again(federation: Federation) -> None:
    """With an empty ledger it forks at the first block and names the receipt it is given."""
    sender, recipient = federation["FR"], federation["DE"]
    empty = federation.backup("FR", "empty.db")
    for i in range(3):
        sender.publish(identification(reference=f"FR-{i}"))
        await sender.drain("DE")
    sender = federation.restore("FR", empty)
    sender.publish(identification(reference="FR-new"))
    await sender.drain("DE")
    assert [one.head.reference for one in recipient.arrived()][-1] == "FR-new"
    assert recipient.position_from("FR") == Place(2, 1)


async def test_a_recipient_restored_from_backup_gets_all_again(federation: Federation) -> None:
    """A gap: the sender sends kept blocks with their receipts, which the recipient adopts."""
    sender, recipient = federation["FR"], federation["DE"]
    sender.publish(identification(reference="FR-0"))
    await sender.drain("DE")
    backup = federation.backup("DE", "backup.db")
    for i in range(1, 4):
        sender.publish(identification(reference=f"FR-{i}"))
        await sender.drain("DE")
    before = [row.receipt for row in recipient.rows(blocks)]
    recipient = federation.restore("DE", backup)
    sender.publish(identification(reference="FR-4"))
    await sender.drain("DE")
    assert [one.head.reference for one in recipient.arrived()] == [f"FR-{i}" for i in range(5)]
    assert [row.receipt for row in recipient.rows(blocks)][:4] == before
    assert {row.kind for row in recipient.rows(incidents)} == {"gap", "restored"}
    assert recipient.position_from("FR") == Place(1, 5)


async def test_a_recipient_that_lost_more_than_is_kept_shows_the_loss(
    federation: Federation,
) -> None:
    """Beyond the horizon a receipt vouches for a new epoch, in which all is offered again."""
    sender = federation["FR"]
    empty = federation.backup("DE", "empty.db")
    for i in range(3):
        sender.publish(identification(reference=f"FR-{i}"))
        await sender.drain("DE")
    with sender.database.begin() as connection:
        connection.execute(blocks.delete().where(blocks.c.sequence == 1))
    recipient = federation.restore("DE", empty)
    sender.publish(identification(reference="FR-new"))
    await sender.drain("DE")
    assert [one.head.reference for one in recipient.arrived()] == ["FR-0", "FR-1", "FR-2", "FR-new"]
    assert [row.kind for row in recipient.rows(incidents)] == ["gap", "loss"]
    assert recipient.position_from("FR") == Place(2, 1)


async def test_an_erased_block_is_adopted_without_its_content(federation: Federation) -> None:
    """What the sender erased goes again as a hash; the chain is whole, the content gone."""
    sender = federation["FR"]
    empty = federation.backup("DE", "empty.db")
    for i in range(2):
        sender.publish(identification(reference=f"FR-{i}"))
        await sender.drain("DE")
    with sender.database.begin() as connection:
        connection.execute(blocks.update().where(blocks.c.sequence == 1).values(body=None))
    recipient = federation.restore("DE", empty)
    sender.publish(identification(reference="FR-2"))
    await sender.drain("DE")
    assert [one.head.reference for one in recipient.arrived()] == ["FR-1", "FR-2"]
    assert recipient.position_from("FR") == Place(1, 3)


async def test_an_urgent_update_takes_its_predecessors_along(federation: Federation) -> None:
    """Unsealed notifications of its case chain move to the urgent lane, before it."""
    sender = federation["FR"]
    first = identification(reference="FR-1")
    other = identification(reference="FR-2")
    update = identification(
        reference="FR-1",
        root=first.head.id,
        relation=Relation.UPDATE,
        predecessors=(first.head.id,),
        urgency=Urgency.URGENT,
    )
    sender.publish(first, other)
    sender.publish(update)
    await sender.drain("DE", Lane.URGENT)
    assert federation["DE"].arrived() == [first, update]
    await sender.drain("DE", Lane.ROUTINE)
    assert federation["DE"].arrived() == [first, update, other]


async def test_a_poisoned_notification_stops_nothing(federation: Federation) -> None:
    """It is refused with its reason and kept; what stands beside it arrives."""
    sender, recipient = federation["FR"], federation["DE"]
    stolen = identification(origin="PH", reference="PH-1", recipients=("DE",))
    federation["PH"].publish(stolen)
    await federation["PH"].drain("DE")
    federation["FR"].publish(
        identification(reference="FR-1"),
        identification(reference="FR-2", root=stolen.head.id, relation=Relation.CANCEL),
        identification(reference="FR-3"),
    )
    await sender.drain("DE")
    assert [one.head.reference for one in recipient.arrived()] == ["PH-1", "FR-1", "FR-3"]
    kept = recipient.rows(quarantine)
    assert [(row.disposition, row.detail) for row in kept] == [
        (Disposition.NOT_OWN_CHAIN, "it changes a case of another jurisdiction")
    ]


async def test_a_recipient_away_costs_the_others_nothing(federation: Federation) -> None:
    """Back-off is kept for each destination and cleared when it calls us."""
    sender = federation["FR"]
    sender.wire.lose_requests = 1
    sender.publish(identification(recipients=("DE", "PH")))
    with pytest.raises(Unreachable):
        await sender.step("DE")
    await sender.courier._back_off(("DE", Lane.ROUTINE), Unreachable("away"))
    await sender.drain("PH")
    assert sender.destination("DE").attempts == 1
    federation["DE"].publish(identification(origin="DE", recipients=("FR",)))
    await federation["DE"].drain("FR")
    assert sender.destination("DE").attempts == 0


async def test_consent_widens_a_view_by_its_revision(federation: Federation) -> None:
    """A later revision of the view arrives beside the first: it is another identity."""
    sender, recipient = federation["FR"], federation["DE"]
    sent = identification()
    sender.publish(sent)
    await sender.drain("DE")
    wider = Routed(sent.head.id, "DE", 2, Lane.ROUTINE, sent.head.root, None)
    with sender.database.begin() as connection:
        outgoing.queue(connection, [wider], federation.now_ms)
    await sender.drain("DE")
    assert [(one.head.id, one.head.revision) for one in recipient.arrived()] == [
        (sent.head.id, 1),
        (sent.head.id, 2),
    ]


async def test_the_same_identity_with_other_content_is_refused(federation: Federation) -> None:
    """An id is given once: content that changes under it is a conflict, and kept as evidence."""
    sender, recipient = federation["FR"], federation["DE"]
    sent = identification()
    sender.publish(sent)
    await sender.drain("DE")
    with sender.database.begin() as connection:
        connection.execute(outbound.delete())
        connection.execute(deliveries.delete())
    sender.publish(replace(sent, names=("Another Example",)))
    await sender.drain("DE")
    assert recipient.arrived() == [sent]
    assert [row.disposition for row in recipient.rows(quarantine)] == [Disposition.ID_CONFLICT]


async def test_an_original_after_its_recall_is_refused(federation: Federation) -> None:
    """A recall of an unknown id leaves a mark."""
    sender, recipient = federation["FR"], federation["DE"]
    original = identification()
    recall_id = new_id()
    recall = Recall(
        replace(original.head, id=recall_id, root=recall_id, type="recall", reference="FR-R1"),
        targets=(original.head.id,),
        reason="mistaken",
    )
    sender.publish(recall)
    sender.publish(original)
    await sender.drain("DE")
    assert recipient.arrived() == [recall]
    assert [row.disposition for row in recipient.rows(quarantine)] == [Disposition.RECALLED]


async def test_what_a_restored_recipient_lost_is_offered_again(federation: Federation) -> None:
    """Both ends restored: kept blocks of another past do not fit, their notifications do."""
    sender, recipient = federation["FR"], federation["DE"]
    sent = [identification(reference=f"FR-{i}") for i in range(5)]
    sender.publish(sent[0])
    await sender.drain("DE")
    of_sender, of_recipient = federation.backup("FR", "fr.db"), federation.backup("DE", "de.db")
    sender.publish(sent[1])
    await sender.drain("DE")
    sender.publish(sent[2])
    await sender.drain("DE")
    sender = federation.restore("FR", of_sender)
    sender.publish(*sent[1:4])
    await sender.drain("DE")
    recipient = federation.restore("DE", of_recipient)
    sender.publish(sent[4])
    await sender.drain("DE")
    assert recipient.arrived() == sent


class _Forking:
    """A recipient that answers every block with a fork, signed by DE."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.asked = 0

    async def send(self, member: Member, lane: Lane, frame: bytes) -> Answer:
        self.asked += 1
        signer = keys_of("DE").signer
        said = Position(
            Channel("FR", "DE", lane),
            self._place,
            bytes(32),
            bytes([self.asked]) * 32,
            Place(),
            NOW,
            signer_key_ids(signer.public),
        )
        return Answer(answers.FORK, signed(said, signer))

    async def position(self, member: Member, lane: Lane) -> Answer:
        raise Unreachable("it only forks")


@pytest.mark.parametrize("place", [Place(1, 7), Place(MAX_EPOCH, 1)])
async def test_a_recipient_that_forks_for_ever_is_halted(
    federation: Federation, place: Place
) -> None:
    """Epochs are not raised without end: disk and header have an end, and an operator is told."""
    sender = federation["FR"]
    hostile = sender.courier._peer = _Forking(place)
    sender.publish(identification())
    while sender.destination("DE").halted is None:
        with contextlib.suppress(VerificationFailed):
            await sender.step("DE")
    assert sender.destination("DE").halted == "fork-repeated"
    assert hostile.asked == (MAX_FRUITLESS + 1 if place.epoch == 1 else 1)
    assert [row.detail for row in sender.rows(incidents) if row.kind.startswith("halted")] == [
        "the recipient accepts no continuation of what it signed"
    ]


async def test_after_some_forks_in_a_row_the_recipient_is_given_time(
    federation: Federation,
) -> None:
    """Forks and gaps are answered at once a few times only; then the back-off begins."""
    sender = federation["FR"]
    sender.courier._peer = _Forking(Place(1, 7))
    sender.publish(identification())
    for _ in range(RESUMES_AT_ONCE):
        assert await sender.step("DE")
    with pytest.raises(VerificationFailed, match="accepts no continuation; it is given time"):
        await sender.step("DE")


async def test_what_was_erased_is_not_offered_again(federation: Federation) -> None:
    """It stays receipted: nobody is told that policy kept back what was delivered."""
    sender = federation["FR"]
    empty = federation.backup("DE", "empty.db")
    for i in range(2):
        sender.publish(identification(reference=f"FR-{i}"))
        await sender.drain("DE")
    with sender.database.begin() as connection:
        connection.execute(blocks.delete().where(blocks.c.sequence == 1))
        erased = outbound.c.reference == "FR-0"
        connection.execute(outbound.update().where(erased).values(data=None))
    recipient = federation.restore("DE", empty)
    sender.publish(identification(reference="FR-new"))
    await sender.drain("DE")
    assert [one.head.reference for one in recipient.arrived()] == ["FR-1", "FR-new"]
    assert {row.state for row in sender.rows(deliveries)} == {"done"}
