"""Blocks made by hand, so that any one thing in them can be wrong while all else is right."""

from __future__ import annotations

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
from gateway.receipt import Disposition, Receipt, signed, signer_key_ids
from gateway.receiver import OwnKeys
from gateway.sealing import SUITE, seal
from gateway.signing import Signer
from gateway.wire import ZERO_HASH, Lane, key_id, sha256
from schemas.codec import encode
from schemas.members import SealingKeys, SigningKeys
from tests.gateway.federation import NOW, identification, keys_of

CHANNEL = Channel("FR", "DE", Lane.ROUTINE)


def key_ids(signing: SigningKeys, sealing: SealingKeys) -> KeyIds:
    """The four key ids of a header."""
    return KeyIds(*map(key_id, (signing.ed25519, signing.ml_dsa, sealing.ml_kem, sealing.x25519)))


def frame(
    *contents: bytes,
    signer: Signer | None = None,
    to: SealingKeys | None = None,
    items: Sequence[Item] | None = None,
    plaintext: bytes | None = None,
    info: bytes | None = None,
    body: bytes | None = None,
    receipt: bytes = b"",
    **header: Any,
) -> Frame:
    """A frame from FR to DE, signed last, so that only what is given is out of order.

    ``header`` replaces fields of the header; ``contents`` are notifications.
    """
    signer = signer or keys_of("FR").signer
    to = to or keys_of("DE").openers[0].public
    if items is None:
        contents = contents or (encode(identification()),)
        items = [Item(bytes([i % 256]) * 32, one) for i, one in enumerate(contents)]
    made = Header(
        suite=SUITE,
        channel=CHANNEL,
        place=Place(1, 1),
        previous=ZERO_HASH,
        created=NOW,
        directory_version=1,
        keys=key_ids(signer.public, to),
        commitments=tuple(item.commitment for item in items),
    )
    data = replace(made, **header).to_bytes()
    if body is None:
        plaintext = pack(items) if plaintext is None else plaintext
        body = seal(to, plaintext, seal_info(data) if info is None else info)
    return Frame(signed_block(data, body, signer), receipt)


def signed_block(header: bytes, body: bytes, signer: Signer) -> Block:
    """A block of these bytes, rightly signed."""
    bare = Block(header, sha256(body), body, signer.sign(b""))
    suite = int.from_bytes(header[1:3])
    return replace(bare, signatures=signer.sign(block_message(suite, bare.hash)))


def erased(made: Frame, receipt: bytes = b"") -> Frame:
    """The same frame without its body."""
    return Frame(replace(made.block, body=None), receipt)


def receipt_for(
    made: Frame, signer: Signer | None = None, *, sign_as: OwnKeys | None = None, **changes: Any
) -> bytes:
    """A receipt by DE for a frame; ``changes`` replace its fields before it is signed."""
    header = Header.parse(made.block.header)
    signer = signer or (sign_as or keys_of("DE")).signer
    receipt = Receipt(
        channel=header.channel,
        place=header.place,
        block_hash=made.block.hash,
        previous_receipt=ZERO_HASH,
        received_at=NOW,
        signer_keys=signer_key_ids(signer.public),
        dispositions=(Disposition.ACCEPTED,) * len(header.commitments),
    )
    return signed(replace(receipt, **changes), signer)
