"""The checks of single items, steps 14 to 17 of docs/relay-protocol.md, section 8. Pure.

A failure here is a disposition: the item is kept out, the block and the channel go on, so a
poisoned notification never stops anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from gateway.receipt import Disposition
from producers.guard import inspect_record, screen_bytes
from schemas.codec import decode_record
from schemas.errors import MalformedRecord, UnknownSchema
from schemas.identities import is_id, pair_id
from schemas.members import Member
from schemas.notifications import TYPES, Head, Record

MAX_OTHERS = 256
"""Other notifications that one may name as root, predecessors or targets of a recall."""


class Knowledge(Protocol):
    """What authority is judged by: our own ledger."""

    def origins(self, ids: Collection[str]) -> Mapping[str, str]:
        """Who originated those of ``ids`` that we sent or accepted."""

    def was_released(self, notification: str, jurisdictions: Collection[str]) -> bool:
        """Whether that notification of ours was released to any of ``jurisdictions``."""

    def parties(self, pair: str) -> Collection[str]:
        """The two jurisdictions of a match that we know by an alert; empty when we do not."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of one item; ``head`` and ``record`` where it could be read."""

    disposition: Disposition
    detail: str = ""
    head: Head | None = None
    record: Record | None = None


class _Refused(Exception):
    def __init__(self, disposition: Disposition, detail: str) -> None:
        self.disposition = disposition
        self.detail = detail


def read(data: bytes) -> Examined:
    """Step 14 for one item: accepted so far, held, or malformed. Raises nothing."""
    try:
        record = decode_record(data)
        head = _head(record)
        _others(head, record)
    except UnknownSchema as unknown:
        return Examined(Disposition.HELD, unknown.problem)
    except MalformedRecord as malformed:
        return Examined(Disposition.MALFORMED, malformed.problem)
    return Examined(Disposition.ACCEPTED, "", head, record)


def examine(
    data: bytes,
    found: Examined,
    sender: Member,
    own: str,
    hubs: Collection[str],
    knowledge: Knowledge,
    now_ms: int,
) -> Examined:
    """Steps 15 to 17 for one item from ``sender``, as :func:`read` found it. Raises nothing."""
    head, record = found.head, found.record
    if head is None or record is None:
        return found
    try:
        _check_authority(head, record, sender, own, hubs, knowledge)  # 15
        _check_guard(data, record)  # 16
        _check_expiry(head, now_ms)  # 17
    except _Refused as refused:
        return Examined(refused.disposition, refused.detail, head)
    return found


def _head(record: Record) -> Head:
    try:
        head = Head.from_record(record["head"])
    except (KeyError, ValueError) as error:
        raise MalformedRecord("a value in the head is outside its closed list") from error
    # Its own id and root were checked with the record; a list's items are not marked as ids.
    if not all(map(is_id, head.predecessors)):
        raise MalformedRecord("an id in the head is not a UUID in canonical form")
    if head.type not in TYPES or head.revision < 1:
        raise MalformedRecord("the head names no type of the catalogue, or no revision")
    return head


def _others(head: Head, record: Record) -> set[str]:
    """The other notifications that it changes; looking them up costs us, so they are few."""
    targets = record["targets"] if head.type == "recall" else ()
    if not all(map(is_id, targets)):
        raise MalformedRecord("a target is not a UUID in canonical form")
    others = {head.root, *head.predecessors, *targets} - {head.id}
    if len(others) > MAX_OTHERS:
        raise MalformedRecord(f"it names more than {MAX_OTHERS} other notifications")
    return others


def _check_authority(
    head: Head,
    record: Record,
    sender: Member,
    own: str,
    hubs: Collection[str],
    knowledge: Knowledge,
) -> None:
    """Step 15: nobody speaks for another jurisdiction."""
    if head.origin != sender.code:
        raise _Refused(Disposition.WRONG_ORIGIN, "its origin is not its sender")
    if any(o != sender.code for o in knowledge.origins(_others(head, record)).values()):
        raise _Refused(Disposition.NOT_OWN_CHAIN, "it changes a case of another jurisdiction")
    if head.type == "match-alert":
        _check_alert(record, sender, own, hubs, knowledge)
    if head.type == "match-verdict":
        _check_verdict(record, sender, knowledge)


def _check_alert(
    record: Record, sender: Member, own: str, hubs: Collection[str], knowledge: Knowledge
) -> None:
    """An alert tells of a notification of ours that its sender could rightly compare."""
    yours, theirs = record["yours"], record["theirs"]
    if record["pair"] != pair_id(yours["notification"], theirs["notification"]):
        raise _Refused(Disposition.MALFORMED, "the pair is not that of its two notifications")
    if yours["jurisdiction"] != own or not knowledge.was_released(
        yours["notification"], {sender.code, *hubs}
    ):
        raise _Refused(
            Disposition.NOT_RELEASED, "it is about a notification not released to its sender or hub"
        )
    if theirs["jurisdiction"] != sender.code and not sender.is_hub:
        raise _Refused(
            Disposition.NOT_PARTY, "its sender is neither a party of the match nor a hub"
        )


def _check_verdict(record: Record, sender: Member, knowledge: Knowledge) -> None:
    """A verdict comes from a party of the match."""
    ids = record["notifications"]
    if len(ids) != 2 or record["pair"] != pair_id(*ids):
        raise _Refused(Disposition.MALFORMED, "the pair is not that of its two notifications")
    parties = {*knowledge.origins(ids).values(), *knowledge.parties(record["pair"])}
    if sender.code not in parties:
        raise _Refused(Disposition.NOT_PARTY, "its sender is not a party of the match")


def _check_guard(data: bytes, record: Record) -> None:
    """Step 16: no imagery. The quick look decides nothing; the precise one does."""
    if screen_bytes(data) and (findings := inspect_record(record)):
        raise _Refused(
            Disposition.IMAGERY, f"{findings[0].field} looks like imagery: {findings[0].reason}"
        )


def _check_expiry(head: Head, now_ms: int) -> None:
    """Step 17: still valid."""
    if head.expired(now_ms):
        raise _Refused(Disposition.EXPIRED, "its validity ended before it came")
