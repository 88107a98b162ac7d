"""Groups of case chains about one person, derived from links."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication.features import BirthDate, Features
from consumers.deduplication.groups import MAX_MEMBERS, groups
from consumers.deduplication.links import Link
from schemas.identities import pair_id
from schemas.markings import MatchDecision, Strength

PLAIN = Features("victim")


def link(a: str, b: str, total: int = 500) -> Link:
    first, second = sorted((a, b))
    pair = pair_id(first, second)
    return Link(pair, first, second, total, MatchDecision.SAME, Strength.STRONG, ())


def chain(*roots: str) -> list[Link]:
    return [link(a, b) for a, b in pairwise(roots)]


def nobody_in_particular(_root: str) -> Features:
    return PLAIN


def born(**dates: BirthDate) -> Callable[[str], Features]:
    return lambda root: Features("victim", birth=dates.get(root))


def test_links_make_groups() -> None:
    """Whoever is linked, directly or by others, is one person; each group and all are sorted."""
    found = groups([*chain("d", "a", "c"), link("x", "b")], nobody_in_particular)
    assert found == [("a", "c", "d"), ("b", "x")]
    assert groups([], nobody_in_particular) == []


def test_two_birth_dates_that_cannot_be_one_are_never_in_a_group() -> None:
    """The surest links are kept: who stands between goes to where it is surer."""
    features = born(a=BirthDate(2010, 5, 17), c=BirthDate(2012, 9, 24))
    found = groups([link("a", "b", 500), link("b", "c", 700)], features)
    assert found == [("b", "c")]
    slips = born(a=BirthDate(2012, 5, 17), c=BirthDate(2012, 5, 18))
    assert groups([link("a", "b"), link("b", "c")], slips) == [("a", "b", "c")]


def test_a_victim_and_an_offender_are_never_in_a_group() -> None:
    """Whoever links them."""

    def features(root: str) -> Features:
        return Features({"a": "victim", "c": "offender"}.get(root, "unknown"))

    assert groups([link("a", "b", 700), link("b", "c", 600)], features) == [("a", "b")]


def test_a_group_is_bounded() -> None:
    """More than any person's cases is a bad key at work."""
    star = [link("centre", f"{n:03}", 900) for n in range(2 * MAX_MEMBERS)]
    (found,) = groups(star, nobody_in_particular)
    assert len(found) == MAX_MEMBERS


ROOTS = "abcdefgh"
graphs = st.lists(
    st.tuples(st.sampled_from(ROOTS), st.sampled_from(ROOTS), st.sampled_from((350, 600, 900))),
    max_size=14,
    unique_by=lambda t: frozenset(t[:2]),
).map(lambda edges: [link(*edge) for edge in edges if edge[0] != edge[1]])
people = st.fixed_dictionaries(
    {
        root: st.builds(
            Features,
            role=st.sampled_from(("victim", "victim", "offender")),
            birth=st.sampled_from(
                (None, BirthDate(2010), BirthDate(2010, 5, 17), BirthDate(2010, 5, 18),
                 BirthDate(2010, 9, 24), BirthDate(1980, 5, 17))
            ),
        )
        for root in ROOTS
    }
)  # fmt: skip


@given(links=graphs, features=people, data=st.data())
def test_groups_are_a_sound_partition_whatever_the_order(
    links: list[Link], features: dict[str, Features], data: st.DataObject
) -> None:
    """Nobody is in two, nobody alone, all within are linked, and no two within contradict."""
    found = groups(links, features.__getitem__)
    assert groups(data.draw(st.permutations(links)), features.__getitem__) == found
    members = [root for group in found for root in group]
    assert len(set(members)) == len(members)
    assert set(members) <= {root for one in links for root in (one.first, one.second)}
    for group in found:
        assert len(group) > 1
        inside = [one for one in links if {one.first, one.second} <= set(group)]
        reached = {group[0]}
        for _ in group:
            reached |= {r for o in inside for r in (o.first, o.second)
                        if {o.first, o.second} & reached}  # fmt: skip
        assert reached == set(group)
        assert {features[root].role for root in group} != {"victim", "offender"}
        dates = {d for root in group if (d := features[root].birth) and d.is_full}
        assert len({d.year for d in dates}) <= 1
        assert not {BirthDate(2010, 5, 17), BirthDate(2010, 9, 24)} <= dates
