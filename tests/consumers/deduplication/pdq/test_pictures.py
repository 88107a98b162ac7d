"""A set of hashes finds what is near, whether they are few or many, and while that changes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from consumers.deduplication.pdq.pictures import Pictures
from tests.consumers.deduplication.pdq.test_index import hashes

pictures = hashes.map(int.from_bytes)
NEVER = 1 << 30


class Machine(RuleBasedStateMachine):
    """Three sets beside a plain one: of few, of many, and one that grows from few to many."""

    def __init__(self) -> None:
        super().__init__()
        limits = (NEVER, 0, 24)
        self.sets = [Pictures(few=few, wait=True) for few in limits]
        self.model: set[int] = set()

    @rule(picture=pictures)
    def add(self, picture: int) -> None:
        """One that is not there."""
        if picture not in self.model:
            self.model.add(picture)
            for one in self.sets:
                one.add(picture)

    @rule(more=st.sets(pictures, max_size=40))
    def extend(self, more: set[int]) -> None:
        """Many at once."""
        new = sorted(more - self.model)
        self.model.update(new)
        for one in self.sets:
            one.extend(picture.to_bytes(32) for picture in new)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def discard(self, data: st.DataObject) -> None:
        """What was taken out is not found again."""
        picture = data.draw(st.sampled_from(sorted(self.model)))
        self.model.remove(picture)
        for one in self.sets:
            one.discard(picture)

    @rule(picture=pictures)
    def discard_another(self, picture: int) -> None:
        """That one is not there changes nothing."""
        if picture not in self.model:
            for one in self.sets:
                one.discard(picture)

    @rule(picture=pictures)
    def search(self, picture: int) -> None:
        """All that are near, the nearest first, and nothing else."""
        pairs = (((picture ^ other).bit_count(), other) for other in self.model)
        near = sorted(pair for pair in pairs if pair[0] <= 31)
        for one in self.sets:
            assert (one.near(picture), len(one)) == (near, len(self.model))


Machine.TestCase.settings = settings(max_examples=40, stateful_step_count=25)
TestMachine = Machine.TestCase


@pytest.mark.parametrize("count", [1, 7, 8, 9, 1000])
def test_a_crowd_is_found_whole(count: int) -> None:
    """However many there are, and whatever fills the last step up: zeros are near zero, too."""
    one = Pictures(few=NEVER)
    crowd = [1 << n % 256 | 1 << n * 7 % 256 for n in range(2, 2 + count)]
    for picture in dict.fromkeys(crowd):
        one.add(picture)
    assert [picture for _, picture in one.near(0)] == sorted(
        set(crowd), key=lambda p: (p.bit_count(), p)
    )


def test_many_are_handed_over_while_nobody_waits() -> None:
    """Found by the one until the other is there; then by that."""
    one = Pictures(few=8)
    for picture in range(16):
        one.add(picture)
        assert len(one.near(0)) == picture + 1
    waiting = one._loading
    assert waiting is not None
    waiting.join()
    assert len(one.near(0)) == 16
    assert one.is_compiled


def test_nothing_is_loaded_before_it_is_needed() -> None:
    """Neither for importing the engine nor for an empty set; for few hashes, numba is not."""
    code = """
import sys
import consumers.deduplication.deduplicator
from consumers.deduplication.pdq.pictures import Pictures
held = Pictures()
assert held.near(1) == [] and held.discard(1) is None
assert not {"llvmlite", "numba"} & set(sys.modules)
held.add(1)
assert held.near(3) == [(1, 1)]
assert "numba" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
