"""What both halves of the ledger share: blocks as rows, and incidents."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gateway.block import Block, Place
from gateway.ledger.tables import blocks, incidents
from gateway.signing import Signatures
from gateway.wire import Lane
from producers.database import Connection


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

    The same again at the same place only moves its instant: a peer that repeats itself fills no
    disk.
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
