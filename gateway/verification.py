"""The checks of a block, numbered as in docs/relay-protocol.md, section 8. Pure.

Bytes and trusted facts in, a verified object or one :class:`BlockRefused` out. Not done here:
step 6 (a block that was receipted before) and step 10 (position in the chain) need the ledger and
are done in ``gateway/receiver.py``; steps 14 to 17 are about single items: ``gateway/items.py``.
"""

from __future__ import annotations

from collections.abc import Iterable

from gateway.block import (
    MAX_FRAME_BYTES,
    Block,
    Channel,
    Frame,
    Header,
    Item,
    KeyIds,
    seal_info,
    unpack,
)
from gateway.receipt import RefusalCode
from gateway.sealing import SUITE, Opener
from gateway.signing import verify
from gateway.wire import key_id
from schemas.errors import LiaisonError, VerificationFailed
from schemas.members import Member, SealingKeys, SigningKeys
from schemas.ports import Directory

MAX_AHEAD_MS = 5 * 60 * 1000
"""How far a block's ``created`` may be ahead of our clock. It is never refused for its age."""


class BlockRefused(LiaisonError):
    """The whole block is refused; nothing moves. ``code`` is the number of the failed step."""

    def __init__(self, code: RefusalCode, problem: str, *, remedy: str) -> None:
        super().__init__(problem, remedy=remedy)
        self.code = code
        self.retriable = code is RefusalCode.CREATED_AHEAD


def check_size(length: int) -> None:
    """Step 1: the frame is no larger than a block can be."""
    if length > MAX_FRAME_BYTES:
        raise BlockRefused(
            RefusalCode.TOO_LARGE,
            f"the frame is larger than {MAX_FRAME_BYTES} bytes",
            remedy="seal at most 512 items and 1 MiB in a block",
        )


def identify(certificate: bytes | None, directory: Directory) -> Member:
    """Steps 2 and 3: the TLS peer's certificate is that of one active member.

    Args:
        certificate: DER bytes, as TLS verified that the peer holds the key of.
    """
    member = next((m for m in directory.members() if certificate in m.certificates), None)
    if certificate is None or member is None:
        raise BlockRefused(
            RefusalCode.PEER_UNKNOWN,
            "the TLS certificate is not that of a member in our directory",
            remedy="have the new certificate admitted to the directory before it is used",
        )
    if not member.active:
        raise BlockRefused(
            RefusalCode.SENDER_SUSPENDED,
            "the sender is suspended in our directory",
            remedy="ask the federation's operators; what is queued is kept",
        )
    return member


def parse(data: bytes, channel: Channel) -> tuple[Frame, Header]:
    """Steps 4 and 5: frame and header parse, and are of the channel they came by."""
    try:
        frame = Frame.parse(data)
        header = Header.parse(frame.block.header)
    except VerificationFailed as error:
        raise BlockRefused(
            RefusalCode.HEADER_MALFORMED,
            error.problem,
            remedy="compare with docs/relay-protocol.md, sections 2 and 3",
        ) from error
    if header.channel != channel:
        raise BlockRefused(
            RefusalCode.WRONG_CHANNEL,
            "the header names another sender, recipient or lane than the connection",
            remedy="send each block over its own channel, to the recipient it is sealed to",
        )
    return frame, header


def authenticate(block: Block, header: Header, sender: Member, openers: Iterable[Opener]) -> Opener:
    """Steps 7, 8 and 9: known keys, known suite, both signatures. Gives the key to open with."""
    signing = next((k for k in sender.signing if _names_signing(header.keys, k)), None)
    if signing is None:
        raise BlockRefused(
            RefusalCode.UNKNOWN_KEY,
            "the block is signed with keys that our directory does not list for its sender",
            remedy="sign with listed keys; keys overlap when they rotate",
        )
    opener = opener_for(header, openers)
    if header.suite != SUITE:
        raise BlockRefused(
            RefusalCode.UNKNOWN_SUITE,
            f"suite {header.suite} is not known here",
            remedy=f"use suite {SUITE}",
        )
    try:
        verify(signing, block.signed_message, block.signatures)
    except VerificationFailed as error:
        raise BlockRefused(
            RefusalCode.BAD_SIGNATURE,
            "one of the block's two signatures does not verify",
            remedy="sign domain, suite and block hash with both keys that the header names",
        ) from error
    return opener


def opener_for(header: Header, openers: Iterable[Opener]) -> Opener:
    """The second half of step 7: the keys that the body is sealed to."""
    opener = next((o for o in openers if _names_sealing(header.keys, o.public)), None)
    if opener is None:
        raise BlockRefused(
            RefusalCode.UNKNOWN_KEY,
            "the block is sealed to keys that we do not hold",
            remedy="refresh the directory and seal to the recipient's current keys",
        )
    return opener


def check_created(header: Header, now_ms: int) -> None:
    """Step 11: not more than five minutes ahead of our clock. Waiting helps."""
    if header.created > now_ms + MAX_AHEAD_MS:
        raise BlockRefused(
            RefusalCode.CREATED_AHEAD,
            "the block was created more than five minutes ahead of our clock",
            remedy="compare your clock with the time in this answer, then send it again",
        )


def open_items(block: Block, body: bytes, header: Header, opener: Opener) -> tuple[Item, ...]:
    """Steps 12 and 13: the body opens, and every item is what the header committed to."""
    try:
        content = opener.open(body, seal_info(block.header))
    except VerificationFailed as error:
        raise BlockRefused(
            RefusalCode.DOES_NOT_OPEN,
            "the body does not open with the keys that the header names",
            remedy="seal with HPKE base mode and the info of docs/relay-protocol.md, section 3",
        ) from error
    try:
        return unpack(content, header.commitments)
    except VerificationFailed as error:
        raise BlockRefused(
            RefusalCode.COMMITMENT,
            error.problem,
            remedy="make the commitments over the items as they are sealed",
        ) from error


def _names_signing(keys: KeyIds, pair: SigningKeys) -> bool:
    return (keys.sender_ed25519, keys.sender_ml_dsa) == (key_id(pair.ed25519), key_id(pair.ml_dsa))


def _names_sealing(keys: KeyIds, pair: SealingKeys) -> bool:
    return (keys.recipient_ml_kem, keys.recipient_x25519) == (
        key_id(pair.ml_kem),
        key_id(pair.x25519),
    )
