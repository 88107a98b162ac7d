"""Builders for the vectors: members with published keys, blocks and statements of any shape."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gateway.block import (
    Block,
    Channel,
    Frame,
    Header,
    Item,
    KeyIds,
    Place,
    block_message,
    pack,
    seal_info,
)
from gateway.receipt import Disposition, Receipt, receipt_hash, signer_key_ids
from gateway.sealing import SUITE, Opener
from gateway.signing import Signer
from gateway.wire import ZERO_HASH, Lane, key_id, sha256
from schemas.codec import encode
from schemas.markings import Handling, Role, Tlp
from schemas.notifications import DutyContact, Head, Identification, Marking
from tests.vectors.vault import Vault

NOW = 1_767_323_045_000
"""2026-01-02T03:04:05Z."""
MEMBERS = ("FR", "DE", "PH", "XI")
CHANNEL = Channel("FR", "DE", Lane.ROUTINE)


def seed(*parts: object, length: int = 32) -> bytes:
    """Bytes that anybody can make again, and nobody should use."""
    text = "/".join(("liaison test vectors", *map(str, parts)))
    return hashlib.shake_256(text.encode()).digest(length)


SIGNERS = {code: Signer.from_seeds(seed(code, "ed25519"), seed(code, "ml-dsa")) for code in MEMBERS}
OPENERS = {
    code: Opener.from_seeds(seed(code, "ml-kem", length=64), seed(code, "x25519"))
    for code in MEMBERS
}


def uuid(number: int) -> str:
    """A UUIDv7 that says its number."""
    return f"019b7cb5-0000-7000-8000-{number:012x}"


def head(number: int, **changes: Any) -> Head:
    """The head of a synthetic notification of FR."""
    given = {
        "id": uuid(number),
        "type": "identification",
        "version": 1,
        "origin": "FR",
        "reference": f"FR-{number}",
        "root": changes.get("id", uuid(number)),
        "created": NOW - 60_000,
        "marking": Marking(Tlp.AMBER, Handling.H1),
        "recipients": ("DE",),
        "contact": DutyContact("Duty desk", "duty@fr.example", ""),
    }
    return Head(**(given | changes))


def identification(number: int, *names: str, **changes: Any) -> bytes:
    """An encoded synthetic identification."""
    named = names or (f"Example {number}",)
    return encode(Identification(head(number, **changes), role=Role.VICTIM, names=named))


def key_ids(sender: str = "FR", recipient: str = "DE") -> KeyIds:
    """The four key ids of a header."""
    signing, sealing = SIGNERS[sender].public, OPENERS[recipient].public
    return KeyIds(*map(key_id, (signing.ed25519, signing.ml_dsa, sealing.ml_kem, sealing.x25519)))


def items_of(label: str, contents: Sequence[bytes]) -> list[Item]:
    """Items with salts that can be made again."""
    return [Item(seed(label, "salt", i), one) for i, one in enumerate(contents)]


class Maker:
    """Makes frames and receipts; what is random comes from the vault."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault

    def frame(
        self,
        label: str,
        *contents: bytes,
        signer: str = "FR",
        to: str = "DE",
        plaintext: bytes | None = None,
        info: bytes | None = None,
        receipt: bytes = b"",
        **header: Any,
    ) -> Frame:
        """A frame, signed last; ``header`` replaces fields."""
        items = items_of(label, contents or (identification(1),))
        made = Header(
            suite=SUITE,
            channel=CHANNEL,
            place=Place(1, 1),
            previous=ZERO_HASH,
            created=NOW,
            directory_version=7,
            keys=key_ids(),
            commitments=tuple(item.commitment for item in items),
        )
        data = replace(made, **header).to_bytes()
        body = self.vault.seal(
            OPENERS[to].public,
            pack(items) if plaintext is None else plaintext,
            data,
            seal_info(data) if info is None else info,
        )
        return Frame(self.block(data, body, signer), receipt)

    def block(self, header: bytes, body: bytes, signer: str = "FR") -> Block:
        """A block of these bytes."""
        bare = Block(header, sha256(body), body, SIGNERS[signer].sign(b""))
        suite = int.from_bytes(header[1:3])
        signatures = self.vault.sign(SIGNERS[signer], block_message(suite, bare.hash))
        return replace(bare, signatures=signatures)

    def receipt(self, frame: Frame, *, by: str = "DE", **changes: Any) -> bytes:
        """A signed receipt for a frame."""
        header = Header.parse(frame.block.header)
        made = Receipt(
            channel=header.channel,
            place=header.place,
            block_hash=frame.block.hash,
            previous_receipt=ZERO_HASH,
            received_at=NOW + 250,
            signer_keys=signer_key_ids(SIGNERS[by].public),
            dispositions=(Disposition.ACCEPTED,) * len(header.commitments),
        )
        return self.vault.signed(replace(made, **changes), SIGNERS[by])


def erased(frame: Frame, receipt: bytes = b"") -> Frame:
    """The frame without its body."""
    return Frame(replace(frame.block, body=None), receipt)


def receipted(frame: Frame, receipt: bytes) -> dict[str, Any]:
    """What a recipient keeps of a block it receipted."""
    place = Header.parse(frame.block.header).place
    return {
        "place": [place.epoch, place.sequence],
        "block_hash": frame.block.hash.hex(),
        "receipt_hash": receipt_hash(receipt).hex(),
        "receipt": receipt.hex(),
    }
