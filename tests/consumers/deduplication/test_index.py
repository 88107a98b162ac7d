"""One contract for the match index on every store: memory and disk, over several batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from consumers.deduplication.deduplicator import subject_of
from consumers.deduplication.index import MatchIndex
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.keys import Key, keys_of
from consumers.deduplication.links import Retraction, Ruling, Subject, link
from consumers.deduplication.rocks import RocksStore
from consumers.deduplication.store import MemoryStore
from schemas.identities import pair_id
from schemas.markings import Verdict
from tests.consumers.deduplication.support import (
    ANNA,
    ANNA_ABROAD,
    ANOTHER,
    PICTURE,
    pictured,
    subject,
)
from tests.fakes.notifications import CREATED

Open = Callable[[], AbstractContextManager[MatchIndex]]
CAP = 3


@pytest.fixture(params=["memory", "rocks"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the index for one batch."""
    memory = MemoryStore()

    @contextmanager
    def in_memory() -> Iterator[MatchIndex]:
        index = KeyIndex(memory, cap=CAP)
        yield index
        index.flush()

    @contextmanager
    def on_disk() -> Iterator[MatchIndex]:
        with closing(RocksStore(tmp_path / "index")) as store:
            index = KeyIndex(store, cap=CAP)
            yield index
            index.flush()

    return {"memory": in_memory, "rocks": on_disk}[request.param]


def a(reference: str, origin: str = "FR", **more: object) -> Subject:
    return subject_of(subject(reference, origin, **more), CREATED)


def keys(of: Subject) -> tuple[Key, ...]:
    return keys_of(of.features, of.mode.value)


ONE, OTHER, THIRD = a("FR-1", **ANNA), a("DE-1", "DE", **ANNA_ABROAD), a("PH-1", "PH", **ANOTHER)
LINK = link(ONE, OTHER)
assert LINK is not None
PAIR = LINK.pair


def roots(index: MatchIndex, of: Subject) -> set[str]:
    return {found.root for found in index.candidates(keys(of), of.features.birth)}


def ruling(by: str, found: Verdict, created: int = CREATED) -> Ruling:
    first, second = sorted((ONE.root, OTHER.root))
    return Ruling(first, second, by, found, created, f"{by}-{found}-{created}")


def test_who_shares_a_key_is_a_candidate(opened: Open) -> None:
    """Found at once and in a later transaction, whole; who shares none is not."""
    with opened() as index:
        index.put(ONE, keys(ONE))
        index.put(THIRD, keys(THIRD))
        assert roots(index, OTHER) == {ONE.root}
    with opened() as index:
        assert index.candidates(keys(OTHER), OTHER.features.birth) == [ONE]
        assert index.get(ONE.root) == ONE


def test_a_later_word_replaces_an_earlier_one(opened: Open) -> None:
    """Keys of what is no longer said find nobody, within a transaction and after it."""
    changed = a("FR-1", **ANOTHER, created=CREATED + 1)
    with opened() as index:
        index.put(ONE, keys(ONE))
    with opened() as index:
        index.put(changed, keys(changed))
        assert roots(index, OTHER) == set()
        assert roots(index, THIRD) == {ONE.root}
    with opened() as index:
        assert roots(index, OTHER) == set()
        index.put(ONE, keys(ONE))
        index.put(ONE, keys(ONE))
        assert roots(index, OTHER) == {ONE.root}
    with opened() as index:
        assert roots(index, OTHER) == {ONE.root}
        assert index.stats().keys == len(keys(ONE))


def test_what_is_withdrawn_leaves_its_age(opened: Open) -> None:
    """It is nobody's candidate any more; how late the withdrawal was is remembered."""
    with opened() as index:
        index.put(ONE, keys(ONE))
        assert index.age(ONE.root) == ONE.age
    with opened() as index:
        index.remove(ONE.root, "FR", (CREATED + 1, 1, "x"))
        assert roots(index, OTHER) == set()
    with opened() as index:
        assert index.get(ONE.root) is None
        assert index.age(ONE.root) == (CREATED + 1, 1, "x")
        assert index.age(OTHER.root) is None
        assert (index.stats().subjects, index.stats().keys) == (0, 0)


def test_an_over_frequent_key_is_capped_and_shown(opened: Open) -> None:
    """Beyond the limit it finds nobody, for ever, and is on record with how often it was met."""
    crowd = [
        a(f"FR-{n}", identifiers=(("wallet", "w-1"),), created=CREATED + n) for n in range(CAP + 3)
    ]
    for one in crowd:
        with opened() as index:
            index.put(one, keys(one))
    with opened() as index:
        (capped,) = index.quarantine()
        assert (capped.kind, capped.since, capped.refused) == ("wallet", CREATED, 3)
        assert roots(index, crowd[0]) == set()
        for one in crowd:
            index.remove(one.root, "FR", (CREATED + 99, 1, "x"))
        assert index.stats().capped == 1


def test_a_key_at_its_limit_still_finds(opened: Open) -> None:
    """The cap is the number of subjects that a key may have."""
    with opened() as index:
        for n in range(CAP):
            one = a(f"FR-{n}", identifiers=(("wallet", "w-1"),))
            index.put(one, keys(one))
        assert len(roots(index, a("FR-9", identifiers=(("wallet", "w-1"),)))) == CAP
        assert index.quarantine() == []


def test_near_pictures_are_found_as_long_as_somebody_has_them(opened: Open) -> None:
    """At once and in a later transaction; not those of who was withdrawn, or says no more so."""
    one, other = (a(f"FR-{n}", **ANNA, **pictured(PICTURE ^ n)) for n in (1, 6))
    with opened() as index:
        index.put(one, keys(one))
        assert index.near([PICTURE]) == [PICTURE ^ 1]
        index.put(other, keys(other))
    with opened() as index:
        assert index.near([PICTURE]) == [PICTURE ^ 1, PICTURE ^ 6]
        changed = a("FR-1", **ANNA, created=CREATED + 1)
        index.put(changed, keys(changed))
        assert index.near([PICTURE]) == [PICTURE ^ 6]
    with opened() as index:
        index.remove(other.root, "FR", (CREATED + 9, 0, "x"))
        assert index.near([PICTURE]) == []
    with opened() as index:
        assert index.near([PICTURE]) == []


def test_a_crowd_of_pictures_is_shown_as_a_capped_key(opened: Open) -> None:
    """With who has a near copy of it; it is told once, and counted."""
    crowd = [a(f"FR-{n}", names=(f"Nr{n}",), **pictured(PICTURE ^ 1 << n)) for n in range(28)]
    told = []
    for one in crowd:
        with opened() as index:
            index.near(one.features.pictures)
            index.put(one, keys(one))
            told += index.newly_capped()
    with opened() as index:
        (capped,) = index.quarantine()
        assert (capped.kind, capped.since, capped.refused) == ("near-picture", CREATED, 3)
        assert [(one.key, one.kind) for one in told] == [(capped.key, capped.kind)]
        assert index.stats().capped == 1
        assert isinstance(index, KeyIndex)
        assert list(index.holders(capped.key)) == crowd
        assert index.crowds_near(PICTURE) == [capped]
        assert index.crowds_near(PICTURE ^ (1 << 64) - 1 << 64) == []


def test_links_are_kept_by_pair_and_found_by_either_side(opened: Open) -> None:
    """A later link of a pair replaces the earlier; a retracted one is kept and does not count."""
    assert LINK is not None
    with opened() as index:
        index.put_link(LINK)
        assert index.links_of(ONE.root) == index.links_of(OTHER.root) == [LINK]
    retracted = LINK._replace(retracted=Retraction.REFUTED)
    with opened() as index:
        assert (index.link(PAIR), list(index.links())) == (LINK, [LINK])
        assert index.links_of(OTHER.root) == [LINK]
        index.put_link(retracted)
    with opened() as index:
        assert (index.link(PAIR), list(index.links())) == (retracted, [])
        assert (index.stats().links, index.stats().retracted) == (0, 1)
        assert index.link("none") is None


def test_rulings_are_kept_by_party_the_latest_of_each(opened: Open) -> None:
    """An older ruling of the same party changes nothing; the pair is found from either side."""
    with opened() as index:
        index.rule(ruling("FR", Verdict.CONFIRMED, CREATED + 5))
        index.rule(ruling("FR", Verdict.REFUTED))
    with opened() as index:
        index.rule(ruling("DE", Verdict.NEEDS_MORE))
        assert index.ruled_with(ONE.root) == [OTHER.root]
    with opened() as index:
        found = index.rulings(*sorted((ONE.root, OTHER.root)))
        assert [(r.jurisdiction, r.verdict) for r in found] == [
            ("DE", Verdict.NEEDS_MORE),
            ("FR", Verdict.CONFIRMED),
        ]
        assert index.ruled_with(THIRD.root) == []
        assert {r.pair for r in found} == {pair_id(ONE.root, OTHER.root)}


def test_preparing_changes_nothing(opened: Open) -> None:
    """Asking ahead, for what is there and what is not, gives the same answers."""
    with opened() as index:
        index.put(ONE, keys(ONE))
        index.rule(ruling("FR", Verdict.CONFIRMED))
    with opened() as index:
        index.prepare(
            {ONE.root, THIRD.root},
            [(keys(one), one.features.birth) for one in (ONE, THIRD)],
            ONE.features.counted,
        )
        assert index.candidates(keys(OTHER), OTHER.features.birth) == [ONE]
        assert index.get(THIRD.root) is None
        assert index.ruled_with(OTHER.root) == [ONE.root]
