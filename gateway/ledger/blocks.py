"""What both halves of the ledger share: blocks as rows, and incidents."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gateway.block import Block, Place
from gateway.channel import LOSS
from gateway.ledger.tables import IN, blocks, incidents
from gateway.signing import Signatures
from gateway.wire import Lane
from producers.database import Connection

MAX_INCIDENTS = 100
LASTING = frozenset({LOSS, "restored", "epoch-raised"})
"""Kinds that come with a stored block, and on which verifying the chain may rest."""


def block_of(row: Any) -> Block:
    """The block in a row of ``blocks``."""
    return Block(row.header, row.body_hash, row.body, Signatures.from_bytes(row.signatures))


def erase_body(connection: Connection, direction: str, peer: str, lane: Lane, place: Place) -> None:
    """Erases a block's ciphertext, and with it the salts. The chain still verifies."""
    connection.execute(
        blocks.update()
        .where(
            blocks.c.direction == direction,
            blocks.c.peer == peer,
            blocks.c.lane == lane,
            blocks.c.epoch == place.epoch,
            blocks.c.sequence == place.sequence,
        )
        .values(body=sa.null())
    )


def incident(
    connection: Connection,
    direction: str,
    peer: str,
    lane: Lane,
    place: Place,
    kind: str,
    detail: str,
    evidence: bytes,
    now_ms: int,
) -> None:
    """Notes what an operator must see: a refusal, fork, gap, loss or halt, with its proof.

    The same again at the same place only moves its instant, and of one kind the newest
    ``MAX_INCIDENTS`` are kept where a peer alone can make them: it shall not fill our disk.
    """
    same = (
        incidents.c.direction == direction,
        incidents.c.peer == peer,
        incidents.c.lane == lane,
        incidents.c.epoch == place.epoch,
        incidents.c.sequence == place.sequence,
        incidents.c.kind == kind,
    )
    if connection.execute(incidents.update().where(*same).values(at=now_ms)).rowcount:
        return
    connection.execute(
        incidents.insert().values(
            direction=direction,
            peer=peer,
            lane=lane,
            epoch=place.epoch,
            sequence=place.sequence,
            kind=kind,
            detail=detail,
            at=now_ms,
            statement=evidence or None,
        )
    )
    if direction == IN and kind not in LASTING:
        _forget_oldest(connection, peer, lane, kind)


def _forget_oldest(connection: Connection, peer: str, lane: Lane, kind: str) -> None:
    same = (
        incidents.c.direction == IN,
        incidents.c.peer == peer,
        incidents.c.lane == lane,
        incidents.c.kind == kind,
    )
    newest = (
        sa.select(incidents.c.number)
        .where(*same)
        .order_by(incidents.c.number.desc())
        .limit(1)
        .offset(MAX_INCIDENTS)
        .scalar_subquery()
    )
    connection.execute(incidents.delete().where(*same, incidents.c.number <= newest))
