"""What the recipient does with a frame that needs its ledger to be judged."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from gateway import answer as answers
from gateway.answer import Answer
from gateway.block import Channel, Frame, Item, Place
from gateway.ledger.blocks import MAX_INCIDENTS
from gateway.ledger.tables import arrivals, blocks, channels_in, identities, incidents, quarantine
from gateway.receipt import (
    Disposition,
    Position,
    Receipt,
    Refusal,
    RefusalCode,
    receipt_hash,
    verify_signed,
)
from gateway.receiver import BUSY_RETRY_S, CLOCK_RETRY_S, MAX_BACKLOG, OwnKeys, Receiver
from gateway.sealing import Opener
from gateway.signing import Signer
from gateway.verification import MAX_AHEAD_MS
from gateway.wire import ZERO_HASH, Lane
from schemas.codec import encode
from schemas.markings import Relation
from tests.gateway.crafting import CHANNEL, erased, frame, receipt_for
from tests.gateway.federation import NOW, Federation, identification, keys_of

OWN = keys_of("DE").signing_keys
ITEM = [Item(bytes(32), b"one")]
LEDGER = (arrivals, blocks, channels_in, identities, quarantine)


@pytest.fixture
def receives(federation: Federation) -> Receives:
    """DE, and FR's frames to it."""
    return Receives(federation)


class Receives:
    """DE's end of the channel from FR."""

    def __init__(self, federation: Federation) -> None:
        self.federation = federation

    def __call__(self, sent: Frame | bytes, lane: Lane = Lane.ROUTINE) -> Answer:
        data = sent if isinstance(sent, bytes) else sent.to_bytes()
        return self.federation.deliver("FR", "DE", lane, data)

    def rows(self) -> list[object]:
        """All that a block can move."""
        return [self.federation["DE"].rows(table) for table in LEDGER]

    def position(self, answer: Answer) -> Position:
        """The signed position in a fork or gap."""
        return verify_signed(Position, answer.statement, OWN)

    def receipt(self, answer: Answer) -> Receipt:
        """The receipt in a success."""
        assert answer.kind == answers.OK
        return verify_signed(Receipt, answer.statement, OWN)


def after(first: Frame, *contents: bytes, sequence: int = 2) -> Frame:
    """A block that continues ``first``."""
    return frame(*contents, place=Place(1, sequence), previous=first.block.hash)


def test_a_receipt_says_what_became_of_each_item(receives: Receives) -> None:
    """One disposition an item, in the order of the block, over the block's hash."""
    poison = identification(origin="PH")
    unknown = b"\xc3\x01" + bytes(8)
    sent = frame(encode(identification()), encode(poison), unknown, b"garbage")
    receipt = receives.receipt(receives(sent))
    assert receipt.dispositions == (
        Disposition.ACCEPTED,
        Disposition.WRONG_ORIGIN,
        Disposition.HELD,
        Disposition.MALFORMED,
    )
    assert (receipt.channel, receipt.place) == (CHANNEL, Place(1, 1))
    assert (receipt.block_hash, receipt.previous_receipt) == (sent.block.hash, ZERO_HASH)
    assert receipt.received_at == NOW


def test_receipts_are_chained(receives: Receives) -> None:
    """Each names the one before it."""
    first = frame()
    earlier = receives(first).statement
    assert receives.receipt(receives(after(first))).previous_receipt == receipt_hash(earlier)


def test_replay_gets_the_stored_receipt(receives: Receives) -> None:
    """Byte for byte, long after, out of order, and nothing is stored twice."""
    first = frame()
    stored = receives(first).statement
    receives(after(first))
    before = receives.rows()
    receives.federation.now_ms += 40 * 86_400_000
    assert receives(first).statement == stored
    assert receives.rows() == before


def test_the_stored_receipt_outlives_rotation(receives: Receives) -> None:
    """Both ends have new keys and the former ones are gone from directory and keyring."""
    sent = frame()
    stored = receives(sent).statement
    federation = receives.federation
    federation.rotate("DE", OwnKeys("DE", Signer.generate(), (Opener.generate(),)))
    federation.directory.change("FR", signing=(Signer.generate().public,))
    assert receives(sent).statement == stored
    assert receives(erased(sent)).statement == stored


def test_a_receipt_does_not_cross_lanes(receives: Receives) -> None:
    """The same frame in the other lane is of the wrong channel."""
    sent = frame()
    receives(sent)
    answer = receives(sent, Lane.URGENT)
    assert (answer.kind, answer.code) == (answers.REFUSED, "wrong-channel")


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (b"", RefusalCode.HEADER_MALFORMED),
        (frame(suite=9).to_bytes(), RefusalCode.UNKNOWN_SUITE),
        (frame(signer=Signer.generate()).to_bytes(), RefusalCode.UNKNOWN_KEY),
        (frame(created=NOW + MAX_AHEAD_MS + 1).to_bytes(), RefusalCode.CREATED_AHEAD),
        (frame(plaintext=b"").to_bytes(), RefusalCode.COMMITMENT),
        (frame(channel=Channel("FR", "PH", Lane.ROUTINE)).to_bytes(), RefusalCode.WRONG_CHANNEL),
    ],
)
def test_a_refusal_is_signed_and_moves_nothing(
    receives: Receives, spoilt: bytes, code: RefusalCode
) -> None:
    """The operator sees it with the signed statement; the right block still comes through."""
    before = receives.rows()
    answer = receives(spoilt)
    refusal = verify_signed(Refusal, answer.statement, OWN)
    assert (answer.kind, answer.code, refusal.code) == (answers.REFUSED, code.label, code)
    assert refusal.channel == CHANNEL
    assert refusal.at == answer.time_ms == NOW
    assert receives.rows() == before
    seen = receives.federation["DE"].rows(incidents)
    assert [(row.kind, row.detail, row.statement) for row in seen] == [
        (code.label, answer.problem, answer.statement)
    ]
    assert receives(frame()).kind == answers.OK


def test_the_same_refusal_again_is_one_incident(receives: Receives) -> None:
    """A peer that repeats itself fills no disk."""
    for _ in range(3):
        receives.federation.now_ms += 1
        receives(frame(suite=9))
    [seen] = receives.federation["DE"].rows(incidents)
    assert seen.at == NOW + 3


def test_refusals_of_many_places_are_bounded(receives: Receives) -> None:
    """The place in a refused block is whatever its sender says: the newest are kept."""
    first = frame()
    receives(first)
    receives(frame(place=Place(3, 1), previous=receipt_hash(receipt_of(receives))))
    for i in range(MAX_INCIDENTS + 20):
        receives(erased(frame(items=ITEM, body=b"", suite=9, place=Place(1, 5 + i))))
    seen = receives.federation["DE"].rows(incidents)
    refused = [row.sequence for row in seen if row.kind == "unknown-suite"]
    assert refused == list(range(25, 25 + MAX_INCIDENTS))
    assert [row.kind for row in seen if row.kind != "unknown-suite"] == ["epoch-raised"]


def receipt_of(receives: Receives) -> bytes:
    """The last receipt that DE gave."""
    return bytes(receives.federation["DE"].rows(blocks)[-1].receipt)


def test_a_clock_ahead_waits(receives: Receives) -> None:
    """Six minutes ahead: retriable, with our clock; later the same bytes are taken."""
    sent = frame(created=NOW + 6 * 60_000)
    answer = receives(sent)
    assert (answer.http_status, answer.code) == (503, "created-ahead")
    assert (answer.time_ms, answer.retry_after_s) == (NOW, CLOCK_RETRY_S)
    receives.federation.now_ms += 60_000
    assert receives(sent).kind == answers.OK


def test_a_full_backlog_is_busy(receives: Receives) -> None:
    """Nothing is checked or stored; what was receipted gets its receipt all the same."""
    gateway = receives.federation["DE"]
    first = frame()
    stored = receives(first).statement
    full = Receiver(
        gateway.keys,
        lambda: receives.federation.directory,
        lambda _connection, _pair: (),
        backlog=lambda _, sender: MAX_BACKLOG + 1 if sender == "FR" else 0,
    )
    gateway.receiver = full
    before = receives.rows()
    answer = receives(after(first))
    assert (answer.kind, answer.http_status) == (answers.BUSY, 503)
    assert (answer.code, answer.retry_after_s) == ("backlog-full", BUSY_RETRY_S)
    assert receives(first).statement == stored
    assert receives.rows() == before


def test_gap(receives: Receives) -> None:
    """Reordered: the signed position says where we are; nothing moves."""
    first = frame()
    second = after(first)
    answer = receives(second)
    assert (answer.kind, answer.problem) == (answers.GAP, "blocks before this one are missing")
    assert receives.position(answer).place == Place()
    receives(first)
    answer = receives(after(second, sequence=3))
    position = receives.position(answer)
    assert (position.place, position.block_hash) == (Place(1, 1), first.block.hash)
    assert receives(second).kind == answers.OK


def test_fork_at_a_receipted_place(receives: Receives) -> None:
    """Re-signed with other content: the stored receipt proves what we have."""
    stored = receives(frame()).statement
    before = receives.rows()
    answer = receives(frame(encode(identification(reference="FR-other"))))
    assert (answer.kind, answer.receipt) == (answers.FORK, stored)
    assert answer.problem == "the block does not continue the chain that was receipted"
    assert receives.position(answer).receipt_hash == receipt_hash(stored)
    assert receives.rows() == before


def test_fork_beside_the_chain(receives: Receives) -> None:
    """The next sequence, but not after our last block."""
    receives(frame())
    answer = receives(after(frame(encode(identification(reference="FR-other")))))
    assert (answer.kind, answer.receipt) == (answers.FORK, b"")


def test_an_epoch_hangs_on_a_receipt(receives: Receives) -> None:
    """On any that was given in this channel; not on zeros, not on a stranger's."""
    first = frame()
    stored = receives(first).statement
    second = receives(after(first)).statement
    assert receives(frame(place=Place(2, 1))).kind == answers.FORK
    assert receives(frame(place=Place(2, 1), previous=bytes([7]) * 32)).kind == answers.GAP
    begun = frame(place=Place(3, 1), previous=receipt_hash(stored))
    assert receives.receipt(receives(begun)).previous_receipt == receipt_hash(second)
    assert receives(frame(place=Place(2, 1), previous=receipt_hash(stored))).kind == answers.FORK
    seen = receives.federation["DE"].rows(incidents)
    assert [row.kind for row in seen] == ["fork", "gap", "epoch-raised"]


def test_a_lost_block_is_adopted_with_its_receipt(receives: Receives) -> None:
    """After a restore: the receipt given before stays the receipt, whatever the clock says."""
    sent = frame(created=NOW + 6 * 60_000)
    receipt = receipt_for(sent)
    assert receives(replace(sent, receipt=receipt)).statement == receipt
    assert [row.kind for row in receives.federation["DE"].rows(incidents)] == ["restored"]


def test_an_erased_block_is_adopted_only_with_its_receipt(receives: Receives) -> None:
    """Without one, or with that of another block, the content is missing."""
    sent = frame()
    other = receipt_for(frame(encode(identification(reference="FR-other"))))
    for bare in (erased(sent), erased(sent, other)):
        answer = receives(bare)
        assert (answer.code, answer.problem) == (
            "does-not-open",
            "the body is erased and no receipt of ours vouches for the block",
        )
    receipt = receipt_for(sent)
    assert receives(erased(sent, receipt)).statement == receipt
    [noted] = (row for row in receives.federation["DE"].rows(incidents) if row.kind == "restored")
    assert noted.detail.endswith("without its content: its sender has erased it")
    assert receives.federation["DE"].arrived() == []


def test_a_receipt_of_another_signer_vouches_for_nothing(receives: Receives) -> None:
    """Made by the sender itself, by a stranger in our name, or no receipt at all."""
    sent = frame()
    for receipt in (
        receipt_for(sent, keys_of("FR").signer),
        receipt_for(sent, Signer.generate(), signer_keys=(bytes(32), bytes(32))),
        b"receipt",
        receipt_for(sent)[:-1],
    ):
        answer = receives(replace(sent, receipt=receipt))
        assert (answer.code, answer.problem) == (
            "bad-signature",
            "the receipt sent along is not ours",
        )
    assert receives.federation["DE"].rows(blocks) == []


def test_a_receipt_of_another_channel_vouches_for_nothing(receives: Receives) -> None:
    """Ours, but given to somebody else: no epoch hangs on it."""
    foreign = receipt_for(frame(), channel=Channel("PH", "DE", Lane.ROUTINE))
    sent = frame(place=Place(2, 1), previous=receipt_hash(foreign), receipt=foreign)
    assert receives(sent).kind == answers.GAP


def test_an_adopted_block_must_be_signed(receives: Receives) -> None:
    """A receipt is no way around the other checks."""
    sent = frame(signer=Signer.generate())
    answer = receives(replace(sent, receipt=receipt_for(sent)))
    assert answer.code == "unknown-key"


def test_position(receives: Receives) -> None:
    """Asked at any time: signed, of this channel, and how far effects came."""
    gateway = receives.federation["DE"]
    sender = receives.federation.directory.member("FR")
    assert sender is not None
    stored = receives(frame()).statement
    with gateway.database.begin() as connection:
        answer = gateway.receiver.position(connection, sender, Lane.ROUTINE, NOW)
        urgent = gateway.receiver.position(connection, sender, Lane.URGENT, NOW)
    position = receives.position(answer)
    assert (position.place, position.receipt_hash) == (Place(1, 1), receipt_hash(stored))
    assert position.processed == Place()
    assert receives.position(urgent).place == Place()


def test_imagery_is_kept_out_and_kept(receives: Receives) -> None:
    """Refused, in quarantine with its bytes as evidence, never queued for a topic."""
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8).decode()
    data = encode(identification(series=picture))
    assert receives.receipt(receives(frame(data))).dispositions == (Disposition.IMAGERY,)
    gateway = receives.federation["DE"]
    assert gateway.arrived() == []
    [kept] = gateway.rows(quarantine)
    assert (kept.data, kept.disposition) == (data, Disposition.IMAGERY)
    assert gateway.rows(identities) == []


def test_a_held_item_stays_sealed(receives: Receives) -> None:
    """In quarantine without its bytes; after an upgrade that does not help it stays held."""
    receives(frame(b"\xc3\x01" + bytes(8)))
    gateway = receives.federation["DE"]
    [kept] = gateway.rows(quarantine)
    assert (kept.disposition, kept.data) == (Disposition.HELD, None)
    with gateway.database.begin() as connection:
        assert gateway.receiver.release_held(connection, NOW) == 0


def test_an_upgrade_releases_what_was_held(receives: Receives) -> None:
    """It is published then, once; the receipt stays as it was given."""
    sent = identification()
    stored = receives(frame(encode(sent))).statement
    gateway = receives.federation["DE"]
    with gateway.database.begin() as connection:
        # As a node without this schema would have stored it.
        connection.execute(arrivals.delete())
        connection.execute(identities.delete())
        at = {"sender": "FR", "lane": Lane.ROUTINE, "epoch": 1, "sequence": 1, "item": 0}
        connection.execute(
            quarantine.insert().values(**at, disposition=Disposition.HELD, detail="unknown", at=NOW)
        )
    with gateway.database.begin() as connection:
        assert gateway.receiver.release_held(connection, NOW + 1) == 1
        assert gateway.receiver.release_held(connection, NOW + 2) == 0
    assert gateway.arrived() == [sent]
    assert [row.released_at for row in gateway.rows(quarantine)] == [NOW + 1]
    assert receives(frame(encode(sent))).kind == answers.FORK
    assert [row.receipt for row in gateway.rows(blocks)] == [stored]


def test_an_update_of_an_unknown_case_is_taken(receives: Receives) -> None:
    """An orphan: shown at once, and its original is taken when it comes."""
    original = identification()
    update = identification(root=original.head.id, relation=Relation.UPDATE)
    first = frame(encode(update))
    receives(first)
    receives(after(first, encode(original)))
    assert receives.federation["DE"].arrived() == [update, original]
