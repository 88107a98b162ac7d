"""Blocks with the facts they are judged by, and the verdict (section 8, steps 1 to 13)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway.block import MAX_FRAME_BYTES, Block, Frame, Item, KeyIds, Place, pack
from gateway.receipt import receipt_hash
from gateway.wire import ZERO_HASH, Lane, key_id
from tests.vectors.making import (
    CHANNEL,
    NOW,
    SIGNERS,
    Maker,
    erased,
    identification,
    items_of,
    key_ids,
    receipted,
    seed,
)

_BEFORE_ALL = {"place": [0, 0], "block_hash": ZERO_HASH.hex(), "receipt_hash": ZERO_HASH.hex()}


class Cases:
    """Collects cases; each block has an instant of its own, so that no two headers are equal."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker
        self.made: list[dict[str, Any]] = []

    def frame(self, *contents: bytes, **options: Any) -> Frame:
        number = len(self.made)
        options.setdefault("created", NOW - 1000 + number)
        return self.maker.frame(f"block {number}", *contents, **options)

    def add(self, name: str, frame: Frame | bytes, expected: dict[str, Any], **facts: Any) -> None:
        data = frame if isinstance(frame, bytes) else frame.to_bytes()
        self.made.append(
            {
                "name": name,
                "frame": data.hex(),
                "peer": "FR",
                "recipient": "DE",
                "lane": 1,
                "suspended": [],
                "hubs": ["XI"],
                "now": NOW,
                "state": _BEFORE_ALL,
                "receipted": [],
                **facts,
                "expected": expected,
            }
        )

    def refused(self, name: str, code: int, frame: Frame | bytes, **facts: Any) -> None:
        self.add(name, frame, {"verdict": "refused", "code": code}, **facts)


def accepted(how: str, *dispositions: int, **more: Any) -> dict[str, Any]:
    """An accepted block."""
    return {
        "verdict": "accepted",
        "continuation": how,
        "dispositions": list(dispositions),
        **more,
    }


def block_cases(maker: Maker) -> list[dict[str, Any]]:
    """All of them."""
    cases = Cases(maker)
    _taken(cases)
    _early_steps(cases)
    _keys_and_signatures(cases)
    _bodies(cases)
    _restores(cases)
    return cases.made


def _taken(cases: Cases) -> None:
    first = cases.frame(identification(1), identification(2))
    cases.add("the first block of a channel", first, accepted("epoch", 0, 0))
    receipt = cases.maker.receipt(first)
    known = receipted(first, receipt)
    state = {key: known[key] for key in ("place", "block_hash", "receipt_hash")}
    after = {"state": state, "receipted": [known]}
    cases.add(
        "the same block again, after the sender's keys and the clock changed",
        first,
        {"verdict": "stored-receipt", "receipt": receipt.hex()},
        **{**after, "now": NOW - 10**9},
    )
    follows = {"place": Place(1, 2), "previous": first.block.hash}
    cases.add("the next block", cases.frame(**follows), accepted("next", 0), **after)
    cases.add(
        "the same notification twice in one block",
        cases.frame(identification(9), identification(9), **follows),
        accepted("next", 0, 1),
        **after,
    )
    cases.add(
        "an old block that waited for a year",
        cases.frame(created=NOW - 365 * 86_400_000),
        accepted("epoch", 0),
    )
    cases.add("another block at a place taken", cases.frame(), {"verdict": "fork"}, **after)
    skipped = cases.frame(place=Place(1, 3), previous=first.block.hash)
    cases.add("a block that skips one", skipped, {"verdict": "gap"}, **after)
    raised = cases.frame(place=Place(4, 1), previous=receipt_hash(receipt))
    cases.add("a new epoch on the last receipt", raised, accepted("epoch", 0), **after)


def _early_steps(cases: Cases) -> None:
    good = cases.frame()
    missing = MAX_FRAME_BYTES + 1 - len(good.to_bytes())
    cases.refused("one byte too large", 1, good, zeros_appended=missing)
    cases.refused("a certificate that nobody has", 2, good, peer="QQ")
    cases.refused("a suspended sender", 3, good, suspended=["FR"])
    data = good.to_bytes()
    header = good.block.header
    cases.refused("an empty frame", 4, b"")
    cases.refused("a frame cut short", 4, data[:-1])
    cases.refused("a byte after the frame", 4, data + b"\0")
    cases.refused("an unknown kind of frame", 4, b"\3" + data[1:])
    cases.refused("a header length beyond the limit", 4, b"\1" + b"\0\1\0\0" + data[5:])
    for name, changed in {
        "protocol version 2": b"\2" + header[1:],
        "a lane that does not exist": header[:7] + b"\2" + header[8:],
        "a code in small letters": header[:3] + b"fr" + header[5:],
        "epoch 0": header[:8] + bytes(4) + header[12:],
        "sequence 0": header[:12] + bytes(8) + header[20:],
        "sequence 2^63": header[:12] + b"\x80" + bytes(7) + header[20:],
        "no items": header[:196] + bytes(2),
        "513 items": header[:196] + b"\2\1" + bytes(32 * 513),
        "a byte after the header": header + b"\0",
    }.items():
        block = Block(changed, good.block.body_hash, good.block.body, good.block.signatures)
        cases.refused(name, 4, Frame(block))
    cases.refused("the lane of another URL", 5, good, lane=0)
    cases.refused("the block of another member", 5, good, peer="PH")
    other = replace(CHANNEL, recipient="PH")
    cases.refused("a block for another recipient", 5, cases.frame(channel=other))
    urgent = replace(CHANNEL, lane=Lane.URGENT)
    cases.add("an urgent block", cases.frame(channel=urgent), accepted("epoch", 0), lane=0)


def _keys_and_signatures(cases: Cases) -> None:
    ids = key_ids()
    mixed = replace(ids, sender_ml_dsa=key_id(SIGNERS["PH"].public.ml_dsa))
    cases.refused("a signing pair of two members", 7, cases.frame(keys=mixed))
    cases.refused("a signing key not listed", 7, cases.frame(keys=key_ids(sender="PH")))
    cases.refused("sealed to somebody else", 7, cases.frame(keys=key_ids(recipient="PH")))
    nobody = KeyIds(*(seed("nobody", i) for i in range(4)))
    cases.refused("keys that nobody has", 7, cases.frame(keys=nobody))
    cases.refused("suite 2", 8, cases.frame(suite=2))
    cases.refused("signed by another member", 9, cases.frame(signer="PH"))
    good = cases.frame()
    for name, at in {"Ed25519": 0, "ML-DSA-65": 3372}.items():
        data = bytearray(good.to_bytes())
        data[5 + len(good.block.header) + at] ^= 1
        cases.refused(f"a wrong {name} signature beside a good one", 9, bytes(data))
    foreign = cases.maker.receipt(good, by="PH")
    cases.refused("a receipt sent along that is not ours", 9, Frame(good.block, foreign))
    cases.refused("a receipt sent along that is none", 9, Frame(good.block, b"\1\0\1"))
    ahead = cases.frame(created=NOW + 300_001)
    cases.refused("created too far ahead", 11, ahead)
    just = cases.frame(created=NOW + 300_000)
    cases.add("created as far ahead as may be", just, accepted("epoch", 0))


def _bodies(cases: Cases) -> None:
    cases.refused("sealed to other keys than it names", 12, cases.frame(to="PH"))
    cases.refused("sealed without its header", 12, cases.frame(info=b"liaison/v1/seal\0"))
    good = cases.frame()
    cases.add("sealed as it should be", good, accepted("epoch", 0))
    header, body = good.block.header, good.block.body or b""
    zero_point = body[:1088] + bytes(32) + body[1120:]
    for name, changed in {
        "a changed byte": body[:-1] + bytes([body[-1] ^ 1]),
        "an empty body": b"",
        "an X25519 share of zeros": zero_point,
    }.items():
        cases.refused(f"a body that does not open: {name}", 12, _with_body(cases, header, changed))
    cases.refused("erased, and nothing vouches for it", 12, erased(good))
    contents = (identification(1),)
    for name, plaintext in _wrong_bodies(f"block {len(cases.made)}", contents).items():
        items = items_of("wrong body", contents)
        number = len(cases.made)
        frame = cases.maker.frame(
            "wrong body",
            *contents,
            plaintext=plaintext,
            created=NOW - 1000 + number,
            commitments=tuple(item.commitment for item in items),
        )
        cases.refused(f"a body with {name}", 13, frame)


def _with_body(cases: Cases, header: bytes, body: bytes) -> Frame:
    return Frame(cases.maker.block(header, body))


def _wrong_bodies(label: str, contents: tuple[bytes, ...]) -> dict[str, bytes]:
    [item] = items_of("wrong body", contents)
    right = pack([item])
    unpadded = 2 + 32 + 4 + len(item.notification)
    assert len(right) > unpadded
    return {
        "another salt": pack([Item(seed(label, "other"), item.notification)]),
        "another notification": pack([Item(item.salt, item.notification + b"\0")]),
        "two items instead of one": pack([item, item]),
        "no padding": right[:unpadded],
        "more padding": right + bytes(64),
        "padding that is not zero": right[:-1] + b"\1",
        "a length beyond its end": right[:34] + b"\0\xff\xff\xff" + right[38:],
    }


def _restores(cases: Cases) -> None:
    maker = cases.maker
    first = cases.frame()
    receipt = maker.receipt(first)
    again = Frame(first.block, receipt)
    taken = accepted("epoch", 0, adopted=receipt.hex())
    cases.add("restored: a block again, with its receipt", again, taken)
    gone = accepted("epoch", adopted=receipt.hex())
    cases.add("restored: an erased block, with its receipt", erased(first, receipt), gone)
    late = cases.frame(created=NOW + 10**9)
    vouched = Frame(late.block, maker.receipt(late))
    cases.add(
        "restored: an adopted block is not asked for its instant",
        vouched,
        accepted("epoch", 0, adopted=vouched.receipt.hex()),
    )
    lost = receipt_hash(receipt)
    named = cases.frame(place=Place(2, 1), previous=lost)
    cases.add(
        "a new epoch on a receipt that we lost, sent along",
        Frame(named.block, receipt),
        accepted("epoch-after-loss", 0),
    )
    cases.add("a new epoch on a receipt that nobody shows", named, {"verdict": "gap"})
    urgent = replace(CHANNEL, lane=Lane.URGENT)
    elsewhere = maker.receipt(first, channel=urgent)
    other = cases.frame(place=Place(2, 1), previous=receipt_hash(elsewhere))
    cases.add(
        "a new epoch on a receipt of another channel",
        Frame(other.block, elsewhere),
        {"verdict": "gap"},
    )
    known = receipted(first, receipt)
    state = {key: known[key] for key in ("place", "block_hash", "receipt_hash")}
    cases.add(
        "a new epoch on no receipt, with receipts given",
        cases.frame(place=Place(2, 1)),
        {"verdict": "fork"},
        state=state,
        receipted=[known],
    )
