"""The primitives of the binary forms."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire import Domain, Lane, Reader, key_id, sha256, signed_message
from schemas.errors import VerificationFailed
from schemas.markings import Urgency


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_reads_what_was_written(parts: list[bytes]) -> None:
    """Length-prefixed parts come back, and then nothing is left."""
    reader = Reader(b"".join(len(part).to_bytes(4) + part for part in parts))
    assert [reader.prefixed(limit=40) for _ in parts] == parts
    reader.end()
    assert reader.rest() == b""


@pytest.mark.parametrize("length", [1, 2, 4, 8])
def test_numbers_are_big_endian_and_unsigned(length: int) -> None:
    """All bits count."""
    assert Reader(b"\xff" * length).number(length) == 2 ** (8 * length) - 1
    assert Reader(b"\0" * (length - 1) + b"\1").number(length) == 1


def test_never_reads_beyond_the_end() -> None:
    """A length that lies gives a refusal, before anything of that size is made."""
    for reader, read in (
        (Reader(b"abc"), lambda r: r.take(4)),
        (Reader(b"\0"), lambda r: r.number(2)),
        (Reader(b"\0\0\0\5abcd"), lambda r: r.prefixed(limit=5)),
    ):
        with pytest.raises(VerificationFailed, match="the bytes end before the form does"):
            read(reader)


def test_limits_and_ends() -> None:
    """A part may be as long as its limit; what follows the end is refused."""
    assert Reader(b"\0\0\0\3abc").prefixed(limit=3) == b"abc"
    with pytest.raises(VerificationFailed, match="a part is 3 bytes long, at most 2 are allowed"):
        Reader(b"\0\0\0\3abc").prefixed(limit=2)
    with pytest.raises(VerificationFailed, match="bytes follow the end of the form"):
        Reader(b"x").end()


@pytest.mark.parametrize("code", [b"fr", b"F1", b"\xc3\x84", b"F\0", b"  "])
def test_codes(code: bytes) -> None:
    """Two capital Latin letters."""
    assert Reader(b"FR").code() == "FR"
    with pytest.raises(VerificationFailed, match="not two capital letters"):
        Reader(code).code()


def test_lanes() -> None:
    """0 and 1 on the wire, their names in URLs."""
    assert [Reader(bytes([n])).lane() for n in (0, 1)] == [Lane.URGENT, Lane.ROUTINE]
    assert [Lane.named(lane.label) for lane in Lane] == list(Lane)
    assert [Lane.of(urgency) for urgency in (Urgency.URGENT, Urgency.ROUTINE)] == list(Lane)
    with pytest.raises(VerificationFailed, match="the lane is neither 0 nor 1"):
        Reader(b"\2").lane()
    for name in ("", "express", "URGENT", "Routine", "rout\u0131ne", "urgent\0"):
        with pytest.raises(VerificationFailed, match="the lane is neither urgent nor routine"):
            Lane.named(name)


def test_domains_are_apart() -> None:
    """No domain begins another: what is hashed for one use is of no use elsewhere."""
    domains = [value for name, value in vars(Domain).items() if name.isupper()]
    assert len(set(domains)) == len(domains) == 10
    assert all(one.startswith(b"liaison/v1/") and one.endswith(b"\0") for one in domains)
    assert all(one.count(b"\0") == 1 for one in domains)


def test_hashes() -> None:
    """SHA-256 over the concatenation; keys by the hash of their bytes; suites in two bytes."""
    assert sha256(b"a", b"bc") == hashlib.sha256(b"abc").digest()
    assert key_id(b"key") == hashlib.sha256(b"key").digest()
    assert signed_message(b"domain\0", 1, b"hash") == b"domain\0\0\1hash"
