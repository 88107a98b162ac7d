"""How sure a pair is in the company of all that the two are linked with. Never stored. Pure.

A link is a fact about two case chains, and says nothing of the others: that both are linked with
the same third, or that one is linked with five that have nothing to do with the other. Here all
are heard. Case chains meet one by one, those first whose links are surest on average over every
pair between the two sides (average linkage; Sokal and Michener, A Statistical Method for
Evaluating Systematic Relationships, 1958). A pair is as sure as the two sides are where they meet.
So one mistaken link does not tie two persons together, and what one poor record does not show of
a person, the others do.

It follows from the links that count and the verdicts, whatever the order they came in, and one
that is taken back takes along what it lent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import heapify, heappop, heappush
from itertools import product
from typing import NamedTuple

from consumers.deduplication.features import Features
from consumers.deduplication.groups import may_be_one
from consumers.deduplication.links import Link, Retraction
from consumers.deduplication.rarity import Centibits
from consumers.deduplication.score import COMPARE, SAME
from schemas.markings import MatchDecision

UNLINKED: Centibits = -100
"""What a pair without a link counts for: something would link most that are one person."""
REFUTED: Centibits = -4000
"""What a pair counts for that a party refuted: more than many links."""
CONFIRMED: Centibits = 4000
"""What a pair counts for that a party confirmed: it meets before all others."""


class Certainty(NamedTuple):
    """A pair of case chains, sorted by their roots, as sure as their company makes it.

    Attributes:
        held: whether what contradicts it, or a rule, leaves it to an officer however sure it is.
        link: their own; None where others alone say that they may be one person.
    """

    first: str
    second: str
    total: Centibits
    held: bool
    link: Link | None

    @property
    def decision(self) -> MatchDecision:
        """What follows for the two."""
        return MatchDecision.SAME if self.is_surer_than(SAME) else MatchDecision.COMPARE

    def is_surer_than(self, total: Centibits) -> bool:
        """Whether it is as sure as that, and nothing holds it back."""
        return self.total >= total and not self.held


class Meeting(NamedTuple):
    """Two sides that are one from here on, how sure that is, and who is on each, in order."""

    total: Centibits
    mine: list[str]
    yours: list[str]


def company(root: str, links_of: Callable[[str], Iterable[Link]]) -> list[Link]:
    """The links on the ways from ``root`` that count, or were refuted, each once."""
    found: dict[str, Link] = {}
    reached, waiting = {root}, [root]
    while waiting:
        for link in links_of(waiting.pop()):
            if not link.active and link.retracted is not Retraction.REFUTED:
                continue
            found[link.pair] = link
            new = {link.first, link.second} - reached
            reached |= new
            waiting += new
    return list(found.values())


def certainties(
    links: Iterable[Link],
    features: Callable[[str], Features],
    is_confirmed: Callable[[Link], bool] = lambda _link: False,
) -> list[Certainty]:
    """All pairs that are linked, or sure enough to be compared, ordered by their roots.

    A link that the others do not bear out is still to be compared.

    Args:
        links: those of a :func:`company`.
        features: of a case chain, by its root.
        is_confirmed: whether a party of the pair says that it is one person.
    """
    links = list(links)
    heard = [one._replace(total=CONFIRMED) if is_confirmed(one) else one for one in links]
    own = {(one.first, one.second): one for one in links if one.active}
    refuted = {(one.first, one.second) for one in links if not one.active}
    found = dict.fromkeys(own, COMPARE)
    for meeting in meetings(heard):
        if meeting.total < COMPARE:
            break
        for a, b in product(meeting.mine, meeting.yours):
            found[(a, b) if a < b else (b, a)] = meeting.total
    return [
        Certainty(*pair, total, _is_held(pair, own.get(pair), features), own.get(pair))
        for pair, total in sorted(found.items())
        if pair not in refuted
    ]


def _is_held(pair: tuple[str, str], own: Link | None, features: Callable[[str], Features]) -> bool:
    if own is None:
        return not may_be_one(*map(features, pair))
    return own.decision is MatchDecision.COMPARE and own.total >= SAME


def meetings(links: Iterable[Link]) -> Iterator[Meeting]:
    """Which sides meet, the surest first, as long as a link is between any two.

    A side is named by its first root. What was waiting for a side that has grown since is stale:
    it has fewer pairs than there are now.
    """
    sides: dict[str, list[str]] = {}
    ties: dict[str, dict[str, Centibits]] = {}
    for one in links:
        for end, other in ((one.first, one.second), (one.second, one.first)):
            sides.setdefault(end, [end])
            ties.setdefault(end, {})[other] = _worth(one) - UNLINKED

    def waits(a: str, b: str) -> tuple[Centibits, str, str, int]:
        pairs = len(sides[a]) * len(sides[b])
        return -(ties[a][b] // pairs), min(a, b), max(a, b), pairs

    waiting = [waits(a, b) for a in ties for b in ties[a] if a < b]
    heapify(waiting)
    while waiting:
        negative, a, b, pairs = heappop(waiting)
        if a not in sides or b not in sides or pairs != len(sides[a]) * len(sides[b]):
            continue
        yield Meeting(UNLINKED - negative, sides[a], sides[b])
        sides[a] = [*sides[a], *sides.pop(b)]
        _join(ties, a, b)
        for other in ties[a]:
            heappush(waiting, waits(a, other))


def _join(ties: dict[str, dict[str, Centibits]], a: str, b: str) -> None:
    """Adds what is between ``b`` and the others to what is between ``a`` and them."""
    mine, yours = ties[a], ties.pop(b)
    del mine[b], yours[a]
    for other, tie in yours.items():
        mine[other] = mine.get(other, 0) + tie
        ties[other][a] = mine[other]
        del ties[other][b]


def _worth(link: Link) -> Centibits:
    """Of a link by itself."""
    return REFUTED if link.retracted is Retraction.REFUTED else link.total
