"""Signed statements of a recipient: receipt, refusal, position (docs/relay-protocol.md, 4–6).

All three name channel, place and the keys they are signed with, and end with two signatures over
``domain ‖ suite ‖ hash``. Pure.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self, TypeVar

from gateway.block import MAX_ITEMS, Channel, Place, read_place
from gateway.sealing import SUITE
from gateway.signing import SIGNATURES_BYTES, Signatures, Signer, verify
from gateway.wire import (
    HASH_BYTES,
    PROTOCOL_VERSION,
    Domain,
    Reader,
    key_id,
    sha256,
    signed_message,
)
from schemas.errors import VerificationFailed
from schemas.members import SigningKeys


class Disposition(IntEnum):
    """What became of one item: a closed list. From 16 on: refused, and why."""

    ACCEPTED = 0
    DUPLICATE = 1
    HELD = 2
    MALFORMED = 16
    WRONG_ORIGIN = 17
    NOT_OWN_CHAIN = 18
    NOT_PARTY = 19
    NOT_RELEASED = 20
    IMAGERY = 21
    EXPIRED = 22
    RECALLED = 23
    ID_CONFLICT = 24

    @property
    def refused(self) -> bool:
        """Whether the item was kept out."""
        return self >= Disposition.MALFORMED

    @property
    def label(self) -> str:
        """As it stands on the screen: ``id-conflict``."""
        return self.name.lower().replace("_", "-")


class RefusalCode(IntEnum):
    """Why a whole block was refused: the number of the verification step that failed."""

    TOO_LARGE = 1
    PEER_UNKNOWN = 2
    SENDER_SUSPENDED = 3
    HEADER_MALFORMED = 4
    WRONG_CHANNEL = 5
    UNKNOWN_KEY = 7
    UNKNOWN_SUITE = 8
    BAD_SIGNATURE = 9
    CREATED_AHEAD = 11
    DOES_NOT_OPEN = 12
    COMMITMENT = 13

    @property
    def label(self) -> str:
        """As it stands in problem types and on the screen."""
        return self.name.lower().replace("_", "-")


SIGNED_CODES = tuple(code for code in RefusalCode if code > RefusalCode.SENDER_SUSPENDED)
"""Nothing is signed for somebody who is not known, or before it was read what it is about."""

E = TypeVar("E", bound=IntEnum)


class Statement(ABC):
    """What the three statements share."""

    __slots__ = ()
    DOMAIN: ClassVar[bytes]
    SIGNATURE_DOMAIN: ClassVar[bytes]
    channel: Channel
    signer_keys: tuple[bytes, bytes]

    @abstractmethod
    def to_bytes(self) -> bytes:
        """As hashed and sent, without the signatures."""

    @classmethod
    @abstractmethod
    def read(cls, reader: Reader, channel: Channel) -> Self:
        """What follows suite and channel."""


S = TypeVar("S", bound=Statement)


@dataclass(frozen=True, slots=True)
class Receipt(Statement):
    """The recipient durably stored this block: one disposition an item."""

    DOMAIN: ClassVar[bytes] = Domain.RECEIPT
    SIGNATURE_DOMAIN: ClassVar[bytes] = Domain.RECEIPT_SIGNATURE

    channel: Channel
    place: Place
    block_hash: bytes
    previous_receipt: bytes
    received_at: int
    signer_keys: tuple[bytes, bytes]
    dispositions: tuple[Disposition, ...]

    def to_bytes(self) -> bytes:
        """158 bytes and one for each item."""
        return b"".join(
            (
                _preamble(self.channel),
                _place(self.place),
                self.block_hash,
                self.previous_receipt,
                self.received_at.to_bytes(8),
                *self.signer_keys,
                len(self.dispositions).to_bytes(2),
                bytes(self.dispositions),
            )
        )

    @classmethod
    def read(cls, reader: Reader, channel: Channel) -> Self:
        """See :meth:`Statement.read`."""
        return cls(
            channel,
            read_place(reader),
            reader.take(HASH_BYTES),
            reader.take(HASH_BYTES),
            reader.number(8),
            (reader.take(HASH_BYTES), reader.take(HASH_BYTES)),
            _dispositions(reader),
        )


@dataclass(frozen=True, slots=True)
class Refusal(Statement):
    """The recipient refused this block; nothing moved. ``at`` is the recipient's clock."""

    DOMAIN: ClassVar[bytes] = Domain.REFUSAL
    SIGNATURE_DOMAIN: ClassVar[bytes] = Domain.REFUSAL_SIGNATURE

    channel: Channel
    place: Place
    block_hash: bytes
    code: RefusalCode
    at: int
    signer_keys: tuple[bytes, bytes]

    def to_bytes(self) -> bytes:
        """125 bytes."""
        return b"".join(
            (
                _preamble(self.channel),
                _place(self.place),
                self.block_hash,
                self.code.to_bytes(1),
                self.at.to_bytes(8),
                *self.signer_keys,
            )
        )

    @classmethod
    def read(cls, reader: Reader, channel: Channel) -> Self:
        """See :meth:`Statement.read`."""
        refusal = cls(
            channel,
            read_place(reader),
            reader.take(HASH_BYTES),
            _listed(RefusalCode, reader.number(1)),
            reader.number(8),
            (reader.take(HASH_BYTES), reader.take(HASH_BYTES)),
        )
        if refusal.code not in SIGNED_CODES:
            raise VerificationFailed(f"nothing is signed with code {refusal.code.value}")
        return refusal


@dataclass(frozen=True, slots=True)
class Position(Statement):
    """How far the recipient is in a channel.

    Attributes:
        place: of the last block receipted; (0, 0) when there is none.
        block_hash, receipt_hash: of that block and its receipt; zeros when there is none.
        processed: up to here, every accepted item also took effect at the recipient.
    """

    DOMAIN: ClassVar[bytes] = Domain.POSITION
    SIGNATURE_DOMAIN: ClassVar[bytes] = Domain.POSITION_SIGNATURE

    channel: Channel
    place: Place
    block_hash: bytes
    receipt_hash: bytes
    processed: Place
    at: int
    signer_keys: tuple[bytes, bytes]

    def to_bytes(self) -> bytes:
        """168 bytes."""
        return b"".join(
            (
                _preamble(self.channel),
                _place(self.place),
                self.block_hash,
                self.receipt_hash,
                _place(self.processed),
                self.at.to_bytes(8),
                *self.signer_keys,
            )
        )

    @classmethod
    def read(cls, reader: Reader, channel: Channel) -> Self:
        """See :meth:`Statement.read`."""
        position = cls(
            channel,
            read_place(reader),
            reader.take(HASH_BYTES),
            reader.take(HASH_BYTES),
            read_place(reader),
            reader.number(8),
            (reader.take(HASH_BYTES), reader.take(HASH_BYTES)),
        )
        hashes = position.block_hash + position.receipt_hash
        if position.place == Place() and any(hashes):
            raise VerificationFailed("a position before all blocks names one")
        if position.processed > position.place:
            raise VerificationFailed("the position says that more was processed than received")
        return position


def signer_key_ids(keys: SigningKeys) -> tuple[bytes, bytes]:
    """How a statement names the two keys it is signed with."""
    return key_id(keys.ed25519), key_id(keys.ml_dsa)


def statement_hash(statement_type: type[Statement], data: bytes) -> bytes:
    """The hash of a statement's bytes (without signatures); of a receipt, what the next names."""
    return sha256(statement_type.DOMAIN, data)


def signed(statement: Statement, signer: Signer) -> bytes:
    """The statement as sent and kept: its bytes, then both signatures."""
    data = statement.to_bytes()
    digest = statement_hash(type(statement), data)
    message = signed_message(statement.SIGNATURE_DOMAIN, SUITE, digest)
    return data + signer.sign(message).to_bytes()


def receipt_hash(signed_receipt: bytes) -> bytes:
    """The hash of a signed receipt, as the next receipt and an epoch's first block name it."""
    return statement_hash(Receipt, signed_receipt[:-SIGNATURES_BYTES])


def parse_signed(statement_type: type[S], data: bytes) -> S:
    """The statement in signed form, its signatures not verified.

    Raises:
        VerificationFailed: not such a statement. Nothing else escapes.
    """
    reader = Reader(data[:-SIGNATURES_BYTES] if len(data) > SIGNATURES_BYTES else b"")
    reader.version()
    suite = reader.number(2)
    if suite != SUITE:
        raise VerificationFailed(f"suite {suite} is not known here")
    channel = Channel(reader.code(), reader.code(), reader.lane())
    statement = statement_type.read(reader, channel)
    reader.end()
    return statement


def verify_signed(statement_type: type[S], data: bytes, keys: Iterable[SigningKeys]) -> S:
    """The statement, both its signatures verified with those of ``keys`` that it names.

    Raises:
        VerificationFailed: not such a statement, an unknown key, or a wrong signature.
    """
    statement = parse_signed(statement_type, data)
    used = next((pair for pair in keys if signer_key_ids(pair) == statement.signer_keys), None)
    if used is None:
        raise VerificationFailed("the statement is signed with keys that are not its signer's")
    digest = statement_hash(statement_type, data[:-SIGNATURES_BYTES])
    message = signed_message(statement_type.SIGNATURE_DOMAIN, SUITE, digest)
    verify(used, message, Signatures.from_bytes(data[-SIGNATURES_BYTES:]))
    return statement


def _preamble(channel: Channel) -> bytes:
    return b"".join(
        (
            PROTOCOL_VERSION.to_bytes(1),
            SUITE.to_bytes(2),
            channel.sender.encode(),
            channel.recipient.encode(),
            channel.lane.to_bytes(1),
        )
    )


def _place(place: Place) -> bytes:
    return place.epoch.to_bytes(4) + place.sequence.to_bytes(8)


def _dispositions(reader: Reader) -> tuple[Disposition, ...]:
    count = reader.number(2)
    if not 1 <= count <= MAX_ITEMS:
        raise VerificationFailed(f"a receipt has 1 to {MAX_ITEMS} dispositions")
    return tuple(_listed(Disposition, code) for code in reader.take(count))


def _listed(closed_list: type[E], code: int) -> E:
    try:
        return closed_list(code)
    except ValueError as error:
        raise VerificationFailed(f"code {code} is not in the closed list") from error
