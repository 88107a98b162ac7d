"""Pairwise precision, recall and F1 of links and groups against the truth.

Pairwise F1 of a clustering counts every pair that it puts together (Hand and Christen, 2018, on
how to read it). The sweep over thresholds merges clusters one link at a time, so that it costs
one pass over the links, whatever the number of thresholds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from liaison.corpora.outputs import Link


class Measure(NamedTuple):
    """Precision, recall and their harmonic mean; 0 where there is nothing to count."""

    precision: float
    recall: float
    f1: float


def measure(right: int, told: int, true: int) -> Measure:
    """From the pairs that are rightly told, told, and true."""
    precision, recall = _share(right, told), _share(right, true)
    total = precision + recall
    return Measure(precision, recall, 2 * precision * recall / total if total else 0.0)


def pairs(counts: Iterable[int]) -> int:
    """How many pairs clusters of these sizes have."""
    return sum(n * (n - 1) // 2 for n in counts)


def best_closure(links: Sequence[Link], persons: Sequence[str]) -> tuple[float, Measure]:
    """The threshold at which the closure of the links above it has the best F1, and its measure.

    ``links`` are sorted, the surest first. Without links the threshold is infinite.
    """
    true = pairs(Counter(persons).values())
    forest = _Forest(persons)
    best = float("inf"), measure(0, 0, true)
    for score, level in groupby(links, key=lambda link: link.score):
        for link in level:
            forest.join(link.a, link.b)
        here = measure(forest.right, forest.told, true)
        if here.f1 > best[1].f1:
            best = score, here
    return best


def recall_at(precision: float, links: Sequence[Link], persons: Sequence[str]) -> float:
    """The best recall of pairs over thresholds at which the scored pairs are that precise."""
    true = pairs(Counter(persons).values())
    right = told = best = 0
    for _, level in groupby(links, key=lambda link: link.score):
        for link in level:
            told += 1
            right += persons[link.a] == persons[link.b]
        if right >= precision * told:
            best = max(best, right)
    return _share(best, true)


def of_groups(groups: Sequence[str], persons: Sequence[str]) -> Measure:
    """Of a clustering given as the group of each position."""
    both = pairs(Counter(zip(groups, persons, strict=True)).values())
    return measure(both, pairs(Counter(groups).values()), pairs(Counter(persons).values()))


class _Forest:
    """Clusters under union, with the number of pairs in them and how many of those are true."""

    def __init__(self, persons: Sequence[str]) -> None:
        self._parents = list(range(len(persons)))
        self._members = [{person: 1} for person in persons]
        self._sizes = [1] * len(persons)
        self.told = 0
        self.right = 0

    def join(self, a: int, b: int) -> None:
        a, b = self._root(a), self._root(b)
        if a == b:
            return
        if len(self._members[a]) < len(self._members[b]):
            a, b = b, a
        large, small = self._members[a], self._members[b]
        self.told += self._sizes[a] * self._sizes[b]
        for person, count in small.items():
            here = large.get(person, 0)
            self.right += here * count
            large[person] = here + count
        self._sizes[a] += self._sizes[b]
        self._parents[b] = a
        self._members[b] = {}

    def _root(self, a: int) -> int:
        parents = self._parents
        while parents[a] != a:
            parents[a] = a = parents[parents[a]]
        return a


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
