"""Items against what came before: in the ledger, and earlier in the same block."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from gateway.block import Place
from gateway.ledger.tables import arrivals, identities, quarantine, recalled
from gateway.receipt import Disposition, Receipt, verify_signed
from gateway.wire import Lane
from schemas.codec import encode
from schemas.identities import new_id, pair_id
from schemas.markings import Relation, Verdict
from schemas.notifications import MatchAlert, MatchVerdict, Notification, Recall, Side
from tests.gateway.crafting import frame
from tests.gateway.federation import NOW, Federation, identification, keys_of

A, D, R, C = (
    Disposition.ACCEPTED,
    Disposition.DUPLICATE,
    Disposition.RECALLED,
    Disposition.ID_CONFLICT,
)


class Chain:
    """FR's blocks to DE, one after the other."""

    def __init__(self, federation: Federation) -> None:
        self.federation = federation
        self.place, self.previous = Place(1, 0), bytes(32)

    def send(self, *sent: Notification) -> tuple[Disposition, ...]:
        """What DE's receipt says of each."""
        place = Place(1, self.place.sequence + 1)
        made = frame(*map(encode, sent), place=place, previous=self.previous)
        answer = self.federation.deliver("FR", "DE", Lane.ROUTINE, made.to_bytes())
        self.place, self.previous = place, made.block.hash
        return verify_signed(Receipt, answer.statement, keys_of("DE").signing_keys).dispositions


def recall(*targets: str) -> Recall:
    """FR takes notifications back."""
    made = new_id()
    head = replace(identification().head, id=made, root=made, type="recall", reference="FR-R")
    return Recall(head, targets=targets)


def alert(ours: str, theirs: str) -> MatchAlert:
    """FR tells DE that a notification of DE's meets one of FR's."""
    head = identification(reference="FR-A").with_head(type="match-alert").head
    return MatchAlert(
        head, pair_id(ours, theirs), 1, Side("DE", "DE-1", ours), Side("FR", "FR-1", theirs)
    )


def verdict(*pair: str) -> MatchVerdict:
    """FR says what it found after comparing."""
    head = identification(reference="FR-V").with_head(type="match-verdict").head
    return MatchVerdict(head, pair_id(*pair), pair, Verdict.CONFIRMED)


def test_duplicates(federation: Federation) -> None:
    """In the same block or a later one: told, and neither queued nor quarantined again."""
    chain, one, two = Chain(federation), identification(), identification(reference="FR-2")
    assert chain.send(one, two, one) == (A, A, D)
    assert chain.send(two, one) == (D, D)
    assert federation["DE"].arrived() == [one, two]
    assert federation["DE"].rows(quarantine) == []


def test_the_same_identity_with_other_content(federation: Federation) -> None:
    """The first stays; the other is kept as evidence, in the same block or a later one."""
    chain, one = Chain(federation), identification()
    other = replace(one, names=("Another Example",))
    assert chain.send(one, other) == (A, C)
    assert chain.send(other, one) == (C, D)
    gateway = federation["DE"]
    assert gateway.arrived() == [one]
    assert [(row.data, row.detail) for row in gateway.rows(quarantine)] == [
        (encode(other), "its id was used for other content before")
    ] * 2


def test_revisions_are_different_ones(federation: Federation) -> None:
    """A later revision stands beside the first; each is taken once."""
    chain, one = Chain(federation), identification()
    wider = one.with_head(revision=2)
    assert chain.send(one, wider, wider) == (A, A, D)
    assert chain.send(wider.with_head(reference="FR-other")) == (C,)
    assert len(federation["DE"].rows(identities)) == 2


def test_an_original_after_its_recall(federation: Federation) -> None:
    """In the same block or a later one, in every revision; other cases go on."""
    chain, late, later = Chain(federation), identification(), identification(reference="FR-2")
    assert chain.send(recall(late.head.id, later.head.id), late) == (A, R)
    assert chain.send(later, later.with_head(revision=2), identification("FR", "FR-3")) == (R, R, A)
    assert len(federation["DE"].rows(recalled)) == 2


def test_a_verdict_right_behind_what_makes_its_sender_a_party(federation: Federation) -> None:
    """The case or the alert before it counts, in the same block or one that no consumer saw yet."""
    chain, ours = Chain(federation), identification("DE", "DE-1", ("FR",))
    federation["DE"].publish(ours)
    theirs, unseen = identification(), new_id()
    assert chain.send(verdict(ours.head.id, unseen)) == (Disposition.NOT_PARTY,)
    assert chain.send(theirs, verdict(ours.head.id, theirs.head.id)) == (A, A)
    told = alert(ours.head.id, unseen)
    assert chain.send(told, verdict(ours.head.id, unseen)) == (A, A)
    assert chain.send(verdict(unseen, ours.head.id)) == (A,)


def test_what_it_may_name_costs_one_look(federation: Federation) -> None:
    """A block of notifications that name as many others as they may: few questions, whatever."""
    others = tuple(new_id() for _ in range(255))
    sent = [
        encode(identification(reference=f"FR-{i}", relation=Relation.UPDATE, predecessors=others))
        for i in range(20)
    ]
    asked = []
    connected = federation["DE"].database._writer
    sa.event.listen(connected, "before_cursor_execute", lambda *_: asked.append(1))
    answer = federation.deliver("FR", "DE", Lane.ROUTINE, frame(*sent).to_bytes())
    receipt = verify_signed(Receipt, answer.statement, keys_of("DE").signing_keys)
    assert set(receipt.dispositions) == {A}
    assert len(asked) < 4 * len(sent)


def test_what_is_refused_leaves_no_mark(federation: Federation) -> None:
    """An expired recall recalls nothing; an expired original can come again, extended."""
    chain, one = Chain(federation), identification()
    expired = Disposition.EXPIRED
    assert chain.send(recall(one.head.id).with_head(valid_until=NOW)) == (expired,)
    assert chain.send(one.with_head(valid_until=NOW), one) == (expired, A)
    assert federation["DE"].rows(recalled) == []


def test_arrivals_keep_the_order_of_their_block(federation: Federation) -> None:
    """And say where each stood."""
    chain = Chain(federation)
    sent = [identification(reference=f"FR-{i}") for i in range(4)]
    chain.send(sent[0], sent[1])
    chain.send(sent[1], sent[2], sent[3])
    assert federation["DE"].arrived() == sent
    assert [(row.sequence, row.item) for row in federation["DE"].rows(arrivals)] == [
        (1, 0), (1, 1), (2, 1), (2, 2),
    ]  # fmt: skip
