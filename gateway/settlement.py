"""What the sender does with an answer, after verifying it (docs/relay-protocol.md, section 9).

Functions take an open connection and change the ledger in the caller's transaction. An answer that
does not verify raises and changes nothing: it may not be the recipient's.
"""

from __future__ import annotations

from collections.abc import Callable

from gateway.answer import Answer
from gateway.block import Channel, Header, Place
from gateway.channel import BEFORE_ALL, Halt, Overtaken, Resume, after_discontinuity
from gateway.ledger import outgoing, recovery
from gateway.ledger.blocks import incident
from gateway.ledger.tables import OUT
from gateway.receipt import Position, Receipt, Refusal, RefusalCode, receipt_hash, verify_signed
from producers.database import Connection
from schemas.errors import VerificationFailed
from schemas.members import SigningKeys
from schemas.ports import Directory


class Settlement:
    """Verifies answers with the keys that the directory lists for their recipient."""

    def __init__(self, directory: Callable[[], Directory]) -> None:
        self._directory = directory

    def receipt(
        self,
        connection: Connection,
        channel: Channel,
        place: Place,
        block_hash: bytes,
        statement: bytes,
        now_ms: int,
    ) -> None:
        """The block at ``place`` was receipted: keep the receipt, settle its deliveries."""
        receipt = verify_signed(Receipt, statement, self._keys(channel))
        state = outgoing.destination(connection, channel.recipient, channel.lane).state
        header = outgoing.header_at(connection, channel.recipient, channel.lane, place)
        count = len(Header.parse(header).commitments)
        said = (receipt.channel, receipt.place, receipt.block_hash, len(receipt.dispositions))
        if said != (channel, place, block_hash, count):
            raise VerificationFailed("the receipt is not for the block that was sent")
        if receipt.previous_receipt != state.receipt_hash:
            self._note(
                connection,
                channel,
                place,
                "receipt-chain",
                "the receipt names another receipt before it than the last one held",
                statement,
                now_ms,
            )
            if place.sequence == 1:
                _offer_what_was_lost(connection, receipt, state.receipted)
        digest = receipt_hash(statement)
        outgoing.move(
            connection, channel.recipient, channel.lane, state, state.received(place, digest)
        )
        outgoing.store_receipt(connection, receipt, statement, digest, now_ms)
        outgoing.clear_back_off(connection, channel.recipient)

    def refused(
        self, connection: Connection, channel: Channel, place: Place, answer: Answer, now_ms: int
    ) -> None:
        """The block was refused as a whole: halt this lane and tell the operator why."""
        refusal = verify_signed(Refusal, answer.statement, self._keys(channel))
        if refusal.channel != channel:
            raise VerificationFailed("the refusal is for another channel")
        if place != outgoing.destination(connection, channel.recipient, channel.lane).state.place:
            raise Overtaken("the block that was refused is no longer in flight")
        # What could not be parsed has no place and hash to name.
        parsed = refusal.code > RefusalCode.WRONG_CHANNEL or refusal.place != BEFORE_ALL
        frame = outgoing.frame_at(connection, channel.recipient, channel.lane, place)
        if parsed and (refusal.place, refusal.block_hash) != (place, frame.block.hash):
            raise VerificationFailed("the refusal is for another block than the one that was sent")
        outgoing.halt(
            connection,
            channel.recipient,
            channel.lane,
            Halt.REFUSED,
            f"{refusal.code.label}: {answer.problem}",
            answer.statement,
            now_ms,
        )

    def discontinuity(
        self, connection: Connection, channel: Channel, answer: Answer, now_ms: int
    ) -> Place | None:
        """Fork or gap. Gives the position to send kept blocks after, None to go on by itself."""
        position = verify_signed(Position, answer.statement, self._keys(channel))
        if position.channel != channel:
            raise VerificationFailed("the position is of another channel")
        recipient, lane = channel.recipient, channel.lane
        state = outgoing.destination(connection, recipient, lane).state
        kept = _kept_after(connection, channel, position)
        fruitless = recovery.abandoned_after(connection, recipient, lane, state.receipted)
        action = after_discontinuity(
            state, answer.kind, position.place, kept=kept, fruitless=fruitless
        )
        self._note(
            connection,
            channel,
            state.place,
            f"{answer.kind}-{action.value}",
            answer.problem,
            answer.statement,
            now_ms,
        )
        if action is Resume.RESEND:
            return position.place
        if action is Resume.HALT:
            outgoing.halt(
                connection,
                recipient,
                lane,
                Halt.FORK_REPEATED,
                "the recipient accepts no continuation of what it signed",
                answer.statement,
                now_ms,
            )
            return None
        digest = position.receipt_hash
        if position.place < state.receipted:
            # Only a receipt that we hold shows a recipient behind us what it lost.
            held = recovery.receipt_at(connection, recipient, lane, state.receipted)
            digest = receipt_hash(held) if held else digest
        _begin_epoch(connection, channel, position, digest, now_ms)
        return None

    def not_taken_back(
        self, connection: Connection, channel: Channel, gap: Answer, refused: Answer, now_ms: int
    ) -> None:
        """A block sent again after a gap was refused: a recipient that lost its keys, too.

        It cannot open or recognise what it had, so it starts from what it says it has.
        """
        keys = self._keys(channel)
        refusal = verify_signed(Refusal, refused.statement, keys)
        position = verify_signed(Position, gap.statement, keys)
        if not refusal.channel == position.channel == channel:
            raise VerificationFailed("the refusal or position is of another channel")
        kind, detail = f"refused-{Resume.RAISE_EPOCH.value}", f"{refusal.code.label}, sent again"
        self._note(connection, channel, refusal.place, kind, detail, gap.statement, now_ms)
        _begin_epoch(connection, channel, position, position.receipt_hash, now_ms)

    def progress(self, connection: Connection, channel: Channel, answer: Answer) -> bool:
        """The recipient says how far it processed what it received.

        Returns whether it has less than it gave receipts for: it was restored from a backup, and
        nothing new is on its way that would show it.
        """
        position = verify_signed(Position, answer.statement, self._keys(channel))
        if position.channel != channel:
            return False
        recipient, lane = channel.recipient, channel.lane
        outgoing.note_processed(connection, recipient, lane, position.processed)
        return position.place < outgoing.destination(connection, recipient, lane).state.receipted

    def _keys(self, channel: Channel) -> tuple[SigningKeys, ...]:
        member = self._directory().member(channel.recipient)
        return member.signing if member else ()

    def _note(
        self,
        connection: Connection,
        channel: Channel,
        place: Place,
        kind: str,
        detail: str,
        evidence: bytes,
        now_ms: int,
    ) -> None:
        incident(
            connection, OUT, channel.recipient, channel.lane, place, kind, detail, evidence, now_ms
        )


def _begin_epoch(
    connection: Connection, channel: Channel, position: Position, digest: bytes, now_ms: int
) -> None:
    """The next block names ``digest``; what the recipient at ``position`` lacks is queued again."""
    recipient, lane = channel.recipient, channel.lane
    state = outgoing.destination(connection, recipient, lane).state
    since = position.place
    unknown = since <= state.receipted or since.epoch > state.receipted.epoch
    if unknown and not recovery.holds(connection, recipient, lane, since, position.block_hash):
        # It stands on another past, or in an epoch that we forgot and that a loss of its own may
        # have begun: nothing says what it has of ours.
        since = BEFORE_ALL
    recovery.abandon_in_flight(connection, recipient, lane, now_ms)
    recovery.offer_again(connection, recipient, lane, since)
    outgoing.move(connection, recipient, lane, state, state.epoch_raised(position.place, digest))


def _offer_what_was_lost(connection: Connection, receipt: Receipt, receipted: Place) -> None:
    """The recipient began this epoch from an older receipt than we did: it lost what came after.

    Only an epoch's first block can hop over a loss; so a recipient cannot ask for this at will.
    """
    recipient, lane = receipt.channel.recipient, receipt.channel.lane
    since = recovery.place_of_receipt(connection, recipient, lane, receipt.previous_receipt)
    if since is not None and since < receipted:
        recovery.offer_again(connection, recipient, lane, since)


def _kept_after(connection: Connection, channel: Channel, position: Position) -> bool:
    """Whether the block that goes on from ``position`` is still kept, and so all after it."""
    kept = recovery.receipted_after(
        connection, channel.recipient, channel.lane, position.place, limit=1
    )
    if not kept:
        return False
    place, block, _ = kept[0]
    previous = Header.parse(block.header).previous
    if place.epoch == position.place.epoch:
        # After restores of both, the recipient may stand on blocks that we know nothing of.
        follows = place.sequence == position.place.sequence + 1
        return follows and previous == position.block_hash
    return place.sequence == 1 and previous == position.receipt_hash
