"""The receiving end of the relay: one frame in, one answer out, in one transaction.

Block, receipt, dispositions and the notifications to publish are stored together or not at all.
The order of the checks is that of docs/relay-protocol.md, section 8; what is pure about them is in
``verification`` and ``items``, what needs the ledger is here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gateway import acceptance, verification
from gateway import answer as answers
from gateway.acceptance import Judged
from gateway.answer import Answer
from gateway.block import Block, Channel, Frame, Header, Item, Place
from gateway.channel import (
    LOSS,
    Continuation,
    Discontinuity,
    Fork,
    Gap,
    Inbound,
    continuation,
)
from gateway.items import examine
from gateway.knowledge import LedgerKnowledge, PartiesOf
from gateway.ledger import incoming, outgoing
from gateway.ledger.blocks import incident
from gateway.ledger.tables import IN
from gateway.receipt import (
    Disposition,
    Position,
    Receipt,
    Refusal,
    RefusalCode,
    receipt_hash,
    signed,
    signer_key_ids,
    verify_signed,
)
from gateway.sealing import Opener
from gateway.signing import Signer
from gateway.verification import BlockRefused
from gateway.wire import ZERO_HASH, Lane
from producers.database import Connection
from schemas.errors import VerificationFailed
from schemas.members import Member, SigningKeys
from schemas.ports import Directory

MAX_BACKLOG = 20_000
"""Accepted notifications of one sender that Kafka does not take yet; beyond it that sender is asked
to wait, and nobody else."""
BUSY_RETRY_S = 5
CLOCK_RETRY_S = 60


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """Which member this gateway is, and its keys."""

    code: str
    signer: Signer
    openers: tuple[Opener, ...]
    former_signing: tuple[SigningKeys, ...] = ()

    @property
    def signing_keys(self) -> tuple[SigningKeys, ...]:
        """All that receipts of ours can be signed with, current first."""
        return self.signer.public, *self.former_signing


class Receiver:
    """Accepts blocks for one member. Holds no state of its own: all of it is in the ledger."""

    def __init__(
        self,
        own: OwnKeys,
        directory: Callable[[], Directory],
        parties_of: PartiesOf,
        *,
        backlog: Callable[[Connection, str], int] = incoming.backlog,
        processed: Callable[[Connection, Channel], Place] = incoming.processed_place,
    ) -> None:
        """``parties_of`` knows the parties of a match; ``processed`` how far effects came."""
        self._own = own
        self._directory = directory
        self._parties_of = parties_of
        self._backlog = backlog
        self._processed = processed

    def identify(self, certificate: bytes | None) -> Member:
        """Steps 2 and 3; raises :class:`~gateway.verification.BlockRefused`."""
        return verification.identify(certificate, self._directory())

    def accept(
        self, connection: Connection, sender: Member, lane: Lane, data: bytes, now_ms: int
    ) -> Answer:
        """Steps 4 to 17 for one frame from an identified sender, and the answer to it."""
        channel = Channel(sender.code, self._own.code, lane)
        outgoing.clear_back_off(connection, sender.code)
        try:
            frame, header = verification.parse(data, channel)
        except BlockRefused as refused:
            return self._refuse(connection, channel, Place(), ZERO_HASH, refused, now_ms)
        block_hash = frame.block.hash
        receipt = incoming.stored_receipt(connection, channel, block_hash)  # 6
        if receipt is not None:
            return Answer(answers.OK, receipt, time_ms=now_ms)
        if self._backlog(connection, sender.code) > MAX_BACKLOG:
            return _busy(now_ms)
        try:
            return self._take(connection, sender, channel, frame, header, now_ms)
        except BlockRefused as refused:
            if refused.code is RefusalCode.UNKNOWN_KEY:
                # Our directory may be the older one: keys change without a flag day.
                refused.retriable = header.directory_version > self._directory().version
            return self._refuse(connection, channel, header.place, block_hash, refused, now_ms)
        except Discontinuity as broken:
            return self._discontinuity(connection, channel, header.place, broken, now_ms)

    def position(self, connection: Connection, sender: Member, lane: Lane, now_ms: int) -> Answer:
        """How far the channel from ``sender`` is here, signed."""
        channel = Channel(sender.code, self._own.code, lane)
        outgoing.clear_back_off(connection, sender.code)
        return Answer(
            answers.OK, self._signed_position(connection, channel, now_ms), time_ms=now_ms
        )

    def _take(
        self,
        connection: Connection,
        sender: Member,
        channel: Channel,
        frame: Frame,
        header: Header,
        now_ms: int,
    ) -> Answer:
        block = frame.block
        opener = verification.authenticate(block, header, sender, self._own.openers)  # 7, 8, 9
        state = incoming.state_of(connection, channel)
        vouched = self._vouched(frame, channel)
        how = continuation(  # 10
            state,
            header.place,
            header.previous,
            issued=incoming.issued(connection, channel, header.previous),
            vouched=vouched is not None and receipt_hash(frame.receipt) == header.previous,
        )
        adopted = vouched if vouched and vouched.block_hash == block.hash else None
        if adopted is None:
            verification.check_created(header, now_ms)  # 11
        if block.body is None:
            if adopted is None:
                raise BlockRefused(
                    RefusalCode.DOES_NOT_OPEN,
                    "the body is erased and no receipt of ours vouches for the block",
                    remedy="send the sealed body, or the receipt that was given for it",
                )
            items: tuple[Item, ...] = ()
        else:
            items = verification.open_items(block, block.body, header, opener)  # 12, 13
        judged = self._judge(connection, sender, items, now_ms)  # 14–17
        self._note_loss(
            connection,
            channel,
            header.place,
            how,
            adopted,
            frame.receipt,
            now_ms,
            erased=block.body is None,
        )
        receipt = (
            frame.receipt
            if adopted
            else self._receipt(channel, header.place, block, state, judged, now_ms)
        )
        self._store(connection, channel, header.place, block, receipt, judged, now_ms)
        return Answer(answers.OK, receipt, time_ms=now_ms)

    def _vouched(self, frame: Frame, channel: Channel) -> Receipt | None:
        """The receipt of our own that the frame carries, verified; None when there is none."""
        if not frame.receipt:
            return None
        try:
            receipt = verify_signed(Receipt, frame.receipt, self._own.signing_keys)
        except VerificationFailed as error:
            raise BlockRefused(
                RefusalCode.BAD_SIGNATURE,
                "the receipt sent along is not ours",
                remedy="send along only receipts that this recipient signed",
            ) from error
        return receipt if receipt.channel == channel else None

    def _judge(
        self, connection: Connection, sender: Member, items: Sequence[Item], now_ms: int
    ) -> list[Judged]:
        knowledge = LedgerKnowledge(connection, self._own.code, self._parties_of)
        hubs = [member.code for member in self._directory().members() if member.is_hub]
        contents = [item.notification for item in items]
        return acceptance.judge(
            connection,
            contents,
            knowledge,
            lambda data, read, known: examine(
                data, read, sender, self._own.code, hubs, known, now_ms
            ),
            now_ms,
        )

    def _receipt(
        self,
        channel: Channel,
        place: Place,
        block: Block,
        state: Inbound,
        judged: Sequence[Judged],
        now_ms: int,
    ) -> bytes:
        receipt = Receipt(
            channel=channel,
            place=place,
            block_hash=block.hash,
            previous_receipt=state.receipt_hash,
            received_at=now_ms,
            signer_keys=signer_key_ids(self._own.signer.public),
            dispositions=tuple(one.found.disposition for one in judged),
        )
        return signed(receipt, self._own.signer)

    def _store(
        self,
        connection: Connection,
        channel: Channel,
        place: Place,
        block: Block,
        receipt: bytes,
        judged: Sequence[Judged],
        now_ms: int,
    ) -> None:
        incoming.store_block(
            connection, channel, place, block, receipt, receipt_hash(receipt), now_ms
        )
        acceptance.store(connection, channel, place, judged, now_ms)

    def _note_loss(
        self,
        connection: Connection,
        channel: Channel,
        place: Place,
        how: Continuation,
        adopted: Receipt | None,
        evidence: bytes,
        now_ms: int,
        *,
        erased: bool,
    ) -> None:
        """Restore and loss are seen, never silent."""
        if adopted is not None:
            kind, detail = "restored", "a block receipted before a restore was adopted again"
            if erased:
                detail += ", without its content: its sender has erased it"
        elif how is Continuation.EPOCH_AFTER_LOSS:
            kind, detail = LOSS, "blocks receipted before a restore are no longer to be had"
        elif how is Continuation.EPOCH and place.epoch > 1:
            kind, detail = "epoch-raised", "the sender began a new epoch"
        else:
            return
        incident(
            connection, IN, channel.sender, channel.lane, place, kind, detail, evidence, now_ms
        )

    def _refuse(
        self,
        connection: Connection,
        channel: Channel,
        place: Place,
        block_hash: bytes,
        refused: BlockRefused,
        now_ms: int,
    ) -> Answer:
        refusal = Refusal(
            channel=channel,
            place=place,
            block_hash=block_hash,
            code=refused.code,
            at=now_ms,
            signer_keys=signer_key_ids(self._own.signer.public),
        )
        statement = signed(refusal, self._own.signer)
        incident(
            connection,
            IN,
            channel.sender,
            channel.lane,
            place,
            refused.code.label,
            refused.problem,
            statement,
            now_ms,
        )
        return Answer(
            answers.REFUSED,
            statement,
            code=refused.code.label,
            problem=refused.problem,
            remedy=refused.remedy,
            time_ms=now_ms,
            retry_after_s=CLOCK_RETRY_S if refused.retriable else None,
        )

    def _discontinuity(
        self,
        connection: Connection,
        channel: Channel,
        place: Place,
        broken: Discontinuity,
        now_ms: int,
    ) -> Answer:
        incident(
            connection,
            IN,
            channel.sender,
            channel.lane,
            place,
            broken.status,
            broken.problem,
            b"",
            now_ms,
        )
        stored = incoming.receipt_at(connection, channel, place)
        return Answer(
            {Fork.status: answers.FORK, Gap.status: answers.GAP}[broken.status],
            self._signed_position(connection, channel, now_ms),
            receipt=stored,
            problem=broken.problem,
            remedy=broken.remedy,
            time_ms=now_ms,
        )

    def _signed_position(self, connection: Connection, channel: Channel, now_ms: int) -> bytes:
        state = incoming.state_of(connection, channel)
        position = Position(
            channel=channel,
            place=state.place,
            block_hash=state.block_hash,
            receipt_hash=state.receipt_hash,
            processed=self._processed(connection, channel),
            at=now_ms,
            signer_keys=signer_key_ids(self._own.signer.public),
        )
        return signed(position, self._own.signer)

    def release_held(self, connection: Connection, now_ms: int) -> int:
        """Reads again what no schema was known for; an upgrade may know it now.

        The receipt stays as it was given: held. What became of the item since then is told by
        the position, and in quarantine.
        """
        released = 0
        waiting = incoming.held(connection, self._own.code)
        for (channel, place), of_block in groupby(waiting, lambda one: (one.channel, one.place)):
            items = self._opened_again(connection, channel, place)
            sender = self._directory().member(channel.sender)
            if sender is None or not items:
                continue
            for held in of_block:
                [judged] = self._judge(connection, sender, [items[held.item]], now_ms)
                if judged.found.disposition is not Disposition.HELD:
                    judged = replace(judged, index=held.item)
                    acceptance.store(connection, channel, place, [judged], now_ms)
                    incoming.release_held(connection, held.number, now_ms)
                    released += 1
        return released

    def _opened_again(
        self, connection: Connection, channel: Channel, place: Place
    ) -> tuple[Item, ...]:
        """The items of a kept block; none when it is erased or its keys are gone.

        Its signatures were verified when it came; the keys for that may be listed no longer.
        """
        block = incoming.block_at(connection, channel, place)
        if block is None or block.body is None:
            return ()
        header = Header.parse(block.header)
        try:
            opener = verification.opener_for(header, self._own.openers)
            return verification.open_items(block, block.body, header, opener)
        except BlockRefused:
            return ()  # the others must not wait for it


def _busy(now_ms: int) -> Answer:
    return Answer(
        answers.BUSY,
        code="backlog-full",
        problem="too many accepted notifications wait to be published here",
        remedy="send the same block again after the time given",
        time_ms=now_ms,
        retry_after_s=BUSY_RETRY_S,
    )
