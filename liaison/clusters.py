"""The pairs and the groups of an index, in the order of the first arrival of their case chains.

Both are derived from the links that hang together with a case chain, when that is come to, and four
bytes for each case chain say which one names its group: all links of a large index at once would
have no room.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

from consumers.deduplication.company import Certainty, certainties, company
from consumers.deduplication.groups import TOGETHER, groups
from consumers.deduplication.key_index import KeyIndex


class Clusters:
    """The pairs and groups of ``index``, which does not change meanwhile."""

    def __init__(self, index: KeyIndex) -> None:
        self.count = 0
        """Groups of two or more so far."""
        self._index = index
        self._names = array("I", bytes(4 * (len(index.numbers()) + 1)))

    def pairs(self) -> Iterator[Certainty]:
        """Every pair that is the same person or to be compared; to be asked for before the rows."""
        for number in self._index.numbers():
            if not self._names[number] and (subject := self._index.numbered(number)):
                yield from self._meet(number, subject.root)

    def rows(self) -> Iterator[dict[str, Any]]:
        """``{reference, group}`` of every case chain that is there."""
        index, names = self._index, self._names
        for number in index.numbers():
            subject = index.numbered(number)
            if subject is None:
                continue
            if not names[number]:
                self._meet(number, subject.root)
            namesake = subject if names[number] == number else index.numbered(names[number])
            assert namesake is not None  # a group has none that was withdrawn
            yield {"reference": subject.reference, "group": namesake.reference}

    def _meet(self, number: int, root: str) -> list[Certainty]:
        """Names all that hang together with ``root``: those in no group by themselves."""
        self._names[number] = number
        links = company(root, self._index.links_of)
        if not links:
            return []
        for end in {end for one in links for end in (one.first, one.second)}:
            alone = self._index.number(end)
            self._names[alone] = alone
        found = certainties(links, self._index.features, self._index.is_confirmed)
        together = [one for one in found if one.is_surer_than(TOGETHER)]
        for members in groups(together, self._index.features):
            self.count += 1
            first = self._index.number(members[0])
            for member in members:
                self._names[self._index.number(member)] = first
        return found
