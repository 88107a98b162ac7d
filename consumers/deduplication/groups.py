"""Groups of case chains about one person, derived from links and never stored as a merge. Pure.

Links are joined in the order of their certainty (Kruskal's way to a single-linkage forest), and
a join is left out where the group would contradict itself: two birth dates that cannot be one, or
roles that cannot; where it would grow beyond any person's number of cases; or where a single link
would tie together two groups that each hang together by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from consumers.deduplication.dates import birth
from consumers.deduplication.features import Features
from consumers.deduplication.links import Link
from consumers.deduplication.rarity import Centibits

MAX_MEMBERS = 64
"""More than any person's cases; a bad key makes larger ones."""
CORE = 3
"""Members from which a group hangs together by itself."""
SUPPORTED: Centibits = 900
"""A link as certain as this may tie two such groups together alone."""
IRRECONCILABLE = frozenset({"apart", "year-only"})


@dataclass(slots=True)
class _Group:
    members: list[str]


def groups(links: Iterable[Link], features: Callable[[str], Features]) -> list[tuple[str, ...]]:
    """The groups of two or more, each sorted, ordered by their first member.

    Args:
        links: those that say *same person*, and count.
        features: of a case chain, by its root.
    """
    ordered = sorted((one for one in links), key=lambda one: (-one.total, one.pair))
    between = _between(ordered)
    of: dict[str, _Group] = {}
    for link in ordered:
        mine = of.setdefault(link.first, _Group([link.first]))
        yours = of.setdefault(link.second, _Group([link.second]))
        if mine is yours or not _may_join(mine, yours, link, between, features):
            continue
        small, large = sorted((mine, yours), key=lambda g: (len(g.members), g.members[0]))
        large.members += small.members
        for root in small.members:
            of[root] = large
    found = {id(group): tuple(sorted(group.members)) for group in of.values()}
    return sorted(members for members in found.values() if len(members) > 1)


def hanging_together(root: str, links_of: Callable[[str], Iterable[Link]]) -> list[Link]:
    """The links on the ways from ``root``, each once: what :func:`groups` needs to group it."""
    found: dict[str, Link] = {}
    reached, waiting = {root}, [root]
    while waiting:
        for link in links_of(waiting.pop()):
            found[link.pair] = link
            new = {link.first, link.second} - reached
            reached |= new
            waiting += new
    return list(found.values())


def _between(links: Iterable[Link]) -> dict[str, set[str]]:
    neighbours: dict[str, set[str]] = {}
    for link in links:
        neighbours.setdefault(link.first, set()).add(link.second)
        neighbours.setdefault(link.second, set()).add(link.first)
    return neighbours


def _may_join(
    mine: _Group,
    yours: _Group,
    link: Link,
    neighbours: dict[str, set[str]],
    features: Callable[[str], Features],
) -> bool:
    if len(mine.members) + len(yours.members) > MAX_MEMBERS:
        return False
    if min(len(mine.members), len(yours.members)) >= CORE and link.total < SUPPORTED:
        theirs = set(yours.members)
        if sum(len(neighbours[root] & theirs) for root in mine.members) < 2:
            return False
    return all(_reconcilable(features(a), features(b)) for a in mine.members for b in yours.members)


def _reconcilable(a: Features, b: Features) -> bool:
    if {a.role, b.role} == {"victim", "offender"}:
        return False
    return not any(outcome.level in IRRECONCILABLE for outcome in birth(a.birth, b.birth))
