"""How sure a pair is in the company of all that it is linked with."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication.company import CONFIRMED, UNLINKED, certainties, company, meetings
from consumers.deduplication.features import BirthDate, Features
from consumers.deduplication.links import Link, Retraction
from consumers.deduplication.score import COMPARE, SAME
from schemas.identities import pair_id
from schemas.markings import MatchDecision, Strength

ASK = MatchDecision.COMPARE


def link(
    a: str, b: str, total: int, decision: MatchDecision | None = None, **about: Retraction
) -> Link:
    first, second = sorted((a, b))
    decided = decision or (MatchDecision.SAME if total >= SAME else ASK)
    pair = pair_id(first, second)
    return Link(pair, first, second, total, decided, Strength.STRONG, (), **about)


def clique(roots: str, total: int) -> list[Link]:
    return [link(a, b, total) for a, b in combinations(roots, 2)]


def plain(_root: str) -> Features:
    return Features("victim")


def totals(links: Iterable[Link]) -> dict[str, int]:
    return {one.first + one.second: one.total for one in certainties(links, plain)}


def same(links: Iterable[Link]) -> set[str]:
    found = certainties(links, plain)
    return {one.first + one.second for one in found if one.decision is MatchDecision.SAME}


def test_two_by_themselves_are_as_sure_as_their_link() -> None:
    """Nobody else is heard."""
    for total in (COMPARE, SAME - 1, SAME, 900):
        assert totals([link("a", "b", total)]) == {"ab": total}
    assert certainties([], plain) == []


def test_others_say_what_one_poor_record_does_not() -> None:
    """Who is like three of a person is like the fourth, though the two have nothing in common."""
    poor = [link("x", other, 400) for other in "abc"]
    found = totals([*clique("abcd", 600), *poor])
    assert found["dx"] == found["ax"] == (3 * 400 + UNLINKED) // 4
    assert "dx" in same([*clique("abcd", 600), *poor])


def test_one_link_does_not_tie_two_persons_together() -> None:
    """It stays to be compared, and lends nothing to the others; many links do."""
    cores = [*clique("abc", 900), *clique("xyz", 900)]
    bridged = [*cores, link("a", "x", 800)]
    assert totals(bridged)["ax"] == COMPARE
    assert same(bridged) == {"ab", "ac", "bc", "xy", "xz", "yz"}
    assert {"ax", "cz"} <= same([*cores, *(link(a, x, 400) for a in "abc" for x in "xyz")])


def test_what_contradicts_itself_stays_with_an_officer() -> None:
    """However sure the others are; who was born on another day is not called the same by them."""
    held = link("a", "c", 700, ASK)
    links = [link("a", "b", 900), link("b", "c", 900), held]
    assert same(links) == {"ab", "bc"}
    assert totals(links)["ac"] > SAME
    births = {"a": BirthDate(2010, 5, 17), "c": BirthDate(2012, 9, 24)}
    (found,) = (
        one
        for one in certainties(
            [link("a", "b", 900), link("b", "c", 900)],
            lambda root: Features("victim", birth=births.get(root)),
        )
        if one.link is None
    )
    assert (found.first + found.second, found.held, found.decision) == ("ac", True, ASK)
    assert found.total >= SAME


def test_verdicts_weigh_more_than_what_was_compared() -> None:
    """A refuted pair is not there, and keeps the two sides apart; a confirmed one is the surest."""
    refuted = link("a", "c", 500, retracted=Retraction.REFUTED)
    sides = [link("a", "b", 900), link("b", "c", 300)]
    assert "ac" in totals(sides)
    assert totals([*sides, refuted]) == {"ab": 900, "bc": COMPARE}
    weak = link("a", "x", 60, MatchDecision.SAME)
    links = [*clique("abc", 900), *clique("xyz", 900), weak]
    found = certainties(links, plain, is_confirmed=lambda one: one.pair == weak.pair)
    (confirmed,) = (one for one in found if one.link and one.link.pair == weak.pair)
    assert (confirmed.total, confirmed.decision) == (CONFIRMED, MatchDecision.SAME)


def test_a_company_is_all_that_hang_together() -> None:
    """By links that count; those that were taken back lead nowhere, and a refuted one is told."""
    ways = [link(a, b, 300) for a, b in pairwise("abcd")]
    refuted = link("a", "d", 300, retracted=Retraction.REFUTED)
    changed = link("d", "z", 300, retracted=Retraction.CHANGED)
    other = link("x", "y", 300)
    links = [*ways, refuted, changed, other]

    def links_of(root: str) -> list[Link]:
        return [one for one in links if root in (one.first, one.second)]

    for root in "abcd":
        assert sorted(company(root, links_of)) == sorted([*ways, refuted])
    assert company("z", links_of) == []


graphs = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), st.integers(COMPARE, 1200)),
    max_size=16,
    unique_by=lambda t: frozenset(t[:2]),
).map(lambda edges: [link(*edge) for edge in edges if edge[0] != edge[1]])


@given(links=graphs, data=st.data())
def test_the_order_of_links_means_nothing(links: list[Link], data: st.DataObject) -> None:
    """Nor which companies are looked at together."""
    found = certainties(links, plain)
    assert certainties(data.draw(st.permutations(links)), plain) == found

    def links_of(root: str) -> list[Link]:
        return [one for one in links if root in (one.first, one.second)]

    companies = {tuple(sorted(company(r, links_of))) for one in links for r in one[1:3]}
    assert sorted(one for c in companies for one in certainties(c, plain)) == found


@given(links=graphs)
def test_every_pair_meets_once_at_the_mean_between_the_sides(links: list[Link]) -> None:
    """By hand: the sum over all pairs between the two sides, those without a link included."""
    totals = {frozenset((one.first, one.second)): one.total for one in links}
    met: set[frozenset[str]] = set()
    for meeting in meetings(links):
        between = [frozenset((a, b)) for a in meeting.mine for b in meeting.yours]
        mean = sum(totals.get(pair, UNLINKED) for pair in between) / len(between)
        assert meeting.total == mean // 1
        assert met.isdisjoint(between)
        met.update(between)
    assert set(totals) <= met
