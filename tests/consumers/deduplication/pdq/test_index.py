"""The index finds what is near, all of it and nothing else, whatever happened before."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from consumers.deduplication.pdq.index import PdqIndex
from consumers.deduplication.pdq.probe import plan
from schemas.errors import InputRefused, MalformedRecord
from tests.consumers.deduplication.pdq.brute import Bits, flipped, near, near_rows

CENTRES = (bytes(32), b"\xff" * 32, bytes(range(32)), b"\x0f\xa5" * 16)
"""So that near copies, and crowds of them, are common."""

hashes = st.builds(
    flipped,
    st.sampled_from(CENTRES),
    st.sets(st.integers(0, 255), max_size=40) | st.sets(st.integers(0, 24), max_size=12),
) | st.binary(min_size=32, max_size=32)


class Machine(RuleBasedStateMachine):
    """An index with a small tail, so that it is ordered anew all the time, beside a dict."""

    def __init__(self) -> None:
        super().__init__()
        self.index, self.model = PdqIndex(tail=8), dict[int, bytes]()
        self.given = 0

    @rule(pdq=hashes)
    def add(self, pdq: bytes) -> None:
        """One that is there keeps its number; a new one gets the next."""
        self._learn(pdq, self.index.add(pdq))

    @rule(batch=st.lists(hashes, max_size=30))
    def add_many(self, batch: list[bytes]) -> None:
        """As one by one, duplicates within the batch included."""
        for pdq, number in zip(batch, self.index.add_many(batch), strict=True):
            self._learn(pdq, number)

    def _learn(self, pdq: bytes, number: int) -> None:
        known = [n for n, other in self.model.items() if other == pdq]
        assert [number] == (known or [self.given])
        self.given += not known
        self.model[number] = pdq

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """What was taken out is not found again."""
        number = data.draw(st.sampled_from(sorted(self.model)))
        self.index.remove(number)
        del self.model[number]

    @rule()
    def restart(self) -> None:
        """What a store kept is all there is to it."""
        self.index = PdqIndex.load(self.index.dump(), tail=8)
        self.given = max(self.model, default=-1) + 1

    @rule(pdq=hashes, distance=st.integers(0, 31))
    def search(self, pdq: bytes, distance: int) -> None:
        """Found is what comparing with each of them finds."""
        assert self.index.search(pdq, distance) == near(self.model, pdq, distance)

    @rule()
    def search_each(self) -> None:
        """Everything that is there finds itself and its like."""
        for pdq in self.model.values():
            assert self.index.search(pdq) == near(self.model, pdq)

    @invariant()
    def counts(self) -> None:
        """The length is the number of distinct hashes."""
        assert len(self.index) == len(self.model)


Machine.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestMachine = Machine.TestCase


def corpus(kind: str, count: int) -> Bits:
    """Distinct hashes: even ones, or with what is the same in many pictures the same."""
    rng = np.random.default_rng(7)
    rows = rng.integers(0, 256, (count, 32), np.uint8)
    if kind == "one chunk":
        rows[:, :3] = 0
    elif kind == "half":
        rows[:, :16] = 0x5A
    elif kind == "crowd":
        rows = np.packbits(rng.random((count, 256), np.float32) < 0.12, axis=1)
    return rows


@pytest.mark.parametrize(
    ("kind", "count"),
    [("even", 50_000), ("one chunk", 200_000), ("half", 100_000), ("crowd", 40_000)],
)
def test_skew(kind: str, count: int) -> None:
    """Crowded buckets change nothing about what is found."""
    rows = corpus(kind, count)
    index, rng = PdqIndex(), np.random.default_rng(8)
    assert index.add_packed(rows.tobytes()).tolist() == list(range(len(rows)))
    for step in range(0, 24, 2):
        places = rng.choice(256, step + 8, replace=False)
        query = flipped(rows[rng.integers(len(rows))].tobytes(), places)
        found = index.search(query)
        assert found == near_rows(rows, query)
        assert bool(found) == (step + 8 <= 31) or kind == "crowd"


def test_growth() -> None:
    """The same is found when hashes came in batches of any size, and one by one."""
    rows, index = corpus("even", 30_000), PdqIndex(tail=256)
    cuts = [0, 1, 300, 301, 1000, 9000, 9100, 20_000, 29_950]
    for first, last in itertools.pairwise(cuts):
        index.add_packed(rows[first:last].tobytes())
    for row in rows[cuts[-1] :]:
        index.add(row.tobytes())
    assert len(index) == len(rows)
    for number in range(0, len(rows), 1000):
        query = flipped(rows[number].tobytes(), range(number % 32, number % 32 + 31))
        assert index.search(query) == near_rows(rows, query) == [(number, 31)]


def test_restart_in_blocks() -> None:
    """A store may give what it kept in blocks of any size and order; each hash is entered once."""
    rows = corpus("even", 20_000)
    cuts = [*range(0, 20_000, 3000), 20_000]
    blocks = [
        (np.arange(first, last, dtype=np.uint32), rows[first:last].tobytes())
        for first, last in itertools.pairwise(cuts)
    ]
    index = PdqIndex.load([*blocks[1:], blocks[0]])
    assert np.count_nonzero(index._slots) == len(index) == len(rows)
    assert index.add_packed(rows.tobytes()).tolist() == list(range(len(rows)))
    query = flipped(rows[7].tobytes(), range(31))
    assert index.search(query) == near_rows(rows, query) == [(7, 31)]


def test_a_viral_picture() -> None:
    """A picture seen thousands of times is one entry, and its many near copies are all found."""
    rng, index = np.random.default_rng(9), PdqIndex()
    assert {index.add(CENTRES[2]) for _ in range(5000)} == {0}
    copies = {flipped(CENTRES[2], rng.choice(256, 6, replace=False)) for _ in range(6000)}
    index.add_many(sorted(copies))
    assert len(index.search(CENTRES[2])) == len(index) == 1 + len(copies)


def test_planned_anew() -> None:
    """A chunk whose buckets are crowded is left out, and what that takes is made up for."""
    masks = np.array([0, 1, 2, 4, 8, 3, 5, 9, 6, 10, 12, 7, 11, 13, 14, 15], np.uint32)
    ends = np.array([1, 5, 11, 15, 16], np.int64)
    sizes = np.ones((11, 16), np.int64)
    sizes[4] = 100_000
    offsets = np.zeros((11, 18), np.uint32)
    offsets[:, 1:17] = np.cumsum(sizes, axis=1)
    query = np.zeros((1, 4), np.uint64)
    radii, cost = plan.py_func(offsets, 4, masks, ends, query, 2_000_000)
    assert radii[4] == -1
    assert sum(radii + 1) >= 32
    assert cost < 100_000


def test_erased() -> None:
    """What was removed is in no dump, and overwritten."""
    index = PdqIndex(tail=4)
    index.add_many(CENTRES)
    index.remove(2)
    kept = [(n.tolist(), packed) for n, packed in index.dump()]
    assert kept == [([0, 1, 3], CENTRES[0] + CENTRES[1] + CENTRES[3])]
    assert CENTRES[2] not in index._words[:4].astype(">u8").tobytes()
    assert index.search(CENTRES[2], 0) == []
    assert index.add(CENTRES[2]) == 4


def test_much_removed() -> None:
    """When most was removed the rest is ordered anew, in fewer bytes."""
    rows, index = corpus("even", 5000), PdqIndex(tail=64)
    index.add_packed(rows.tobytes())
    before = index.nbytes
    for number in range(4900):
        index.remove(number)
    assert index.nbytes < before
    assert [index.search(row.tobytes()) for row in rows[4900:]] == [
        [(number, 0)] for number in range(4900, 5000)
    ]


@pytest.mark.parametrize("pdq", [b"", bytes(31), bytes(33)])
def test_refuses_other_lengths(pdq: bytes) -> None:
    """Anything but 32 bytes is refused before anything is changed."""
    index = PdqIndex()
    text = (
        f"a PDQ hash has 32 bytes; this one has {len(pdq)}; "
        "give the bytes that its 64 hexadecimal digits stand for"
    )
    for call in (index.add, index.search, lambda bad: index.add_many([bytes(32), bad])):
        with pytest.raises(InputRefused) as refused:
            call(pdq)
        assert str(refused.value) == text
    with pytest.raises(InputRefused) as refused:
        index.add_packed(bytes(32) + b"!")
    assert str(refused.value) == (
        "packed PDQ hashes have 32 bytes each; 33 is no multiple of that; "
        "give whole hashes, one after the other"
    )
    assert len(index) == 0


@pytest.mark.parametrize("distance", [-1, 32])
def test_refuses_other_distances(distance: int) -> None:
    """Farther than what the chunks guarantee would not be exact."""
    with pytest.raises(InputRefused) as refused:
        PdqIndex().search(bytes(32), distance)
    assert str(refused.value) == (
        f"PDQ hashes are found at a distance of 0 to 31, not {distance}; "
        "give a distance in this range"
    )


@pytest.mark.parametrize("number", [-1, 0, 2, 5000])
def test_refuses_to_remove_what_is_not_there(number: int) -> None:
    """A number that was not given, or was taken out, is not removed."""
    index = PdqIndex()
    index.add_many(CENTRES[:2])
    index.remove(0)
    with pytest.raises(InputRefused) as refused:
        index.remove(number)
    assert str(refused.value) == (
        f"no PDQ hash has the number {number}; give a number from add or search"
    )
    assert len(index) == 1


def test_a_torn_store() -> None:
    """A block with a hash too few is refused."""
    with pytest.raises(MalformedRecord) as refused:
        PdqIndex.load([(np.arange(2, dtype=np.uint32), bytes(32))])
    assert str(refused.value) == (
        "a block of stored PDQ hashes has not one hash for each number; "
        "rebuild the index from the notifications"
    )
