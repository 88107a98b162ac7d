"""One test for each way a whole block is refused, its code and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.block import (
    MAX_CONTENT_BYTES,
    MAX_FRAME_BYTES,
    MAX_ITEMS,
    Block,
    Channel,
    Frame,
    Header,
    Item,
    Place,
    pack,
)
from gateway.receipt import RefusalCode
from gateway.sealing import Opener
from gateway.signing import Signatures, Signer
from gateway.verification import (
    MAX_AHEAD_MS,
    BlockRefused,
    authenticate,
    check_created,
    check_size,
    identify,
    open_items,
    parse,
)
from gateway.wire import Lane
from schemas.members import MemberStatus
from tests.gateway.crafting import CHANNEL, frame, key_ids, signed_block
from tests.gateway.federation import NOW, FixedDirectory, keys_of, member

SENDER, RECIPIENT = keys_of("FR"), keys_of("DE")
DIRECTORY = FixedDirectory([member(SENDER), member(RECIPIENT)])
STRANGER, STRANGE_OPENER = Signer.generate(), Opener.generate()


def verify_whole(data: bytes, channel: Channel = CHANNEL, now_ms: int = NOW) -> list[bytes]:
    """All that is pure about the checks of a frame: what the items hold."""
    check_size(len(data))
    sent, header = parse(data, channel)
    opener = authenticate(sent.block, header, member(SENDER), RECIPIENT.openers)
    check_created(header, now_ms)
    assert sent.block.body is not None
    return [one.notification for one in open_items(sent.block, sent.block.body, header, opener)]


def refusal(work: Callable[[], Any]) -> tuple[RefusalCode, str]:
    """Code and problem of the refusal that ``work`` ends with; a remedy is always there."""
    with pytest.raises(BlockRefused) as caught:
        work()
    assert caught.value.remedy
    assert caught.value.retriable is (caught.value.code is RefusalCode.CREATED_AHEAD)
    return caught.value.code, caught.value.problem


def test_a_right_block_passes() -> None:
    """What is crafted without a fault gives its items."""
    assert verify_whole(frame(b"one", b"two").to_bytes()) == [b"one", b"two"]


def test_oversized() -> None:
    """Step 1, at the first byte beyond what a frame can be."""
    check_size(MAX_FRAME_BYTES)
    assert refusal(lambda: check_size(MAX_FRAME_BYTES + 1)) == (
        RefusalCode.TOO_LARGE,
        f"the frame is larger than {MAX_FRAME_BYTES} bytes",
    )


@pytest.mark.parametrize("certificate", [None, b"", b"certificate of PH"])
def test_unknown_peer(certificate: bytes | None) -> None:
    """Step 2: no certificate, an empty one, one that is not listed."""
    assert refusal(lambda: identify(certificate, DIRECTORY)) == (
        RefusalCode.PEER_UNKNOWN,
        "the TLS certificate is not that of a member in our directory",
    )


def test_the_peer_is_whose_certificate_it_is() -> None:
    """Step 2: any of the certificates listed for a member identifies it."""
    directory = FixedDirectory([member(SENDER), member(RECIPIENT)])
    directory.change("FR", certificates=(b"new", b"certificate of FR"))
    assert identify(b"new", directory).code == "FR"
    assert identify(b"certificate of FR", directory).code == "FR"
    assert identify(b"certificate of DE", directory).code == "DE"


def test_suspended_sender() -> None:
    """Step 3."""
    directory = FixedDirectory([replace(member(SENDER), status=MemberStatus.SUSPENDED)])
    assert refusal(lambda: identify(b"certificate of FR", directory)) == (
        RefusalCode.SENDER_SUSPENDED,
        "the sender is suspended in our directory",
    )


def _version(data: bytes) -> bytes:
    return b"\2" + data[1:]


def _count(header: bytes, count: int) -> bytes:
    return header[:196] + count.to_bytes(2) + header[198:]


MALFORMED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "the bytes end before the form does"),
    "truncated": (lambda data: data[:-1], "the bytes end before the form does"),
    "trailing": (lambda data: data + b"\0", "bytes follow the end of the form"),
    "kind": (
        lambda data: b"\3" + data[1:],
        "the frame is neither of a sealed nor of an erased block",
    ),
    "length": (
        lambda data: data[:1] + b"\xff" * 4 + data[5:],
        "a part is 4294967295 bytes long, at most 16582 are allowed",
    ),
}


@pytest.mark.parametrize("fault", MALFORMED)
def test_malformed_frame(fault: str) -> None:
    """Step 4: truncated, trailing, of no known kind, a length beyond its limit."""
    spoil, problem = MALFORMED[fault]
    data = spoil(frame(b"one").to_bytes())
    assert refusal(lambda: parse(data, CHANNEL)) == (RefusalCode.HEADER_MALFORMED, problem)


HEADERS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "version": (_version, "protocol version 2, this gateway speaks 1"),
    "no items": (lambda h: _count(h, 0)[:198], f"a block has 1 to {MAX_ITEMS} items"),
    "too many": (lambda h: _count(h, 513), f"a block has 1 to {MAX_ITEMS} items"),
    "more said": (lambda h: _count(h, 2), "the bytes end before the form does"),
    "trailing": (lambda h: h + b"\0", "bytes follow the end of the form"),
    "code": (lambda h: h[:3] + b"fr" + h[5:], "a jurisdiction code is not two capital letters"),
    "lane": (lambda h: h[:7] + b"\2" + h[8:], "the lane is neither 0 nor 1"),
    "epoch": (lambda h: h[:8] + bytes(4) + h[12:], "epoch and sequence are counted from 1"),
    "sequence": (lambda h: h[:12] + bytes(8) + h[20:], "epoch and sequence are counted from 1"),
    "huge sequence": (
        lambda h: h[:12] + b"\xff" * 8 + h[20:],
        "the sequence is larger than any that is counted to",
    ),
}


@pytest.mark.parametrize("fault", HEADERS)
def test_malformed_header(fault: str) -> None:
    """Step 4, although both signatures are right."""
    spoil, problem = HEADERS[fault]
    block = frame(b"one").block
    assert block.body is not None
    spoilt = Frame(signed_block(spoil(block.header), block.body, SENDER.signer)).to_bytes()
    assert refusal(lambda: parse(spoilt, CHANNEL)) == (RefusalCode.HEADER_MALFORMED, problem)


@pytest.mark.parametrize(
    "channel",
    [
        Channel("PH", "DE", Lane.ROUTINE),
        Channel("FR", "PH", Lane.ROUTINE),
        Channel("FR", "DE", Lane.URGENT),
        Channel("DE", "FR", Lane.ROUTINE),
    ],
)
def test_wrong_channel(channel: Channel) -> None:
    """Step 5: another sender than the connection's, another recipient, the other lane, our own."""
    data = frame(b"one", channel=channel).to_bytes()
    assert refusal(lambda: verify_whole(data)) == (
        RefusalCode.WRONG_CHANNEL,
        "the header names another sender, recipient or lane than the connection",
    )


def test_unknown_signing_key() -> None:
    """Step 7: rightly signed, with keys that are not listed for its sender."""
    data = frame(b"one", signer=STRANGER).to_bytes()
    assert refusal(lambda: verify_whole(data)) == (
        RefusalCode.UNKNOWN_KEY,
        "the block is signed with keys that our directory does not list for its sender",
    )


def test_signing_keys_of_two_generations_are_no_pair() -> None:
    """Step 7: one key of each pair does not make a pair."""
    mixed = replace(
        key_ids(SENDER.signer.public, RECIPIENT.openers[0].public),
        sender_ml_dsa=key_ids(STRANGER.public, RECIPIENT.openers[0].public).sender_ml_dsa,
    )
    sent, header = parse(frame(b"one", keys=mixed).to_bytes(), CHANNEL)
    both = replace(member(SENDER), signing=(SENDER.signer.public, STRANGER.public))
    assert refusal(lambda: authenticate(sent.block, header, both, RECIPIENT.openers)) == (
        RefusalCode.UNKNOWN_KEY,
        "the block is signed with keys that our directory does not list for its sender",
    )


def test_unknown_sealing_key() -> None:
    """Step 7: sealed to keys that we do not hold, or hold no longer."""
    data = frame(b"one", to=STRANGE_OPENER.public).to_bytes()
    assert refusal(lambda: verify_whole(data)) == (
        RefusalCode.UNKNOWN_KEY,
        "the block is sealed to keys that we do not hold",
    )


def test_former_keys_do() -> None:
    """Step 7: keys overlap when they rotate, at both ends."""
    sent, header = parse(frame(b"one").to_bytes(), CHANNEL)
    rotated = replace(member(SENDER), signing=(STRANGER.public, SENDER.signer.public))
    openers = (STRANGE_OPENER, *RECIPIENT.openers)
    assert authenticate(sent.block, header, rotated, openers) is RECIPIENT.openers[0]


def test_unknown_suite() -> None:
    """Step 8, although the signatures are right for that suite."""
    data = frame(b"one", suite=2).to_bytes()
    assert refusal(lambda: verify_whole(data)) == (
        RefusalCode.UNKNOWN_SUITE,
        "suite 2 is not known here",
    )


def _other_classical(block: Block) -> Signatures:
    return replace(block.signatures, ed25519=STRANGER.sign(block.signed_message).ed25519)


def _other_post_quantum(block: Block) -> Signatures:
    return replace(block.signatures, ml_dsa=STRANGER.sign(block.signed_message).ml_dsa)


def _over_bare_hash(block: Block) -> Signatures:
    return SENDER.signer.sign(block.hash)


@pytest.mark.parametrize("sign", [_other_classical, _other_post_quantum, _over_bare_hash])
def test_bad_signature(sign: Callable[[Block], Signatures]) -> None:
    """Step 9: either of the two wrong, or both over something else than the specified bytes."""
    sent = frame(b"one")
    data = Frame(replace(sent.block, signatures=sign(sent.block))).to_bytes()
    assert refusal(lambda: verify_whole(data)) == (
        RefusalCode.BAD_SIGNATURE,
        "one of the block's two signatures does not verify",
    )


def test_changed_body_or_header() -> None:
    """Step 9: one bit anywhere in what was signed."""
    sent = frame(b"one")
    assert sent.block.body is not None
    body = bytes([sent.block.body[0] ^ 1]) + sent.block.body[1:]
    header = bytearray(sent.block.header)
    header[59] ^= 1  # last byte of created
    for changed in (
        Frame(replace(sent.block, body=body, body_hash=b"")).to_bytes(),
        Frame(replace(sent.block, header=bytes(header))).to_bytes(),
    ):
        assert refusal(lambda data=changed: verify_whole(data))[0] is RefusalCode.BAD_SIGNATURE


def test_created_ahead() -> None:
    """Step 11: five minutes are allowed, not a millisecond more; waiting helps."""
    at_limit = Header.parse(frame(b"one", created=NOW + MAX_AHEAD_MS).block.header)
    check_created(at_limit, NOW)
    assert refusal(lambda: check_created(at_limit, NOW - 1)) == (
        RefusalCode.CREATED_AHEAD,
        "the block was created more than five minutes ahead of our clock",
    )


def test_never_refused_for_age() -> None:
    """Step 11: a week in a queue, or a clock that stood at zero."""
    assert verify_whole(frame(b"one", created=0).to_bytes()) == [b"one"]


@pytest.mark.parametrize("spoil", [{"info": b"another header"}, {"body": b""}, {"body": bytes(64)}])
def test_does_not_open(spoil: dict[str, bytes]) -> None:
    """Step 12: sealed for another header, empty, not sealed at all; signed all the same."""
    data = frame(b"one", **spoil).to_bytes()
    assert refusal(lambda: verify_whole(data)) == (
        RefusalCode.DOES_NOT_OPEN,
        "the body does not open with the keys that the header names",
    )


ITEMS = [Item(bytes(32), b"one"), Item(bytes(32), b"three")]
BODIES: dict[str, tuple[bytes, str]] = {
    "other content": (
        pack([ITEMS[0], Item(bytes(32), b"seven")]),
        "an item is not what the header committed to",
    ),
    "other salt": (
        pack([ITEMS[0], Item(b"\1" * 32, b"three")]),
        "an item is not what the header committed to",
    ),
    "other order": (pack(ITEMS[::-1]), "an item is not what the header committed to"),
    "fewer": (pack(ITEMS[:1]), "the body holds another number of items than the header says"),
    "more": (
        pack([*ITEMS, ITEMS[0]]),
        "the body holds another number of items than the header says",
    ),
    "empty": (b"", "the bytes end before the form does"),
    "truncated": (pack(ITEMS)[:40], "the bytes end before the form does"),
    "unpadded": (pack(ITEMS).rstrip(b"\0"), "the body's padding is not as specified"),
    "overpadded": (pack(ITEMS) + bytes(1), "the body's padding is not as specified"),
    "telling padding": (pack(ITEMS)[:-1] + b"\1", "the body's padding is not as specified"),
    "long item": (
        pack(ITEMS)[:34] + (MAX_CONTENT_BYTES + 1).to_bytes(4) + bytes(64),
        f"a part is {MAX_CONTENT_BYTES + 1} bytes long, at most {MAX_CONTENT_BYTES} are allowed",
    ),
}


@pytest.mark.parametrize("fault", BODIES)
def test_commitment(fault: str) -> None:
    """Step 13: the body is not what the header committed to, or not a body."""
    plaintext, problem = BODIES[fault]
    assert plaintext != pack(ITEMS)
    data = frame(items=ITEMS, plaintext=plaintext).to_bytes()
    assert refusal(lambda: verify_whole(data)) == (RefusalCode.COMMITMENT, problem)


def test_every_code_is_documented() -> None:
    """The specification names every refusal code with its number."""
    text = (Path(__file__).parents[2] / "docs" / "relay-protocol.md").read_text("utf-8")
    for code in RefusalCode:
        assert code.label in text
    assert Place(1, 1) == Header.parse(frame(b"one").block.header).place
