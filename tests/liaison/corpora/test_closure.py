"""Closure, groups and recall at a precision, against counting every pair."""

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from liaison.corpora.closure import Measure, best_closure, measure, of_groups, recall_at
from liaison.corpora.outputs import Link

PERSONS = st.lists(st.sampled_from("abc"), min_size=2, max_size=7)


@st.composite
def scored(draw: st.DrawFn) -> tuple[list[str], list[Link]]:
    persons = draw(PERSONS)
    found = draw(st.sets(st.sampled_from(list(combinations(range(len(persons)), 2)))))
    links = [Link(draw(st.integers(1, 4)), a, b, True) for a, b in sorted(found)]
    return persons, sorted(links, key=lambda link: -link.score)


def _closure(links: list[Link], size: int) -> list[str]:
    groups = list(range(size))
    for link in links:
        old, new = groups[link.b], groups[link.a]
        groups = [new if g == old else g for g in groups]
    return [str(g) for g in groups]


@given(scored())
def test_sweep(drawn: tuple[list[str], list[Link]]) -> None:
    """The sweep finds the best of all thresholds, each tried by itself."""
    persons, links = drawn
    tried = [
        of_groups(_closure([x for x in links if x.score >= t], len(persons)), persons).f1
        for t in range(1, 5)
    ]
    threshold, found = best_closure(links, persons)
    assert found.f1 == max(tried, default=0.0) or found.f1 == 0.0 == max(tried)
    at = _closure([x for x in links if x.score >= threshold], len(persons))
    assert of_groups(at, persons) == found


@given(scored())
def test_groups(drawn: tuple[list[str], list[Link]]) -> None:
    """Pairs of groups are counted as one by one."""
    persons, links = drawn
    groups = _closure(links, len(persons))
    every = list(combinations(range(len(persons)), 2))
    told = [(a, b) for a, b in every if groups[a] == groups[b]]
    right = [(a, b) for a, b in told if persons[a] == persons[b]]
    true = [(a, b) for a, b in every if persons[a] == persons[b]]
    assert of_groups(groups, persons) == measure(len(right), len(told), len(true))


def test_recall_at_precision() -> None:
    """Recall counts at the lowest threshold that is precise enough; equal scores go together."""
    persons = ["a", "a", "a", "b", "b"]
    links = [Link(9, 0, 1, True), Link(8, 3, 4, True), Link(7, 0, 2, True), Link(7, 2, 3, False)]
    assert Counter(persons) == {"a": 3, "b": 2}
    assert recall_at(1.0, links, persons) == 2 / 4
    assert recall_at(0.75, links, persons) == 3 / 4
    assert recall_at(0.99, [], persons) == 0


def test_nothing() -> None:
    """Nothing told is nothing found."""
    assert best_closure([], ["a", "a"]) == (float("inf"), Measure(0.0, 0.0, 0.0))
    assert measure(3, 4, 6) == Measure(0.75, 0.5, 0.6)
