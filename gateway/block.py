"""Blocks: a clear header, a sealed body, two signatures (docs/relay-protocol.md, section 3).

Pure: bytes in, frozen objects out. The bytes that were signed are kept and hashed as they came;
nothing is ever written again in order to verify it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.signing import SIGNATURES_BYTES, Signatures
from gateway.wire import (
    HASH_BYTES,
    PROTOCOL_VERSION,
    Domain,
    Lane,
    Reader,
    sha256,
    signed_message,
)
from schemas.errors import VerificationFailed

MAX_ITEMS = 512
"""Bounds the work of one verification; at this count the fixed costs no longer matter."""
MAX_CONTENT_BYTES = 1024 * 1024
"""Of a body before padding and sealing. Padmé leaves a power of two as it is."""
SEALING_BYTES = 1120 + 16
"""What sealing adds: the encapsulated key and the tag."""
MAX_SEALED_BYTES = MAX_CONTENT_BYTES + SEALING_BYTES
SALT_BYTES = 32
ITEM_BYTES = SALT_BYTES + 4
"""What an item takes beside its notification: salt and length."""
FIXED_HEADER_BYTES = 198
MAX_HEADER_BYTES = FIXED_HEADER_BYTES + HASH_BYTES * MAX_ITEMS
MAX_RECEIPT_BYTES = 158 + MAX_ITEMS + SIGNATURES_BYTES
MAX_FRAME_BYTES = (
    1 + 4 + MAX_HEADER_BYTES + SIGNATURES_BYTES + 4 + MAX_SEALED_BYTES + 4 + MAX_RECEIPT_BYTES
)

_SEALED, _ERASED = 1, 2


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a channel: epoch, then sequence, both counted from 1; (0, 0) is before all."""

    epoch: int = 0
    sequence: int = 0


MAX_SEQUENCE = 2**63 - 1
"""The largest that databases keep as a signed integer; nobody gets there by counting."""


def read_place(reader: Reader) -> Place:
    """The next twelve bytes as a place.

    Raises:
        VerificationFailed: out of range, or one of the two is zero and the other is not.
    """
    place = Place(reader.number(4), reader.number(8))
    if place.sequence > MAX_SEQUENCE:
        raise VerificationFailed("the sequence is larger than any that is counted to")
    if (place.epoch == 0) != (place.sequence == 0):
        raise VerificationFailed("epoch and sequence are counted from 1")
    return place


@dataclass(frozen=True, slots=True)
class Channel:
    """One direction and one lane between two jurisdictions."""

    sender: str
    recipient: str
    lane: Lane

    def __str__(self) -> str:
        return f"{self.sender}-{self.recipient}-{self.lane.label}"


@dataclass(frozen=True, slots=True)
class KeyIds:
    """Which keys were used: SHA-256 of each public key."""

    sender_ed25519: bytes
    sender_ml_dsa: bytes
    recipient_ml_kem: bytes
    recipient_x25519: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """The clear part of a block. Says nothing about what the notifications are about.

    Attributes:
        previous: hash of the previous block; for the first of an epoch, hash of the last receipt
            that the sender holds, or zeros when it holds none.
        created: milliseconds since 1970-01-01 UTC, by the sender's clock.
        commitments: one for each item, in order.
    """

    suite: int
    channel: Channel
    place: Place
    previous: bytes
    created: int
    directory_version: int
    keys: KeyIds
    commitments: tuple[bytes, ...]

    def to_bytes(self) -> bytes:
        """The header as it is signed and sent: 198 bytes and 32 for each item."""
        return b"".join(
            (
                PROTOCOL_VERSION.to_bytes(1),
                self.suite.to_bytes(2),
                self.channel.sender.encode(),
                self.channel.recipient.encode(),
                self.channel.lane.to_bytes(1),
                self.place.epoch.to_bytes(4),
                self.place.sequence.to_bytes(8),
                self.previous,
                self.created.to_bytes(8),
                self.directory_version.to_bytes(8),
                self.keys.sender_ed25519,
                self.keys.sender_ml_dsa,
                self.keys.recipient_ml_kem,
                self.keys.recipient_x25519,
                len(self.commitments).to_bytes(2),
                *self.commitments,
            )
        )

    @classmethod
    def parse(cls, data: bytes) -> Header:
        """The reverse of :meth:`to_bytes`.

        Raises:
            VerificationFailed: not a header of this protocol version. Nothing else escapes.
        """
        reader = Reader(data)
        reader.version()
        header = cls(
            suite=reader.number(2),
            channel=Channel(reader.code(), reader.code(), reader.lane()),
            place=read_place(reader),
            previous=reader.take(HASH_BYTES),
            created=reader.number(8),
            directory_version=reader.number(8),
            keys=KeyIds(*(reader.take(HASH_BYTES) for _ in range(4))),
            commitments=_commitments(reader),
        )
        reader.end()
        if header.place == Place():
            raise VerificationFailed("epoch and sequence are counted from 1")
        return header


def _commitments(reader: Reader) -> tuple[bytes, ...]:
    count = reader.number(2)
    if not 1 <= count <= MAX_ITEMS:
        raise VerificationFailed(f"a block has 1 to {MAX_ITEMS} items")
    return tuple(reader.take(HASH_BYTES) for _ in range(count))


@dataclass(frozen=True, slots=True)
class Item:
    """One notification in a body, with the salt of its commitment."""

    salt: bytes
    notification: bytes

    @property
    def commitment(self) -> bytes:
        """Shows nothing without the salt; proves this one notification with it."""
        return sha256(Domain.ITEM, self.salt, self.notification)


@dataclass(frozen=True, slots=True)
class Block:
    """A block as it travels and is kept.

    Attributes:
        header: the exact bytes that were signed.
        body_hash: SHA-256 of the sealed body; stays when the body is erased.
        body: the sealed body, None once erased.
    """

    header: bytes
    body_hash: bytes
    body: bytes | None
    signatures: Signatures

    @property
    def hash(self) -> bytes:
        """What the chain, the signatures and the receipt cover."""
        return sha256(Domain.BLOCK, sha256(self.header), self.body_hash)

    @property
    def signed_message(self) -> bytes:
        """What both signatures are made over; the suite's number is in the header's bytes 1–2."""
        return block_message(int.from_bytes(self.header[1:3]), self.hash)


def block_message(suite: int, block_hash: bytes) -> bytes:
    """What both signatures of a block with this hash are made over."""
    return signed_message(Domain.BLOCK_SIGNATURE, suite, block_hash)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is sent: a block, and a receipt of the recipient's own that vouches for it.

    The receipt is there only after a loss: that of this block when the recipient was restored
    from a backup, that which ``previous`` names when an epoch begins.
    """

    block: Block
    receipt: bytes = b""

    def to_bytes(self) -> bytes:
        """The frame as sent."""
        block = self.block
        kind, body = (
            (_ERASED, block.body_hash)
            if block.body is None
            else (_SEALED, len(block.body).to_bytes(4) + block.body)
        )
        return b"".join(
            (
                kind.to_bytes(1),
                len(block.header).to_bytes(4),
                block.header,
                block.signatures.to_bytes(),
                body,
                len(self.receipt).to_bytes(4),
                self.receipt,
            )
        )

    @classmethod
    def parse(cls, data: bytes) -> Frame:
        """The reverse of :meth:`to_bytes`; the header stays unparsed.

        Raises:
            VerificationFailed: not a frame. Nothing else escapes.
        """
        reader = Reader(data)
        kind = reader.number(1)
        if kind not in (_SEALED, _ERASED):
            raise VerificationFailed("the frame is neither of a sealed nor of an erased block")
        header = reader.prefixed(limit=MAX_HEADER_BYTES)
        signatures = Signatures.from_bytes(reader.take(SIGNATURES_BYTES))
        body = reader.prefixed(limit=MAX_SEALED_BYTES) if kind == _SEALED else None
        body_hash = reader.take(HASH_BYTES) if body is None else sha256(body)
        receipt = reader.prefixed(limit=MAX_RECEIPT_BYTES)
        reader.end()
        return cls(Block(header, body_hash, body, signatures), receipt)


def seal_info(header: bytes) -> bytes:
    """The ``info`` of HPKE: binds the body to its header."""
    return Domain.SEAL + sha256(header)


def padded_length(length: int) -> int:
    """Padmé (Nikitin et al., PoPETs 2019, section 4): at most 12 % more, few sizes visible."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    mask = (1 << max(0, exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def pack(items: Sequence[Item]) -> bytes:
    """The body before sealing: count, then salt, length and bytes of each item, then padding."""
    parts = [len(items).to_bytes(2)]
    for item in items:
        parts += (item.salt, len(item.notification).to_bytes(4), item.notification)
    content = b"".join(parts)
    return content.ljust(padded_length(len(content)), b"\0")


def unpack(data: bytes, commitments: Sequence[bytes]) -> tuple[Item, ...]:
    """The items of an opened body, each held to its commitment.

    Raises:
        VerificationFailed: not a body, wrong padding, or not what the header committed to.
    """
    reader = Reader(data)
    count = reader.number(2)
    if count != len(commitments):
        raise VerificationFailed("the body holds another number of items than the header says")
    items = tuple(
        Item(reader.take(SALT_BYTES), reader.prefixed(limit=MAX_CONTENT_BYTES))
        for _ in range(count)
    )
    padding = reader.rest()
    if padding.strip(b"\0") or len(data) != padded_length(len(data) - len(padding)):
        raise VerificationFailed("the body's padding is not as specified")
    if any(item.commitment != said for item, said in zip(items, commitments, strict=True)):
        raise VerificationFailed("an item is not what the header committed to")
    return items
