"""Receipts, refusals and positions: their forms and their signatures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.block import MAX_ITEMS, Place
from gateway.receipt import (
    SIGNED_CODES,
    Disposition,
    Position,
    Receipt,
    Refusal,
    RefusalCode,
    Statement,
    parse_signed,
    receipt_hash,
    signed,
    signer_key_ids,
    statement_hash,
    verify_signed,
)
from gateway.signing import SIGNATURES_BYTES, Signer
from gateway.wire import ZERO_HASH, Domain, sha256
from schemas.errors import VerificationFailed
from tests.gateway.crafting import CHANNEL
from tests.gateway.federation import keys_of
from tests.gateway.test_block import channels, hashes, numbers, places

OWN, STRANGER = keys_of("DE").signer, Signer.generate()
some_places = st.just(Place()) | places
key_pairs = st.just(signer_key_ids(OWN.public))
receipts = st.builds(
    Receipt,
    channel=channels,
    place=places,
    block_hash=hashes,
    previous_receipt=hashes,
    received_at=numbers,
    signer_keys=key_pairs,
    dispositions=st.lists(st.sampled_from(Disposition), min_size=1, max_size=9).map(tuple),
)
refusals = st.builds(
    Refusal,
    channel=channels,
    place=some_places,
    block_hash=hashes,
    code=st.sampled_from(SIGNED_CODES),
    at=numbers,
    signer_keys=key_pairs,
)


@st.composite
def _positions(draw: st.DrawFn) -> Position:
    processed, place = sorted((draw(some_places), draw(some_places)))
    block, receipt = draw(hashes), draw(hashes)
    if place == Place():
        block = receipt = ZERO_HASH
    return Position(
        draw(channels), place, block, receipt, processed, draw(numbers), signer_key_ids(OWN.public)
    )


positions = _positions()
statements = receipts | refusals | positions
LENGTHS = {Receipt: 158, Refusal: 125, Position: 168}


@given(statements)
@settings(max_examples=60, deadline=None)
def test_statements_come_back(statement: Statement) -> None:
    """Signed, verified and read; of the length that the specification says."""
    data = signed(statement, OWN)
    assert verify_signed(type(statement), data, [STRANGER.public, OWN.public]) == statement
    items = len(statement.dispositions) if isinstance(statement, Receipt) else 0
    assert len(data) == LENGTHS[type(statement)] + items + SIGNATURES_BYTES


@given(statements, st.data())
@settings(max_examples=60, deadline=None)
def test_one_bit_is_enough(statement: Statement, data: st.DataObject) -> None:
    """Nothing in a statement can be changed, its signatures included."""
    encoded = bytearray(signed(statement, OWN))
    at = data.draw(st.integers(0, len(encoded) - 1))
    encoded[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(VerificationFailed):
        verify_signed(type(statement), bytes(encoded), [OWN.public])


@given(statements, st.data())
@settings(max_examples=60, deadline=None)
def test_one_encoding(statement: Statement, data: st.DataObject) -> None:
    """Whatever bytes parse are the bytes that would be written."""
    encoded = bytearray(statement.to_bytes() + bytes(SIGNATURES_BYTES))
    encoded[data.draw(st.integers(0, len(encoded) - SIGNATURES_BYTES - 1))] ^= data.draw(
        st.integers(1, 255)
    )
    try:
        parsed = parse_signed(type(statement), bytes(encoded))
    except VerificationFailed:
        return
    assert parsed.to_bytes() == bytes(encoded[:-SIGNATURES_BYTES])


@given(st.binary(max_size=300))
def test_nothing_else_escapes(data: bytes) -> None:
    """Any bytes are a statement or a refusal."""
    for kind in (Receipt, Refusal, Position):
        for encoded in (data, data + bytes(SIGNATURES_BYTES)):
            with pytest.raises(VerificationFailed):
                verify_signed(kind, encoded, [OWN.public])


def example() -> Receipt:
    """A receipt of two items."""
    return Receipt(
        channel=CHANNEL,
        place=Place(1, 1),
        block_hash=bytes(32),
        previous_receipt=bytes(32),
        received_at=1,
        signer_keys=signer_key_ids(OWN.public),
        dispositions=(Disposition.ACCEPTED, Disposition.EXPIRED),
    )


def test_a_statement_is_of_one_kind() -> None:
    """A receipt is no refusal and no position, and no more is its hash."""
    data = signed(example(), OWN)
    for kind in (Refusal, Position):
        with pytest.raises(VerificationFailed):
            verify_signed(kind, data, [OWN.public])
        assert statement_hash(kind, b"x") != statement_hash(Receipt, b"x")
    assert receipt_hash(data) == sha256(Domain.RECEIPT, example().to_bytes())


def test_signed_by_another() -> None:
    """By keys that are not the signer's, whether it names them or not."""
    named = replace(example(), signer_keys=signer_key_ids(STRANGER.public))
    with pytest.raises(VerificationFailed, match="signed with keys that are not its signer's"):
        verify_signed(Receipt, signed(named, STRANGER), [OWN.public])
    with pytest.raises(VerificationFailed, match="a signature does not verify"):
        verify_signed(Receipt, signed(example(), STRANGER), [OWN.public])


def test_both_signatures_count() -> None:
    """One of the two by another signer is not enough."""
    good, bad = signed(example(), OWN), signed(example(), STRANGER)
    classical = len(good) - SIGNATURES_BYTES + 64
    for mixed in (good[:classical] + bad[classical:], bad[:classical] + good[classical:]):
        with pytest.raises(VerificationFailed, match="a signature does not verify"):
            verify_signed(Receipt, mixed, [OWN.public])


@pytest.mark.parametrize(
    ("at", "value", "problem"),
    [
        (0, b"\2", "protocol version 2, this gateway speaks 1"),
        (1, b"\0\2", "suite 2 is not known here"),
        (156, b"\0\0", f"a receipt has 1 to {MAX_ITEMS} dispositions"),
        (156, b"\2\1", f"a receipt has 1 to {MAX_ITEMS} dispositions"),
        (156, b"\0\1", "bytes follow the end of the form"),
        (156, b"\0\3", "the bytes end before the form does"),
        (158, b"\3", "code 3 is not in the closed list"),
        (8, bytes(4), "epoch and sequence are counted from 1"),
        (12, b"\xff" * 8, "the sequence is larger than any that is counted to"),
    ],
)
def test_malformed(at: int, value: bytes, problem: str) -> None:
    """Each with its own words."""
    data = bytearray(signed(example(), OWN))
    data[at : at + len(value)] = value
    with pytest.raises(VerificationFailed, match=problem):
        parse_signed(Receipt, bytes(data))


def test_refused_dispositions_and_labels() -> None:
    """From 16 on: refused. Labels are what a person reads."""
    assert [d.label for d in Disposition if not d.refused] == ["accepted", "duplicate", "held"]
    assert Disposition.ID_CONFLICT.label == "id-conflict"
    assert RefusalCode.CREATED_AHEAD.label == "created-ahead"
    assert {code.value for code in RefusalCode} == {*range(1, 14)} - {6, 10}
