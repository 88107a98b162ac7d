"""What cannot be made twice: sealed bodies and hedged signatures, kept from one run to the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.block import Frame
from gateway.receipt import Position, Receipt, Refusal, Statement, statement_hash
from gateway.sealing import SUITE, seal
from gateway.signing import SIGNATURES_BYTES, Signatures, Signer, verify
from gateway.wire import sha256, signed_message
from schemas.errors import VerificationFailed
from schemas.members import SealingKeys

STATEMENTS: tuple[type[Statement], ...] = (Receipt, Refusal, Position)


class Vault:
    """Gives what an earlier document holds for the same input, and makes the rest."""

    def __init__(self, earlier: Any = None) -> None:
        self._bodies: dict[bytes, bytes] = {}
        self._signatures: dict[bytes, list[Signatures]] = {}
        for data in _strings(earlier):
            self._keep_frame(data)
            self._keep_statement(data)

    def seal(self, keys: SealingKeys, plaintext: bytes, header: bytes, info: bytes) -> bytes:
        """A body for a block with this header."""
        if sha256(header) not in self._bodies:
            self._bodies[sha256(header)] = seal(keys, plaintext, info)
        return self._bodies[sha256(header)]

    def sign(self, signer: Signer, message: bytes) -> Signatures:
        """Signatures over a message."""
        for signatures in self._signatures.get(message, ()):
            try:
                verify(signer.public, message, signatures)
            except VerificationFailed:
                continue
            return signatures
        made = signer.sign(message)
        self._signatures.setdefault(message, []).append(made)
        return made

    def signed(self, statement: Statement, signer: Signer) -> bytes:
        """A statement with its signatures."""
        data = statement.to_bytes()
        digest = statement_hash(type(statement), data)
        message = signed_message(statement.SIGNATURE_DOMAIN, SUITE, digest)
        return data + self.sign(signer, message).to_bytes()

    def _keep_frame(self, data: bytes) -> None:
        try:
            frame = Frame.parse(data)
        except VerificationFailed:
            return
        block = frame.block
        self._keep_statement(frame.receipt)
        if block.body is not None:
            # The first with a header is as it was made; changed ones follow it.
            self._bodies.setdefault(sha256(block.header), block.body)
        self._signatures.setdefault(block.signed_message, []).append(block.signatures)

    def _keep_statement(self, data: bytes) -> None:
        if len(data) < SIGNATURES_BYTES:
            return
        said, signatures = data[:-SIGNATURES_BYTES], Signatures.from_bytes(data[-SIGNATURES_BYTES:])
        for kind in STATEMENTS:
            message = signed_message(kind.SIGNATURE_DOMAIN, SUITE, statement_hash(kind, said))
            self._signatures.setdefault(message, []).append(signatures)


def _strings(value: Any) -> Iterator[bytes]:
    """All bytes in a document of vectors."""
    if isinstance(value, str):
        try:
            yield bytes.fromhex(value)
        except ValueError:
            return
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
