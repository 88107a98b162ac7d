"""The casebook on a real SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consumers import casebook
from consumers.incoming import Incoming
from producers.database import Database
from schemas.codec import encode
from schemas.errors import MalformedRecord
from schemas.markings import Relation
from schemas.notifications import Identification, Notification
from tests.fakes.notifications import CREATED, identification, notification

OUT = "fr.notifications.outbound.identification"
IN = "fr.notifications.inbound.identification"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/node.db")
    database.create()
    yield database
    database.close()


def read(made: Notification, topic: str = IN, at: int = CREATED) -> Incoming:
    return Incoming(made.head, encode(made), topic, 0, 0, at)


def record(database: Database, *batch: Incoming) -> None:
    with database.begin() as connection:
        casebook.record_batch(connection, batch)


def references(database: Database, **filters: object) -> list[str]:
    with database.read() as connection:
        found = casebook.search(connection, **filters)  # type: ignore[arg-type]
        return [entry.reference for entry in found]


def update(of: Identification, reference: str) -> Identification:
    return identification(
        reference, root=of.head.root, relation=Relation.UPDATE, predecessors=(of.head.id,)
    )


def test_what_was_recorded_is_found_with_its_content(database: Database) -> None:
    """An entry gives the notification back, with where it came from and when."""
    made = identification("FR-1")
    record(database, read(made, OUT, at=CREATED + 5))
    with database.read() as connection:
        (entry,) = casebook.search(connection)
    assert (entry.direction, entry.received_at) == ("out", CREATED + 5)
    assert entry.notification() == made


def test_filters_are_combined(database: Database) -> None:
    """Direction, type, origin, reference and time must all fit."""
    record(
        database,
        read(identification("FR-1"), OUT, at=CREATED),
        read(identification("DE-1", origin="DE"), at=CREATED + 1),
        read(notification("takedown", "DE-2", origin="DE"), at=CREATED + 2),
    )
    assert references(database) == ["FR-1", "DE-1", "DE-2"]
    assert references(database, direction="in") == ["DE-1", "DE-2"]
    assert references(database, direction="in", type="takedown") == ["DE-2"]
    assert references(database, origin="DE", since=CREATED + 2) == ["DE-2"]
    assert references(database, reference="FR-1") == ["FR-1"]


def test_a_limit_gives_the_newest_first(database: Database) -> None:
    """Whoever asks for a few wants the last ones."""
    record(database, *(read(identification(f"FR-{n}")) for n in range(5)))
    assert references(database, limit=2) == ["FR-4", "FR-3"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Zoë Müller", "MULLER"),
        ("Zoe\u0308 Muller", "zoë"),
        ("Алиса Примерова", "алиса прим"),
        ("ليلى مثال", "ليلى"),
        ("Alice Example", "alice"),
    ],
)
def test_text_is_found_whatever_case_and_accents(database: Database, name: str, text: str) -> None:
    """A search looks into every text of the decoded record, in any script."""
    made = identification("FR-1")
    record(database, read(replace(made, names=(name,))), read(identification("FR-2")))
    assert references(database, text=text, reference="FR-1") == ["FR-1"]
    assert references(database, text="nobody at all") == []


def test_text_that_only_spans_two_values_is_not_found(database: Database) -> None:
    """The bytes between two values are no text."""
    made = replace(identification("FR-1"), names=("Ada", "Eve"))
    record(database, read(made))
    assert references(database, text="Ada\x06Eve") == []


def test_an_orphan_is_shown_at_once_and_unmarked_when_its_predecessor_arrives(
    database: Database,
) -> None:
    """An update that overtook what it updates is marked until that arrives."""
    first = identification("FR-1")
    second = update(first, "FR-1")
    record(database, read(second))
    with database.read() as connection:
        assert [entry.orphan for entry in casebook.search(connection)] == [True]
    record(database, read(first))
    with database.read() as connection:
        assert {entry.orphan for entry in casebook.search(connection)} == {False}
        chain = casebook.chain(connection, first.head.root, "FR")
    assert {entry.id for entry in chain} == {first.head.id, second.head.id}


def test_an_update_in_one_batch_with_its_predecessor_is_no_orphan(database: Database) -> None:
    """What arrives together is together."""
    first = identification("FR-1")
    record(database, read(first), read(update(first, "FR-1")))
    with database.read() as connection:
        assert {entry.orphan for entry in casebook.search(connection)} == {False}


def test_an_orphan_of_two_waits_for_both(database: Database) -> None:
    """The mark goes when the last predecessor is here."""
    one, two = identification("FR-1"), identification("FR-2")
    both = identification(
        "FR-3", relation=Relation.SUPERSEDE, predecessors=(one.head.id, two.head.id)
    )
    record(database, read(both))
    record(database, read(one))
    with database.read() as connection:
        entry = casebook.get(connection, "FR-3")
    assert entry is not None
    assert entry.orphan
    record(database, read(two))
    with database.read() as connection:
        entry = casebook.get(connection, "FR-3")
    assert entry is not None
    assert not entry.orphan


def test_another_jurisdiction_cannot_stand_in_for_a_predecessor(database: Database) -> None:
    """An id of another origin neither ends the waiting nor joins the chain."""
    first = identification("FR-1")
    record(database, read(update(first, "FR-1")))
    forged = identification("DE-9", origin="DE", id=first.head.id, root=first.head.root)
    record(database, read(forged))
    with database.read() as connection:
        assert [entry.orphan for entry in casebook.search(connection, origin="FR")] == [True]
        assert len(casebook.chain(connection, first.head.root, "FR")) == 1


def test_a_wider_view_takes_the_place_of_the_narrower(database: Database) -> None:
    """A notification is listed once, in its widest view."""
    made = identification("FR-1")
    record(database, read(made.with_head(withheld=("identity",))))
    record(database, read(made.with_head(revision=2)))
    with database.read() as connection:
        (entry,) = casebook.search(connection)
    assert entry.revision == 2


def test_two_views_in_one_batch_are_one_notification(database: Database) -> None:
    """The wider one counts, also when they come together."""
    made = identification("FR-1")
    record(database, read(made), read(made.with_head(revision=2)))
    with database.read() as connection:
        (entry,) = casebook.search(connection)
    assert entry.revision == 2


def test_erased_content_is_gone_and_the_chain_says_so(database: Database) -> None:
    """After an erasure the row tells when, and nothing of the content."""
    made = identification("FR-1")
    record(database, read(made), read(identification("FR-2")))
    with database.begin() as connection:
        assert casebook.erase(connection, [made.head.id], now_ms=CREATED + 9) == 1
    assert references(database) == ["FR-2"]
    with database.read() as connection:
        (entry,) = casebook.chain(connection, made.head.root, "FR")
    assert (entry.erased_at, entry.data) == (CREATED + 9, b"")
    with pytest.raises(MalformedRecord):
        entry.notification()


def test_what_expired_is_erased(database: Database) -> None:
    """At its last instant a notification goes away by itself; before that it is only hidden."""
    record(
        database,
        read(identification("FR-1", valid_until=CREATED + 10)),
        read(identification("FR-2")),
    )
    assert references(database, now_ms=CREATED + 9) == ["FR-1", "FR-2"]
    assert references(database, now_ms=CREATED + 10) == ["FR-2"]
    with database.begin() as connection:
        assert casebook.expire(connection, CREATED + 9) == 0
        assert casebook.expire(connection, CREATED + 10) == 1
        assert casebook.expire(connection, CREATED + 11) == 0
    assert references(database) == ["FR-2"]


def test_a_case_is_found_by_id_and_by_reference(database: Database) -> None:
    """Either names it; what is not here is None."""
    made = identification("FR-1")
    record(database, read(made))
    with database.read() as connection:
        for name in (made.head.id, "FR-1"):
            entry = casebook.get(connection, name)
            assert entry is not None
            assert entry.id == made.head.id
        assert casebook.get(connection, "FR-2") is None
