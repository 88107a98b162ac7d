"""What becomes of the items of a verified block, in the receiver's transaction.

Each is judged by itself (``items``) and then against what came before, earlier in the same block
included: duplicates, conflicting ids, and originals that were recalled. What is accepted is queued
for its topic; what is refused or held is kept in quarantine, unpublished, with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.block import Channel, Place
from gateway.items import Examined, Knowledge, read
from gateway.knowledge import originated
from gateway.ledger import incoming
from gateway.ledger.incoming import Identity
from gateway.receipt import Disposition
from gateway.wire import sha256
from producers.database import Connection
from schemas.notifications import Head, Record


@dataclass(frozen=True, slots=True)
class Judged:
    """An item at its index in the block, with what became of it."""

    index: int
    data: bytes
    found: Examined


class _History:
    """What came before: in the ledger, and earlier in the same block.

    It is also the :class:`~gateway.items.Knowledge` that the items of the block are examined by.
    """

    def __init__(
        self, connection: Connection, knowledge: Knowledge, ids: set[str], now_ms: int
    ) -> None:
        self._connection = connection
        self._knowledge = knowledge
        self._now_ms = now_ms
        self._seen = incoming.known(connection, ids)
        self._origins = {one.notification: one.origin for one in self._seen}
        self._ours = originated(connection, ids)
        self._recalled = incoming.marked_recalled(connection, ids)
        self._here: dict[str, str] = {}

    def origins(self, ids: Collection[str]) -> Mapping[str, str]:
        """See :class:`gateway.items.Knowledge`."""
        here = {one: self._here[one] for one in ids if one in self._here}
        return {**here, **self._knowledge.origins(ids)}

    def was_released(self, notification: str, jurisdictions: Collection[str]) -> bool:
        """See :class:`gateway.items.Knowledge`."""
        return self._knowledge.was_released(notification, jurisdictions)

    def parties(self, pair: str) -> Collection[str]:
        """See :class:`gateway.items.Knowledge`."""
        return self._knowledge.parties(pair)

    def judge(self, head: Head, record: Record, data: bytes) -> Examined:
        """What becomes of an acceptable item; remembers it."""
        identity, digest = Identity(head.origin, head.id, head.revision), sha256(data)
        if head.id in self._ours or self._origins.get(head.id, head.origin) != head.origin:
            return Examined(
                Disposition.ID_CONFLICT, "its id is that of another jurisdiction's", head
            )
        if (head.origin, head.id) in self._recalled:
            return Examined(Disposition.RECALLED, "its originator recalled it", head)
        if identity in self._seen:
            if self._seen[identity] == digest:
                return Examined(Disposition.DUPLICATE, "", head)
            return Examined(
                Disposition.ID_CONFLICT, "its id was used for other content before", head
            )
        self._seen[identity], self._here[head.id] = digest, head.origin
        if head.type == "recall":
            self._recall(head.origin, record["targets"])
        if head.type == "match-alert":
            sides = {record[side]["jurisdiction"] for side in ("yours", "theirs")}
            incoming.note_alert(self._connection, record["pair"], sides)
        return Examined(Disposition.ACCEPTED, "", head, record)

    def _recall(self, origin: str, targets: Sequence[str]) -> None:
        incoming.mark_recalled(self._connection, origin, targets, self._now_ms)
        self._recalled |= {(origin, target) for target in targets}


def judge(
    connection: Connection,
    contents: Sequence[bytes],
    knowledge: Knowledge,
    examine: Callable[[bytes, Examined, Knowledge], Examined],
    now_ms: int,
) -> list[Judged]:
    """Judges the items of a block in their order, each with those before it known."""
    all_read = [read(data) for data in contents]
    ids = {one.head.id for one in all_read if one.head}
    history = _History(connection, knowledge, ids, now_ms)
    judged = []
    for index, (data, one) in enumerate(zip(contents, all_read, strict=True)):
        found = examine(data, one, history)
        if found.disposition is Disposition.ACCEPTED and found.head and found.record:
            found = history.judge(found.head, found.record, data)
        judged.append(Judged(index, data, found))
    return judged


def store(
    connection: Connection, channel: Channel, place: Place, judged: Sequence[Judged], now_ms: int
) -> None:
    """Queues what was accepted for its topic, and quarantines what was refused or held."""
    at: dict[str, Any] = {
        "sender": channel.sender,
        "lane": channel.lane,
        "epoch": place.epoch,
        "sequence": place.sequence,
    }
    accepted, seen, kept = [], [], []
    for one in judged:
        head, disposition = one.found.head, one.found.disposition
        if disposition is Disposition.ACCEPTED and head:
            named = {"notification": head.id, "revision": head.revision}
            queued = {"item": one.index, "type": head.type, "root": head.root, "data": one.data}
            accepted.append({**at, **named, **queued})
            seen.append({**named, "origin": head.origin, "digest": sha256(one.data)})
        elif disposition is not Disposition.DUPLICATE:
            why = {"disposition": disposition, "detail": one.found.detail}
            data = one.data if disposition.refused else None
            kept.append({**at, **why, "item": one.index, "at": now_ms, "data": data})
    incoming.store_accepted(connection, accepted, seen)
    incoming.store_quarantined(connection, kept)
