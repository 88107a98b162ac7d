"""Who may see what in a briefing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.briefing.prepare import Briefing, prepare
from consumers.briefing.present import present
from consumers.briefing.redact import redact
from consumers.briefing.render_json import render_json
from consumers.briefing.selection import Asked, Selection
from consumers.briefing.words import texts
from schemas.identities import new_id
from schemas.markings import Handling, Mode, Relation, Role, Sensitivity, Strength, Tlp, Verdict
from schemas.notifications import (
    CASE_TYPES,
    TYPES,
    EvidenceKind,
    Identification,
    Marking,
    MatchAlert,
    Notification,
)
from tests.consumers.briefing.world import DAY, NOW, alert, case, policy, selection, verdict
from tests.fakes.notifications import CREATED
from tests.strategies import marked

EVERYTHING = frozenset(Sensitivity)


def for_germany(chosen: Selection, since: int | None = None, **release: Any) -> Briefing:
    return prepare(chosen, Asked(since=since), "DE", policy(**release), NOW)


def shown(made: Briefing) -> str:
    """Everything that reaches a paper, in both formats."""
    return render_json(made.document).decode() + "\n".join(texts(present(made.document)))


def test_own_notification_that_lists_the_reader() -> None:
    """A notification of ours is shown to whom it lists."""
    made = for_germany(selection(case("FR-1", recipients=("DE",))))
    assert [c.reference for c in made.document.cases] == ["FR-1"]
    assert made.left_out == {}


def test_own_notification_that_does_not_list_the_reader() -> None:
    """A notification of ours for others is left out and counted, by the rule of policy."""
    made = for_germany(selection(case("FR-1", recipients=("PH",))))
    assert made.document.cases == ()
    assert made.left_out == {"not-listed": 1}
    assert "FR-1" not in shown(made)


def test_fields_are_withheld_as_policy_says() -> None:
    """What policy does not release of a notification is not in the paper, and that is said."""
    release = {"contact-point": frozenset({Sensitivity.PUBLIC, Sensitivity.CASE})}
    made = for_germany(selection(case("FR-1", names=("Secret Name",))), release=release)
    assert "Secret Name" not in shown(made)
    assert made.document.subjects[0].withheld == ("contact", "identity", "match")


def test_own_jurisdiction_sees_everything() -> None:
    """Our own paper leaves nothing out."""
    chosen = selection(case("FR-1", recipients=()), case("PH-1", "PH", recipients=("FR",)))
    assert redact(chosen, "FR", policy(), NOW).selection == chosen


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"recipients": ("DE", "FR")}, None),
        ({"recipients": ("circle:eu",)}, None),
        ({"recipients": ("FR",)}, "received-not-for-them"),
        ({"recipients": ()}, "received-not-for-them"),
        (
            {"recipients": ("FR",), "marking": Marking(Tlp.AMBER, Handling.H2)},
            "received-handling-code",
        ),
        (
            {"recipients": ("FR",), "marking": Marking(Tlp.AMBER, Handling.H3)},
            "received-handling-code",
        ),
        (
            {"recipients": ("DE", "FR"), "marking": Marking(Tlp.RED, Handling.H1)},
            "received-tlp-red",
        ),
        ({"recipients": ("DE", "FR"), "valid_until": NOW}, "expired"),
    ],
)
def test_received_from_others(more: dict[str, Any], reason: str | None) -> None:
    """What others sent us is shown to whom they sent it too, if its marking allows."""
    made = for_germany(selection(case("PH-1", "PH", **more)))
    assert made.left_out == ({reason: 1} if reason else {})
    assert bool(made.document.cases) is (reason is None)


def test_received_from_the_reader() -> None:
    """What the reader sent us is the reader's own, whatever its marking."""
    made = for_germany(selection(case("DE-1", "DE", recipients=("FR",), marking=Marking())))
    assert [c.reference for c in made.document.cases] == ["DE-1"]


def test_link_needs_both_sides() -> None:
    """A link is shown when both its sides are, and not when one is not."""
    ours, theirs = case("FR-1", recipients=("DE",)), case("DE-1", "DE", recipients=("FR",))
    hidden = case("FR-2", recipients=("PH",))
    both, one = alert(ours, theirs), alert(hidden, theirs)
    made = for_germany(selection(ours, theirs, hidden, alerts=(both, one)))
    assert [link.pair for link in made.document.links] == [both.pair]
    assert made.left_out == {"link-side-not-visible": 1, "not-listed": 1}
    assert "FR-2" not in shown(made)


def test_link_to_a_case_of_the_reader_that_we_do_not_hold() -> None:
    """The reader's own side needs no copy here; somebody else's does."""
    ours = case("FR-1", recipients=("DE",))
    known = alert(ours, case("DE-1", "DE"))
    unknown = alert(ours, case("PH-1", "PH"))
    made = for_germany(selection(ours, alerts=(known, unknown)))
    assert [link.pair for link in made.document.links] == [known.pair]


def test_link_that_lies_about_a_side() -> None:
    """An alert that calls somebody else's case the reader's own is not believed."""
    ours, hidden = case("FR-1", recipients=("DE",)), case("FR-2", recipients=("PH",))
    false = alert(ours, hidden)
    false = replace(false, theirs=replace(false.theirs, jurisdiction="DE"))
    assert for_germany(selection(ours, hidden, alerts=(false,))).document.links == ()


def test_link_shows_no_more_than_its_sides() -> None:
    """What is withheld of one side is withheld of the link."""
    ours, theirs = case("FR-1"), case("DE-1", "DE")
    release = {"contact-point": frozenset({Sensitivity.PUBLIC, Sensitivity.IDENTITY})}
    made = for_germany(selection(ours, theirs, alerts=(alert(ours, theirs),)), release=release)
    link = made.document.links[0]
    assert link.evidence == ()
    assert [party.role for party in link.parties] == ["unknown", "unknown"]
    assert [party.contact for party in link.parties] == [None, None]


def test_link_of_a_case_with_a_hidden_update() -> None:
    """A link may rest on an update the reader may not see: then it is not shown."""
    ours, theirs = case("FR-1"), case("DE-1", "DE")
    hidden = case("FR-1", root=ours.head.root, relation=Relation.UPDATE, recipients=("PH",))
    after = alert(ours, theirs, head_created=CREATED + 1)
    assert for_germany(selection(ours, hidden, theirs, alerts=(after,))).document.links == ()
    later = hidden.with_head(created=CREATED + DAY)
    assert for_germany(selection(ours, later, theirs, alerts=(after,))).document.links


def test_link_that_no_longer_counts() -> None:
    """A link taken apart again is ours to know; nobody else's paper has it."""
    ours, theirs = case("FR-1"), case("DE-1", "DE")
    match = alert(ours, theirs)
    chosen = selection(ours, theirs, alerts=(match,), gone=frozenset({match.pair}))
    made = for_germany(chosen)
    assert (made.document.links, made.left_out) == ((), {"link-no-longer-counts": 1})
    own = prepare(chosen, Asked(), "FR", policy(), NOW).document
    assert [link.state for link in own.links] == ["withdrawn"]


def test_a_hidden_link_brings_no_case_into_the_paper() -> None:
    """What is asked for is decided by what the reader may see."""
    ours = case("FR-1", recipients=("DE",))
    partner = case("PH-1", "PH", recipients=("FR", "DE"))
    hidden = alert(ours, partner, head_marking=Marking(Tlp.AMBER, Handling.H2))
    chosen = selection(ours, partner, alerts=(hidden,))
    asked = Asked(references=("FR-1",))
    made = prepare(chosen, asked, "DE", policy(), NOW)
    assert [c.reference for c in made.document.cases] == ["FR-1"]
    assert len(prepare(chosen, asked, "FR", policy(), NOW).document.cases) == 2


def test_restricted_link_between_others() -> None:
    """An alert for us alone about two others is not passed on; to a party it is no news."""
    first, second = (
        case("FR-1", recipients=("DE", "PH")),
        case("DE-1", "DE", recipients=("FR", "PH")),
    )
    restricted = alert(first, second, head_marking=Marking(Tlp.AMBER, Handling.H2))
    chosen = selection(first, second, alerts=(restricted,))
    assert len(for_germany(chosen).document.links) == 1
    made = prepare(chosen, Asked(), "PH", policy(), NOW)
    assert made.document.links == ()
    assert made.left_out == {"link-restricted": 1}


def test_verdict_between_others() -> None:
    """A verdict goes to the parties; to others only if it was sent to them."""
    first, second = (
        case("FR-1", recipients=("DE", "PH")),
        case("DE-1", "DE", recipients=("FR", "PH")),
    )
    match = alert(first, second)
    said = verdict(match, "DE", Verdict.CONFIRMED)
    chosen = selection(first, second, alerts=(match,), verdicts=(said,))
    assert for_germany(chosen).document.links[0].state == "confirmed"
    made = prepare(chosen, Asked(), "PH", policy(), NOW)
    assert made.document.links[0].state == "open"
    assert made.left_out == {"verdict-not-for-them": 1}


def test_banner_is_the_strictest_of_what_is_included() -> None:
    """What is left out does not raise the marking: that would tell that it is there."""
    red = case("FR-2", recipients=("PH",), marking=Marking(Tlp.RED, Handling.H3))
    green = case("FR-1", marking=Marking(Tlp.GREEN, Handling.H0))
    made = for_germany(selection(green, red))
    assert (made.document.tlp, made.document.handling) == ("TLP:GREEN", "H0")
    assert prepare(selection(green, red), Asked(), "FR", policy(), NOW).document.tlp == "TLP:RED"


markings = st.builds(Marking, st.sampled_from(Tlp), st.sampled_from(Handling))
lists = st.lists(st.sampled_from(["DE", "PH", "FR", "XI", "circle:eu"]), unique=True, max_size=3)
released = st.frozensets(st.sampled_from(Sensitivity))


@st.composite
def held(draw: st.DrawFn) -> Selection:
    """Cases of three jurisdictions and links between them; every text names its own place."""
    cases = [_case(draw, number) for number in range(draw(st.integers(1, 5)))]
    ends = [c for c in cases if isinstance(c, Identification)]
    alerts: list[MatchAlert] = []
    for number in range(draw(st.integers(0, 3)) if ends else 0):
        first, second = draw(st.sampled_from(ends)), draw(st.sampled_from(ends))
        evidence = (EvidenceKind(f"Qlink{number}", Strength.STRONG),)
        alerts.append(alert(first, second, evidence=evidence, head_marking=draw(markings)))
    return selection(*cases, alerts=tuple(alerts))


def _case(draw: st.DrawFn, number: int) -> Notification:
    name = draw(st.sampled_from(CASE_TYPES))
    record = _renamed(marked(name), f"Q{number}x")
    made = TYPES[name].from_record(record)
    identity = new_id()
    return made.with_head(
        id=identity,
        root=identity,
        origin=draw(st.sampled_from(["FR", "DE", "PH"])),
        created=CREATED + number * DAY,
        recipients=tuple(draw(lists)),
        valid_until=draw(st.none() | st.sampled_from([NOW - 1, NOW + DAY])),
        marking=draw(markings),
        mode=Mode.ACTUAL,
        relation=Relation.NEW,
        predecessors=(),
    )


def _renamed(value: Any, mark: str) -> Any:
    if isinstance(value, str):
        return value.replace("§", mark)
    if isinstance(value, dict):
        return {key: _renamed(inner, mark) for key, inner in value.items()}
    return [_renamed(inner, mark) for inner in value] if isinstance(value, list) else value


def permitted(one: Notification, release: frozenset[Sensitivity]) -> frozenset[Sensitivity]:
    """What DE may see of a notification held by FR, written a second time and otherwise."""
    head = one.head
    if head.origin == "DE":
        return EVERYTHING
    named = set(head.recipients) | ({"DE"} if "circle:eu" in head.recipients else set())
    expired = head.valid_until is not None and head.valid_until <= NOW
    red = head.marking.tlp is Tlp.RED
    if "DE" not in named or expired:
        return frozenset()
    if red and (head.origin == "PH" or "DE" not in head.recipients):
        return frozenset()
    return release | {Sensitivity.PUBLIC}


@settings(max_examples=60, deadline=None)
@given(held(), released)
def test_nothing_withheld_is_anywhere(chosen: Selection, release: frozenset[Sensitivity]) -> None:
    """No text of a withheld field, an unlisted notification or a hidden link is in the paper."""
    text = shown(for_germany(chosen, release={"contact-point": release}))
    seen = [permitted(one, release) for one in chosen.cases]
    for number, allowed in enumerate(seen):
        for sensitivity in EVERYTHING - allowed:
            assert f"Q{number}x{sensitivity.value}" not in text
    whole = {one.head.id: allowed for one, allowed in zip(chosen.cases, seen, strict=True)}
    for number, link in enumerate(chosen.alerts):
        sides = whole[link.yours.notification], whole[link.theirs.notification]
        if not all(Sensitivity.CASE in allowed for allowed in sides):
            assert f"Qlink{number}" not in text


@settings(max_examples=50, deadline=None)
@given(held(), released, st.none() | st.integers(0, 4))
def test_what_is_left_out_leaves_no_trace(
    chosen: Selection, release: frozenset[Sensitivity], day: int | None
) -> None:
    """The paper is the same as if what is left out did not exist."""
    since = None if day is None else CREATED + day * DAY
    made = for_germany(chosen, since, release={"contact-point": release})
    visible = {one.head.id for one in chosen.cases if permitted(one, release)}
    without = replace(
        chosen,
        cases=tuple(one for one in chosen.cases if one.head.id in visible),
        alerts=tuple(
            link
            for link in chosen.alerts
            if {link.yours.notification, link.theirs.notification} <= visible
        ),
    )
    again = for_germany(without, since, release={"contact-point": release})
    assert again.document == made.document


def test_roles_are_not_offenders_by_default() -> None:
    """A role that is withheld shows as unknown."""
    release = {"contact-point": frozenset({Sensitivity.IDENTITY})}
    made = for_germany(selection(case("FR-1")), release=release)
    assert made.document.subjects[0].role == Role.UNKNOWN.value
