"""Double signatures: both must verify; ``test_vectors`` holds them to the specification."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.signing import SIGNATURES_BYTES, Signatures, Signer, verify
from schemas.errors import VerificationFailed

SIGNER, OTHER = Signer.generate(), Signer.generate()
SIGNED = SIGNER.sign(b"message")


def test_seeds_make_the_same_keys() -> None:
    """What is kept on disk signs as before."""
    again = Signer.from_seeds(*SIGNER.seeds)
    verify(SIGNER.public, b"message", again.sign(b"message"))


def test_one_good_signature_is_not_enough() -> None:
    """Either by another key fails, so that breaking one scheme breaks nothing."""
    theirs = OTHER.sign(b"message")
    verify(SIGNER.public, b"message", SIGNED)
    for mixed in (
        replace(SIGNED, ed25519=theirs.ed25519),
        replace(SIGNED, ml_dsa=theirs.ml_dsa),
    ):
        with pytest.raises(VerificationFailed, match="a signature does not verify"):
            verify(SIGNER.public, b"message", mixed)


def test_another_message_or_key() -> None:
    """A signature is over one message by one member."""
    with pytest.raises(VerificationFailed):
        verify(SIGNER.public, b"another message", SIGNED)
    with pytest.raises(VerificationFailed):
        verify(replace(SIGNER.public, ml_dsa=b"no key"), b"message", SIGNED)


def test_bytes_and_back() -> None:
    """3,373 bytes, no more and no fewer."""
    data = SIGNED.to_bytes()
    assert len(data) == SIGNATURES_BYTES
    assert Signatures.from_bytes(data) == SIGNED
    for wrong in (data[:-1], data + b"\0", b""):
        with pytest.raises(VerificationFailed, match="two signatures have 3373 bytes"):
            Signatures.from_bytes(wrong)
