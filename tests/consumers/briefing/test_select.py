"""What a briefing reads from a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consumers import alerts, casebook
from consumers.briefing.narrow import narrow
from consumers.briefing.select import attendees, select
from consumers.briefing.selection import Asked, Selection
from consumers.incoming import Incoming
from producers.database import Database
from schemas.codec import encode
from schemas.errors import InputRefused
from schemas.markings import Mode, Relation, Verdict
from schemas.notifications import MatchAlert, Notification, Recall
from tests.consumers.briefing.world import DAY, DIRECTORY, MEMBERS, NOW, alert, case, verdict
from tests.fakes.notifications import CREATED, head


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/node.db")
    database.create()
    yield database
    database.close()


def record(database: Database, *made: Notification) -> None:
    """Puts notifications into the casebook of FR, as the consumer does."""
    with database.begin() as connection:
        batch = [
            Incoming(
                one.head,
                encode(one),
                f"notifications.{'outbound' if one.head.origin == 'FR' else 'inbound'}.x",
                0,
                0,
                one.head.created,
            )
            for one in made
        ]
        casebook.record_batch(connection, batch)


def read(database: Database, **asked: Any) -> Selection:
    with database.read() as connection:
        return select(connection, "FR", Asked(**asked), MEMBERS[:2], NOW)


def references(chosen: Selection) -> list[str]:
    return [one.head.reference for one in chosen.cases]


def test_everything(database: Database) -> None:
    """Without anything asked, all cases, alerts and verdicts."""
    a, b = case("FR-1"), case("DE-1", "DE")
    match = alert(a, b)
    said = verdict(match, "DE", Verdict.CONFIRMED)
    record(database, a, b, match, said)
    found = read(database)
    assert sorted(references(found)) == ["DE-1", "FR-1"]
    assert (found.alerts, found.verdicts, found.own) == ((match,), (said,), "FR")


def test_modes_never_mix(database: Database) -> None:
    """Exercise data is in the papers of an exercise only."""
    record(database, case("FR-1"), case("FR-2", mode=Mode.EXERCISE))
    assert references(read(database)) == ["FR-1"]
    assert references(read(database, mode=Mode.EXERCISE)) == ["FR-2"]


def test_by_reference_with_what_is_linked(database: Database) -> None:
    """A case asked for comes with its whole chain and the cases it is linked to."""
    a, b, c, other = case("FR-1"), case("DE-1", "DE"), case("PH-1", "PH"), case("FR-9")
    later = case("FR-1", root=a.head.root, relation=Relation.UPDATE, created=CREATED + DAY)
    record(database, a, b, c, later, other, alert(a, b), alert(b, c))
    found = read(database, references=("FR-1",))
    assert sorted(references(found)) == ["DE-1", "FR-1", "FR-1"]
    assert narrow(found, Asked(references=("FR-1",))) == found


def test_by_time(database: Database) -> None:
    """With news since then: a notification, or a match."""
    old, new = case("FR-1"), case("FR-2", created=CREATED + 5 * DAY)
    matched, partner = case("FR-3"), case("DE-3", "DE")
    match = alert(matched, partner, head_created=CREATED + 5 * DAY)
    record(database, old, new, matched, partner, match)
    asked = Asked(since=CREATED + 4 * DAY)
    found = narrow(read(database, since=asked.since), asked)
    assert sorted(references(found)) == ["DE-3", "FR-2", "FR-3"]


def test_as_of(database: Database) -> None:
    """What is newer than the instant asked for is not there yet."""
    record(database, case("FR-1"), case("FR-2", created=CREATED + DAY))
    assert references(read(database, as_of=CREATED + DAY - 1)) == ["FR-1"]


def test_erased_expired_and_recalled(database: Database) -> None:
    """What is gone is not read."""
    erased, recalled, not_theirs = case("FR-1"), case("PH-1", "PH"), case("DE-1", "DE")
    expired = case("FR-2", valid_until=NOW)
    recall = Recall(head("R", kind="recall", origin="PH"), (recalled.head.id, not_theirs.head.id))
    record(database, erased, expired, recalled, not_theirs, recall)
    with database.begin() as connection:
        casebook.erase(connection, [erased.head.id], now_ms=NOW)
    assert references(read(database)) == ["DE-1"]


def test_alert_for_our_officers_alone(database: Database) -> None:
    """An alert that nobody else was told of is in our paper all the same."""
    a, b = case("FR-1"), case("DE-1", "DE")
    own = alert(a, b, head_origin="FR", head_recipients=())
    store(database, own, a, b)
    (found,) = read(database).alerts
    assert (found.pair, found.yours.reference, found.theirs.reference) == (own.pair, "FR-1", "DE-1")


def test_link_that_no_longer_counts(database: Database) -> None:
    """A link taken apart again is known to be."""
    a, b = case("FR-1"), case("DE-1", "DE")
    own = alert(a, b, head_origin="FR", head_recipients=())
    store(database, own, a, b)
    with database.begin() as connection:
        alerts.retract(connection, own.pair, "changed")
    assert read(database).gone == {own.pair}


def store(database: Database, own: MatchAlert, *cases: Notification) -> None:
    record(database, *cases)
    with database.begin() as connection:
        alerts.record(connection, own, "FR", CREATED, told=alerts.Told.NO)


def test_side_known_by_its_root_alone(database: Database) -> None:
    """A chain whose first notification never came here is found by its root."""
    a = case("FR-1")
    update = case("DE-1", "DE", root="01890a5d-ac96-774b-bcce-b302099a8057")
    match = alert(a, update)
    match = replace(match, theirs=replace(match.theirs, notification=update.head.root))
    record(database, a, update, match)
    assert sorted(references(read(database, references=("FR-1",)))) == ["DE-1", "FR-1"]


def test_unknown_reference(database: Database) -> None:
    """A reference that is not there is refused, and not repeated."""
    record(database, case("FR-1"))
    with pytest.raises(InputRefused, match="case 2 of those given is not in the casebook"):
        read(database, references=("FR-1", "FR-SECRET"))


def test_unknown_member() -> None:
    """A participant must be a member."""
    with pytest.raises(InputRefused, match="QQ is not a member of the federation") as refused:
        attendees(DIRECTORY, ["DE", "QQ"])
    assert refused.value.remedy == "the directory lists DE, FR, PH, XI"
    assert [m.code for m in attendees(DIRECTORY, ["FR", "DE", "FR"])] == ["DE", "FR"]
