"""Near pictures over a store: what is found, what is a crowd, and what memory may not change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from consumers.deduplication import picture_index
from consumers.deduplication.picture_index import MAX_NEAR, PictureIndex
from consumers.deduplication.store import MemoryStore, Overlay

HERE = int("5a" * 32, 16)
FEW = 3

pictures = st.builds(
    lambda centre, bits: centre ^ sum(1 << bit for bit in bits),
    st.sampled_from((0, HERE, (1 << 256) - 1)),
    st.sets(st.integers(0, 40), max_size=3) | st.sets(st.integers(0, 255), max_size=40),
)
sets = st.lists(pictures, min_size=1, max_size=4, unique=True)


def copies(count: int, step: int = 7) -> list[int]:
    """So many different near copies of one picture, all near one another."""
    return [HERE ^ 1 << n * step % 256 for n in range(count)]


class Run:
    """The pictures of a store, from a start to the end, and what is not written yet."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self.store = store or MemoryStore()
        self.records = Overlay(self.store)
        self.index = PictureIndex(self.records)

    def observe(self, found: Sequence[int], seen_at: int = 0) -> list[int]:
        near = self.index.find(found)
        self.index.enter(found, seen_at)
        return near

    def again(self) -> Run:
        """After a restart."""
        self.records.flush()
        return Run(self.store)

    @property
    def held(self) -> int:
        return len(self.index._loaded())


def test_the_nearest_come_first_and_none_of_ones_own() -> None:
    """By distance, then by value; what is 32 bits away is another picture."""
    run = Run()
    far, near, edge = HERE ^ (1 << 32) - 1, HERE ^ 3 << 200, HERE ^ (1 << 31) - 1
    for picture in (far, edge, near, HERE):
        run.observe([picture])
    assert run.index.find([HERE]) == [near, edge]
    assert run.index.find([HERE, near]) == [edge]
    assert run.index.find([HERE ^ 1]) == [HERE, near, edge, far]


def test_what_the_last_subject_gave_up_is_not_found() -> None:
    """As long as one has it, it is."""
    run = Run()
    for _ in range(2):
        run.observe([HERE])
    run.index.leave([HERE])
    assert run.index.find([HERE ^ 1]) == [HERE]
    run.index.leave([HERE])
    assert run.index.find([HERE ^ 1]) == []
    run.index.leave([HERE])
    run.observe([HERE])
    assert run.index.find([HERE ^ 1]) == [HERE]


def test_a_picture_with_too_many_near_copies_is_a_crowd_on_record() -> None:
    """Up to then all are found; from then on none, it is counted how often, and it stays so."""
    run = Run()
    sizes = [len(run.observe([one], at)) for at, one in enumerate(copies(MAX_NEAR + 4))]
    assert sizes == [*range(MAX_NEAR + 1), MAX_NEAR, 0, 0]
    ((crowd, record),) = run.index.crowds()
    assert (crowd, record.kind) == (copies(MAX_NEAR + 2)[-1], "near-picture")
    assert (record.since, record.refused) == (MAX_NEAR + 1, 3)
    run.index.leave(copies(MAX_NEAR + 4))
    assert run.index.find([HERE]) == []
    assert run.observe([HERE]) == []
    assert [one.refused for _, one in run.index.crowds()] == [4]


def test_of_a_crowd_memory_has_one_picture() -> None:
    """However many copies come; the same after a restart."""
    run = Run()
    for one in copies(200, 1):
        run.observe([one])
    run.observe([0])
    assert run.held == run.again().held == 2


def test_what_is_entered_unasked_is_there_once() -> None:
    """Also where the store is read only then."""
    run = Run()
    run.observe([HERE])
    again = run.again()
    again.index.enter([HERE ^ 1], 0)
    assert again.held == 2


class Machine(RuleBasedStateMachine):
    """Pictures that come and go, over starts, beside a count and a list of crowds."""

    def __init__(self) -> None:
        super().__init__()
        self.patched = patch.object(picture_index, "MAX_NEAR", FEW)
        self.patched.start()
        self.run = Run()
        self.counts: Counter[int] = Counter()
        self.crowds: dict[int, int] = {}
        self.kept = (self.counts.copy(), self.crowds.copy())

    def teardown(self) -> None:
        self.patched.stop()

    @rule(found=sets)
    def observe(self, found: list[int]) -> None:
        """Finds what it should, and takes the pictures in."""
        near, crowded = self._expected(found)
        assert self.run.observe(found) == near
        for picture in found:
            self.counts[picture] += 1
            crowd = self._crowd(picture)
            if crowd is not None:
                self.crowds[crowd] += 1
            elif picture in crowded:
                self.crowds[picture] = 1

    @precondition(lambda self: self.counts)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        """A subject goes."""
        picture = data.draw(st.sampled_from(sorted(self.counts)))
        self.run.index.leave([picture])
        self.counts -= Counter([picture])

    @rule()
    def keep(self) -> None:
        """What changed is written."""
        self.run.records.flush()
        self.kept = (self.counts.copy(), self.crowds.copy())

    @rule()
    def fail(self) -> None:
        """What changed since is forgotten."""
        self.counts, self.crowds = self.kept[0].copy(), self.kept[1].copy()
        self.run = Run(self.run.store)

    @rule()
    def restart(self) -> None:
        """When everything is written."""
        self.keep()
        self.run = self.run.again()

    @invariant()
    def crowds_are_on_record(self) -> None:
        """Each, with how often it was met."""
        assert {p: one.refused for p, one in self.run.index.crowds()} == self.crowds

    def _expected(self, found: list[int]) -> tuple[list[int], list[int]]:
        pairs: list[tuple[int, int]] = []
        crowded = []
        for picture in found:
            near = [] if self._crowd(picture) is not None else sorted(self._near(picture, found))
            pairs += near[:FEW]
            crowded += [picture] if len(near) > FEW else []
        return list(dict.fromkeys(other for _, other in sorted(pairs))), crowded

    def _near(self, picture: int, but: list[int]) -> Iterator[tuple[int, int]]:
        for other in self.counts:
            distance = (other ^ picture).bit_count()
            if distance <= 31 and other not in but and self._crowd(other) is None:
                yield distance, other

    def _crowd(self, picture: int) -> int | None:
        near = [((p ^ picture).bit_count(), p) for p in self.crowds]
        return min((pair for pair in near if pair[0] <= 31), default=(0, None))[1]


Machine.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestMachine = Machine.TestCase


@pytest.mark.parametrize("count", [1, 2**32 - 1])
def test_counts_are_what_their_records_hold(count: int) -> None:
    """A count is never below nothing, whatever other rules once entered."""
    run = Run()
    run.records.change({picture_index.place_of(HERE): count.to_bytes(4, "little")})
    run.index.leave([HERE])
    run.index.leave([HERE ^ 1])
    assert run.index.find([HERE ^ 3]) == ([HERE] if count > 1 else [])
