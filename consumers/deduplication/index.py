"""The match index: which subjects share a key. The port; ``key_index`` implements it.

Nothing is in its store before it is flushed. A key that more than
``MAX_SUBJECTS_PER_KEY`` subjects have says nothing any more. From then on it finds nobody and
takes nobody in, it is on record with when and how often, and it stays so: what was found through
it before still holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from consumers.deduplication import EVIDENCE_VERSION
from consumers.deduplication.features import BirthDate
from consumers.deduplication.keys import Key
from consumers.deduplication.links import Link, Ruling, Subject

MAX_SUBJECTS_PER_KEY = 200
"""Beyond it a key is capped: comparing with each of them costs milliseconds, and finds nobody."""
CAPS = {"name": 24, "name+year": 48}
"""Of classes that say less: who is found by a frequent name alone is found by something else."""
DATED = frozenset({"name"})
"""Classes that keep the birth date beside each subject: names alone, and dates that are apart, link
nobody, and that is half of all that share a name."""

Asked = tuple[Sequence[Key], BirthDate | None]
"""Keys whose subjects are looked for, and the birth date of who has them."""
Age = tuple[int, int, str]
"""What orders the notifications of one case chain: created, revision, id."""


@dataclass(frozen=True, slots=True)
class CappedKey:
    """A key that became generic: digest in hexadecimal, of what, since when, how often since."""

    key: str
    kind: str
    since: int
    refused: int


@dataclass(frozen=True, slots=True)
class Stats:
    """How much there is; ``links`` are those that count.

    ``version`` is the ``EVIDENCE_VERSION`` that the index was begun with, 0 where it did not say.
    """

    subjects: int
    keys: int
    links: int
    retracted: int
    capped: int
    version: int = EVIDENCE_VERSION


class MatchIndex(Protocol):
    """Subjects by key, and the links and rulings between them."""

    def prepare(
        self, roots: Collection[str], asked: Collection[Asked], values: Collection[str]
    ) -> None:
        """Tells what the batch will ask for, so that it can be read at once. Changes nothing.

        Args:
            roots: the case chains it is about.
            asked: for whom it will look for candidates.
            values: what of its subjects is counted.
        """

    def get(self, root: str) -> Subject | None:
        """The subject of a case chain; None when there is none, or it was withdrawn."""

    def age(self, root: str) -> Age | None:
        """The age of the last word on a case chain, a withdrawal included."""

    def put(self, subject: Subject, keys: Sequence[Key]) -> None:
        """Takes ``subject`` in, instead of what its case chain said before."""

    def remove(self, root: str, origin: str, age: Age) -> None:
        """Withdraws a case chain; ``age`` is that of the withdrawal."""

    def candidates(self, keys: Sequence[Key], birth: BirthDate | None) -> list[Subject]:
        """The subjects that share one of ``keys``, in the order of their first arrival.

        Who shares none but of ``DATED``, and was not born on ``birth``, is left out.
        """

    def near(self, pictures: Sequence[int]) -> list[int]:
        """The pictures that make keys for others and are near one of ``pictures``, nearest first.

        Of each a bounded number; none of one that so many near copies go around of that it says
        nothing. Those are on record like capped keys.
        """

    def count(self, value: str) -> int:
        """How many subjects have one of :attr:`Features.counted`."""

    def population(self) -> int:
        """How many subjects there are."""

    def rule(self, ruling: Ruling) -> None:
        """Keeps a ruling; an older one of the same party on the same pair is replaced."""

    def rulings(self, first: str, second: str) -> tuple[Ruling, ...]:
        """The rulings on the pair of two roots, by jurisdiction."""

    def ruled_with(self, root: str) -> list[str]:
        """The roots of the case chains that are in a pair with ``root`` that was ruled on."""

    def put_link(self, link: Link) -> None:
        """Keeps ``link`` instead of what was there on its pair."""

    def link(self, pair: str) -> Link | None:
        """The link of a pair, retracted or not."""

    def links_of(self, root: str) -> list[Link]:
        """The links of a subject, retracted or not, ordered by pair."""

    def links(self) -> Iterator[Link]:
        """All links that count, ordered by pair."""

    def stats(self) -> Stats:
        """How much there is."""

    def capped(self, keys: Sequence[Key]) -> list[CappedKey]:
        """Those of ``keys`` that are capped, in their order."""

    def newly_capped(self) -> list[CappedKey]:
        """The keys that were capped since this index was opened."""

    def quarantine(self) -> list[CappedKey]:
        """The capped keys, those that were refused most often first."""

    def flush(self) -> None:
        """Writes what changed."""
