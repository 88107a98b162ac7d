"""The match index in memory: the port without a database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from consumers.deduplication.index import MAX_SUBJECTS_PER_KEY, Age, CappedKey, Stats
from consumers.deduplication.keys import Key
from consumers.deduplication.links import Link, Ruling, Subject


class MemoryIndex:
    """A ``MatchIndex`` that keeps everything, and never runs out of a transaction."""

    def __init__(self, *, cap: int = MAX_SUBJECTS_PER_KEY) -> None:
        self._cap = cap
        self._subjects: dict[str, Subject] = {}
        self._ages: dict[str, Age] = {}
        self._keys: dict[str, set[str]] = {}
        self._capped: dict[str, CappedKey] = {}
        self._links: dict[str, Link] = {}
        self._rulings: dict[tuple[str, str], Ruling] = {}

    def prepare(self, roots: Collection[str], keys: Collection[str]) -> None:
        """Everything is at hand."""

    def flush(self) -> None:
        """Everything is written."""

    def get(self, root: str) -> Subject | None:
        return self._subjects.get(root)

    def age(self, root: str) -> Age | None:
        return self._ages.get(root)

    def put(self, subject: Subject, keys: Sequence[Key]) -> None:
        self._release(subject.root)
        self._subjects[subject.root] = subject
        self._ages[subject.root] = subject.age
        for key in keys:
            members = self._keys.setdefault(key.digest, set())
            if key.digest not in self._capped and len(members) >= self._cap:
                members.clear()
                self._capped[key.digest] = CappedKey(key.digest, key.kind, subject.seen_at, 0)
            if (capped := self._capped.get(key.digest)) is not None:
                self._capped[key.digest] = replace(capped, refused=capped.refused + 1)
            else:
                members.add(subject.root)

    def remove(self, root: str, origin: str, age: Age) -> None:
        self._release(root)
        self._subjects.pop(root, None)
        self._ages[root] = age

    def _release(self, root: str) -> None:
        for members in self._keys.values():
            members.discard(root)

    def candidates(self, keys: Sequence[Key]) -> list[Subject]:
        roots = {root for key in keys for root in self._keys.get(key.digest, ())}
        return [self._subjects[root] for root in sorted(roots)]

    def rule(self, ruling: Ruling) -> None:
        key = ruling.pair, ruling.jurisdiction
        before = self._rulings.get(key)
        if before is None or (before.created, before.id) < (ruling.created, ruling.id):
            self._rulings[key] = ruling

    def rulings(self, first: str, second: str) -> tuple[Ruling, ...]:
        return tuple(
            ruling
            for _, ruling in sorted(self._rulings.items())
            if {ruling.first, ruling.second} == {first, second}
        )

    def ruled_with(self, root: str) -> list[str]:
        found = (r for r in self._rulings.values() if root in (r.first, r.second))
        return sorted({r.second if r.first == root else r.first for r in found})

    def put_link(self, link: Link) -> None:
        self._links[link.pair] = link

    def link(self, pair: str) -> Link | None:
        return self._links.get(pair)

    def links_of(self, root: str) -> list[Link]:
        return [
            link for _, link in sorted(self._links.items()) if root in (link.first, link.second)
        ]

    def links(self) -> Iterator[Link]:
        return (link for _, link in sorted(self._links.items()) if link.active)

    def stats(self) -> Stats:
        active = sum(link.active for link in self._links.values())
        return Stats(
            subjects=len(self._subjects),
            keys=sum(map(len, self._keys.values())),
            links=active,
            retracted=len(self._links) - active,
            capped=len(self._capped),
        )

    def quarantine(self) -> list[CappedKey]:
        return sorted(self._capped.values(), key=lambda c: (-c.refused, c.key))
