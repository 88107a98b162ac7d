"""Both ends of the relay in memory: real ledgers, real keys, no sockets.

``Wire`` is a peer with faults: it can lose a request, lose an answer, or be cut.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from consumers.incoming import Incoming
from gateway.answer import Answer
from gateway.block import Channel, Place
from gateway.courier import Courier
from gateway.ledger import incoming, outgoing
from gateway.policy import DEFAULT_RELEASE, ExplicitPolicy
from gateway.receiver import OwnKeys, Receiver
from gateway.router import Router
from gateway.sealer import Sealer
from gateway.sealing import Opener
from gateway.signing import Signer
from gateway.wire import Lane
from producers.database import Database
from schemas.codec import decode, encode
from schemas.errors import Unreachable
from schemas.identities import new_id
from schemas.markings import Handling, Role, Tlp
from schemas.members import Member, MemberRole, MemberStatus
from schemas.notifications import DutyContact, Head, Identification, Marking, Notification

NOW = 1_800_000_000_000
"""The instant at which these tests begin."""


@cache
def keys_of(code: str) -> OwnKeys:
    """The keys of a member, the same for all tests."""
    return OwnKeys(code, Signer.generate(), (Opener.generate(),))


@cache
def _empty() -> bytes:
    """A database file with all tables and no rows; making the tables takes longest."""
    home = Path(tempfile.mkdtemp())
    try:
        made = Database(f"sqlite:///{home / 'empty.db'}")
        made.create()
        with made._writer.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(f"VACUUM INTO '{home / 'copy.db'}'")
            connection.exec_driver_sql("BEGIN")
        made.close()
        return (home / "copy.db").read_bytes()
    finally:
        shutil.rmtree(home)


def open_database(path: Path) -> Database:
    """A real database at ``path`` that does not wait for the disk: no test cuts the power."""
    if not path.exists():
        path.write_bytes(_empty())
    database = Database(f"sqlite:///{path}")
    for engine in (database._writer, database._reader):
        sa.event.listen(engine, "connect", _hasten)
    return database


def _hasten(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class FixedDirectory:
    """A :class:`schemas.ports.Directory` of given members."""

    def __init__(self, members: Iterable[Member], circles: dict[str, frozenset[str]] | None = None):
        self._members = {member.code: member for member in members}
        self._circles = circles or {}
        self.version = 1

    def member(self, code: str) -> Member | None:
        return self._members.get(code)

    def members(self) -> tuple[Member, ...]:
        return tuple(self._members[code] for code in sorted(self._members))

    def circle(self, name: str) -> frozenset[str] | None:
        return self._circles.get(name)

    def change(self, code: str, **changes: Any) -> None:
        """Replaces fields of a member."""
        self._members[code] = replace(self._members[code], **changes)
        self.version += 1

    def add(self, listed: Member) -> None:
        """A member that is listed from now on."""
        self._members[listed.code] = listed
        self.version += 1

    def remove(self, code: str) -> None:
        """A member that is listed no longer."""
        del self._members[code]
        self.version += 1


class Wire:
    """A :class:`gateway.courier.Peer` that calls the receivers directly."""

    def __init__(self, sender: str, federation: Federation) -> None:
        self._sender = sender
        self._federation = federation
        self.lose_requests = 0
        self.lose_answers = 0
        self.sent: list[bytes] = []

    async def send(self, member: Member, lane: Lane, frame: bytes) -> Answer:
        self.sent.append(frame)
        if self.lose_requests:
            self.lose_requests -= 1
            raise Unreachable("the request was lost")
        answer = self._federation.deliver(self._sender, member.code, lane, frame)
        if self.lose_answers:
            self.lose_answers -= 1
            raise Unreachable("the answer was lost")
        return Answer.parse(answer.http_status, answer.to_body(), _text(answer.retry_after_s))

    async def position(self, member: Member, lane: Lane) -> Answer:
        gateway = self._federation[member.code]
        sender = self._federation.directory.member(self._sender)
        with gateway.database.begin() as connection:
            answer = gateway.receiver.position(connection, sender, lane, self._federation.now_ms)
        return Answer.parse(answer.http_status, answer.to_body(), None)


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


@dataclass
class Gateway:
    """One member's gateway."""

    code: str
    keys: OwnKeys
    database: Database
    receiver: Receiver
    router: Router
    sealer: Sealer
    wire: Wire
    courier: Courier

    def publish(self, *notifications: Notification) -> None:
        """As if they had come from an outbound topic."""
        batch = [
            Incoming(one.head, encode(one), f"notifications.outbound.{one.head.type}", 0, i)
            for i, one in enumerate(notifications)
        ]
        with self.database.begin() as connection:
            self.router.route(connection, batch)

    async def step(self, recipient: str, lane: Lane = Lane.ROUTINE) -> bool:
        """One block to ``recipient``, if anything waits."""
        return await self.courier._step((recipient, lane))

    async def drain(self, recipient: str, lane: Lane = Lane.ROUTINE, limit: int = 50) -> None:
        """Blocks to ``recipient`` until nothing waits."""
        for _ in range(limit):
            if not await self.step(recipient, lane):
                return
        raise AssertionError("the channel does not come to rest")

    def arrived(self) -> list[Notification]:
        """What was accepted and waits to be published, in order."""
        with self.database.read() as connection:
            return [decode(one.data) for one in incoming.unpublished(connection, 10_000)]

    def destination(self, recipient: str, lane: Lane = Lane.ROUTINE) -> outgoing.Destination:
        """The outgoing channel's state."""
        with self.database.read() as connection:
            return outgoing.destination(connection, recipient, lane)

    def position_from(self, sender: str, lane: Lane = Lane.ROUTINE) -> Place:
        """How far the incoming channel is."""
        with self.database.read() as connection:
            return incoming.state_of(connection, Channel(sender, self.code, lane)).place

    def rows(self, table: Any) -> list[Any]:
        """All rows of a table, in order."""
        with self.database.read() as connection:
            return list(connection.execute(table.select().order_by(*table.primary_key.columns)))


class Federation:
    """Members FR, DE, PH and the hub XI, each with a ledger of its own."""

    CODES = ("FR", "DE", "PH", "XI")

    def __init__(self, home: Path, codes: Iterable[str] = CODES) -> None:
        self.now_ms = NOW
        self._home = home
        self._keys = {code: keys_of(code) for code in codes}
        self.directory = FixedDirectory(
            [member(keys) for keys in self._keys.values()],
            {"all": frozenset(self._keys)},
        )
        self._gateways: dict[str, Gateway] = {}

    def __getitem__(self, code: str) -> Gateway:
        if code not in self._gateways:
            self._gateways[code] = self._gateway(code, self._home / f"{code}.db")
        return self._gateways[code]

    def restore(self, code: str, backup: Path) -> Gateway:
        """``code`` goes on with the database in ``backup``."""
        self[code].database.close()
        self._gateways[code] = self._gateway(code, backup)
        return self._gateways[code]

    def rotate(self, code: str, keys: OwnKeys) -> Gateway:
        """``code`` goes on with other keys, which the directory lists before its former ones."""
        listed = member(keys)
        self.directory.change(code, signing=listed.signing, sealing=listed.sealing)
        self._keys[code] = keys
        gateway = self[code]
        gateway.database.close()
        path = Path(str(gateway.database.url.database))
        self._gateways[code] = self._gateway(code, path)
        return self._gateways[code]

    def backup(self, code: str, name: str) -> Path:
        """A consistent copy of a database as it is now."""
        path = self._home / name
        with self[code].database._writer.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(f"VACUUM INTO '{path}'")
            connection.exec_driver_sql("BEGIN")
        return path

    def deliver(self, sender: str, recipient: str, lane: Lane, frame: bytes) -> Answer:
        """What ``recipient`` answers to a frame on the channel from ``sender``."""
        gateway = self[recipient]
        known = self.directory.member(sender)
        with gateway.database.begin() as connection:
            return gateway.receiver.accept(connection, known, lane, frame, self.now_ms)

    def close(self) -> None:
        for gateway in self._gateways.values():
            gateway.database.close()

    def _gateway(self, code: str, path: Path) -> Gateway:
        database = open_database(path)
        keys, policy = self._keys[code], ExplicitPolicy(code, self.directory, DEFAULT_RELEASE)
        sealer = Sealer(keys, lambda: self.directory, lambda: policy)
        wire = Wire(code, self)
        return Gateway(
            code,
            keys,
            database,
            Receiver(keys, lambda: self.directory, lambda _connection, _pair: ()),
            Router(code, lambda: policy, lambda: self.now_ms),
            sealer,
            wire,
            Courier(code, database, lambda: self.directory, sealer, wire, lambda: self.now_ms),
        )


def member(keys: OwnKeys) -> Member:
    """How the directory lists a member with these keys."""
    hub = keys.code == "XI"
    return Member(
        code=keys.code,
        name=f"Contact point {keys.code}",
        roles=frozenset({MemberRole.HUB if hub else MemberRole.CONTACT_POINT}),
        status=MemberStatus.ACTIVE,
        endpoint=f"https://{keys.code.lower()}.example",
        contact=DutyContact(f"{keys.code} duty desk", f"duty@{keys.code.lower()}.example", ""),
        signing=keys.signing_keys,
        sealing=tuple(opener.public for opener in keys.openers),
        certificates=(f"certificate of {keys.code}".encode(),),
    )


def identification(
    origin: str = "FR",
    reference: str = "FR-1",
    recipients: tuple[str, ...] = ("DE",),
    **changes: Any,
) -> Identification:
    """A synthetic identification; ``changes`` go to the head or the body, whichever has them."""
    body = {k: changes.pop(k) for k in list(changes) if k in Identification.__dataclass_fields__}
    notification = changes.pop("id", None) or new_id()
    head = Head(
        id=notification,
        type="identification",
        version=1,
        origin=origin,
        reference=reference,
        root=changes.pop("root", notification),
        created=NOW,
        marking=Marking(Tlp.AMBER, Handling.H1),
        recipients=recipients,
        contact=DutyContact("Duty desk", "duty@fr.example", ""),
        **changes,
    )
    return Identification(head, role=Role.VICTIM, **{"names": ("Maëlle Example",), **body})
