"""Verifies whole chains offline: hashes, links, signatures, receipts; says what is missing.

What is checked for a channel, in the order of its blocks: the header parses and stands where it
says; the body, where it is kept, has the hash that was signed; both signatures verify with listed
keys; each block names the one before it, each epoch begins from a receipt; each receipt verifies,
is for this block, and names the receipt before it. Erased bodies, abandoned blocks and one newest
block without receipt are shown and are not flaws.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from gateway.block import Block, Channel, Header, Place
from gateway.channel import BEFORE_ALL, LOSS, Resume
from gateway.ledger.blocks import block_of
from gateway.ledger.tables import IN, OUT, blocks, incidents
from gateway.receipt import Position, Receipt, parse_signed, receipt_hash, verify_signed
from gateway.signing import verify
from gateway.wire import ZERO_HASH, Lane, key_id, sha256
from producers.database import Connection
from schemas.errors import VerificationFailed
from schemas.members import SigningKeys
from schemas.ports import Directory


@dataclass(slots=True)
class Report:
    """What verifying one channel found; no flaws means the chain is whole."""

    channel: Channel
    direction: str
    blocks: int = 0
    items: int = 0
    receipts: int = 0
    erased: int = 0
    abandoned: int = 0
    in_flight: int = 0
    last: Place = BEFORE_ALL
    flaws: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws


@dataclass(slots=True)
class _Walk:
    """Where the walk along a chain is."""

    place: Place = BEFORE_ALL
    block_hash: bytes = ZERO_HASH
    receipt_hash: bytes = ZERO_HASH
    awaiting: Place | None = None
    known_receipts: set[bytes] = field(default_factory=lambda: {ZERO_HASH})


def verify_ledger(
    connection: Connection,
    own: str,
    own_keys: Sequence[SigningKeys],
    directory: Directory,
    wanted: Sequence[str] = (),
) -> Iterator[Report]:
    """Verifies every channel, or those whose names (``FR-DE-routine``) are wanted."""
    known = sa.select(blocks.c.direction, blocks.c.peer, blocks.c.lane).distinct()
    for row in sorted(map(tuple, connection.execute(known))):
        direction, peer, lane = row
        sender, recipient = (own, peer) if direction == OUT else (peer, own)
        channel = Channel(sender, recipient, Lane(lane))
        if wanted and str(channel) not in wanted:
            continue
        member = directory.member(peer)
        theirs = member.signing if member else ()
        keys = (own_keys, theirs) if direction == OUT else (theirs, own_keys)
        yield _verify_channel(connection, channel, direction, *keys)


def _verify_channel(
    connection: Connection,
    channel: Channel,
    direction: str,
    sender_keys: Sequence[SigningKeys],
    recipient_keys: Sequence[SigningKeys],
) -> Report:
    report, walk = Report(channel, direction), _Walk()
    peer = channel.recipient if direction == OUT else channel.sender
    try:
        walk.known_receipts |= _incident_receipts(connection, direction, peer, channel.lane)
    except VerificationFailed as error:
        report.flaws.append(f"the statement kept with an incident: {error.problem}")
    rows = connection.execute(
        sa.select(blocks)
        .where(
            blocks.c.direction == direction,
            blocks.c.peer == peer,
            blocks.c.lane == channel.lane,
        )
        .order_by(blocks.c.epoch, blocks.c.sequence),
        execution_options={"yield_per": 64},
    )
    for row in rows:
        place = Place(row.epoch, row.sequence)
        try:
            _verify_block(report, walk, channel, place, row, sender_keys, recipient_keys)
        except VerificationFailed as error:
            report.flaws.append(f"block {place.epoch}/{place.sequence}: {error.problem}")
    return report


def _verify_block(
    report: Report,
    walk: _Walk,
    channel: Channel,
    place: Place,
    row: Any,
    sender_keys: Sequence[SigningKeys],
    recipient_keys: Sequence[SigningKeys],
) -> None:
    block = block_of(row)
    if row.abandoned_at is not None:
        report.abandoned += 1
        return
    report.blocks += 1
    header = _check_hashes(report, channel, place, block, row)
    _check_signatures(block, header, sender_keys)
    try:
        _check_link(report, walk, place, header)
    finally:
        walk.place, walk.block_hash = place, block.hash
        report.last = place
    report.items += len(header.commitments)
    if row.receipt is None:
        _note_in_flight(report, walk, place)
        return
    _check_receipt(walk, channel, place, block, header, row.receipt, recipient_keys)
    report.receipts += 1


def _check_hashes(report: Report, channel: Channel, place: Place, block: Block, row: Any) -> Header:
    header = Header.parse(block.header)
    if header.channel != channel or header.place != place:
        raise VerificationFailed("the header names another place than the block is kept at")
    if block.hash != row.block_hash:
        raise VerificationFailed("the header or the body's hash was changed")
    if block.body is None:
        report.erased += 1
    elif sha256(block.body) != block.body_hash:
        raise VerificationFailed("the sealed body is not the one that was signed")
    return header


def _check_signatures(block: Block, header: Header, keys: Sequence[SigningKeys]) -> None:
    named = (header.keys.sender_ed25519, header.keys.sender_ml_dsa)
    used = next((k for k in keys if (key_id(k.ed25519), key_id(k.ml_dsa)) == named), None)
    if used is None:
        raise VerificationFailed("it is signed with keys that are not known here")
    verify(used, block.signed_message, block.signatures)


def _check_link(report: Report, walk: _Walk, place: Place, header: Header) -> None:
    if walk.awaiting is not None:
        report.flaws.append(
            f"block {walk.awaiting.epoch}/{walk.awaiting.sequence}: its receipt is missing"
        )
        walk.awaiting = None
    if place.sequence == 1 and place.epoch > walk.place.epoch:
        if header.previous not in walk.known_receipts:
            raise VerificationFailed("its epoch begins from a receipt that is not known here")
        return
    if place != Place(walk.place.epoch, walk.place.sequence + 1):
        raise VerificationFailed("blocks before it are missing")
    if header.previous != walk.block_hash:
        raise VerificationFailed("it does not name the block before it")


def _note_in_flight(report: Report, walk: _Walk, place: Place) -> None:
    if report.direction == IN:
        raise VerificationFailed("it was accepted without a receipt")
    report.in_flight += 1
    walk.awaiting = place


def _check_receipt(
    walk: _Walk,
    channel: Channel,
    place: Place,
    block: Block,
    header: Header,
    signed_receipt: bytes,
    keys: Sequence[SigningKeys],
) -> None:
    receipt = verify_signed(Receipt, signed_receipt, keys)
    digest = receipt_hash(signed_receipt)
    previous, walk.receipt_hash = walk.receipt_hash, digest
    said = (receipt.channel, receipt.place, receipt.block_hash, len(receipt.dispositions))
    if said != (channel, place, block.hash, len(header.commitments)):
        raise VerificationFailed("its receipt is for another block")
    expected = walk.known_receipts if place.sequence == 1 else {previous}
    if receipt.previous_receipt not in expected:
        raise VerificationFailed("its receipt does not name the receipt before it")
    walk.known_receipts.add(digest)


def _incident_receipts(connection: Connection, direction: str, peer: str, lane: Lane) -> set[bytes]:
    """Receipts that an epoch may begin from although their blocks are not kept here.

    A sender learnt of one from a signed position, a recipient from its own receipt that was sent
    along; both are kept with the incident.
    """
    kept = connection.execute(
        sa.select(incidents.c.kind, incidents.c.statement).where(
            incidents.c.direction == direction,
            incidents.c.peer == peer,
            incidents.c.lane == lane,
            incidents.c.statement.is_not(None),
        )
    )
    found = set()
    for kind, statement in kept:
        if kind.endswith(Resume.RAISE_EPOCH.value):
            found.add(parse_signed(Position, statement).receipt_hash)
        elif kind == LOSS:
            found.add(receipt_hash(statement))
    return found
