"""What arrivals, withdrawals and verdicts change in the graph of links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.deduplication import records
from consumers.deduplication.deduplicator import subject_of
from consumers.deduplication.engine import Change, Engine, counted
from consumers.deduplication.groups import groups
from consumers.deduplication.index import MatchIndex
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.keys import keys_of
from consumers.deduplication.links import Link, Retraction, Ruling, Subject, link
from consumers.deduplication.rarity import NOTHING_KNOWN, Rarity
from consumers.deduplication.store import MemoryStore
from schemas.markings import MatchDecision, Verdict
from tests.consumers.deduplication.support import (
    ANNA,
    ANNA_ABROAD,
    ANOTHER,
    PICTURE,
    pictured,
    subject,
)
from tests.consumers.deduplication.synthetic import abouts
from tests.fakes.notifications import CREATED

LATER = CREATED + 1_000_000
SAME = MatchDecision.SAME


def frozen(_index: MatchIndex) -> Rarity:
    """Frequencies that do not change: links do not depend on who came first."""
    return NOTHING_KNOWN


class Run:
    """An engine on an empty index, and what it told."""

    def __init__(self, rarity: Callable[[MatchIndex], Rarity] = frozen, **options: Any) -> None:
        self.index = KeyIndex(MemoryStore())
        self.engine = Engine(self.index, rarity=rarity, **options)

    def observe(self, *subjects: Subject) -> list[Change]:
        return [
            change
            for one in subjects
            for change in self.engine.observe(one, keys_of(one.features, one.mode.value))
        ]

    def withdraw(self, one: Subject, at: int = LATER) -> list[Change]:
        return list(self.engine.withdraw(one.root, one.origin, (at, 0, "cancel")))

    def rule(self, ruling: Ruling) -> list[Change]:
        return list(self.engine.rule(ruling))

    def links(self) -> list[Link]:
        return list(self.index.links())

    def bytes(self) -> bytes:
        """The links that count, as they are stored."""
        return orjson.dumps([records.dump_link(one) for one in self.links()])

    def groups(self) -> list[tuple[str, ...]]:
        same = (one for one in self.links() if one.decision is SAME)
        return groups(same, self.index.features)


def made(reference: str, origin: str = "FR", **about: Any) -> Subject:
    return subject_of(subject(reference, origin, **about), CREATED)


def told(changes: Iterable[Change]) -> list[tuple[str | None, bool]]:
    """The case at the other end of every change, and whether the link counts."""
    return [(c.other and c.other.reference, c.after.active) for c in changes]


def ruling(a: Subject, b: Subject, by: str, verdict: Verdict, at: int = CREATED) -> Ruling:
    first, second = sorted((a.root, b.root))
    return Ruling(first, second, by, verdict, at, f"{by}-{verdict}-{at}")


ONE, OTHER, STRANGER = (
    made("FR-1", **ANNA), made("DE-1", "DE", **ANNA_ABROAD), made("PH-1", "PH", **ANOTHER)
)  # fmt: skip


def test_who_arrives_is_not_among_those_who_came_before() -> None:
    """What only one other has is not rare by one less: the newcomer is no holder yet."""
    mail = {"identifiers": (("email", "somebody@courrier.example"),)}
    one, other = made("FR-1", **ANNA, **mail), made("DE-1", "DE", **ANNA_ABROAD, **mail)
    run = Run(counted)
    (change,) = run.observe(one, other)
    before = Rarity(1, dict.fromkeys(one.features.counted, 1).__getitem__)
    assert change.after == link(one, other, before)


def test_an_arrival_is_told_of_those_that_came_before() -> None:
    """Once, with the link as it is; a stranger is not told of."""
    run = Run()
    assert run.observe(STRANGER, ONE) == []
    (change,) = run.observe(OTHER)
    assert change == Change(None, link(ONE, OTHER), ONE)
    assert run.links() == [change.after]
    assert run.engine.compared >= 1


def test_an_older_word_changes_nothing() -> None:
    """Nor does the same word again, nor anybody else's about the case."""
    run = Run()
    run.observe(ONE, replace(OTHER, created=CREATED + 5))
    before = run.bytes()
    for word in (
        OTHER,
        replace(OTHER, created=CREATED + 5),
        replace(OTHER, features=STRANGER.features),
        replace(STRANGER, root=OTHER.root, created=LATER),
    ):
        assert run.observe(word) == []
        assert run.bytes() == before
    assert run.index.get(OTHER.root) == replace(OTHER, created=CREATED + 5)


def test_a_later_word_takes_back_what_no_longer_holds() -> None:
    """The link is retracted and told; when it holds again, it is the same link."""
    run = Run()
    run.observe(ONE, OTHER)
    before = run.bytes()
    changed = replace(OTHER, features=STRANGER.features, created=CREATED + 1)
    (change,) = run.observe(changed)
    assert (change.after.retracted, change.other) == (Retraction.CHANGED, ONE)
    assert run.links() == []
    assert told(run.observe(replace(OTHER, created=CREATED + 2))) == [("FR-1", True)]
    assert run.bytes() == before


@pytest.mark.parametrize("one", [ONE, OTHER])
def test_a_word_that_says_the_same_leaves_links_as_they_are(one: Subject) -> None:
    """A child that is safe now is no more frequent for it; nor is a pair that needs more."""
    run = Run(counted)
    run.observe(ONE, OTHER)
    assert run.observe(replace(one, created=CREATED + 1, safeguarded=True)) == []
    assert run.rule(ruling(ONE, OTHER, "DE", Verdict.NEEDS_MORE)) == []


def test_what_is_withdrawn_takes_its_links_along() -> None:
    """Told once; a word from before the withdrawal does not bring it back, a later one does."""
    run = Run()
    run.observe(ONE, OTHER)
    (change,) = run.withdraw(OTHER)
    assert (change.after.retracted, change.other) == (Retraction.WITHDRAWN, ONE)
    assert run.withdraw(OTHER) == []
    assert run.observe(replace(OTHER, created=LATER - 1)) == []
    assert run.links() == []
    assert told(run.observe(replace(OTHER, created=LATER + 1))) == [("FR-1", True)]


def test_only_its_own_jurisdiction_withdraws_a_case() -> None:
    """And not with a word that is older than the case."""
    run = Run()
    run.observe(ONE, OTHER)
    assert list(run.engine.withdraw(OTHER.root, "FR", (LATER, 0, "x"))) == []
    assert run.withdraw(OTHER, CREATED - 1) == []
    assert len(run.links()) == 1


def test_a_withdrawal_may_come_before_what_it_withdraws() -> None:
    """Then the case is never taken in."""
    run = Run()
    assert run.withdraw(OTHER) == []
    assert run.observe(ONE, OTHER) == []
    assert run.index.get(OTHER.root) is None


def test_a_confirmation_is_a_must_link() -> None:
    """Between strangers, too, whether it comes before or after the cases."""
    stranger = made("PH-2", "PH", names=("Tomasz Wyrobek",))
    said = ruling(ONE, stranger, "PH", Verdict.CONFIRMED)
    after, before = Run(), Run()
    after.observe(ONE, stranger)
    (change,) = after.rule(said)
    assert (change.before, change.after.decision) == (None, SAME)
    assert before.rule(said) == []
    before.observe(ONE, stranger)
    assert after.bytes() == before.bytes() != b"[]"
    assert after.groups() == [tuple(sorted((ONE.root, stranger.root)))]


def test_a_refutation_is_a_cannot_link() -> None:
    """It splits the group, and an update does not tie it again; others' words do not count."""
    run = Run()
    run.observe(ONE, OTHER)
    assert run.rule(ruling(ONE, OTHER, "PH", Verdict.REFUTED)) == []
    (change,) = run.rule(ruling(ONE, OTHER, "DE", Verdict.REFUTED))
    assert change.after.retracted is Retraction.REFUTED
    assert run.observe(replace(ONE, created=LATER)) == []
    assert (run.links(), run.groups()) == ([], [])


@pytest.mark.parametrize("pair", [(ONE, OTHER), (ONE, STRANGER)])
def test_a_verdict_is_taken_back_by_a_later_one_of_the_same_party(
    pair: tuple[Subject, Subject],
) -> None:
    """Then the pair is what it would be without; an older verdict changes nothing."""
    run, without = Run(), Run()
    for one in (run, without):
        one.observe(*pair)
    for verdict in (Verdict.CONFIRMED, Verdict.REFUTED):
        for at, found in ((2, verdict), (3, Verdict.NEEDS_MORE), (1, Verdict.REFUTED)):
            run.rule(ruling(*pair, "FR", found, LATER + 10 * (verdict == "refuted") + at))
        assert run.bytes() == without.bytes()


@pytest.mark.parametrize(
    ("near", "about", "compared"),
    [
        (PICTURE ^ (1 << 31) - 1, {"names": ("Quincampoix",)}, 1),
        (PICTURE ^ (1 << 31) - 1, {"names": ("Tomasz",), "birth_date": "2012"}, 1),
        (PICTURE ^ (1 << 32) - 1, {"names": ("Quincampoix",)}, 0),
        (PICTURE, {"names": ("Quincampoix",)}, 1),
        (PICTURE ^ 1, {"names": ("Tomasz",)}, 0),
        (PICTURE ^ 1, {}, 0),
    ],
)
def test_a_near_picture_brings_together_who_shares_a_word_or_the_year(
    near: int, about: dict[str, Any], compared: int
) -> None:
    """Whoever comes first; a picture alone brings nobody, nor one that is only like it."""
    both = [
        made("FR-1", **ANNA, **pictured(PICTURE)),
        made("DE-1", "DE", **about, **pictured(near)),
    ]
    for order in (both, both[::-1]):
        run = Run()
        run.observe(*order)
        assert run.engine.compared == compared
        assert [one.decision for one in run.links()] == [SAME] * (
            "Quincampoix" in str(about)
        ) * compared


def test_pairs_that_do_not_concern_are_not_compared() -> None:
    """A node compares what has a side of its own."""
    run = Run(concerns=lambda a, b: "PH" in (a.origin, b.origin))
    assert run.observe(ONE, OTHER) == []
    assert run.engine.compared == 0


subjects = st.lists(abouts, min_size=2, max_size=9).map(
    lambda listed: [made(f"X-{n}", ("FR", "DE", "PH")[n % 3], **a) for n, a in enumerate(listed)]
)


@st.composite
def verdicts(draw: st.DrawFn, among: Sequence[Subject]) -> list[Ruling]:
    """Verdicts of parties and others on pairs of ``among``; every one with its own instant."""
    found = []
    for at in range(draw(st.integers(0, 4))):
        a, b = draw(st.lists(st.sampled_from(among), min_size=2, max_size=2, unique_by=id))
        by = draw(st.sampled_from((a.origin, b.origin, "XI")))
        found.append(ruling(a, b, by, draw(st.sampled_from(Verdict)), CREATED + at))
    return found


@settings(max_examples=60)
@given(there=subjects, data=st.data())
def test_withdrawn_is_as_never_inserted(there: list[Subject], data: st.DataObject) -> None:
    """Of any subset, in any order, with verdicts: the same links, groups and counts are left."""
    gone = data.draw(st.lists(st.sampled_from(there), unique_by=id))
    said = data.draw(verdicts(there))
    run, without = Run(), Run()
    run.observe(*there)
    for ruled in said:
        run.rule(ruled)
        without.rule(ruled)
    for one in gone:
        run.withdraw(one)
    without.observe(*(one for one in there if one not in gone))
    assert run.bytes() == without.bytes()
    assert run.groups() == without.groups()
    assert list(run.index.subjects()) == list(without.index.subjects())
    for name in ("subjects", "keys", "links", "capped"):
        assert getattr(run.index.stats(), name) == getattr(without.index.stats(), name)


@settings(max_examples=60)
@given(there=subjects, data=st.data())
def test_the_order_of_arrival_makes_no_difference(
    there: list[Subject], data: st.DataObject
) -> None:
    """Of cases and verdicts alike, while frequencies are frozen."""
    events = [*there, *data.draw(verdicts(there))]
    found = []
    for order in (events, data.draw(st.permutations(events))):
        run = Run()
        for event in order:
            run.observe(event) if isinstance(event, Subject) else run.rule(event)
        found.append((run.bytes(), run.groups()))
    assert found[0] == found[1]


@settings(max_examples=40)
@given(there=subjects, data=st.data())
def test_after_updates_every_link_follows_from_what_is_said_now(
    there: list[Subject], data: st.DataObject
) -> None:
    """None is missing; one that no key would find any more is kept while the two still agree."""
    words = [
        replace(one, created=CREATED + 1, features=data.draw(st.sampled_from(there)).features)
        for one in data.draw(st.lists(st.sampled_from(there), unique_by=id))
    ]
    now = {one.root: one for one in (*there, *words)}
    run, without = Run(), Run()
    run.observe(*there, *words)
    without.observe(*now.values())
    found = run.links()
    assert found == [link(now[one.first], now[one.second]) for one in found]
    assert {one.pair for one in without.links()} <= {one.pair for one in found}
    before = run.bytes()
    assert run.observe(*there) == []
    assert run.bytes() == before


@settings(max_examples=40)
@given(there=subjects, data=st.data())
def test_a_replay_gives_the_same_bytes(there: list[Subject], data: st.DataObject) -> None:
    """With frequencies counted, too; and every link is told when it is made."""
    gone = data.draw(st.lists(st.sampled_from(there), unique_by=id, max_size=3))
    said = data.draw(verdicts(there))
    runs = []
    for _ in range(2):
        run = Run(counted)
        changes = run.observe(*there)
        for ruled in said:
            changes += run.rule(ruled)
        for one in gone:
            changes += run.withdraw(one)
        latest = {change.after.pair: change.after for change in changes}
        assert run.links() == [latest[p] for p in sorted(latest) if latest[p].active]
        runs.append((run.bytes(), [records.dump_link(c.after) for c in changes]))
    assert runs[0] == runs[1]
