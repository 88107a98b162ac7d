"""Primitives of the relay's binary forms: big-endian integers, fixed and length-prefixed bytes.

Every form has exactly one encoding, so parsing and writing again gives the same bytes. The
numbers in comments are sections of ``docs/relay-protocol.md``.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum

from schemas.errors import VerificationFailed
from schemas.markings import Urgency
from schemas.members import is_code

PROTOCOL_VERSION = 1
ZERO_HASH = bytes(32)
HASH_BYTES = 32


class Lane(IntEnum):
    """The two lanes of a channel direction, as they stand on the wire."""

    URGENT = 0
    ROUTINE = 1

    @property
    def label(self) -> str:
        """As it stands in URLs and on the screen."""
        return self.name.lower()

    @classmethod
    def of(cls, urgency: Urgency) -> Lane:
        """The lane that a notification of this urgency takes."""
        return cls.URGENT if urgency is Urgency.URGENT else cls.ROUTINE

    @classmethod
    def named(cls, label: str) -> Lane:
        """From a URL or the command line.

        Raises:
            VerificationFailed: no such lane.
        """
        for lane in cls:
            if lane.label == label:
                return lane
        raise VerificationFailed("the lane is neither urgent nor routine")


class Domain:
    """Domain separation: one string per use, closed by NUL so that none begins another."""

    ITEM = b"liaison/v1/item\0"
    SEAL = b"liaison/v1/seal\0"
    BLOCK = b"liaison/v1/block\0"
    BLOCK_SIGNATURE = b"liaison/v1/block-signature\0"
    RECEIPT = b"liaison/v1/receipt\0"
    RECEIPT_SIGNATURE = b"liaison/v1/receipt-signature\0"
    REFUSAL = b"liaison/v1/refusal\0"
    REFUSAL_SIGNATURE = b"liaison/v1/refusal-signature\0"
    POSITION = b"liaison/v1/position\0"
    POSITION_SIGNATURE = b"liaison/v1/position-signature\0"


def sha256(*parts: bytes) -> bytes:
    """SHA-256 (FIPS 180-4) over the concatenation of ``parts``."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def signed_message(domain: bytes, suite: int, digest: bytes) -> bytes:
    """What both signatures of a block or statement are made over."""
    return domain + suite.to_bytes(2) + digest


def key_id(public_key: bytes) -> bytes:
    """How a key is named in headers and statements: SHA-256 of its public bytes."""
    return hashlib.sha256(public_key).digest()


class Reader:
    """Takes a form apart, front to back.

    Raises:
        VerificationFailed: from every method, when the bytes do not hold what is asked for.
            Nothing else escapes.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int) -> bytes:
        """The next ``length`` bytes."""
        end = self._at + length
        if end > len(self._data):
            raise VerificationFailed("the bytes end before the form does")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def number(self, length: int) -> int:
        """The next ``length`` bytes as an unsigned big-endian integer."""
        return int.from_bytes(self.take(length))

    def prefixed(self, *, limit: int) -> bytes:
        """Bytes behind their 32-bit length, which is at most ``limit``."""
        length = self.number(4)
        if length > limit:
            raise VerificationFailed(f"a part is {length} bytes long, at most {limit} are allowed")
        return self.take(length)

    def code(self) -> str:
        """A jurisdiction code."""
        text = self.take(2).decode("latin-1")
        if not is_code(text):
            raise VerificationFailed("a jurisdiction code is not two capital letters")
        return text

    def lane(self) -> Lane:
        """A lane."""
        try:
            return Lane(self.number(1))
        except ValueError as error:
            raise VerificationFailed("the lane is neither 0 nor 1") from error

    def version(self) -> None:
        """The protocol version, which every form begins with."""
        found = self.number(1)
        if found != PROTOCOL_VERSION:
            raise VerificationFailed(f"protocol version {found}, this gateway speaks 1")

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data) - self._at)

    def end(self) -> None:
        """Checks that nothing is left."""
        if self._at != len(self._data):
            raise VerificationFailed("bytes follow the end of the form")
