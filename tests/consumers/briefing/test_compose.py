"""What a briefing says about cases, links and time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consumers.briefing.links import questions
from schemas.markings import MatchDecision, Mode, Relation, SubjectStatus, Verdict
from schemas.notifications import (
    LastSeen,
    MediaHash,
    MissingChild,
    Notification,
    Takedown,
    TakedownStatus,
)
from tests.consumers.briefing.world import DAY, alert, case, document, verdict
from tests.fakes.notifications import CREATED, head


def follow(one: Notification, relation: Relation, days: int = 1, **more: Any) -> Any:
    """What comes after ``one`` in its chain."""
    later = head(
        one.head.reference,
        kind=one.head.type,
        root=one.head.root,
        relation=relation,
        predecessors=(one.head.id,),
        created=one.head.created + days * DAY,
        marking=one.head.marking,
    )
    return replace(one, head=later, **more)  # type: ignore[type-var]


def takedown(*steps: tuple[str, int], **more: Any) -> Takedown:
    history = tuple(TakedownStatus(status, CREATED + day * DAY, "DE") for status, day in steps)
    return Takedown(
        head("T-1", kind="takedown"), url="https://a.example/b", history=history, **more
    )


def test_a_chain_is_one_case() -> None:
    """An update replaces what is shown, and both are in the history."""
    first = case("FR-1")
    second = follow(first, Relation.UPDATE, status=SubjectStatus.SAFEGUARDED)
    shown = document(second, first).subjects
    assert [(c.status, c.opened, c.updated) for c in shown] == [
        ("safeguarded", "2025-10-09T08:53:20Z", "2025-10-10T08:53:20Z")
    ]
    assert [step.relation for step in shown[0].history] == ["new", "update"]


def test_a_root_of_somebody_else_is_not_shared() -> None:
    """Naming another jurisdiction's root does not get a notification into its chain."""
    ours = case("FR-1")
    theirs = case("DE-1", "DE", root=ours.head.root)
    assert len(document(ours, theirs).subjects) == 2


def test_a_cancelled_case_shows_nobody() -> None:
    """Of a cancelled case only its reference and history are left."""
    first = case("FR-1", names=("Alice Example",))
    shown = document(first, follow(first, Relation.CANCEL)).subjects[0]
    assert (shown.state, shown.names, shown.reference) == ("cancelled", (), "FR-1")


def test_an_expired_case_shows_nobody() -> None:
    """A case that expired before the briefing's instant is named and no more."""
    old = case("FR-1", valid_until=CREATED + DAY)
    assert document(old, as_of_ms=CREATED + DAY).subjects[0].state == "expired"
    assert document(old, as_of_ms=CREATED + DAY - 1).subjects[0].names


@pytest.mark.parametrize(
    ("steps", "status", "pending", "age"),
    [
        ((), "open", True, 9),
        ((("reported", 0), ("notified", 2)), "notified", True, 9),
        ((("reported", 0), ("removed", 3)), "removed", False, 3),
        ((("removed", 3), ("reappeared", 5)), "reappeared", True, 9),
        ((("reported", -2),), "reported", True, 11),
    ],
)
def test_age_of_takedowns(
    steps: tuple[tuple[str, int], ...], status: str, pending: bool, age: int
) -> None:
    """A takedown ages from its first step until it is done, else until the briefing."""
    shown = document(takedown(*steps), as_of_ms=CREATED + 9 * DAY + DAY // 2).takedowns[0]
    assert (shown.status, shown.pending, shown.age_days) == (status, pending, age)


def test_oldest_pending_takedown_first() -> None:
    """What has waited longest stands first; what is done, last."""
    old = replace(takedown(), head=head("T-0", kind="takedown", created=CREATED - DAY))
    done = replace(
        takedown(("removed", 0)), head=head("T-2", kind="takedown", created=CREATED - 9 * DAY)
    )
    shown = document(takedown(), done, old).takedowns
    assert [c.reference for c in shown] == ["T-0", "T-1", "T-2"]


def test_missing_child() -> None:
    """Days are counted from when the child was last seen."""
    child = MissingChild(
        head("M-1", kind="missing-child"), last_seen=LastSeen(CREATED - 3 * DAY, "Station", "FR")
    )
    paper = document(child)
    assert paper.missing_children[0].age_days == 3
    assert [event.what for event in paper.timeline] == ["Child last seen", "Missing child reported"]


def test_as_of_is_what_it_is_told() -> None:
    """The instant, and with it the bytes, follow from the newest notification."""
    assert document(case("FR-1"), case("FR-2", created=CREATED + DAY)).as_of[:10] == "2025-10-10"


def test_alerts_of_one_pair_are_one_link() -> None:
    """However many nodes saw it, and from whichever side: one link, by the newest rules."""
    a, b = case("FR-1"), case("DE-1", "DE")
    older = alert(a, b)
    newer = alert(b, a, evidence_version=2, decision=MatchDecision.COMPARE)
    (link,) = document(a, b, alerts=(older, newer)).links
    assert link.decision == "compare"
    assert [p.reference for p in link.parties] == ["DE-1", "FR-1"]


@pytest.mark.parametrize(
    ("said", "state", "question"),
    [
        ({}, "open", "verdict"),
        ({"FR": Verdict.CONFIRMED}, "confirmed", "verdict"),
        ({"FR": Verdict.CONFIRMED, "DE": Verdict.CONFIRMED}, "confirmed", None),
        ({"FR": Verdict.REFUTED}, "refuted", None),
        ({"FR": Verdict.REFUTED, "DE": Verdict.CONFIRMED}, "contradictory", "contradictory"),
        ({"FR": Verdict.NEEDS_MORE, "DE": Verdict.NEEDS_MORE}, "open", "needs-more"),
        ({"PH": Verdict.REFUTED}, "open", "verdict"),
    ],
)
def test_verdicts(said: dict[str, Verdict], state: str, question: str | None) -> None:
    """Where a link stands, and what that leaves to ask; who is no party has no say."""
    a, b = case("FR-1"), case("DE-1", "DE")
    match = alert(a, b)
    verdicts = tuple(verdict(match, origin, found) for origin, found in said.items())
    paper = document(a, b, alerts=(match,), verdicts=verdicts)
    assert paper.links[0].state == state
    assert [q.kind for q in paper.questions] == ([question] if question else [])


def test_a_later_verdict_replaces() -> None:
    """A party may change its mind."""
    a, b = case("FR-1"), case("DE-1", "DE")
    match = alert(a, b)
    first = verdict(match, "FR", Verdict.CONFIRMED)
    second = verdict(match, "FR", Verdict.REFUTED, created=CREATED + 1)
    assert document(a, b, alerts=(match,), verdicts=(second, first)).links[0].state == "refuted"


def test_overdue() -> None:
    """A verdict that is due is the first thing asked, with whom one waits for and how long."""
    a, b = case("FR-1"), case("DE-1", "DE")
    match = alert(a, b)
    said = verdict(match, "FR", Verdict.CONFIRMED)
    paper = document(a, b, alerts=(match,), verdicts=(said,))
    assert questions(paper.links, CREATED + DAY)[0].kind == "verdict"
    (asked,) = questions(paper.links, CREATED + 5 * DAY)
    assert (asked.kind, asked.waiting_for, asked.days_overdue) == ("overdue", ("DE",), 3)


def test_link_of_a_cancelled_case() -> None:
    """When a side is withdrawn, so is the link, and nothing is asked about it any more."""
    a, b = case("FR-1"), case("DE-1", "DE")
    paper = document(a, follow(a, Relation.CANCEL), b, alerts=(alert(a, b),))
    assert paper.links[0].state == "withdrawn"
    assert paper.questions == ()


def test_exercise_is_said() -> None:
    """The mode is in the document."""
    assert document(case("FR-1")).mode == Mode.ACTUAL.value


def test_hashes_are_all_there() -> None:
    """The document has every hash, whatever a page shows of them."""
    hashes = tuple(MediaHash("sha256", f"{n:064x}") for n in range(40))
    assert len(document(replace(case("FR-1"), media_hashes=hashes)).subjects[0].media_hashes) == 40
