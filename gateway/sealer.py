"""Makes the next block of a channel: asks policy again, reduces to views, seals, signs, stores."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from consumers.incoming import head_of
from gateway.block import (
    ITEM_BYTES,
    MAX_CONTENT_BYTES,
    MAX_ITEMS,
    SALT_BYTES,
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
from gateway.ledger import outgoing, recovery
from gateway.ledger.outgoing import Queued
from gateway.receiver import OwnKeys
from gateway.sealing import SUITE, seal
from gateway.wire import Domain, Lane, key_id, sha256
from producers.database import Connection
from schemas import views
from schemas.errors import MalformedRecord
from schemas.members import Member
from schemas.ports import Directory, Policy

_COUNT_BYTES = 2


@dataclass(slots=True)
class _Chosen:
    """What goes into the block, and what policy keeps back at the last moment, by rule."""

    numbers: list[int] = field(default_factory=list)
    views: list[bytes] = field(default_factory=list)
    withheld: dict[str, list[int]] = field(default_factory=dict)


class Sealer:
    """Seals for every channel of one member."""

    def __init__(
        self, own: OwnKeys, directory: Callable[[], Directory], policy: Callable[[], Policy]
    ) -> None:
        self._own = own
        self._directory = directory
        self._policy = policy

    def next_block(
        self, connection: Connection, recipient: Member, lane: Lane, now_ms: int
    ) -> tuple[Place, Frame] | None:
        """Seals what is queued, at most one block; None when nothing is to be sent.

        Raises:
            Overtaken: another process moved the channel; nothing of this was stored.
        """
        state = outgoing.destination(connection, recipient.code, lane).state
        while True:
            queued = outgoing.next_queued(connection, recipient.code, lane, MAX_ITEMS)
            chosen = self._choose(queued, recipient.code, now_ms)
            for rule, numbers in chosen.withheld.items():
                outgoing.withhold(connection, numbers, rule)
            if chosen.numbers:
                break
            if not queued:
                return None
        place, previous = state.next_place()
        frame = Frame(
            self._seal(recipient, lane, place, previous, chosen.views, now_ms),
            self._witness(connection, recipient.code, lane, place, previous),
        )
        outgoing.move(
            connection, recipient.code, lane, state, state.sealed(place, frame.block.hash)
        )
        outgoing.store_sealed(
            connection, recipient.code, lane, place, frame, chosen.numbers, now_ms
        )
        return place, frame

    def _choose(self, queued: list[Queued], recipient: str, now_ms: int) -> _Chosen:
        policy, chosen, room = self._policy(), _Chosen(), MAX_CONTENT_BYTES - _COUNT_BYTES
        for one in queued:
            view, rule = _view(policy, one, recipient, now_ms)
            if view is None:
                chosen.withheld.setdefault(rule, []).append(one.number)
                continue
            room -= ITEM_BYTES + len(view)
            if room < 0:
                break
            chosen.numbers.append(one.number)
            chosen.views.append(view)
        return chosen

    def _seal(
        self,
        recipient: Member,
        lane: Lane,
        place: Place,
        previous: bytes,
        contents: list[bytes],
        now_ms: int,
    ) -> Block:
        salts = os.urandom(SALT_BYTES * len(contents))
        items = [
            Item(salts[SALT_BYTES * i : SALT_BYTES * (i + 1)], content)
            for i, content in enumerate(contents)
        ]
        signing, sealing = self._own.signer.public, recipient.sealing[0]
        header = Header(
            suite=SUITE,
            channel=Channel(self._own.code, recipient.code, lane),
            place=place,
            previous=previous,
            created=now_ms,
            directory_version=self._directory().version,
            keys=KeyIds(
                key_id(signing.ed25519),
                key_id(signing.ml_dsa),
                key_id(sealing.ml_kem),
                key_id(sealing.x25519),
            ),
            commitments=tuple(item.commitment for item in items),
        ).to_bytes()
        body = seal(sealing, pack(items), seal_info(header))
        body_hash = sha256(body)
        block_hash = sha256(Domain.BLOCK, sha256(header), body_hash)
        signatures = self._own.signer.sign(block_message(SUITE, block_hash))
        return Block(header, body_hash, body, signatures)

    def _witness(
        self, connection: Connection, recipient: str, lane: Lane, place: Place, previous: bytes
    ) -> bytes:
        """An epoch's first block carries the receipt it names, should its giver have lost it."""
        if place.sequence != 1:
            return b""
        return recovery.receipt_with_hash(connection, recipient, lane, previous)


def _view(policy: Policy, one: Queued, recipient: str, now_ms: int) -> tuple[bytes | None, str]:
    """What ``recipient`` may see of a queued delivery, or the rule that withholds it all."""
    if one.data is None:
        return None, "erased"
    try:
        head = head_of(one.data)
        decision = policy.decide(head, recipient, now_ms)
        if decision.refusal is not None:
            return None, decision.refusal
        if one.revision != head.revision:
            return views.revise_bytes(one.data, decision.released, one.revision), ""
        return views.reduce_bytes(one.data, decision.released), ""
    except MalformedRecord:
        return None, "malformed"
