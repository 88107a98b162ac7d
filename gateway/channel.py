"""A channel's state at either end, and what each event does to it (relay-protocol.md, section 7).

Pure: a transition gives the next state or raises, and changes nothing else. The recipient's end
decides whether a block continues the chain; the sender's end decides what to do with an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from gateway.block import Place
from gateway.wire import ZERO_HASH
from schemas.errors import LiaisonError

LOSS = "loss"
"""Kind of the incident that a recipient notes when blocks it receipted are gone for good."""
BEFORE_ALL = Place()
"""Where a channel stands before its first block."""
_FIRST_EPOCH = Place(1, 0)
MAX_EPOCH = 2**32 - 1
"""The last epoch that a header can name."""
MAX_FRUITLESS = 8
"""Epochs begun without one receipt: a recipient that forks on and on shall not fill our disk.

Restores of both ends in the worst order need three.
"""


class Discontinuity(LiaisonError):
    """The block does not continue the chain; nothing moved. Base of the two ways it can not."""

    status = "discontinuity"


class Fork(Discontinuity):
    """The sender goes on from another past than the one that was receipted."""

    status = "fork"

    def __init__(self) -> None:
        super().__init__(
            "the block does not continue the chain that was receipted",
            remedy="raise the epoch and send again what has no receipt",
        )


class Gap(Discontinuity):
    """Blocks are missing between the last one receipted and this one."""

    status = "gap"

    def __init__(self) -> None:
        super().__init__(
            "blocks before this one are missing",
            remedy="send the kept blocks after the position given, each with its receipt",
        )


class Overtaken(LiaisonError):
    """Another process moved this channel since its state was read; look again."""

    retriable = True


@dataclass(frozen=True, slots=True)
class Inbound:
    """The recipient's end: the last block receipted. All zeros before the first."""

    place: Place = BEFORE_ALL
    block_hash: bytes = ZERO_HASH
    receipt_hash: bytes = ZERO_HASH


class Continuation(Enum):
    """How a block continues the chain."""

    NEXT = "next"
    EPOCH = "epoch"
    EPOCH_AFTER_LOSS = "epoch-after-loss"


def continuation(
    state: Inbound, place: Place, previous: bytes, *, issued: bool, vouched: bool
) -> Continuation:
    """How the block at ``place`` that names ``previous`` continues ``state``.

    Args:
        issued: ``previous`` is the hash of a receipt that is kept here for this channel.
        vouched: the frame carries a receipt of that hash with our own signatures, which we lost.

    Raises:
        Fork, Gap: it does not.
    """
    if place.epoch == state.place.epoch:
        return _within_epoch(state, place, previous)
    if place.epoch < state.place.epoch:
        raise Fork
    if place.sequence != 1:
        raise Gap
    if previous == state.receipt_hash or issued:
        return Continuation.EPOCH
    if vouched:
        return Continuation.EPOCH_AFTER_LOSS
    # Zeros say "I hold no receipt": with receipts of ours out there, that is another past.
    raise Fork if previous == ZERO_HASH else Gap


def _within_epoch(state: Inbound, place: Place, previous: bytes) -> Continuation:
    if place.sequence > state.place.sequence + 1:
        raise Gap
    if place.sequence <= state.place.sequence or previous != state.block_hash:
        raise Fork
    return Continuation.NEXT


class Halt(Enum):
    """Why a channel stands still until an operator looks."""

    REFUSED = "refused"
    FORK_REPEATED = "fork-repeated"


@dataclass(frozen=True, slots=True)
class Outbound:
    """The sender's end.

    Attributes:
        place: of the last block sealed.
        block_hash: of that block; what the next one names.
        receipt_hash: of the last receipt held; what the first block of an epoch names.
        receipted: place of that receipt's block.
    """

    place: Place = _FIRST_EPOCH
    block_hash: bytes = ZERO_HASH
    receipt_hash: bytes = ZERO_HASH
    receipted: Place = BEFORE_ALL

    @property
    def in_flight(self) -> bool:
        """Whether the last block sealed has no receipt yet."""
        return self.place.sequence > 0 and self.receipted != self.place

    def next_place(self) -> tuple[Place, bytes]:
        """Place of the next block, and what it names as previous."""
        place = Place(self.place.epoch, self.place.sequence + 1)
        return place, self.receipt_hash if place.sequence == 1 else self.block_hash

    def sealed(self, place: Place, block_hash: bytes) -> Outbound:
        """After sealing the block at ``place``."""
        if self.in_flight or place != self.next_place()[0]:
            raise AssertionError("at most one sealed block without receipt, and in sequence")
        return replace(self, place=place, block_hash=block_hash)

    def received(self, place: Place, receipt_hash: bytes) -> Outbound:
        """After the receipt of the block in flight.

        Raises:
            Overtaken: it is no longer in flight: an operator abandoned it meanwhile.
        """
        if place != self.place:
            raise Overtaken("a receipt is for the block in flight")
        return replace(self, receipted=place, receipt_hash=receipt_hash)

    def epoch_raised(self, seen: Place, receipt_hash: bytes) -> Outbound:
        """After a fork or a loss: a new epoch above all seen, from the receipt given."""
        epoch = max(self.place.epoch, seen.epoch) + 1
        return Outbound(Place(epoch, 0), ZERO_HASH, receipt_hash, self.receipted)


class Resume(Enum):
    """What the sender does after a fork or gap, by :func:`after_discontinuity`."""

    RESEND = "resend"
    RAISE_EPOCH = "raise-epoch"
    HALT = "halt"


def after_discontinuity(
    state: Outbound, status: str, position: Place, *, kept: bool, fruitless: int
) -> Resume:
    """What to do when the recipient, being at ``position``, answered ``status`` to our block.

    Args:
        kept: every block after ``position`` that has a receipt is still kept here.
        fruitless: how many blocks were abandoned since the last receipt.
    """
    if status == Gap.status and position < state.receipted and kept:
        return Resume.RESEND
    if fruitless >= MAX_FRUITLESS or max(state.place.epoch, position.epoch) >= MAX_EPOCH:
        return Resume.HALT
    return Resume.RAISE_EPOCH
