"""Groups of case chains about one person, derived from pairs, never stored as a merge. Pure.

Pairs are joined in the order of their certainty (Kruskal's way to a spanning forest), and a join
is left out where the group would contradict itself, by two birth dates that cannot be one or by
roles that cannot, and where it would grow beyond any person's number of cases. That no single link
ties two persons together is seen to before, in ``company``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from consumers.deduplication.dates import birth
from consumers.deduplication.features import Features
from consumers.deduplication.rarity import Centibits

TOGETHER: Centibits = 100
"""From here on two are put in one group: that they are one person is likelier than not. A group is
the best guess there is; of its pairs that are less than *same*, an officer decides."""
MAX_MEMBERS = 64
"""More than any person's cases; a bad key makes larger ones."""
IRRECONCILABLE = frozenset({"apart", "year-only"})


class Pair(Protocol):
    """Two case chains, and how sure it is that they are one person."""

    @property
    def first(self) -> str:
        """The root of one."""

    @property
    def second(self) -> str:
        """The root of the other."""

    @property
    def total(self) -> Centibits:
        """How sure it is."""


def groups(pairs: Iterable[Pair], features: Callable[[str], Features]) -> list[tuple[str, ...]]:
    """The groups of two or more, each sorted, ordered by their first member.

    Args:
        pairs: those that are sure enough (:data:`TOGETHER`).
        features: of a case chain, by its root.
    """
    of: dict[str, list[str]] = {}
    for pair in sorted(pairs, key=lambda one: (-one.total, one.first, one.second)):
        mine = of.setdefault(pair.first, [pair.first])
        yours = of.setdefault(pair.second, [pair.second])
        if mine is yours or not _may_join(mine, yours, features):
            continue
        small, large = sorted((mine, yours), key=lambda group: (len(group), group[0]))
        large += small
        for root in small:
            of[root] = large
    found = {id(group): tuple(sorted(group)) for group in of.values()}
    return sorted(members for members in found.values() if len(members) > 1)


def _may_join(mine: list[str], yours: list[str], features: Callable[[str], Features]) -> bool:
    if len(mine) + len(yours) > MAX_MEMBERS:
        return False
    return all(may_be_one(features(a), features(b)) for a in mine for b in yours)


def may_be_one(a: Features, b: Features) -> bool:
    """Whether neither the birth dates nor the roles are those of two persons."""
    if {a.role, b.role} == {"victim", "offender"}:
        return False
    return not any(outcome.level in IRRECONCILABLE for outcome in birth(a.birth, b.birth))
