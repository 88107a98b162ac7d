"""From identifications to links and alerts, on real SQLite files."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.alerts import State, Told
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.links import Link
from consumers.deduplication.rarity import NOTHING_KNOWN
from consumers.deduplication.store import MemoryStore
from producers.database import Connection
from schemas.identities import pair_id
from schemas.markings import (
    MatchDecision,
    Mode,
    Relation,
    Strength,
    SubjectStatus,
    Tlp,
    Urgency,
    Verdict,
)
from schemas.notifications import (
    DutyContact,
    Identification,
    Marking,
    MatchAlert,
    MatchVerdict,
    Notification,
    Recall,
)
from tests.consumers.deduplication.support import (
    ANNA,
    ANNA_ABROAD,
    ANOTHER,
    DAY_MS,
    Node,
    nothing_released,
    offender,
    subject,
    update,
)
from tests.fakes.notifications import CREATED, head

MakeNode = Callable[..., Node]
OURS = subject("FR-1", "FR", **ANNA)
THEIRS = subject("DE-1", "DE", **ANNA_ABROAD)
PAIR = pair_id(OURS.head.id, THEIRS.head.id)


def verdict(by: str, found: Verdict, *, at: int = CREATED + DAY_MS) -> MatchVerdict:
    made = head(f"verdict-{by}-{found}-{at}", origin=by, kind="match-verdict", created=at)
    roots = tuple(sorted((OURS.head.id, THEIRS.head.id)))
    return MatchVerdict(made, PAIR, roots, found)


def cancel(of: Identification) -> Identification:
    return update(of, relation=Relation.CANCEL, number=9)


def test_both_contact_points_are_told_of_a_pair(node: Node) -> None:
    """Our side is stored here, theirs goes to them alone, and each says what to ask whom."""
    node.read(OURS)
    node.read(THEIRS, at=CREATED + 7)
    (ours,) = node.alerts()
    assert (ours.reference, ours.their_reference, ours.jurisdiction) == ("FR-1", "DE-1", "DE")
    assert (ours.decision, ours.strength) == (MatchDecision.SAME, Strength.STRONG)
    assert (ours.told, ours.state, ours.raised_by) == (Told.YES, State.OPEN, ("FR",))
    assert (ours.received_at, ours.due) == (CREATED + 7, CREATED + 7 + 2 * DAY_MS)
    (sent,) = node.outbox()
    assert isinstance(sent, MatchAlert)
    assert sent.head.recipients == ("DE",)
    assert (sent.yours.reference, sent.theirs.reference) == ("DE-1", "FR-1")
    assert sent.theirs.contact == OURS.head.contact
    assert sent.pair == ours.pair == PAIR


def test_an_alert_has_no_identity_data(node: Node) -> None:
    """Neither name nor date nor identifier is anywhere in the bytes that leave."""
    node.read(OURS, THEIRS)
    (sent,) = node.outbox()
    text = str(sent.to_record()).casefold()
    assert not [word for word in ("quincampoix", "aur", "2012", "05-17") if word in text]


def test_the_order_within_a_batch_and_over_batches_changes_nothing(make_node: MakeNode) -> None:
    """One batch of two, two batches of one, and the other way round give the same link."""
    found = []
    for own, parts in (("FR", [(OURS, THEIRS)]), ("DE", [(THEIRS,), (OURS,)]), ("PH", [])):
        made = make_node(own)
        for part in parts:
            made.read(*part)
        found.append(made.links())
    assert found[0] == found[1] != found[2] == []


def test_what_is_told_once_is_not_told_again(node: Node) -> None:
    """An update that changes nothing about the pair is quiet."""
    node.read(OURS)
    node.read(THEIRS)
    node.read(update(THEIRS, **ANNA_ABROAD, nationalities=("FR",)))
    assert len(node.alerts()) == len(node.outbox()) == 1


def test_a_pair_that_becomes_certain_is_told_again(node: Node) -> None:
    """From please-compare to same is news, and the row shows the stronger."""
    ours = subject("FR-1", names=("Aurélie Quincampoix",))
    node.read(ours, THEIRS)
    assert [a.decision for a in node.alerts()] == [MatchDecision.COMPARE]
    node.read(update(ours, **ANNA))
    assert [a.decision for a in node.alerts()] == [MatchDecision.SAME]
    assert len(node.outbox()) == 2


def test_within_one_jurisdiction_nobody_is_alerted(node: Node) -> None:
    """Two of our own cases are linked, and there is no other contact point to tell."""
    node.read(OURS, subject("FR-2", **ANNA))
    assert len(node.links()) == 1
    assert node.alerts() == node.outbox() == []


def test_one_case_chain_is_one_subject(node: Node) -> None:
    """An update does not match what it updates."""
    node.read(OURS, update(OURS, **ANNA))
    assert node.links() == []


def test_actual_exercise_and_test_data_never_meet(node: Node) -> None:
    """The same person in an exercise is nobody outside it."""
    node.read(OURS, subject("DE-1", "DE", mode=Mode.EXERCISE, **ANNA_ABROAD))
    node.read(subject("DE-2", "DE", mode=Mode.TEST, **ANNA_ABROAD))
    assert node.links() == []


def test_a_node_leaves_pairs_of_others_alone(node: Node) -> None:
    """Two foreign subjects are no business of ours."""
    node.read(THEIRS, subject("PH-1", "PH", **ANNA))
    assert node.links() == node.outbox() == []


def test_a_hub_tells_both_sides_of_a_foreign_pair(make_node: MakeNode) -> None:
    """One notification per side, each to that side alone; the hub has no alert of its own."""
    hub = make_node("XI", is_hub=True)
    hub.read(OURS, THEIRS)
    sent = hub.outbox()
    assert sorted(s.head.recipients for s in sent) == [("DE",), ("FR",)]
    assert len({s.head.id for s in sent}) == 2
    assert hub.alerts() == []


def test_a_side_that_never_had_ours_is_not_told(make_node: MakeNode) -> None:
    """Only our officer learns of the pair, and is told what can be done."""
    node = make_node("FR", released=nothing_released)
    node.read(subject("FR-1", recipients=(), **ANNA), THEIRS)
    (alert,) = node.alerts()
    assert alert.told is Told.NO
    assert alert.remedy == (
        "DE was not told, because your case was never released to it: "
        "publish an update of it with DE among the recipients, or call"
    )
    assert node.outbox() == []


def test_a_side_is_told_when_ours_has_left(make_node: MakeNode) -> None:
    """While our notification is on its way the other side waits; then it is told, once."""
    left: set[str] = set()

    def released(_connection: Connection, notification: str, to: str) -> bool:
        return notification in left and to == "DE"

    node = make_node("FR", released=released)
    node.read(OURS, THEIRS)
    assert [a.told for a in node.alerts()] == [Told.LATER]
    assert node.outbox() == []
    left.add(OURS.head.id)
    node.read(subject("PH-9", "PH", **ANOTHER))
    node.read(subject("PH-8", "PH", **ANOTHER))
    assert [a.told for a in node.alerts()] == [Told.YES]
    assert len(node.outbox()) == 1


def test_a_hub_that_both_use_is_consent(make_node: MakeNode) -> None:
    """Ours went to the hub alone, theirs lists the hub too: both have agreed to be told."""

    def released(_connection: Connection, _notification: str, to: str) -> bool:
        return to == "XI"

    node = make_node("FR", released=released)
    node.read(subject("FR-1", recipients=("XI",), **ANNA), THEIRS)
    assert [a.told for a in node.alerts()] == [Told.YES]


def test_cancelling_takes_the_link_apart(node: Node) -> None:
    """A withdrawn case links with nothing, and its alert says so."""
    node.read(OURS, THEIRS)
    node.read(cancel(THEIRS))
    assert node.links() == []
    assert [a.retracted for a in node.alerts()] == ["withdrawn"]
    node.read(subject("PH-1", "PH", **ANNA))
    assert {a.jurisdiction for a in node.alerts()} == {"DE", "PH"}


def test_a_late_word_does_not_undo_a_cancellation(node: Node) -> None:
    """What is older than the cancellation stays unheard, in whichever order they come."""
    node.read(cancel(THEIRS))
    node.read(OURS, THEIRS)
    assert node.links() == []


def test_a_recall_takes_the_link_apart(node: Node) -> None:
    """The originator takes it back; a recall by anybody else changes nothing."""
    node.read(OURS, THEIRS)
    node.read(
        Recall(head("PH-R", origin="PH", kind="recall", created=CREATED + 1), (THEIRS.head.id,))
    )
    assert len(node.links()) == 1
    node.read(
        Recall(head("DE-R", origin="DE", kind="recall", created=CREATED + 1), (THEIRS.head.id,))
    )
    assert node.links() == []


def test_an_update_that_no_longer_fits_retracts(node: Node) -> None:
    """What is known now decides: another birth date and name end the link."""
    node.read(OURS, THEIRS)
    node.read(update(THEIRS, **ANOTHER))
    assert node.links() == []
    assert [a.retracted for a in node.alerts()] == ["changed"]


def test_a_refutation_holds(node: Node) -> None:
    """A refuted pair is not found again, neither by an update nor by a replay."""
    node.read(OURS, THEIRS, verdict("DE", Verdict.REFUTED))
    assert node.links() == []
    assert [(a.state, a.retracted) for a in node.alerts()] == [(State.REFUTED, "refuted")]
    node.read(update(THEIRS, **ANNA_ABROAD))
    assert node.links() == []
    assert len(node.outbox()) == 1


def test_a_verdict_may_come_before_the_pair(node: Node) -> None:
    """The log has no order across topics: a verdict waits for its pair."""
    node.read(verdict("DE", Verdict.REFUTED), OURS, THEIRS)
    assert node.links() == []
    node.read(verdict("DE", Verdict.CONFIRMED, at=CREATED + 2 * DAY_MS))
    assert [link.decision for link in node.links()] == [MatchDecision.SAME]


def test_a_confirmation_links_whatever_the_score(node: Node) -> None:
    """A must-link: the officers compared, and know more than the notifications say."""
    theirs = subject("DE-1", "DE", names=("A. Q.",))
    node.read(OURS, theirs, verdict("DE", Verdict.CONFIRMED))
    (link,) = node.links()
    assert (link.decision, link.strength) == (MatchDecision.SAME, Strength.STRONG)


def test_who_is_no_party_has_no_say(node: Node) -> None:
    """A verdict of a third jurisdiction neither ends a link nor marks an alert."""
    node.read(OURS, THEIRS, verdict("PH", Verdict.REFUTED))
    assert len(node.links()) == 1
    assert [(a.state, a.retracted) for a in node.alerts()] == [(State.OPEN, None)]


def test_the_stricter_marking_and_the_earlier_end_hold(node: Node) -> None:
    """An alert is handled as the more sensitive of its sides, and ends with the first of them."""
    node.read(
        subject("FR-1", marking=Marking(tlp=Tlp.GREEN), valid_until=CREATED + 9, **ANNA),
        subject("DE-1", "DE", marking=Marking(tlp=Tlp.AMBER_STRICT), **ANNA_ABROAD),
    )
    (sent,) = node.outbox()
    assert sent.head.marking.tlp is Tlp.AMBER_STRICT
    assert sent.head.valid_until == CREATED + 9


def test_a_child_that_is_not_safe_is_urgent(make_node: MakeNode) -> None:
    """A victim who is not safeguarded makes it urgent; a safe child or an offender does not."""
    said = []
    for own, status, make in (
        ("FR", None, subject),
        ("DE", SubjectStatus.SAFEGUARDED, subject),
        ("PH", None, offender),
    ):
        node = make_node(own, is_hub=True)
        node.read(make("A-1", "FR", **ANNA), make("B-1", "DE", status=status, **ANNA_ABROAD))
        said += [sent.head.urgency for sent in node.outbox()[:1]]
    assert said == [Urgency.URGENT, Urgency.ROUTINE, Urgency.ROUTINE]


def test_what_expired_before_the_other_came_is_not_compared(node: Node) -> None:
    """Nothing is released of what is no longer valid, so nothing is told of it either."""
    node.read(subject("FR-1", valid_until=CREATED + 5, **ANNA))
    node.read(THEIRS, at=CREATED + 5)
    assert node.links() == []


def test_an_alert_from_elsewhere_shows_with_ours(node: Node, make_node: MakeNode) -> None:
    """What the hub and the other side raised of the same pair is one alert, with all raisers."""
    hub, other = make_node("XI", is_hub=True), make_node("DE")
    for place in (node, hub, other):
        place.read(OURS, THEIRS)
    node.read(*(sent for place in (hub, other) for sent in place.outbox()
                if sent.head.recipients == ("FR",)))  # fmt: skip
    (alert,) = node.alerts()
    assert alert.raised_by == ("DE", "FR", "XI")


def test_an_alert_for_somebody_else_is_not_ours(node: Node, make_node: MakeNode) -> None:
    """An alert whose side is another jurisdiction's is not shown here."""
    hub = make_node("XI", is_hub=True)
    hub.read(OURS, THEIRS)
    node.read(*(sent for sent in hub.outbox() if sent.head.recipients == ("DE",)))
    assert node.alerts() == []


def test_their_contact_is_the_directory_s_where_the_case_names_none(node: Node) -> None:
    """Somebody can always be called."""
    node.read(OURS, subject("DE-1", "DE", contact=None, **ANNA_ABROAD))
    assert [a.contact for a in node.alerts()] == [DutyContact(unit="Desk DE")]


PEOPLE = (
    OURS,
    THEIRS,
    subject("PH-1", "PH", **ANNA),
    subject("PH-2", "PH", **ANOTHER),
    subject("FR-2", "FR", **ANOTHER),
    update(OURS, **ANOTHER),
    update(THEIRS, **ANNA_ABROAD, number=2),
    verdict("DE", Verdict.REFUTED),
    verdict("FR", Verdict.CONFIRMED, at=CREATED + 2 * DAY_MS),
    verdict("DE", Verdict.NEEDS_MORE, at=CREATED + 3 * DAY_MS),
)


def links_after(make_node: MakeNode, batches: list[list[Notification]]) -> list[Link]:
    node = make_node("XI", is_hub=True, rarity=lambda _index: NOTHING_KNOWN)
    index = KeyIndex(MemoryStore())
    for batch in batches:
        with node.database.read() as connection:
            node.deduplicator.effect(connection, index, node.batch(batch))
        index.flush()
    return list(index.links())


fast = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@fast
@given(order=st.permutations(PEOPLE), cuts=st.integers(1, 6))
def test_any_order_and_any_batches_give_the_same_links(
    make_node: MakeNode, order: list[Notification], cuts: int
) -> None:
    """With frequencies frozen, links are a function of what was said, not of when it came."""
    batches = [list(order[i : i + cuts]) for i in range(0, len(order), cuts)]
    assert links_after(make_node, batches) == links_after(make_node, [list(PEOPLE)])


@fast
@given(gone=st.sets(st.sampled_from([0, 1, 2, 3, 4])), cuts=st.integers(1, 6))
def test_what_is_withdrawn_was_never_there(make_node: MakeNode, gone: set[int], cuts: int) -> None:
    """With frequencies frozen, inserting everything and withdrawing some is never having it."""
    everything: list[Notification] = list(PEOPLE[:5])
    everything += [cancel(person) for i, person in enumerate(PEOPLE[:5]) if i in gone]
    batches = [everything[i : i + cuts] for i in range(0, len(everything), cuts)]
    kept = [person for i, person in enumerate(PEOPLE[:5]) if i not in gone]
    assert links_after(make_node, batches) == links_after(make_node, [kept])


def test_a_replay_makes_the_same_alerts(make_node: MakeNode) -> None:
    """The same log on an empty database gives the same ids and the same bytes."""
    first = make_node("FR")
    first.read(OURS, THEIRS)
    sent = first.outbox()
    first.forget()
    first.read(THEIRS)
    first.read(OURS)
    assert first.outbox() == sent
