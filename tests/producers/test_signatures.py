"""How files begin, in bytes and in their spellings."""

from __future__ import annotations

import base64

import pytest

from producers.signatures import SIGNATURES, Signature, sniff

EACH = pytest.mark.parametrize("signature", SIGNATURES, ids=lambda s: f"{s.format}-{s.magic.hex()}")


@EACH
def test_spellings(signature: Signature) -> None:
    """Wherever the magic bytes stand, the spellings are found where they are said to be."""
    for filler in (b"\x00", b"\xff", b"a"):
        data = filler * signature.offset + signature.magic + filler * 20
        needle, lead = signature.base64
        assert len(needle) >= 4
        assert base64.b64encode(data).decode()[lead:].startswith(needle)
        needle, lead = signature.hexadecimal
        assert data.hex()[lead:].startswith(needle)


@EACH
def test_noise_is_none_of_them(signature: Signature) -> None:
    """The magic bytes in the wrong place are not a file."""
    assert sniff(b"text" + bytes(signature.offset) + signature.magic) is None


def test_sniff() -> None:
    """A file is told by its beginning."""
    found = sniff(b"\x89PNG\r\n\x1a\n" + bytes(8))
    assert found is not None
    assert (found.format, found.strong) == ("PNG", True)
