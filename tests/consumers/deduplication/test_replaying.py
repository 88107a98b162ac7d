"""The match index made anew: the same links, told once, whatever comes in between."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing

import pytest

from consumers import casebook, inbox
from consumers.batch import Batch
from consumers.deduplication import EVIDENCE_VERSION, replaying, sql_copy
from consumers.deduplication.entry import ENTRY
from consumers.deduplication.index import Stats
from consumers.deduplication.links import Link
from consumers.deduplication.overview import overview, reading, stats
from consumers.deduplication.replaying import PLACE, Report
from consumers.deduplication.rocks import Beside, RocksStore
from schemas.errors import ConfigurationInvalid, Unreachable
from schemas.identities import pair_id
from schemas.markings import Relation, Verdict
from schemas.notifications import MatchVerdict, Notification, Recall
from tests.consumers.deduplication.support import (
    ANNA,
    ANNA_ABROAD,
    ANOTHER,
    DAY_MS,
    PICTURE,
    Node,
    pictured,
    subject,
    update,
)
from tests.fakes.notifications import CREATED, head

MakeNode = Callable[..., Node]
TYPES = ("identification", "match-alert", "match-verdict", "recall")
NOW = CREATED + 100 * DAY_MS
OURS, THEIRS = subject("FR-1", "FR", **ANNA), subject("DE-1", "DE", **ANNA_ABROAD)
OTHER, FARTHER = subject("FR-2", "FR", **ANOTHER), subject("PH-2", "PH", **ANOTHER)
PAIR = pair_id(OURS.head.id, THEIRS.head.id)
PAIR_2 = pair_id(OTHER.head.id, FARTHER.head.id)


def again(node: Node, said: list[str] | None = None) -> Report:
    heard = [] if said is None else said
    return replaying.replay(
        node.database, node.home, node.deduplicator, TYPES, now_ms=NOW, say=heard.append
    )


def pretend_compared(node: Node, *notifications: Notification) -> None:
    """As if older rules had found nothing in them: read by both, and not in the index."""
    with node.database.begin() as connection:
        inbox.admit(connection, "deduplication", node.batch(notifications))
    node.hold(*notifications, consumers=("casebook",))


def index_of(node: Node) -> dict[bytes, bytes]:
    """What is in the index, but for how it came there."""
    with closing(Beside(node.home / state_of(node).generation)) as store:
        return {key: value for key, value in store.scan(b"") if key not in (ENTRY, PLACE)}


def state_of(node: Node) -> sql_copy.State:
    with node.database.read() as connection:
        state = sql_copy.state(connection)
    assert state is not None
    return state


def links_in_sql(node: Node) -> list[Link]:
    with node.database.read() as connection:
        return list(sql_copy.links(connection))


def counts(node: Node) -> Stats:
    with node.database.read() as connection:
        return stats(connection)


def begun(node: Node) -> bool:
    with node.database.read() as connection:
        return overview(connection, TYPES).replay_begun


def verdict(by: str, found: Verdict, **more: object) -> MatchVerdict:
    made = head(f"verdict-{by}", origin=by, kind="match-verdict", created=CREATED + 5, **more)
    return MatchVerdict(made, PAIR, tuple(sorted((OURS.head.id, THEIRS.head.id))), found)


def busy(make_node: MakeNode) -> Node:
    """A node that has seen everything: pairs, an update, a cancellation, a recall, a verdict."""
    node = make_node("FR")
    gone, recalled = subject("DE-3", "DE", **ANNA), subject("DE-4", "DE", **ANNA)
    node.hold(OURS, OTHER, at=CREATED)
    node.hold(THEIRS, FARTHER, gone, recalled, at=CREATED + 1)
    node.hold(update(FARTHER, names=("Wyrobek Tomasz",), birth_date="2009-01-30"), at=CREATED + 2)
    node.hold(update(gone, relation=Relation.CANCEL, number=9), at=CREATED + 3)
    made = head("recall-1", origin="DE", kind="recall", created=CREATED + 10 * DAY_MS)
    node.hold(Recall(made, targets=(recalled.head.id,)), at=CREATED + 4)
    node.hold(verdict("DE", Verdict.CONFIRMED), at=CREATED + 5)
    return node


def test_the_same_rules_make_the_same_index(make_node: MakeNode) -> None:
    """Byte for byte, as often as it is repeated; nobody is told anything, nothing is left over."""
    node = busy(make_node)
    before, alerts, outbox = index_of(node), node.alerts(), node.outbox()
    for _ in range(2):
        report = again(node)
        assert (report.kept, report.changed, report.left, report.erased) == (2, (), 0, 0)
        assert (report.replayed, report.subjects) == (10, 4)
        assert index_of(node) == before
    assert (node.alerts(), node.outbox()) == (alerts, outbox)
    assert links_in_sql(node) == node.links()
    assert state_of(node).coming is None


def test_what_is_found_only_now_is_told_to_both_once(node: Node) -> None:
    """With a clock for the verdict that begins with the replay, not in the past."""
    node.hold(OTHER, FARTHER)
    told = len(node.outbox())
    pretend_compared(node, OURS, THEIRS)
    report = again(node)
    assert [(c.change, c.a, c.b, c.pair) for c in report.changed] == [
        ("added", "DE/DE-1", "FR/FR-1", PAIR)
    ]
    assert report.kept == 1
    (found,) = [one for one in node.alerts() if one.pair == PAIR]
    assert (found.received_at, found.due) == (NOW, NOW + 2 * DAY_MS)
    assert [made.head.recipients for made in node.outbox()[told:]] == [("DE",)]
    assert again(node).changed == ()
    assert len(node.outbox()) == told + 1


def test_near_pictures_that_only_the_new_index_has_are_found(node: Node) -> None:
    """The node that goes on searches those of the index that is in place now."""
    node.hold(subject("FR-3", **ANOTHER, **pictured(PICTURE)))
    anna = subject("FR-4", **ANNA, **pictured(PICTURE ^ 1))
    pretend_compared(node, anna)
    again(node)
    late = subject("DE-4", "DE", names=("Quincampoix",), **pictured(PICTURE ^ 2))
    node.hold(late)
    assert [link.pair for link in node.links()] == [pair_id(anna.head.id, late.head.id)]


def test_what_no_longer_suffices_is_taken_back(node: Node) -> None:
    """A link that the rules of now do not make is gone, and its alert says so."""
    node.hold(OURS, THEIRS, OTHER)
    (link,) = node.links()
    first, second = sorted((OURS.head.id, OTHER.head.id))
    pair = pair_id(first, second)
    with node.database.begin() as connection:
        sql_copy.put_link(connection, Link(pair, first, second, *_judgement(link)), ("FR", "FR"))
    report = again(node)
    assert [(one.change, one.pair) for one in report.changed] == [("removed", pair)]
    assert [link.pair for link in node.links()] == [PAIR]
    assert links_in_sql(node) == node.links()


def _judgement(link: Link) -> tuple[object, ...]:
    return link.total, link.decision, link.strength, link.evidence


def test_the_alert_of_a_removed_link_says_why(node: Node) -> None:
    """Here the old index did not know yet that the pair has changed."""
    node.hold(OURS, THEIRS)
    pretend_compared(node, update(THEIRS, **ANOTHER))
    assert [one.change for one in again(node).changed] == ["removed"]
    (alert,) = node.alerts()
    assert alert.retracted == "changed"


def test_what_was_erased_is_gone_and_its_alert_stays(node: Node) -> None:
    """Erasure is no evidence; the index no longer holds what the casebook may not."""
    brief = subject("DE-1", "DE", **ANNA_ABROAD, valid_until=CREATED + DAY_MS)
    node.hold(OURS, brief)
    with node.database.begin() as connection:
        casebook.expire(connection, CREATED + 2 * DAY_MS)
    report = again(node)
    assert (report.erased, report.subjects, report.kept) == (1, 1, 0)
    assert [(one.change, one.a) for one in report.changed] == [("erased", "DE/DE-1")]
    (alert,) = node.alerts()
    assert alert.retracted is None


def test_a_verdict_outlives_its_notification(node: Node) -> None:
    """A refuted pair stays refuted, although the verdict expired and was erased."""
    node.hold(OURS, THEIRS)
    node.hold(verdict("DE", Verdict.REFUTED, valid_until=CREATED + DAY_MS))
    with node.database.begin() as connection:
        casebook.expire(connection, CREATED + 2 * DAY_MS)
    assert again(node).changed == ()
    assert node.links() == []


def test_what_the_node_has_still_to_read_is_left_to_it(node: Node) -> None:
    """It is not in the new index before; when it comes, its pair is found and told."""
    node.hold(OURS)
    node.hold(THEIRS, consumers=("casebook",))
    report = again(node)
    assert (report.replayed, report.left, report.subjects) == (1, 1, 1)
    node.hold(THEIRS, consumers=("deduplication",))
    assert [alert.pair for alert in node.alerts()] == [PAIR]


def test_a_casebook_that_is_behind_is_waited_for(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was compared must not be lost; when the casebook has it, the replay goes on."""
    node.hold(OURS)
    node.hold(THEIRS, consumers=("deduplication",))
    before = index_of(node)
    monkeypatch.setattr(replaying, "TRIES", 1)
    with pytest.raises(Unreachable, match="1 notifications that were compared are not in") as told:
        again(node)
    assert "`liaison dedup status`" in str(told.value.remedy)
    assert index_of(node) == before
    monkeypatch.setattr(replaying, "TRIES", 2)
    monkeypatch.setattr(
        replaying.time, "sleep", lambda _: node.hold(THEIRS, consumers=("casebook",))
    )
    said: list[str] = []
    assert (again(node, said).kept, said) == (
        1, ["going on after the 1 notifications of an earlier replay"]
    )  # fmt: skip


def test_a_consumer_that_is_far_behind_is_waited_for(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the order stays that of the log; not one that does not go on: its node is down."""
    monkeypatch.setattr(replaying, "PAGE", 2)
    behind = [OTHER, FARTHER, THEIRS]
    node.hold(OURS)
    node.hold(*behind, consumers=("casebook",))
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        node.hold(behind.pop(0), consumers=("deduplication",))

    monkeypatch.setattr(replaying.time, "sleep", pause)
    report = again(node)
    assert (len(pauses), report.replayed, report.left) == (2, 3, 1)
    monkeypatch.setattr(replaying.time, "sleep", pauses.append)
    node.hold(subject("FR-5"), subject("FR-6"), subject("FR-7"), consumers=("casebook",))
    report = again(node)
    assert (len(pauses), report.replayed, report.left) == (2 + replaying.TRIES, 3, 4)


@pytest.mark.parametrize("pages", range(6))
def test_killed_anywhere_it_goes_on(
    make_node: MakeNode, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    """The node works on with the old index; the next replay ends with what both made."""
    node = busy(make_node)
    monkeypatch.setattr(replaying, "PAGE", 2)
    apply, done = replaying._apply, []

    def until(*arguments: object) -> None:
        done.append(arguments)
        if len(done) > pages:
            raise KeyboardInterrupt
        apply(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(replaying, "_apply", until)
    if pages < 5:
        with pytest.raises(KeyboardInterrupt):
            again(node)
        assert begun(node)
    else:
        again(node)
    late = subject("DE-7", "DE", names=("Tomasz Wyrobek",), birth_date="2009-01-30", sex="m")
    node.hold(late, at=CREATED + 50)
    monkeypatch.setattr(replaying, "_apply", apply)
    before, alerts = index_of(node), node.alerts()
    assert again(node).changed == ()
    assert (index_of(node), node.alerts()) == (before, alerts)
    assert len(node.links()) == 3
    assert not begun(node)


def test_what_comes_while_it_works_is_in_both(
    make_node: MakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read by the node after the pages and before the change of tables; or only by the casebook."""
    node = make_node("FR")
    node.hold(OURS, OTHER)
    node.hold(FARTHER, consumers=("casebook",))
    find = replaying._next

    def meanwhile(*arguments: object) -> list[casebook.Held]:
        rows = find(*arguments)  # type: ignore[arg-type]
        if not any(row.taken for row in rows):
            node.hold(FARTHER, consumers=("deduplication",))
            node.hold(THEIRS)
        return rows

    monkeypatch.setattr(replaying, "_next", meanwhile)
    report = again(node)
    assert (report.kept, report.left, report.changed) == (2, 0, ())
    assert {link.pair for link in node.links()} == {PAIR, PAIR_2}


def test_the_index_remembers_the_rules_that_made_it(node: Node) -> None:
    """An older one is due for a replay, after which it is not; an empty one never was."""
    with node.database.read() as connection:
        assert not overview(connection, TYPES).replay_due
    node.hold(OURS, THEIRS)
    begun_by(node, EVIDENCE_VERSION - 1)
    with node.database.read() as connection:
        assert overview(connection, TYPES).replay_due
    report = again(node)
    assert (report.version_before, report.version) == (EVIDENCE_VERSION - 1, EVIDENCE_VERSION)
    assert (report.kept, report.changed, len(node.outbox())) == (1, (), 1)
    assert counts(node).version == EVIDENCE_VERSION


def begun_by(node: Node, version: int) -> None:
    """As if a release with other rules had made the index."""
    with node.database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE match_state SET version = {version}")


def test_what_other_rules_began_is_not_gone_on_with(node: Node) -> None:
    """It begins anew, and takes away what is left over."""
    node.hold(OURS, THEIRS, OTHER, FARTHER)
    place = replaying._Place(version=EVIDENCE_VERSION - 1, after=4, replayed=4)
    with closing(RocksStore(node.home / "begun")) as store:
        store.write({b"m": b"{}", PLACE: place.dump()})
    with node.database.begin() as connection:
        sql_copy.announce(connection, "begun")
    before = index_of(node)
    said: list[str] = []
    assert (again(node, said).kept, said) == (2, [])
    assert index_of(node) == before
    assert not (node.home / "begun").exists()


def test_a_lost_index_is_made_anew(make_node: MakeNode) -> None:
    """The links in the database say what was told: nobody is told again, verdicts still hold."""
    node = busy(make_node)
    node.hold(verdict("FR", Verdict.REFUTED, valid_until=CREATED + DAY_MS), at=CREATED + 6)
    with node.database.begin() as connection:
        casebook.expire(connection, CREATED + 2 * DAY_MS)
    before, alerts, outbox = index_of(node), node.alerts(), node.outbox()
    node.journal.close()
    shutil.rmtree(node.home)
    with pytest.raises(ConfigurationInvalid, match="is not there") as refused:
        node.journal.open()
    assert "`liaison dedup replay`" in str(refused.value.remedy)
    with (
        node.database.read() as connection,
        pytest.raises(ConfigurationInvalid, match="is not there"),
        reading(connection, node.home),
    ):
        pass
    assert again(node).changed == ()
    assert (index_of(node), node.alerts(), node.outbox()) == (before, alerts, outbox)
    node.hold(subject("DE-8", "DE", names=("Tomasz Wyrobek",), birth_date="2009-01-30", sex="m"))
    assert len(node.outbox()) == len(outbox) + 1


def test_a_node_at_work_goes_over_to_the_new_index(node: Node) -> None:
    """What it had only in the former one is not lost: it is not told either, and read again."""
    node.hold(OURS, OTHER)
    former = state_of(node).generation
    node.journal.open()
    node.hold(THEIRS, consumers=("casebook",))
    node.journal.write(Batch(node.batch([THEIRS])))
    again(node)
    assert (node.home / former).exists()
    with pytest.raises(Unreachable), node.database.begin() as connection:
        node.journal.settle(connection)
    with pytest.raises(Unreachable):
        node.journal.write(Batch(node.batch([THEIRS])))
    assert node.alerts() == []
    node.hold(THEIRS, consumers=("deduplication",))
    assert [alert.pair for alert in node.alerts()] == [PAIR]
    assert [home.name for home in node.home.iterdir()] == [state_of(node).generation]
    assert state_of(node).generation != former


def test_other_evidence_for_the_same_decision_is_put_right(node: Node) -> None:
    """Quietly: the copy in the database is as the new index has it."""
    node.hold(OURS, THEIRS)
    (link,) = node.links()
    with node.database.begin() as connection:
        sql_copy.update(connection, link._replace(total=link.total + 1, version=link.version - 1))
    assert again(node).changed == ()
    assert links_in_sql(node) == [link]
    assert len(node.outbox()) == 1


def test_a_hub_replays_for_others(make_node: MakeNode) -> None:
    """It has no alerts of its own, and tells both sides of what it finds only now."""
    hub = make_node("XI", is_hub=True)
    pretend_compared(hub, OURS, THEIRS)
    assert [one.change for one in again(hub).changed] == ["added"]
    assert sorted(made.head.recipients for made in hub.outbox()) == [("DE",), ("FR",)]
    assert hub.alerts() == []
    again(hub)
    assert len(hub.outbox()) == 2
