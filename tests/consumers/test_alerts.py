"""Alerts as a contact point works with them, on a real SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consumers import alerts
from consumers.alerts import Alert, State, Told
from consumers.deduplication.links import Ruling
from producers import publications
from producers.database import Database
from schemas.codec import decode
from schemas.errors import InputRefused
from schemas.identities import derived_id, pair_id
from schemas.markings import MatchDecision, Role, Strength, Urgency, Verdict
from schemas.notifications import DutyContact, EvidenceKind, MatchAlert, MatchVerdict, Side
from tests.fakes.notifications import CREATED, head

HOUR_MS = 3_600_000
OURS, THEIRS = derived_id("test", "ours"), derived_id("test", "theirs")
PAIR = pair_id(OURS, THEIRS)
CONTACT = DutyContact(unit="Example unit", email="duty@de.example")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/node.db")
    database.create()
    yield database
    database.close()


def alert(origin: str = "FR", **more: object) -> MatchAlert:
    made = MatchAlert(
        head=head(f"match-{origin}", origin=origin, kind="match-alert", recipients=("FR",)),
        pair=PAIR,
        evidence_version=1,
        yours=Side("FR", "FR-1", OURS, Role.VICTIM.value),
        theirs=Side("DE", "DE-1", THEIRS, Role.VICTIM.value, CONTACT),
        decision=MatchDecision.COMPARE,
        strength=Strength.MODERATE,
        evidence=(EvidenceKind("email", Strength.STRONG), EvidenceKind("sex", Strength.WEAK)),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def record(database: Database, made: MatchAlert, source: str = "FR", **more: object) -> bool:
    with database.begin() as connection:
        return alerts.record(connection, made, source, CREATED, **more)  # type: ignore[arg-type]


def only(database: Database) -> Alert:
    with database.read() as connection:
        (found,) = alerts.search(connection)
    return found


def rule(database: Database, by: str, verdict: Verdict, at: int = CREATED) -> bool:
    first, second = sorted((OURS, THEIRS))
    with database.begin() as connection:
        return alerts.rule(connection, Ruling(first, second, by, verdict, at, f"{by}-{at}"))


def give(database: Database, verdict: Verdict, at: int = CREATED + 5) -> MatchVerdict:
    with database.begin() as connection:
        return alerts.give_verdict(connection, PAIR, verdict, at)


def test_an_alert_says_whom_to_call_about_what(database: Database) -> None:
    """References of both sides, contact, role, strength and kinds of evidence."""
    assert record(database, alert())
    found = only(database)
    assert (found.reference, found.their_reference, found.jurisdiction) == ("FR-1", "DE-1", "DE")
    assert (found.contact, found.role, found.strength) == (CONTACT, "victim", Strength.MODERATE)
    assert found.evidence == (("email", "strong"), ("sex", "weak"))
    assert (found.state, found.urgency) == (State.OPEN, Urgency.ROUTINE)


def test_several_raisers_of_one_pair_are_one_alert(database: Database) -> None:
    """Ours, the other side's and the hub's show once, as old as the first of them."""
    assert record(database, alert())
    assert not record(database, alert("XI"), "XI")
    assert not record(database, alert("DE"), "DE")
    assert only(database).raised_by == ("DE", "FR", "XI")


def test_the_stronger_judgement_is_shown(database: Database) -> None:
    """A raiser who knows more makes the alert stronger, never weaker."""
    record(database, alert())
    strong = {"decision": MatchDecision.SAME, "strength": Strength.STRONG}
    record(database, alert("XI", **strong), "XI")
    record(database, alert("DE"), "DE")
    found = only(database)
    assert (found.decision, found.strength) == (MatchDecision.SAME, Strength.STRONG)


def test_an_alert_from_elsewhere_means_that_they_know(database: Database) -> None:
    """What was kept to ourselves is known on the other side once they or a hub raise it."""
    record(database, alert(), told=Told.NO)
    assert only(database).remedy is not None
    record(database, alert("XI"), "XI")
    assert (only(database).told, only(database).remedy) == (Told.YES, None)


def test_a_verdict_is_due_in_two_days(database: Database) -> None:
    """Unless the alert names an instant; overdue is what we owe and have not given."""
    record(database, alert())
    due = CREATED + 48 * HOUR_MS
    assert only(database).due == due
    assert (only(database).overdue(due - 1), only(database).overdue(due)) == (False, True)
    rule(database, "DE", Verdict.CONFIRMED)
    assert only(database).overdue(due)
    give(database, Verdict.CONFIRMED)
    assert not only(database).overdue(due)


def test_a_verdict_goes_to_the_other_party_and_to_who_raised_it(database: Database) -> None:
    """It names the pair and the two notifications, and waits in the outbox."""
    record(database, alert())
    record(database, alert("XI"), "XI")
    made = give(database, Verdict.CONFIRMED)
    assert made.head.recipients == ("DE", "XI")
    assert (made.pair, made.notifications) == (PAIR, tuple(sorted((OURS, THEIRS))))
    with database.read() as connection:
        assert [decode(p.record) for p in publications.pending(connection, 9)] == [made]
    assert (only(database).state, only(database).our_verdict) == (State.CONFIRMED, "confirmed")


def test_who_was_not_told_of_the_pair_is_not_told_of_the_verdict(database: Database) -> None:
    """A verdict must not disclose what the alert did not."""
    record(database, alert(), told=Told.NO)
    assert give(database, Verdict.REFUTED).head.recipients == ()


def test_a_verdict_can_be_changed(database: Database) -> None:
    """The later one of a party counts, in whichever order they are read."""
    record(database, alert())
    give(database, Verdict.NEEDS_MORE)
    assert only(database).state is State.NEEDS_MORE
    give(database, Verdict.CONFIRMED, CREATED + 9)
    assert not rule(database, "FR", Verdict.REFUTED, CREATED + 7)
    assert only(database).state is State.CONFIRMED


def test_a_refutation_by_either_side_stands(database: Database) -> None:
    """One party that compared and says no is enough."""
    record(database, alert())
    give(database, Verdict.CONFIRMED)
    assert rule(database, "DE", Verdict.REFUTED)
    assert only(database).state is State.REFUTED


def test_only_a_party_is_heard(database: Database) -> None:
    """A verdict of a third jurisdiction, or on a pair that is not here, changes nothing."""
    assert not rule(database, "DE", Verdict.REFUTED)
    record(database, alert())
    assert not rule(database, "PH", Verdict.REFUTED)
    assert only(database).state is State.OPEN


def test_a_verdict_needs_its_alert(database: Database) -> None:
    """A pair that is not here is refused, with where to look."""
    with pytest.raises(InputRefused) as refused:
        give(database, Verdict.CONFIRMED)
    assert str(refused.value) == (
        "there is no alert with this pair id; "
        "`liaison alerts list` shows the pairs; the id is in the column PAIR"
    )


def test_alerts_are_found_by_pair_and_by_either_reference(database: Database) -> None:
    """An officer has one of three names at hand."""
    record(database, alert())
    with database.read() as connection:
        found = [alerts.show(connection, name) for name in (PAIR, "FR-1", "DE-1", "PH-1")]
    assert list(map(len, found)) == [1, 1, 1, 0]


def test_new_ones_follow_the_ones_seen(database: Database) -> None:
    """The number of the last one seen is where to go on."""
    record(database, alert())
    seen = only(database).n
    with database.read() as connection:
        assert list(alerts.search(connection, after=seen)) == []
        assert list(alerts.search(connection, state=State.REFUTED)) == []
        assert len(list(alerts.search(connection, reference="FR-1", limit=1))) == 1


def test_the_parties_of_a_pair_are_known_by_its_alert(database: Database) -> None:
    """Who may give a verdict; nobody on a pair that is not here."""
    record(database, alert())
    with database.read() as connection:
        assert set(alerts.parties(connection, PAIR)) == {"FR", "DE"}
        assert not alerts.parties(connection, "none")
