"""Primitives, and every form as fields and bytes; bytes that are none (sections 1 to 6, 9)."""

from __future__ import annotations

import json
from typing import Any

from gateway.answer import FORK, REFUSED, Answer
from gateway.block import Frame, Header, Place, padded_length, seal_info
from gateway.receipt import (
    Disposition,
    Position,
    Refusal,
    RefusalCode,
    Statement,
    signer_key_ids,
    statement_hash,
)
from gateway.sealing import SUITE
from gateway.wire import ZERO_HASH, Domain, key_id, sha256, signed_message
from schemas.identities import pair_id
from tests.vectors.independent import decapsulate, key_schedule
from tests.vectors.making import (
    CHANNEL,
    MEMBERS,
    NOW,
    OPENERS,
    SIGNERS,
    Maker,
    erased,
    identification,
    items_of,
    receipted,
    seed,
    uuid,
)


def members() -> dict[str, Any]:
    """Seeds and public keys: for tests only."""
    return {code: _keys(code) for code in MEMBERS}


def _keys(code: str) -> dict[str, Any]:
    names = ("ed25519", "ml_dsa", "ml_kem", "x25519")
    seeds = (*SIGNERS[code].seeds, *OPENERS[code].seeds)
    signing, sealing = SIGNERS[code].public, OPENERS[code].public
    public = (signing.ed25519, signing.ml_dsa, sealing.ml_kem, sealing.x25519)
    return {
        "seeds": {name: one.hex() for name, one in zip(names, seeds, strict=True)},
        "public": {name: one.hex() for name, one in zip(names, public, strict=True)},
        "key_ids": {name: key_id(one).hex() for name, one in zip(names, public, strict=True)},
    }


def primitives(maker: Maker) -> dict[str, Any]:
    """What everything else is made of."""
    salt, notification = seed("salt"), identification(1)
    frame = maker.frame("sealing")
    body, info = frame.block.body or b"", seal_info(frame.block.header)
    shared = decapsulate(*OPENERS["DE"].seeds, body[:1120])
    key, nonce = key_schedule(shared, info)
    lengths = [0, 1, 2, 3, 9, 198, 1000, 4097, 65_537, 700_001, 1_048_575, 1_048_576]
    return {
        "padme": [[length, padded_length(length)] for length in lengths],
        "commitment": {
            "salt": salt.hex(),
            "notification": notification.hex(),
            "commitment": sha256(Domain.ITEM, salt, notification).hex(),
        },
        "pair_id": {"of": [uuid(2), uuid(1)], "pair": pair_id(uuid(2), uuid(1))},
        "signed_message": {
            "use": "block",
            "suite": SUITE,
            "hash": salt.hex(),
            "message": signed_message(Domain.BLOCK_SIGNATURE, SUITE, salt).hex(),
        },
        "sealing": {
            "recipient": "DE",
            "frame": frame.to_bytes().hex(),
            "info": info.hex(),
            "shared_secret": shared.hex(),
            "key": key.hex(),
            "nonce": nonce.hex(),
            "body": OPENERS["DE"].open(body, info).hex(),
        },
    }


def statements(maker: Maker) -> dict[str, tuple[Statement, bytes]]:
    """A refusal and a position by DE about a block of FR."""
    signer = SIGNERS["DE"]
    keys = signer_key_ids(signer.public)
    digest = maker.frame("sealing").block.hash
    refusal = Refusal(CHANNEL, Place(1, 1), digest, RefusalCode.CREATED_AHEAD, NOW, keys)
    position = Position(CHANNEL, Place(2, 7), digest, seed("receipt"), Place(2, 5), NOW, keys)
    nothing = Position(CHANNEL, Place(), ZERO_HASH, ZERO_HASH, Place(), NOW, keys)
    return {
        "refusal": (refusal, maker.vault.signed(refusal, signer)),
        "position": (position, maker.vault.signed(position, signer)),
        "position before all": (nothing, maker.vault.signed(nothing, signer)),
    }


def forms(maker: Maker) -> list[dict[str, Any]]:
    """Every form once or more."""
    contents = identification(1), identification(2, "Амина Пример", "Maëlle Example")
    frame = maker.frame("forms", *contents)
    listed = tuple(Disposition)
    many = maker.frame("dispositions", *(identification(i) for i, _ in enumerate(listed)))
    receipt = maker.receipt(many, dispositions=listed)
    made = [
        _frame("sealed", frame, contents),
        _frame("erased", erased(frame), ()),
        _frame("with a receipt sent along", Frame(many.block, receipt), None),
    ]
    single = maker.frame("sealing")
    for name, about, signed, said in (
        ("receipt with every disposition", many, receipt, listed),
        ("receipt", single, maker.receipt(single), (Disposition.ACCEPTED,)),
    ):
        made.append({"form": "receipt", "name": name, "signed_by": "DE", "bytes": signed.hex()})
        made[-1] |= {"hash": receipted(about, signed)["receipt_hash"]}
        made[-1] |= {"dispositions": [int(one) for one in said]}
    for name, (statement, data) in statements(maker).items():
        digest = statement_hash(type(statement), statement.to_bytes())
        form = name.split()[0]
        made.append({"form": form, "name": name, "signed_by": "DE", "bytes": data.hex()})
        made[-1] |= {"hash": digest.hex()}
    return made


def _frame(name: str, frame: Frame, contents: tuple[bytes, ...] | None) -> dict[str, Any]:
    header = Header.parse(frame.block.header)
    found: dict[str, Any] = {
        "form": "frame",
        "name": name,
        "bytes": frame.to_bytes().hex(),
        "header": {
            "suite": header.suite,
            "sender": header.channel.sender,
            "recipient": header.channel.recipient,
            "lane": int(header.channel.lane),
            "place": [header.place.epoch, header.place.sequence],
            "previous": header.previous.hex(),
            "created": header.created,
            "directory_version": header.directory_version,
            "commitments": [one.hex() for one in header.commitments],
        },
        "body_hash": frame.block.body_hash.hex(),
        "block_hash": frame.block.hash.hex(),
    }
    if contents is not None:
        items = items_of("forms", contents)
        found["items"] = [
            {"salt": one.salt.hex(), "notification": one.notification.hex()} for one in items
        ]
    return found


def malformed(maker: Maker) -> list[dict[str, str]]:
    """Signed statements that are none; frames and headers are among the blocks, step 4."""
    receipt = maker.receipt(maker.frame("sealing"))
    signed = {name.split()[0]: data for name, (_, data) in reversed(statements(maker).items())}
    refusal, position = signed["refusal"], signed["position"]
    _, before = statements(maker)["position before all"]
    sequence = b"\x80" + bytes(7)
    bad = [
        ("receipt", "empty", b""),
        ("receipt", "signatures alone", receipt[-3373:]),
        ("receipt", "cut short", receipt[:-1]),
        ("receipt", "protocol version 2", b"\2" + receipt[1:]),
        ("receipt", "suite 2", receipt[:2] + b"\2" + receipt[3:]),
        ("receipt", "no dispositions", receipt[:156] + bytes(2) + receipt[159:]),
        ("receipt", "a disposition not listed", receipt[:158] + b"\3" + receipt[159:]),
        ("receipt", "fewer dispositions than it says", receipt[:157] + b"\2" + receipt[158:]),
        ("receipt", "sequence 2^63", receipt[:12] + sequence + receipt[20:]),
        ("refusal", "a code not listed", refusal[:52] + b"\6" + refusal[53:]),
        ("refusal", "a code that is not signed", refusal[:52] + b"\3" + refusal[53:]),
        ("refusal", "the code of step 10", refusal[:52] + b"\n" + refusal[53:]),
        ("refusal", "a byte more", refusal[:125] + b"\0" + refusal[125:]),
        ("refusal", "a lane that does not exist", refusal[:7] + b"\2" + refusal[8:]),
        ("position", "epoch without sequence", position[:12] + bytes(8) + position[20:]),
        ("position", "processed, 2^63", position[:88] + sequence + position[96:]),
        ("position", "processed, above the last block", position[:95] + b"\x08" + position[96:]),
        ("position", "a hash before all", before[:52] + b"\1" + before[53:]),
        ("position", "a byte less", position[:100] + position[101:]),
        ("position", "a code in small letters", position[:3] + b"fr" + position[5:]),
    ]
    return [{"form": form, "name": name, "bytes": data.hex()} for form, name, data in bad]


def answers(maker: Maker) -> list[dict[str, Any]]:
    """HTTP answers as they stand on the wire."""
    signed = {name: data for name, (_, data) in statements(maker).items()}
    receipt = maker.receipt(maker.frame("sealing"))
    busy = {"code": "backlog-full", "problem": "too much waits", "remedy": "wait"}
    made = {
        "receipt": Answer("ok", receipt),
        "busy": Answer("busy", **busy, time_ms=NOW, retry_after_s=5),
        "created ahead": Answer(
            REFUSED, signed["refusal"], b"", "created-ahead", "ahead", "wait", NOW, 60
        ),
        "fork": Answer(FORK, signed["position"], receipt, "", "another past", "raise", NOW),
    }
    found = [
        {
            "name": name,
            "status": one.http_status,
            "retry_after": one.retry_after_s,
            "body": one.to_body().hex(),
            "valid": True,
        }
        for name, one in made.items()
    ]
    good = json.loads(made["fork"].to_body())
    bad: dict[str, Any] = {
        "no kind": {key: value for key, value in good.items() if key != "kind"},
        "an unknown kind": good | {"kind": "perhaps"},
        "a statement that is not Base64": good | {"statement": "?"},
        "a time that is no number": good | {"time": None},
        "a time that is a text": good | {"time": str(NOW)},
        "a title that is no text": good | {"title": 7},
        "no status": {key: value for key, value in good.items() if key != "status"},
        "another status than the one of HTTP": good | {"status": 422},
        "a kind that another status has": good | {"kind": "refused"},
        "a list": [good],
    }
    bodies = {name: json.dumps(value).encode() for name, value in bad.items()}
    bodies["nothing"] = b""
    return found + [
        {"name": name, "status": 409, "retry_after": None, "body": body.hex(), "valid": False}
        for name, body in bodies.items()
    ]
