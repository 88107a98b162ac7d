"""The match index over a store of keys and values.

What lies where; numbers are little-endian, and each subject has one, in the order of arrival::

    r root           what is known of a case chain: number, age, origin, whether withdrawn (JSON)
    s number         the subject (JSON)
    k key digest     0, then the numbers of the subjects that have the key
                     1, then the record of a capped key (JSON)
    c value          how many subjects have one of ``Features.counted``
    e pair           a link (JSON)        l root   the pairs of its links (JSON)
    v root           the rulings on its pairs (JSON)
    m                subjects so far, keys so far, …, the version of the rules (JSON)
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import orjson

from consumers.deduplication import EVIDENCE_VERSION, records
from consumers.deduplication.features import Features
from consumers.deduplication.index import CAPS, MAX_SUBJECTS_PER_KEY, Age, CappedKey, Stats
from consumers.deduplication.keys import Key
from consumers.deduplication.links import Link, Ruling, Subject
from consumers.deduplication.store import Overlay, Store

_LIVE, _CAPPED = b"\0", b"\1"
_NUMBER = 4
_META = b"m"
REMEMBERED = 200_000
"""Subjects that are kept decoded: a few hundred megabytes."""


class KeyIndex:
    """A :class:`~consumers.deduplication.index.MatchIndex` on ``store``.

    Args:
        store: nothing is written to it before :meth:`flush`.
        cap: how many subjects a key may have.
    """

    def __init__(self, store: Store, *, cap: int = MAX_SUBJECTS_PER_KEY) -> None:
        self._overlay = Overlay(store)
        self._cap = cap
        self._subjects: dict[int, Subject] = {}
        self._newly_capped: list[CappedKey] = []
        self._meta: dict[str, int] = self._json(_META) or {
            **dict.fromkeys(("numbers", "subjects", "keys", "links", "retracted", "capped"), 0),
            "version": EVIDENCE_VERSION,
        }

    def _json(self, key: bytes) -> Any:
        found = self._overlay.get(key)
        return None if found is None else orjson.loads(found)

    def _store(self, key: bytes, value: Any) -> None:
        self._overlay.put(key, orjson.dumps(value))

    def prepare(
        self, roots: Collection[str], keys: Collection[bytes], values: Collection[str]
    ) -> None:
        """See the port."""
        wanted = [kind + root.encode() for root in roots for kind in (b"r", b"v", b"l")]
        wanted += (b"c" + value.encode() for value in values)
        self._overlay.read(wanted)
        held = self._numbers(b"k" + key for key in keys)
        self._overlay.read([_subject_key(n) for n in held if n not in self._subjects])

    def _numbers(self, keys: Iterable[bytes]) -> list[int]:
        """The numbers of the subjects that have one of ``keys``."""
        numbers: set[int] = set()
        for found in self._overlay.read(list(keys)):
            if found is not None and found[:1] == _LIVE:
                numbers.update(array("I", found[1:]))
        return sorted(numbers)

    def flush(self) -> None:
        """See the port."""
        self._store(_META, self._meta)
        self._overlay.flush()
        if len(self._subjects) > REMEMBERED:
            self._subjects.clear()

    # subjects

    def get(self, root: str) -> Subject | None:
        """See the port."""
        known = self._json(b"r" + root.encode())
        return None if known is None or known[-1] else self._subject(known[0])

    def age(self, root: str) -> Age | None:
        """See the port."""
        known = self._json(b"r" + root.encode())
        return None if known is None else (known[1], known[2], known[3])

    def features(self, root: str) -> Features:
        """Of a case chain that is there."""
        subject = self.get(root)
        if subject is None:
            raise KeyError(root)
        return subject.features

    def subjects(self) -> Iterator[Subject]:
        """All subjects, in the order of their first arrival."""
        for number in range(1, self._meta["numbers"] + 1):
            if self._overlay.get(_subject_key(number)) is not None:
                yield self._subject(number)

    def _subject(self, number: int) -> Subject:
        found = self._subjects.get(number)
        if found is None:
            found = records.load_subject(self._json(_subject_key(number)))
            self._subjects[number] = found
        return found

    def put(self, subject: Subject, keys: Sequence[Key]) -> None:
        """See the port."""
        known = self._json(b"r" + subject.root.encode())
        number = self._release(known) if known else self._next_number()
        self._meta["subjects"] += 1
        self._subjects[number] = subject
        self._store(
            b"r" + subject.root.encode(),
            [number, *subject.age, subject.origin, [k.digest.hex() for k in keys], False],
        )
        self._store(_subject_key(number), records.dump_subject(subject))
        for key in keys:
            self._enter(key, number, subject.seen_at)
        for value in subject.features.counted:
            self._count(value, 1)

    def _next_number(self) -> int:
        self._meta["numbers"] += 1
        return self._meta["numbers"]

    def remove(self, root: str, origin: str, age: Age) -> None:
        """See the port."""
        known = self._json(b"r" + root.encode())
        number = self._release(known) if known else self._next_number()
        self._subjects.pop(number, None)
        self._overlay.put(_subject_key(number), None)
        self._store(b"r" + root.encode(), [number, *age, origin, [], True])

    def _release(self, known: list[Any]) -> int:
        """Takes a subject out of its keys; a capped key stays capped. Its number stays its own."""
        number: int = known[0]
        if known[-1]:
            return number
        self._meta["subjects"] -= 1
        for value in self._subject(number).features.counted:
            self._count(value, -1)
        mark = number.to_bytes(_NUMBER, "little")
        for digest in known[-2]:
            key = b"k" + bytes.fromhex(digest)
            found = self._overlay.get(key)
            if found is not None and found[:1] == _LIVE:
                left = [found[i : i + _NUMBER] for i in range(1, len(found), _NUMBER)]
                left.remove(mark)
                self._meta["keys"] -= 1
                self._overlay.put(key, b"".join((_LIVE, *left)))
        return number

    # keys

    def _enter(self, key: Key, number: int, seen_at: int) -> None:
        place = b"k" + key.digest
        found = self._overlay.get(place) or _LIVE
        is_live = found[0] == 0
        if is_live and len(found) <= min(self._cap, CAPS.get(key.kind, self._cap)) * _NUMBER:
            self._meta["keys"] += 1
            self._overlay.put(place, found + number.to_bytes(_NUMBER, "little"))
            return
        if is_live:
            self._meta["keys"] -= (len(found) - 1) // _NUMBER
            self._meta["capped"] += 1
            capped = [key.digest.hex(), key.kind, seen_at, 1]
            self._newly_capped.append(CappedKey(key.digest.hex(), key.kind, seen_at, 1))
        else:
            capped = orjson.loads(found[1:])
            capped[3] += 1
        self._overlay.put(place, _CAPPED + orjson.dumps(capped))

    def candidates(self, keys: Sequence[Key]) -> list[Subject]:
        """See the port."""
        wanted = self._numbers(b"k" + key.digest for key in keys)
        self._overlay.read([_subject_key(n) for n in wanted if n not in self._subjects])
        return [self._subject(number) for number in wanted]

    def _count(self, value: str, change: int) -> None:
        key = b"c" + value.encode()
        count = int.from_bytes(self._overlay.get(key) or b"", "little") + change
        self._overlay.put(key, count.to_bytes(_NUMBER, "little") if count else None)

    def count(self, value: str) -> int:
        """See the port."""
        return int.from_bytes(self._overlay.get(b"c" + value.encode()) or b"", "little")

    def population(self) -> int:
        """See the port."""
        return self._meta["subjects"]

    # links and rulings

    def rule(self, ruling: Ruling) -> None:
        """See the port."""
        for root in (ruling.first, ruling.second):
            said: list[list[Any]] = self._json(b"v" + root.encode()) or []
            mine = [*ruling_key(ruling), ruling.created, ruling.id, ruling.verdict.value]
            older = [one for one in said if one[:3] == mine[:3]]
            if not older or (older[0][3], older[0][4]) < (ruling.created, ruling.id):
                kept = [one for one in said if one[:3] != mine[:3]]
                self._store(b"v" + root.encode(), sorted([*kept, mine]))

    def rulings(self, first: str, second: str) -> tuple[Ruling, ...]:
        """See the port."""
        return tuple(one for one in self._rulings_of(first) if second in (one.first, one.second))

    def ruled_with(self, root: str) -> list[str]:
        """See the port."""
        found = self._rulings_of(root)
        return sorted({one.second if one.first == root else one.first for one in found})

    def _rulings_of(self, root: str) -> list[Ruling]:
        return [records.load_ruling(one) for one in self._json(b"v" + root.encode()) or ()]

    def put_link(self, link: Link) -> None:
        """See the port."""
        before = self.link(link.pair)
        if before is None:
            for root in (link.first, link.second):
                pairs = self._json(b"l" + root.encode()) or []
                self._store(b"l" + root.encode(), sorted([*pairs, link.pair]))
        else:
            self._meta["links" if before.active else "retracted"] -= 1
        self._meta["links" if link.active else "retracted"] += 1
        self._store(b"e" + link.pair.encode(), records.dump_link(link))

    def link(self, pair: str) -> Link | None:
        """See the port."""
        found = self._json(b"e" + pair.encode())
        return None if found is None else records.load_link(found)

    def parties(self, pair: str) -> tuple[str, ...]:
        """The jurisdictions of the two sides of a link; empty when there is none."""
        found = self.link(pair)
        sides = (self.get(root) for root in ((found.first, found.second) if found else ()))
        return tuple(side.origin for side in sides if side is not None)

    def links_of(self, root: str) -> list[Link]:
        """See the port."""
        pairs = self._json(b"l" + root.encode()) or ()
        return [link for pair in pairs if (link := self.link(pair)) is not None]

    def links(self) -> Iterator[Link]:
        """See the port."""
        self.flush()
        found = (records.load_link(orjson.loads(value)) for _, value in self._overlay.scan(b"e"))
        return (link for link in found if link.active)

    # for operators

    def stats(self) -> Stats:
        """See the port."""
        names = ("subjects", "keys", "links", "retracted", "capped")
        counts = {name: self._meta[name] for name in names}
        return Stats(**counts, version=self._meta.get("version", 0))

    def capped(self, keys: Sequence[Key]) -> list[CappedKey]:
        """See the port."""
        found = self._overlay.read([b"k" + key.digest for key in keys])
        return [CappedKey(*orjson.loads(one[1:])) for one in found if one and one[:1] == _CAPPED]

    def holders(self, digest: str) -> Iterator[Subject]:
        """The subjects that have a key (hexadecimal), capped or not; looks at every case chain."""
        for _, value in self._overlay.scan(b"r"):
            if digest.encode() in value and digest in (known := orjson.loads(value))[-2]:
                yield self._subject(known[0])

    def newly_capped(self) -> list[CappedKey]:
        """See the port."""
        return list(self._newly_capped)

    def quarantine(self) -> list[CappedKey]:
        """See the port."""
        found = (value[1:] for _, value in self._overlay.scan(b"k") if value[:1] == _CAPPED)
        capped = [CappedKey(*orjson.loads(value)) for value in found]
        return sorted(capped, key=lambda c: (-c.refused, c.key))


def ruling_key(ruling: Ruling) -> tuple[str, str, str]:
    """One party's word on one pair."""
    return ruling.first, ruling.second, ruling.jurisdiction


def _subject_key(number: int) -> bytes:
    return b"s" + number.to_bytes(_NUMBER, "little")
