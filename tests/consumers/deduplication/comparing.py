"""A process for a test to kill: the deduplication of FR on a log that is always the same.

``python -m tests.consumers.deduplication.comparing URL HOME`` says ``begun`` when it has done
something, and ends when it has read all of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from consumers import positions
from consumers.deduplication.deduplicator import Deduplicator
from consumers.deduplication.journal import Journal
from consumers.transactional import TransactionalConsumer
from producers.database import Connection, Database
from producers.ports import OutgoingRecord
from schemas.identities import derived_id, pair_id
from schemas.markings import Relation, Verdict
from schemas.notifications import MatchVerdict, Notification, Recall
from tests.consumers.deduplication.support import DAY_MS, everything_released, subject, update
from tests.fakes.log import FakeLog
from tests.fakes.notifications import CREATED, head, record

GIVEN = ("Aurélie", "Tomasz", "Ludmila", "Anselm", "Corazon", "Isaure", "Yuri")
SURNAMES = ("Quincampoix", "Wyrobek", "Wackernhold", "Ostrowitz", "Zhuravlyov")
TOPICS = [
    f"fr.notifications.{way}.{kind}"
    for kind in ("identification", "match-verdict", "recall")
    for way in ("outbound", "inbound")
]
BATCH = 3


def notifications() -> Iterator[Notification]:
    """Pairs of ours and theirs, and all that can become of a pair."""
    for n in range(70):
        name = f"{GIVEN[n % 7]} {SURNAMES[n // 7 % 5]}"
        said = {"birth_date": f"20{n % 12 + 6:02}-0{n % 9 + 1}-{n % 27 + 1:02}", "sex": "f"}
        ours = subject(f"FR-{n}", "FR", names=(name,), **said)
        theirs = subject(f"DE-{n}", "DE", names=(name.upper(),), **said)
        roots = tuple(sorted((ours.head.id, theirs.head.id)))
        yield ours
        yield theirs
        if n % 5 == 1:
            yield update(theirs, names=(name,), nationalities=("FR",), **said)
        if n % 5 == 2:
            yield update(ours, relation=Relation.CANCEL)
        later = {"origin": "DE", "id": derived_id("later", str(n)), "created": CREATED + DAY_MS}
        if n % 5 == 3:
            yield Recall(head(f"recall-{n}", kind="recall", **later), (theirs.head.id,))
        if n % 5 == 4:
            made = head(f"verdict-{n}", kind="match-verdict", **later)
            yield MatchVerdict(made, pair_id(*roots), roots, Verdict.REFUTED)


def records() -> list[OutgoingRecord]:
    """The log; some of it comes twice, and one record says nothing that can be read."""
    made = []
    for n, one in enumerate(notifications()):
        way = "outbound" if one.head.origin == "FR" else "inbound"
        made += [record(one, f"fr.notifications.{way}.{one.head.type}")] * (2 if n % 9 == 0 else 1)
    made.insert(40, OutgoingRecord(TOPICS[1], 0, b"k", b"garbage"))
    return made


def journal(database: Database, home: Path) -> Journal:
    """The index of FR."""
    return Journal(home, database, Deduplicator("FR", False, released=everything_released))


async def compare(
    database: Database, comparing: Journal, committed: Callable[[], None] = lambda: None
) -> None:
    """Reads the log to its end."""
    log = FakeLog(TOPICS)
    await log.send_all(records())
    everything = sum(len(log.records(topic)) for topic in TOPICS)
    consumer = TransactionalConsumer(
        "deduplication",
        database=database,
        reader=log.reader,
        admin=log,
        topics=TOPICS,
        effect=comparing,
        committed=committed,
        batch=BATCH,
    )
    running = asyncio.create_task(consumer.run())
    try:
        async with asyncio.timeout(60):
            while await database.query(_read) < everything:
                if running.done():
                    running.result()
                await asyncio.sleep(0.005)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


def _read(connection: Connection) -> int:
    return sum(positions.stored(connection, "deduplication").values())


async def main(url: str, home: str) -> None:
    """Compares until killed, or done."""
    database = Database(url)
    await compare(database, journal(database, Path(home)), lambda: print("begun", flush=True))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
