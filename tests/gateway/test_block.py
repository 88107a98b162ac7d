"""The forms of header, frame and body."""

from __future__ import annotations

import contextlib
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import sealing
from gateway.block import (
    ITEM_BYTES,
    MAX_CONTENT_BYTES,
    MAX_FRAME_BYTES,
    MAX_ITEMS,
    MAX_RECEIPT_BYTES,
    MAX_SEALED_BYTES,
    MAX_SEQUENCE,
    SEALING_BYTES,
    Block,
    Channel,
    Frame,
    Header,
    Item,
    KeyIds,
    Place,
    pack,
    padded_length,
    unpack,
)
from gateway.channel import MAX_EPOCH
from gateway.signing import SIGNATURES_BYTES, Signatures
from gateway.wire import Domain, Lane, sha256
from schemas.codec import MAX_NOTIFICATION_BYTES
from schemas.errors import VerificationFailed
from tests.strategies import codes

hashes = st.binary(min_size=32, max_size=32)
numbers = st.integers(0, 2**64 - 1)
channels = st.builds(Channel, codes, codes, st.sampled_from(Lane))
places = st.builds(Place, st.integers(1, MAX_EPOCH), st.integers(1, MAX_SEQUENCE))
headers = st.builds(
    Header,
    suite=st.integers(0, 2**16 - 1),
    channel=channels,
    place=places,
    previous=hashes,
    created=numbers,
    directory_version=numbers,
    keys=st.builds(KeyIds, hashes, hashes, hashes, hashes),
    commitments=st.lists(hashes, min_size=1, max_size=4).map(tuple),
)
signatures = st.binary(min_size=32, max_size=32).map(
    lambda seed: Signatures.from_bytes((seed * 106)[:SIGNATURES_BYTES])
)
items = st.lists(st.builds(Item, hashes, st.binary(max_size=90)), min_size=1, max_size=5)


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    """Frames of sealed and of erased blocks, with and without receipts."""
    body = draw(st.binary(max_size=80))
    kept = draw(st.booleans())
    block = Block(draw(headers).to_bytes(), sha256(body), body if kept else None, draw(signatures))
    return Frame(block, draw(st.binary(max_size=40)))


@given(headers)
def test_headers_come_back(header: Header) -> None:
    """And have the length that the specification says."""
    data = header.to_bytes()
    assert len(data) == 198 + 32 * len(header.commitments)
    assert Header.parse(data) == header


@given(frames())
def test_frames_come_back(frame: Frame) -> None:
    """Sealed or erased; the block's hash is the same either way."""
    assert Frame.parse(frame.to_bytes()) == frame
    bare = Frame(replace(frame.block, body=None))
    assert Frame.parse(bare.to_bytes()).block.hash == frame.block.hash


@given(frames(), st.data())
def test_one_encoding(frame: Frame, data: st.DataObject) -> None:
    """Whatever bytes parse are the bytes that would be written: nothing is said in two ways."""
    encoded = bytearray(frame.to_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        encoded[data.draw(st.integers(0, len(encoded) - 1))] = data.draw(st.integers(0, 255))
    try:
        parsed = Frame.parse(bytes(encoded))
        header = Header.parse(parsed.block.header)
    except VerificationFailed:
        return
    assert parsed.to_bytes() == bytes(encoded)
    assert header.to_bytes() == parsed.block.header


@given(st.binary(max_size=400))
def test_nothing_else_escapes(data: bytes) -> None:
    """Any bytes are a form or a refusal."""
    for read in (Frame.parse, Header.parse, lambda data: unpack(data, [])):
        with contextlib.suppress(VerificationFailed):
            read(data)


@given(frames(), st.integers(0, 10**6))
def test_truncated(frame: Frame, cut: int) -> None:
    """No beginning of a frame is a frame."""
    data = frame.to_bytes()
    with pytest.raises(VerificationFailed, match="the bytes end before the form does"):
        Frame.parse(data[: cut % len(data)])


def test_block_hash() -> None:
    """As specified, over header and body; one bit of either makes another."""
    block = Block(b"header", sha256(b"body"), b"body", Signatures(b"", b""))
    assert block.hash == sha256(Domain.BLOCK, sha256(b"header"), sha256(b"body"))
    assert replace(block, header=b"headeR").hash != block.hash
    assert replace(block, body_hash=sha256(b"bodY")).hash != block.hash
    assert replace(block, body=None).hash == block.hash


@given(items)
def test_bodies_come_back(made: list[Item]) -> None:
    """Padded, and each item held to its commitment."""
    data = pack(made)
    assert len(data) == padded_length(len(data))
    assert unpack(data, [item.commitment for item in made]) == tuple(made)


@given(items, st.data())
def test_one_encoding_of_bodies(made: list[Item], data: st.DataObject) -> None:
    """No other bytes give these items: padding tells nothing."""
    encoded = bytearray(pack(made))
    at = data.draw(st.integers(0, len(encoded) - 1))
    encoded[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(VerificationFailed):
        unpack(bytes(encoded), [item.commitment for item in made])


def padme(length: int) -> int:
    """Nikitin et al., Reducing Metadata Leakage from Encrypted Files, section 4, algorithm 1."""
    exponent = math.floor(math.log2(length))
    bits = math.floor(math.log2(exponent)) + 1
    last = exponent - bits
    mask = (1 << last) - 1
    return (length + mask) & ~mask


def test_padme_as_in_the_paper() -> None:
    """For every length up to a few thousand, and some larger ones."""
    for length in [*range(2, 5000), 65_537, 99_999, 524_289, 1_000_001, MAX_CONTENT_BYTES]:
        assert padded_length(length) == padme(length), length
    assert [padded_length(length) for length in (0, 1)] == [0, 1]


@given(st.integers(2, MAX_CONTENT_BYTES))
@settings(max_examples=200)
def test_padme_bounds(length: int) -> None:
    """At most 12 % more, never less, and padding again changes nothing."""
    padded = padded_length(length)
    assert length <= padded <= length * 1.12
    assert padded_length(padded) == padded
    assert padded <= MAX_CONTENT_BYTES


def test_few_sizes_are_visible() -> None:
    """Up to a megabyte there are a few hundred sizes to tell apart."""
    assert len({padded_length(n) for n in range(2, MAX_CONTENT_BYTES, 61)}) < 400


def test_limits_fit_each_other() -> None:
    """A full block is a frame that passes; the largest notification fits a block."""
    body = sealing.seal(sealing.Opener.generate().public, bytes(10), b"")
    assert len(body) == 10 + SEALING_BYTES
    assert MAX_SEALED_BYTES == MAX_CONTENT_BYTES + SEALING_BYTES
    assert 2 + ITEM_BYTES + MAX_NOTIFICATION_BYTES <= MAX_CONTENT_BYTES
    header = Header(
        suite=1,
        channel=Channel("FR", "DE", Lane.URGENT),
        place=Place(MAX_EPOCH, MAX_SEQUENCE),
        previous=bytes(32),
        created=0,
        directory_version=0,
        keys=KeyIds(*[bytes(32)] * 4),
        commitments=(bytes(32),) * MAX_ITEMS,
    )
    body, seal = bytes(MAX_SEALED_BYTES), Signatures.from_bytes(bytes(SIGNATURES_BYTES))
    full = Frame(Block(header.to_bytes(), sha256(body), body, seal), bytes(MAX_RECEIPT_BYTES))
    assert len(full.to_bytes()) == MAX_FRAME_BYTES
    assert Frame.parse(full.to_bytes()) == full
    for spoilt in (
        replace(full, receipt=bytes(MAX_RECEIPT_BYTES + 1)),
        Frame(replace(full.block, body=body + b"\0")),
        Frame(replace(full.block, header=header.to_bytes() + b"\0")),
    ):
        with pytest.raises(VerificationFailed, match="bytes long, at most"):
            Frame.parse(spoilt.to_bytes())


def test_places_are_ordered() -> None:
    """By epoch, then by sequence; (0, 0) is before all."""
    assert Place() < Place(1, 1) < Place(1, 2) < Place(2, 1)
    assert str(Channel("FR", "DE", Lane.URGENT)) == "FR-DE-urgent"
