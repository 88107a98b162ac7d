"""What the sender believes of an answer, and what it does then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gateway import answer as answers
from gateway.answer import Answer
from gateway.block import Channel, Place
from gateway.channel import Overtaken
from gateway.ledger import outgoing
from gateway.ledger.tables import blocks, channels_out, deliveries, incidents
from gateway.receipt import (
    Disposition,
    Position,
    Refusal,
    RefusalCode,
    receipt_hash,
    signed,
    signer_key_ids,
)
from gateway.settlement import Settlement
from gateway.signing import Signer
from gateway.wire import ZERO_HASH, Lane
from schemas.codec import encode
from schemas.errors import VerificationFailed
from tests.gateway.crafting import CHANNEL, frame, receipt_for
from tests.gateway.federation import NOW, Federation, identification, keys_of

OWN = keys_of("DE").signer
LEDGER = (blocks, channels_out, deliveries, incidents)


class Sent:
    """FR's end, with one block in flight."""

    def __init__(self, federation: Federation, count: int = 1) -> None:
        self.federation = federation
        self.gateway = federation["FR"]
        self.settlement = Settlement(lambda: federation.directory)
        self.gateway.publish(*(identification(reference=f"FR-{i}") for i in range(count)))
        member = federation.directory.member("DE")
        assert member is not None
        with self.gateway.database.begin() as connection:
            sealed = self.gateway.sealer.next_block(connection, member, Lane.ROUTINE, NOW)
        assert sealed is not None
        self.place, self.frame = sealed

    def rows(self) -> list[Any]:
        """All that an answer can move."""
        return [self.gateway.rows(table) for table in LEDGER]

    def receipt(self, statement: bytes) -> None:
        """An answer of success."""
        with self.gateway.database.begin() as connection:
            self.settlement.receipt(
                connection, CHANNEL, self.place, self.frame.block.hash, statement, NOW + 1
            )

    def refused(self, answer: Answer) -> None:
        """A refusal."""
        with self.gateway.database.begin() as connection:
            self.settlement.refused(connection, CHANNEL, self.place, answer, NOW + 1)

    def discontinuity(self, answer: Answer) -> Place | None:
        """A fork or gap."""
        with self.gateway.database.begin() as connection:
            return self.settlement.discontinuity(connection, CHANNEL, answer, NOW + 1)

    def believes_nothing(self, problem: str, work: Any, *given: Any) -> None:
        """The answer is refused for ``problem``, and nothing moved."""
        before = self.rows()
        with pytest.raises(VerificationFailed, match=problem):
            work(*given)
        assert self.rows() == before


@pytest.fixture
def sent(federation: Federation) -> Sent:
    """One block with one item in flight."""
    return Sent(federation)


def refusal(signer: Signer = OWN, **changes: Any) -> Answer:
    """A refusal of FR's block by DE."""
    made = Refusal(
        CHANNEL, Place(1, 1), ZERO_HASH, RefusalCode.UNKNOWN_KEY, NOW, signer_key_ids(signer.public)
    )
    statement = signed(replace(made, **changes), signer)
    return Answer(answers.REFUSED, statement, problem="the keys are not known", code="unknown-key")


def position(signer: Signer = OWN, kind: str = answers.FORK, **changes: Any) -> Answer:
    """A fork or gap, told by DE."""
    made = Position(
        CHANNEL, Place(), ZERO_HASH, ZERO_HASH, Place(), NOW, signer_key_ids(signer.public)
    )
    return Answer(kind, signed(replace(made, **changes), signer))


def test_a_receipt_settles_the_deliveries(federation: Federation) -> None:
    """Each with its own disposition; the receipt is kept byte for byte."""
    sent = Sent(federation, 3)
    said = (Disposition.ACCEPTED, Disposition.EXPIRED, Disposition.ACCEPTED)
    statement = receipt_for(sent.frame, dispositions=said)
    sent.receipt(statement)
    settled = sent.gateway.rows(deliveries)
    assert tuple(row.disposition for row in settled) == said
    assert {(row.state, row.receipted_at) for row in settled} == {("done", NOW + 1)}
    assert [row.receipt for row in sent.gateway.rows(blocks)] == [statement]
    state = sent.gateway.destination("DE").state
    assert (state.receipted, state.receipt_hash) == (Place(1, 1), receipt_hash(statement))
    assert not state.in_flight


def test_a_receipt_by_another_key(sent: Sent) -> None:
    """Of another member, or of somebody in the recipient's name."""
    for signer in (keys_of("PH").signer, Signer.generate()):
        sent.believes_nothing(
            "signed with keys that are not its signer's",
            sent.receipt,
            receipt_for(sent.frame, signer),
        )
    named = receipt_for(sent.frame, Signer.generate(), signer_keys=signer_key_ids(OWN.public))
    sent.believes_nothing("a signature does not verify", sent.receipt, named)


def test_a_receipt_of_another_block(sent: Sent) -> None:
    """Another block, place, channel, or number of items."""
    other = frame(encode(identification()))
    for statement in (
        receipt_for(other),
        receipt_for(sent.frame, place=Place(1, 2)),
        receipt_for(sent.frame, channel=Channel("FR", "DE", Lane.URGENT)),
        receipt_for(sent.frame, channel=Channel("PH", "DE", Lane.ROUTINE)),
        receipt_for(sent.frame, dispositions=(Disposition.ACCEPTED,) * 2),
    ):
        sent.believes_nothing(
            "the receipt is not for the block that was sent", sent.receipt, statement
        )


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (b"", "the bytes end before the form does"),
        (b"OK", "the bytes end before the form does"),
        (bytes(4000), "protocol version 0"),
    ],
)
def test_no_receipt_at_all(sent: Sent, statement: bytes, problem: str) -> None:
    """A status of 200 is worth nothing."""
    sent.believes_nothing(problem, sent.receipt, statement)


def test_another_receipt_than_the_last_one_before_it(sent: Sent) -> None:
    """It is taken, and the operator sees that the recipient's chain is not ours."""
    statement = receipt_for(sent.frame, previous_receipt=bytes([1]) * 32)
    sent.receipt(statement)
    [seen] = sent.gateway.rows(incidents)
    assert (seen.kind, seen.statement) == ("receipt-chain", statement)


def test_a_refusal_halts_the_lane(sent: Sent) -> None:
    """With the recipient's signed word as evidence; an operator lets it go on."""
    answer = refusal(block_hash=sent.frame.block.hash)
    sent.refused(answer)
    assert sent.gateway.destination("DE").halted == "refused"
    assert sent.gateway.destination("DE", Lane.URGENT).halted is None
    [seen] = sent.gateway.rows(incidents)
    assert (seen.kind, seen.detail) == ("halted-refused", "unknown-key: the keys are not known")
    assert seen.statement == answer.statement
    with sent.gateway.database.begin() as connection:
        outgoing.resume(connection, "DE", Lane.ROUTINE)
    assert sent.gateway.destination("DE").halted is None


def test_a_refusal_that_is_not_signed_halts_nothing(sent: Sent) -> None:
    """Anybody between could have said it: it is tried again."""
    bare = Answer(answers.REFUSED, code="sender-suspended")
    sent.believes_nothing("the bytes end before", sent.refused, bare)
    sent.believes_nothing("not its signer's", sent.refused, refusal(Signer.generate()))
    for changes in (
        {"channel": Channel("FR", "DE", Lane.URGENT)},
        {"channel": Channel("PH", "DE", Lane.ROUTINE)},
    ):
        sent.believes_nothing("another channel", sent.refused, refusal(**changes))


def test_a_forged_fork_moves_nothing(sent: Sent) -> None:
    """Not signed, signed by another, or of another channel."""
    for answer, problem in (
        (Answer(answers.FORK), "the bytes end before the form does"),
        (Answer(answers.FORK, receipt_for(sent.frame)), "the bytes end before the form does"),
        (position(keys_of("PH").signer), "signed with keys that are not its signer's"),
    ):
        sent.believes_nothing(problem, sent.discontinuity, answer)
    other = position(channel=Channel("FR", "DE", Lane.URGENT))
    sent.believes_nothing("the position is of another channel", sent.discontinuity, other)


def test_a_fork_raises_the_epoch(sent: Sent) -> None:
    """Above all that the recipient saw, from the receipt it names; the items wait again."""
    answer = position(place=Place(4, 2), receipt_hash=bytes([5]) * 32)
    assert sent.discontinuity(answer) is None
    state = sent.gateway.destination("DE").state
    assert (state.place, state.receipt_hash) == (Place(5, 0), bytes([5]) * 32)
    [seen] = sent.gateway.rows(incidents)
    assert (seen.kind, seen.statement) == ("fork-raise-epoch", answer.statement)
    assert [row.state for row in sent.gateway.rows(deliveries)] == ["queued"]
    assert [row.abandoned_at for row in sent.gateway.rows(blocks)] == [NOW + 1]


async def test_a_gap_behind_what_is_kept_is_filled(federation: Federation) -> None:
    """The position is given, to send after it; neither epoch nor deliveries move."""
    federation["FR"].publish(identification(reference="FR-first"))
    await federation["FR"].drain("DE")
    sent = Sent(federation)
    assert sent.discontinuity(position(kind=answers.GAP)) == Place()
    assert sent.gateway.destination("DE").state.place == Place(1, 2)


async def test_a_gap_that_kept_blocks_do_not_fill(federation: Federation) -> None:
    """The epoch is raised from the last receipt held, and everything lost is offered again."""
    federation["FR"].publish(identification(reference="FR-first"))
    await federation["FR"].drain("DE")
    held = federation["FR"].destination("DE").state.receipt_hash
    sent = Sent(federation)
    with sent.gateway.database.begin() as connection:
        connection.execute(blocks.update().where(blocks.c.sequence == 1).values(sequence=9))
        connection.execute(
            blocks.update().where(blocks.c.sequence == 9).values(receipt=None, epoch=0)
        )
    sent.discontinuity(position(kind=answers.GAP))
    state = sent.gateway.destination("DE").state
    assert state.place == Place(2, 0)
    assert state.receipt_hash in (held, ZERO_HASH)
    assert [row.state for row in sent.gateway.rows(deliveries)] == ["queued", "queued"]


def test_progress_is_the_recipients_signed_word(sent: Sent) -> None:
    """Of this channel; another channel's says nothing about it."""
    with sent.gateway.database.begin() as connection:
        for changes in ({"channel": Channel("FR", "DE", Lane.URGENT)}, {}):
            at = {"place": Place(1, 1), "processed": Place(1, 1)}
            answer = position(kind=answers.OK, **at, **changes)
            sent.settlement.progress(connection, CHANNEL, answer)
            noted = outgoing.destination(connection, "DE", Lane.ROUTINE).processed
            assert noted == (Place() if changes else Place(1, 1))
    with (
        pytest.raises(VerificationFailed),
        sent.gateway.database.begin() as connection,
    ):
        sent.settlement.progress(connection, CHANNEL, position(Signer.generate()))


def test_a_member_that_left_settles_nothing(sent: Sent) -> None:
    """No longer in the directory: nothing of it verifies."""
    statement = receipt_for(sent.frame)
    sent.federation.directory.remove("DE")
    sent.believes_nothing("not its signer's", sent.receipt, statement)


async def test_a_refusal_of_another_block_halts_nothing(federation: Federation) -> None:
    """A refusal is evidence about one block; an old one cannot be shown again for the next."""
    sender = federation["FR"]
    sender.publish(identification())
    with sender.database.begin() as connection:
        sealed = sender.sealer.next_block(
            connection, federation.directory.member("DE"), Lane.ROUTINE, NOW
        )
    assert sealed is not None
    place, frame = sealed
    old = Refusal(
        channel=Channel("FR", "DE", Lane.ROUTINE),
        place=place,
        block_hash=bytes(32),
        code=RefusalCode.BAD_SIGNATURE,
        at=NOW,
        signer_keys=signer_key_ids(federation["DE"].keys.signer.public),
    )
    answer = Answer(answers.REFUSED, signed(old, federation["DE"].keys.signer))
    settlement = Settlement(lambda: federation.directory)
    with (
        pytest.raises(VerificationFailed, match="for another block than the one that was sent"),
        sender.database.begin() as connection,
    ):
        settlement.refused(connection, old.channel, place, answer, NOW)
    assert sender.destination("DE").halted is None
    right = replace(old, block_hash=frame.block.hash)
    answer = Answer(answers.REFUSED, signed(right, federation["DE"].keys.signer))
    with sender.database.begin() as connection:
        settlement.refused(connection, old.channel, place, answer, NOW)
    assert sender.destination("DE").halted == "refused"
    # The same refusal, come late: an operator resumed the lane, and its block was given up.
    with sender.database.begin() as connection:
        outgoing.resume(connection, "DE", Lane.ROUTINE)
    with pytest.raises(Overtaken), sender.database.begin() as connection:
        settlement.refused(connection, old.channel, place, answer, NOW)
    assert sender.destination("DE").halted is None
