"""The group of every case chain of an index, in the order of their first arrival.

A group is derived when its first case chain is written, from the links that hang together with it,
and four bytes for each case chain say which one names its group: all links of a large index at once
would have no room.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

from consumers.deduplication.groups import groups, hanging_together
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.links import Link
from schemas.markings import MatchDecision


class Clusters:
    """The groups of ``index``, which does not change meanwhile."""

    def __init__(self, index: KeyIndex) -> None:
        self.count = 0
        """Groups of two or more so far."""
        self._index = index
        self._names = array("I", bytes(4 * (len(index.numbers()) + 1)))

    def rows(self) -> Iterator[dict[str, Any]]:
        """``{reference, group}`` of every case chain that is there."""
        index, names = self._index, self._names
        for number in index.numbers():
            subject = index.numbered(number)
            if subject is None:
                continue
            if not names[number]:
                self._group(number, subject.root)
            namesake = subject if names[number] == number else index.numbered(names[number])
            assert namesake is not None  # a group has none that was withdrawn
            yield {"reference": subject.reference, "group": namesake.reference}

    def _group(self, number: int, root: str) -> None:
        """Names all that hang together with ``root``: those in no group by themselves."""
        self._names[number] = number
        links = hanging_together(root, self._same)
        for end in {end for one in links for end in (one.first, one.second)}:
            alone = self._index.number(end)
            self._names[alone] = alone
        for members in groups(links, self._index.features):
            self.count += 1
            first = self._index.number(members[0])
            for member in members:
                self._names[self._index.number(member)] = first

    def _same(self, root: str) -> list[Link]:
        found = self._index.links_of(root)
        return [one for one in found if one.active and one.decision is MatchDecision.SAME]
