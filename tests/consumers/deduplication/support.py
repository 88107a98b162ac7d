"""What the tests of the matching engine share: subjects, a node with its effect, its outcome."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from consumers import alerts, casebook, inbox
from consumers.batch import Batch
from consumers.deduplication.deduplicator import Deduplicator, Released
from consumers.deduplication.engine import counted
from consumers.deduplication.index import MatchIndex
from consumers.deduplication.journal import Journal
from consumers.deduplication.links import Link
from consumers.deduplication.overview import reading
from consumers.deduplication.rarity import Rarity
from consumers.incoming import Incoming
from producers import publications
from producers.database import Connection, Database, metadata
from schemas.codec import decode, encode
from schemas.identities import derived_id
from schemas.markings import Relation, Role, SubjectStatus
from schemas.notifications import (
    DutyContact,
    Identification,
    Identifier,
    MediaHash,
    Notification,
)
from tests.fakes.notifications import CREATED, head

DAY_MS = 86_400_000


def subject(reference: str, origin: str = "FR", **more: Any) -> Identification:
    """An identification of a victim whose id follows from ``reference``; ``more``: its fields.

    ``identifiers`` and ``media`` are tuples of tuples; what belongs to the head goes to it.
    """
    about = {
        name: more.pop(name)
        for name in ("role", "status", "names", "birth_date", "sex", "nationalities", "series")
        if name in more
    }
    about["identifiers"] = tuple(Identifier(*i) for i in more.pop("identifiers", ()))
    about["media_hashes"] = tuple(MediaHash(*m) for m in more.pop("media", ()))
    about.setdefault("role", Role.VICTIM)
    more.setdefault("id", derived_id("test", origin, reference))
    more.setdefault("recipients", ("DE", "FR", "PH", "XI"))
    return Identification(head(reference, origin=origin, **more), **about)


def offender(reference: str, origin: str = "FR", **more: Any) -> Identification:
    """The same for an offender."""
    return subject(reference, origin, role=Role.OFFENDER, **more)


def update(of: Identification, **more: Any) -> Identification:
    """A later word on the case chain of ``of``, a day after."""
    number = more.pop("number", 1)
    return subject(
        of.head.reference,
        of.head.origin,
        **{
            "id": derived_id("test", of.head.id, str(number)),
            "root": of.head.root,
            "predecessors": (of.head.id,),
            "relation": Relation.UPDATE,
            "created": of.head.created + number * DAY_MS,
            **more,
        },
    )


ANNA = {"names": ("Aurélie Quincampoix",), "birth_date": "2012-05-17", "sex": "f"}
ANNA_ABROAD = {"names": ("QUINCAMPOIX Aurelie",), "birth_date": "2012-05-17", "sex": "f"}
ANOTHER = {"names": ("Tomasz Wyrobek",), "birth_date": "2009-01-30", "sex": "m"}
PICTURE = int("5a" * 32, 16)
SAFE = {"status": SubjectStatus.SAFEGUARDED}


def pictured(*pictures: int) -> dict[str, Any]:
    """The field of an identification with these PDQ hashes."""
    return {"media": tuple(("pdq", f"{picture:064x}") for picture in pictures)}


def everything_released(_connection: Connection, _notification: str, _jurisdiction: str) -> bool:
    return True


def nothing_released(_connection: Connection, _notification: str, _jurisdiction: str) -> bool:
    return False


class Node:
    """The deduplication of one jurisdiction on a database of its own."""

    def __init__(
        self,
        path: Path,
        own: str = "FR",
        *,
        is_hub: bool = False,
        released: Released = everything_released,
        hubs: Callable[[], Sequence[str]] = lambda: ("XI",),
        rarity: Callable[[MatchIndex], Rarity] = counted,
        home: Path | None = None,
    ) -> None:
        self.own = own
        self.home = home or path / f"{own.lower()}-match"
        self.database = Database(f"sqlite:///{path / f'{own.lower()}.db'}")
        self.database.create()
        self.deduplicator = Deduplicator(
            own,
            is_hub,
            released=released,
            contact_of=lambda code: DutyContact(unit=f"Desk {code}"),
            hubs=hubs,
            rarity=rarity,
        )
        self.journal = Journal(self.home, self.database, self.deduplicator)
        self._offset = 0

    def read(self, *notifications: Notification, at: int = CREATED) -> None:
        """Applies ``notifications`` in one batch: own ones as outbound, the others as inbound."""
        self.compare(self.batch(notifications, at))

    def compare(self, batch: Sequence[Incoming]) -> None:
        """What the consumer does with a batch."""
        self.journal.open()
        self.journal.write(Batch(batch))
        with self.database.begin() as connection:
            self.journal.settle(connection)

    def hold(
        self,
        *notifications: Notification,
        at: int = CREATED,
        consumers: Sequence[str] = ("casebook", "deduplication"),
    ) -> None:
        """The same through the inboxes of ``consumers``, as a whole node does it."""
        batch = self.batch(notifications, at)
        if "casebook" in consumers:
            with self.database.begin() as connection:
                if new := inbox.admit(connection, "casebook", batch):
                    casebook.record_batch(connection, new)
        if "deduplication" in consumers:
            self.compare(batch)

    def batch(self, notifications: Sequence[Notification], at: int = CREATED) -> list[Incoming]:
        batch = []
        for made in notifications:
            way = "outbound" if made.head.origin == self.own else "inbound"
            topic = f"{self.own.lower()}.notifications.{way}.{made.head.type}"
            batch.append(Incoming(made.head, encode(made), topic, 0, self._offset, at))
            self._offset += 1
        return batch

    def links(self) -> list[Link]:
        with self.database.read() as connection, reading(connection, self.home) as index:
            return list(index.links())

    def alerts(self) -> list[alerts.Alert]:
        with self.database.read() as connection:
            return list(alerts.search(connection))

    def outbox(self) -> list[Notification]:
        """What it wants to tell others, in order."""
        with self.database.read() as connection:
            return [decode(p.record) for p in publications.pending(connection, 1000)]

    def forget(self) -> None:
        """As if it were new; its database stays."""
        self.journal.close()
        shutil.rmtree(self.home, ignore_errors=True)
        with self.database.begin() as connection:
            for table in metadata.sorted_tables:
                if table.name != "schema_version":
                    connection.execute(table.delete())

    def close(self) -> None:
        self.journal.close()
        self.database.close()
