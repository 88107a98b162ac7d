"""What each stage of the relay costs, each by itself: microseconds of CPU for a notification.

A full block of 512 goes through sender and recipient in this process, and the time of each stage is
taken with the process's CPU clock. What Kafka costs its clients is measured by the bare loop.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gateway.block import Item, pack, seal_info
from gateway.ledger import incoming, outgoing
from gateway.ledger.outgoing import Routed
from gateway.policy import ExplicitPolicy
from gateway.sealing import Opener, seal
from gateway.signing import Signer, verify
from gateway.wire import Lane, sha256
from liaison.bench import corpus, https
from producers.database import Connection, Database
from producers.guard import screen_bytes
from schemas.codec import decode_head, decode_record
from schemas.members import Member, MemberRole, MemberStatus
from schemas.notifications import DutyContact

BLOCK = 512
ROUNDS = 5
NOW = 1_800_000_000_000


class OneMember:
    """A directory of one contact point, DE."""

    version = 1

    def __init__(self) -> None:
        self._member = Member(
            "DE",
            "DE",
            frozenset({MemberRole.CONTACT_POINT}),
            MemberStatus.ACTIVE,
            "https://de.example",
            DutyContact(),
            (),
            (),
            (),
        )

    def member(self, code: str) -> Member | None:
        """See :class:`schemas.ports.Directory`."""
        return self._member if code == "DE" else None

    def members(self) -> tuple[Member, ...]:
        """See :class:`schemas.ports.Directory`."""
        return (self._member,)

    def circle(self, _name: str) -> frozenset[str] | None:
        """See :class:`schemas.ports.Directory`."""
        return None


def measure(home: Path) -> dict[str, float]:
    """Microseconds of CPU per notification: avro, guard, policy, seal, sign, sql, http."""
    from schemas.codec import encode

    sent = [corpus.identification(number, NOW) for number in range(BLOCK)]
    data = [encode(one) for one in sent]
    heads = [one.head for one in sent]
    policy = ExplicitPolicy("FR", OneMember())
    return {
        # The consumer's and the sealer's look at the head, the recipient's whole decoding.
        "avro": 2 * _cost(lambda: [decode_head(one) for one in data])
        + _cost(lambda: [decode_record(one) for one in data]),
        "guard": 2 * _cost(lambda: [screen_bytes(one) for one in data]),
        "policy": 2 * _cost(lambda: [policy.decide(head, "DE", NOW) for head in heads])
        + _cost(lambda: [policy.recipients(head) for head in heads]),
        "seal": _seal_cost(data),
        "sign": _sign_cost(),
        "sql": _sql_cost(home, heads, data),
        "http": round(https.cost(home, sum(map(len, data))) / BLOCK, 2),
    }


def _cost(work: Callable[[], Any]) -> float:
    """Best of several rounds, in microseconds of CPU per notification of a block."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return round(best / BLOCK * 1e6, 2)


def _seal_cost(data: list[bytes]) -> float:
    opener, info = Opener.generate(), seal_info(b"header")

    def there_and_back() -> None:
        items = [Item(os.urandom(32), one) for one in data]
        commitments = [item.commitment for item in items]
        sealed = seal(opener.public, pack(items), info)
        sha256(sealed)
        opener.open(sealed, info)
        assert len(commitments) == BLOCK

    return _cost(there_and_back)


def _sign_cost() -> float:
    signer, message = Signer.generate(), os.urandom(64)

    def block_and_receipt() -> None:
        for _ in range(2):
            verify(signer.public, message, signer.sign(message))

    return _cost(block_and_receipt)


def _sql_cost(home: Path, heads: list[Any], data: list[bytes]) -> float:
    """Routing, sealing and receipting at one end, storing and publishing at the other."""
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as directory:
        database = Database(f"sqlite:///{directory}/bench.db")
        database.create()
        try:
            began = time.process_time()
            with database.begin() as connection:
                _sender_sql(connection, heads, data)
            with database.begin() as connection:
                _recipient_sql(connection, heads, data)
            return round((time.process_time() - began) / BLOCK * 1e6, 2)
        finally:
            database.close()


def _sender_sql(connection: Connection, heads: list[Any], data: list[bytes]) -> None:
    outgoing.record_outbound(
        connection,
        [
            {
                "notification": head.id,
                "type": head.type,
                "reference": head.reference,
                "root": head.root,
                "routed_at": NOW,
                "data": one,
            }
            for head, one in zip(heads, data, strict=True)
        ],
    )
    routed = [Routed(head.id, "DE", 1, Lane.ROUTINE, head.root, None) for head in heads]
    outgoing.queue(connection, routed, NOW)
    outgoing.next_queued(connection, "DE", Lane.ROUTINE, BLOCK)


def _recipient_sql(connection: Connection, heads: list[Any], data: list[bytes]) -> None:
    incoming.known(connection, {head.id for head in heads})
    at = {"sender": "FR", "lane": Lane.ROUTINE, "epoch": 1, "sequence": 1}
    named = [{"notification": head.id, "revision": 1} for head in heads]
    incoming.store_accepted(
        connection,
        [
            {**at, **name, "item": i, "type": head.type, "root": head.root, "data": one}
            for i, (name, head, one) in enumerate(zip(named, heads, data, strict=True))
        ],
        [
            {**name, "origin": "FR", "digest": sha256(one)}
            for name, one in zip(named, data, strict=True)
        ],
    )
    arrivals = incoming.unpublished(connection, BLOCK)
    incoming.mark_published(connection, [one.number for one in arrivals], NOW)
