"""The matching engine: what one arrival, withdrawal or verdict changes in the graph of links.

Pure over its index: no clock, no randomness, no set order. The same sequence of calls on an
empty index gives the same links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from consumers.deduplication.index import Age, MatchIndex
from consumers.deduplication.keys import Key, pictured, sought
from consumers.deduplication.links import Link, Retraction, Ruling, Subject, link
from consumers.deduplication.rarity import Rarity


@dataclass(frozen=True, slots=True)
class Change:
    """A link as it was, and as it is now; ``other`` is the subject at its other end."""

    before: Link | None
    after: Link
    other: Subject | None


def _always(_a: Subject, _b: Subject) -> bool:
    return True


def counted(index: MatchIndex) -> Rarity:
    """How frequent names are among those that came before."""
    return Rarity(index.population(), index.count)


class Engine:
    """Links the subjects of one index.

    Args:
        index: what is known so far.
        concerns: whether a pair is compared here at all.
        rarity: how frequent names are; where it does not change, links do not depend on the
            order of arrival.
    """

    def __init__(
        self,
        index: MatchIndex,
        concerns: Callable[[Subject, Subject], bool] = _always,
        rarity: Callable[[MatchIndex], Rarity] = counted,
    ) -> None:
        self._index = index
        self._concerns = concerns
        self._rarity = rarity
        self.compared = 0
        """Pairs that were looked at so far."""

    def observe(self, subject: Subject, keys: Sequence[Key]) -> Iterator[Change]:
        """Takes in what a case chain says now; an older word than the last changes nothing."""
        index, root = self._index, subject.root
        last, age = index.get(root), index.age(root)
        if (age is not None and age >= subject.age) or (last and last.origin != subject.origin):
            return
        before = {_other(one, root): one for one in (index.links_of(root) if age else ())}
        ruled = set(index.ruled_with(root))
        wanted = _wanted(index, subject, keys)
        met = index.candidates(wanted, subject.features.birth)
        others = {other.root: other for other in met}
        for known in sorted((before.keys() | ruled) - others.keys()):
            if (other := index.get(known)) is not None:
                others[known] = other
        others.pop(root, None)
        rarity = self._rarity(index)
        if last:
            rarity = rarity.without(last.features.counted)
        found = []
        for known, other in others.items():
            if self._concerns(subject, other):
                rulings = index.rulings(root, known) if known in ruled else ()
                found.append((other, link(subject, other, rarity, rulings)))
        self.compared += len(found)
        index.put(subject, keys)  # only now: it is not to count among those that came before
        for other, linked in found:
            if linked is not None or other.root in before:
                yield from self._settle(linked, before.get(other.root), other)

    def _settle(self, found: Link | None, before: Link | None, other: Subject) -> Iterator[Change]:
        """Keeps what is new about the link with ``other``."""
        if found is None and before is not None and before.active:
            found = before._replace(retracted=Retraction.CHANGED)
        if found is not None and (before is None or found != before):
            self._index.put_link(found)
            yield Change(before, found, other)

    def withdraw(self, root: str, origin: str, age: Age) -> Iterator[Change]:
        """Takes a case chain out; what it was linked with is taken apart."""
        index = self._index
        subject, known = index.get(root), index.age(root)
        if (subject and subject.origin != origin) or (known and known > age):
            return
        for one in index.links_of(root):
            if one.active:
                gone = one._replace(retracted=Retraction.WITHDRAWN)
                index.put_link(gone)
                yield Change(one, gone, index.get(_other(one, root)))
        index.remove(root, origin, age)

    def rule(self, ruling: Ruling) -> Iterator[Change]:
        """Hears a verdict: a must-link, a cannot-link, or nothing new."""
        index = self._index
        index.rule(ruling)
        a, b = index.get(ruling.first), index.get(ruling.second)
        if a is None or b is None:
            return
        rarity = self._rarity(index).without(a.features.counted)
        found = link(a, b, rarity, index.rulings(a.root, b.root))
        yield from self._settle(found, index.link(ruling.pair), b)


def _wanted(index: MatchIndex, subject: Subject, keys: Sequence[Key]) -> Sequence[Key]:
    """``keys`` of ``subject``, and those of others who have a picture near one of its own."""
    pictures = pictured(subject.features)
    near = index.near(pictures) if pictures else ()
    return (*keys, *sought(subject.features, subject.mode.value, near)) if near else keys


def _other(one: Link, root: str) -> str:
    return one.second if one.first == root else one.first
