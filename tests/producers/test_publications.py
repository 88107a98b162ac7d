"""Which reference has which id, and what is still to be sent."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from producers import publications
from producers.chains import Link
from producers.database import Database
from producers.intake.report import Problem
from producers.publications import Candidate, Stored
from producers.topics import key_of
from schemas.codec import decode, encode
from schemas.identities import new_id
from schemas.markings import Relation, Urgency
from schemas.notifications import Notification
from tests.fakes.notifications import identification, notification

NOW = 1_790_000_000_000


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database with its tables."""
    found = Database(f"sqlite:///{tmp_path / 'node.db'}")
    found.create()
    yield found
    found.close()


def candidate(reference: str = "FR-1", content: str = "a", **head: Any) -> Candidate:
    """A notification whose content is ``content``."""
    made = identification(reference, **head)
    digest = hashlib.sha256(f"{content}{head.get('relation')}".encode()).digest()
    return Candidate(made, digest, encode(made))


def store(database: Database, *candidates: Candidate) -> list[Stored | Problem]:
    """Stores in a transaction of its own."""
    with database.begin() as connection:
        return publications.store_all(connection, candidates, now_ms=NOW)


def stored(database: Database, one: Candidate) -> Stored:
    """The same, of one that is accepted."""
    (found,) = store(database, one)
    assert isinstance(found, Stored), found
    return found


def waiting(database: Database) -> list[Notification]:
    """What is to be sent, in order."""
    with database.read() as connection:
        found = publications.pending(connection, 100, origin_kind=publications.SUBMITTED)
    return [decode(one.record) for one in found]


def test_a_new_reference(database: Database) -> None:
    """New content keeps the id it came with, and waits to be sent."""
    one = candidate()
    assert stored(database, one) == Stored(one.notification.head.id, new=True, sent=False)
    assert waiting(database) == [one.notification]


def test_same_content_again(database: Database) -> None:
    """The same content is the same id, for ever, and is not sent again once it was sent."""
    first = stored(database, candidate())
    assert stored(database, candidate()) == Stored(first.id, new=False, sent=False)
    with database.begin() as connection:
        publications.mark_sent(connection, [first.id])
    assert stored(database, candidate()) == Stored(first.id, new=False, sent=True)
    assert waiting(database) == []


def test_other_content(database: Database) -> None:
    """Other content for a known reference is refused, with the ways out."""
    store(database, candidate())
    (found,) = store(database, candidate(content="b"))
    assert found == Problem(
        "reference",
        "other content was published under this reference",
        'give relation "update", "supersede" or "cancel", or another reference',
    )


@pytest.mark.parametrize("relation", [Relation.UPDATE, Relation.SUPERSEDE, Relation.CANCEL])
def test_continuing_a_case(database: Database, relation: Relation) -> None:
    """A later link names the root and the latest link before it."""
    first = stored(database, candidate())
    second = stored(database, candidate(content="b", relation=Relation.UPDATE))
    third = stored(database, candidate(content="c", relation=relation))
    head = waiting(database)[-1].head
    assert (head.id, head.root, head.predecessors) == (third.id, first.id, (second.id,))


def test_unknown_reference(database: Database) -> None:
    """What was never published can be neither updated nor cancelled."""
    (found,) = store(database, candidate(relation=Relation.UPDATE))
    assert isinstance(found, Problem)
    assert found.problem == "nothing was published under this reference"
    assert 'relation "new"' in found.remedy


def test_other_type(database: Database) -> None:
    """A case keeps its type."""
    store(database, candidate())
    made = notification("takedown", "FR-1", relation=Relation.UPDATE)
    (found,) = store(database, Candidate(made, b"d" * 32, encode(made)))
    assert isinstance(found, Problem)
    assert found.problem == "the case was published as another type"


def test_an_older_link_again(database: Database) -> None:
    """An older link is still the same id, and the officer is told what did not happen."""
    first = stored(database, candidate())
    store(database, candidate(content="b", relation=Relation.UPDATE))
    again = stored(database, candidate())
    assert (again.id, again.new) == (first.id, False)
    assert "newer notifications followed" in again.warnings[0].problem
    assert "another `created`" in again.warnings[0].remedy


def test_reopening(database: Database) -> None:
    """An update of a cancelled case is possible, with a warning."""
    store(database, candidate(), candidate(content="b", relation=Relation.CANCEL))
    found = stored(database, candidate(content="c", relation=Relation.UPDATE))
    assert found.warnings[0].problem == "the case was cancelled; this opens it again"


def test_one_batch(database: Database) -> None:
    """Within a batch later candidates see earlier ones."""
    first, same, other, update = store(
        database,
        candidate(),
        candidate(),
        candidate(content="b"),
        candidate(content="b", relation=Relation.UPDATE),
    )
    assert isinstance(first, Stored)
    assert same == Stored(first.id, new=False, sent=False)
    assert isinstance(other, Problem)
    assert isinstance(update, Stored)
    assert [made.head.root for made in waiting(database)] == [first.id, first.id]


def test_rehearsal(database: Database) -> None:
    """A rehearsal says the same and writes nothing."""
    chains: dict[str, list[Link]] = {}
    with database.read() as connection:
        one = publications.rehearse_all(connection, [candidate()], chains)
        two = publications.rehearse_all(connection, [candidate(content="b")], chains)
    assert isinstance(one[0], Stored)
    assert isinstance(two[0], Problem)
    assert waiting(database) == []


def test_sent_records_are_let_go(database: Database) -> None:
    """Once the log has a record, the table keeps none of its content."""
    first = stored(database, candidate())
    with database.begin() as connection:
        publications.mark_sent(connection, [first.id])
        row = connection.execute(publications.publications.select()).one()
    assert row.record is None
    assert "Alice" not in str(row)


def test_derived(database: Database) -> None:
    """A derived notification is put into the outbox once, and is not mixed with submitted ones."""
    made = identification("FR-9")
    store(database, candidate())
    with database.begin() as connection:
        assert publications.enqueue(connection, made)
        assert not publications.enqueue(connection, made)
        (found,) = publications.pending(connection, 10)
        assert publications.count_pending(connection) == 1
    assert (found.id, found.type, found.root) == (made.head.id, "identification", made.head.root)
    assert found.key == key_of(made.head)
    assert decode(found.record) == made


def test_derived_needs_no_reference(database: Database) -> None:
    """A derived notification may name a reference without becoming part of its chain."""
    with database.begin() as connection:
        publications.enqueue(connection, identification("FR-1"))
        publications.enqueue(connection, identification("FR-1"))
    assert stored(database, candidate()).new


def test_envelope(database: Database) -> None:
    """A cancellation goes to everybody whom any link was addressed to."""
    store(
        database,
        candidate(recipients=("DE", "PH")),
        candidate(
            content="b", relation=Relation.UPDATE, recipients=("PH", "XI"), urgency=Urgency.URGENT
        ),
    )
    with database.read() as connection:
        found = publications.envelope_of(connection, "FR", "FR-1")
        assert publications.envelope_of(connection, "FR", "FR-2") is None
    assert found is not None
    assert found.recipients == ("DE", "PH", "XI")
    assert found.urgency is Urgency.URGENT
    assert found.marking == identification().head.marking
    assert found.latest is Relation.UPDATE


def test_two_threads(tmp_path: Path) -> None:
    """Two connections at once never give two ids to one reference."""
    url = f"sqlite:///{tmp_path / 'node.db'}"
    databases = [Database(url), Database(url)]
    databases[0].create()

    def publish(database: Database) -> dict[str, str]:
        found = {}
        for number in range(40):
            reference = f"FR-{number}"
            found[reference] = stored(database, candidate(reference)).id
        return found

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(publish, databases)
    assert one == other
    for database in databases:
        database.close()


PROGRAM = """
import json, sys
from producers import publications
from producers.database import Database
from tests.producers.test_publications import candidate, stored
database = Database(sys.argv[1])
ids = {f"FR-{n}": stored(database, candidate(f"FR-{n}")).id for n in range(60)}
print(json.dumps(ids))
"""


def test_two_processes(tmp_path: Path) -> None:
    """Nor do two processes."""
    url = f"sqlite:///{tmp_path / 'node.db'}"
    database = Database(url)
    database.create()
    root = Path(__file__).parents[2]
    running = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, url], stdout=subprocess.PIPE, cwd=root)
        for _ in range(2)
    ]
    one, other = (json.loads(process.communicate(timeout=60)[0]) for process in running)
    assert one == other
    assert len(waiting(database)) == 60
    database.close()


def test_ids_are_only_proposals(database: Database) -> None:
    """A candidate's own id is forgotten when its content is known."""
    first = stored(database, candidate(id=new_id()))
    assert stored(database, candidate(id=new_id())).id == first.id
