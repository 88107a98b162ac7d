"""Sealing to one recipient; ``test_vectors`` holds it to the specification."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.sealing import Opener, seal
from schemas.errors import ConfigurationInvalid, VerificationFailed

OPENER = Opener.generate()


def test_seeds_make_the_same_keys() -> None:
    """What is kept on disk opens what was sealed before."""
    again = Opener.from_seeds(*OPENER.seeds)
    assert again.public == OPENER.public
    assert again.open(seal(OPENER.public, b"content", b"info"), b"info") == b"content"


def test_the_same_content_is_never_sealed_to_the_same_bytes() -> None:
    """Whoever watches does not see that something was sent twice."""
    assert seal(OPENER.public, b"content", b"") != seal(OPENER.public, b"content", b"")


@pytest.mark.parametrize("at", [0, 1100, 1119, 1120, -1])
def test_a_changed_byte_opens_nothing(at: int) -> None:
    """Neither in the encapsulated key nor in the ciphertext or tag."""
    sealed = bytearray(seal(OPENER.public, b"content", b"info"))
    sealed[at] ^= 1
    with pytest.raises(VerificationFailed, match="does not open with the key it names"):
        OPENER.open(bytes(sealed), b"info")


@pytest.mark.parametrize("sealed", [b"", bytes(100), bytes(1136)])
def test_what_is_no_sealed_body_opens_nothing(sealed: bytes) -> None:
    """Nothing but our own error escapes."""
    with pytest.raises(VerificationFailed):
        OPENER.open(sealed, b"info")


def test_another_key_or_context_opens_nothing() -> None:
    """The body is bound to one recipient and to its header."""
    sealed = seal(OPENER.public, b"content", b"info")
    with pytest.raises(VerificationFailed):
        OPENER.open(sealed, b"other info")
    with pytest.raises(VerificationFailed):
        Opener.generate().open(sealed, b"info")


def test_keys_that_are_none() -> None:
    """A damaged directory entry is our trouble to mend, and says how."""
    with pytest.raises(ConfigurationInvalid, match="member request"):
        seal(replace(OPENER.public, ml_kem=b"short"), b"content", b"")
