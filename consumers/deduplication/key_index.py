"""The match index over a store of keys and values.

What lies where; numbers are little-endian, and each subject has one, in the order of arrival::

    r root           what is known of a case chain: number, age, origin, whether withdrawn (JSON),
                     a line feed, and the digests of its keys
    s number         the subject (JSON)
    k key digest     who has the key, or that it is capped (see ``postings``)
    c value          how many subjects have one of ``Features.counted``
    h, w picture     see ``picture_index``
    e pair           a link (JSON)        l root   the pairs of its links, one after another
    v root           the rulings on its pairs (JSON)
    m                subjects so far, keys so far, …, the version of the rules (JSON)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import orjson

from consumers.deduplication import EVIDENCE_VERSION, postings, records
from consumers.deduplication.dates import packed
from consumers.deduplication.features import BirthDate, Features
from consumers.deduplication.index import (
    CAPS,
    MAX_SUBJECTS_PER_KEY,
    Age,
    Asked,
    CappedKey,
    Stats,
)
from consumers.deduplication.keys import KEY_BYTES, Key, pictured
from consumers.deduplication.links import Link, Ruling, Subject
from consumers.deduplication.pdq.hashes import is_near
from consumers.deduplication.picture_index import PictureIndex, place_of
from consumers.deduplication.postings import NUMBER
from consumers.deduplication.recent import Recent
from consumers.deduplication.store import Store, records_of
from schemas.markings import Verdict

_PAIR = 36
_META = b"m"
REMEMBERED = 50_000
"""Subjects that are kept decoded, twice as many at most: 300 megabytes."""


class _Known(NamedTuple):
    """What is known of a case chain."""

    number: int
    age: Age
    origin: str
    withdrawn: bool
    digests: list[bytes]

    def dump(self) -> bytes:
        head = orjson.dumps((self.number, *self.age, self.origin, self.withdrawn))
        return b"\n".join((head, b"".join(self.digests)))

    @classmethod
    def load(cls, stored: bytes) -> _Known:
        head, _, digests = stored.partition(b"\n")
        number, created, revision, id_, origin, withdrawn = orjson.loads(head)
        split = [digests[i : i + KEY_BYTES] for i in range(0, len(digests), KEY_BYTES)]
        return cls(number, (created, revision, id_), origin, withdrawn, split)


class KeyIndex:
    """A :class:`~consumers.deduplication.index.MatchIndex` on ``store``.

    Args:
        store: nothing is written to it before :meth:`flush`.
        cap: how many subjects a key may have.
        remembered: subjects that are kept decoded.
    """

    def __init__(
        self, store: Store, *, cap: int = MAX_SUBJECTS_PER_KEY, remembered: int = REMEMBERED
    ) -> None:
        self._records = records_of(store)
        self._cap = cap
        self._subjects: Recent[int, Subject] = Recent(remembered)
        self._newly_capped: list[CappedKey] = []
        self._meta: dict[str, int] = self._json(_META) or {
            **dict.fromkeys(("numbers", "subjects", "keys", "links", "retracted", "capped"), 0),
            "version": EVIDENCE_VERSION,
        }
        self._pictures = PictureIndex(self._records)

    def _json(self, key: bytes) -> Any:
        found = self._records.get(key)
        return None if found is None else orjson.loads(found)

    def _store(self, key: bytes, value: Any) -> None:
        self._records.change({key: orjson.dumps(value)})

    def prepare(
        self, roots: Collection[str], asked: Collection[Asked], values: Collection[str]
    ) -> None:
        """See the port."""
        wanted = [kind + root.encode() for root in roots for kind in (b"r", b"v", b"l")]
        wanted += (b"c" + value.encode() for value in values)
        wanted += (place_of(int(v[4:], 16)) for v in values if v.startswith("pdq:"))
        self._records.read(wanted)
        self._records.read(list({b"k" + key.digest for keys, _ in asked for key in keys}))
        held = set().union(*(self._numbers(*one) for one in asked))
        self._records.read([_subject_key(n) for n in sorted(held) if n not in self._subjects])

    def _numbers(self, keys: Sequence[Key], birth: BirthDate | None) -> set[int]:
        """The numbers of the candidates for who has ``keys`` and was born on ``birth``."""
        found = self._records.read([b"k" + key.digest for key in keys])
        born = packed(birth)
        return set().union(*(postings.numbers(one, born) for one in found if one))

    def flush(self) -> None:
        """See the port."""
        self._store(_META, self._meta)
        self._records.flush()

    # subjects

    def get(self, root: str) -> Subject | None:
        """See the port."""
        known = self._known(root)
        return None if known is None or known.withdrawn else self._subject(known.number)

    def age(self, root: str) -> Age | None:
        """See the port."""
        known = self._known(root)
        return None if known is None else known.age

    def _known(self, root: str) -> _Known | None:
        found = self._records.get(b"r" + root.encode())
        return None if found is None else _Known.load(found)

    def features(self, root: str) -> Features:
        """Of a case chain that is there."""
        subject = self.get(root)
        if subject is None:
            raise KeyError(root)
        return subject.features

    def number(self, root: str) -> int:
        """The number of a case chain; 0 where none came."""
        known = self._known(root)
        return known.number if known else 0

    def numbers(self) -> range:
        """The numbers of all case chains, in the order of their first arrival."""
        return range(1, self._meta["numbers"] + 1)

    def numbered(self, number: int) -> Subject | None:
        """The subject with a number; None when it was withdrawn."""
        if self._records.get(_subject_key(number)) is None:
            return None
        return self._subject(number)

    def subjects(self) -> Iterator[Subject]:
        """All subjects, in the order of their first arrival."""
        return filter(None, map(self.numbered, self.numbers()))

    def _subject(self, number: int) -> Subject:
        found = self._subjects.get(number)
        if found is None:
            found = records.load_subject(self._json(_subject_key(number)))
            self._subjects[number] = found
        return found

    def put(self, subject: Subject, keys: Sequence[Key]) -> None:
        """See the port."""
        known = self._known(subject.root)
        number = self._release(known) if known else self._next_number()
        self._meta["subjects"] += 1
        self._subjects[number] = subject
        digests = [key.digest for key in keys]
        self._records.change(
            {
                b"r" + subject.root.encode(): _Known(
                    number, subject.age, subject.origin, False, digests
                ).dump(),
                _subject_key(number): orjson.dumps(records.dump_subject(subject)),
            }
        )
        self._enter(keys, number, subject)
        self._count(subject.features.counted, 1)
        if pictures := pictured(subject.features):
            crowds = self._pictures.enter(pictures, subject.seen_at)
            self._meta["capped"] += len(crowds)
            self._newly_capped += crowds

    def _next_number(self) -> int:
        self._meta["numbers"] += 1
        return self._meta["numbers"]

    def remove(self, root: str, origin: str, age: Age) -> None:
        """See the port."""
        known = self._known(root)
        number = self._release(known) if known else self._next_number()
        self._subjects.pop(number)
        withdrawn = _Known(number, age, origin, True, [])
        self._records.change({_subject_key(number): None, b"r" + root.encode(): withdrawn.dump()})

    def _release(self, known: _Known) -> int:
        """Takes a subject out of its keys; a capped key stays capped. Its number stays its own."""
        if known.withdrawn:
            return known.number
        self._meta["subjects"] -= 1
        features = self._subject(known.number).features
        self._count(features.counted, -1)
        self._pictures.leave(pictured(features))
        for digest in known.digests:
            key = b"k" + digest
            found = self._records.get(key)
            if found is not None and not postings.is_capped(found):
                self._meta["keys"] -= 1
                self._records.change({key: postings.left(found, known.number)})
        return known.number

    # keys

    def _enter(self, keys: Sequence[Key], number: int, subject: Subject) -> None:
        """Puts a subject under its keys; those that are full are capped."""
        born = packed(subject.features.birth)
        alone = {
            kind: postings.entered(None, kind, number, born) for kind in {k.kind for k in keys}
        }
        places = [b"k" + key.digest for key in keys]
        changed: dict[bytes, bytes | None] = {}
        entered = len(places)
        for key, place, found in zip(keys, places, self._records.read(places), strict=True):
            if found is None:
                changed[place] = alone[key.kind]
            elif self._has_room(key.kind, found):
                changed[place] = postings.entered(found, key.kind, number, born)
            else:
                changed[place] = self._refuse(key, found, subject.seen_at)
                entered -= 1
        self._meta["keys"] += entered
        self._records.change(changed)

    def _has_room(self, kind: str, found: bytes) -> bool:
        """Whether another subject fits under a key."""
        room = min(self._cap, CAPS.get(kind, self._cap))
        return not postings.is_capped(found) and postings.held(found) < room

    def _refuse(self, key: Key, found: bytes, seen_at: int) -> bytes:
        """What is to be kept of a key that takes nobody in any more."""
        if postings.is_capped(found):
            before = _capped_key(found)
            return _capped(replace(before, refused=before.refused + 1))
        self._meta["keys"] -= postings.held(found)
        self._meta["capped"] += 1
        capped = CappedKey(key.digest.hex(), key.kind, seen_at, 1)
        self._newly_capped.append(capped)
        return _capped(capped)

    def candidates(self, keys: Sequence[Key], birth: BirthDate | None) -> list[Subject]:
        """See the port."""
        wanted = sorted(self._numbers(keys, birth))
        self._records.read([_subject_key(n) for n in wanted if n not in self._subjects])
        return [self._subject(number) for number in wanted]

    def near(self, pictures: Sequence[int]) -> list[int]:
        """See the port."""
        return self._pictures.find(pictures)

    def _count(self, values: Collection[str], change: int) -> None:
        places = [b"c" + value.encode() for value in values]
        changed: dict[bytes, bytes | None] = {}
        for place, found in zip(places, self._records.read(places), strict=True):
            count = int.from_bytes(found or b"", "little") + change
            changed[place] = count.to_bytes(NUMBER, "little") if count else None
        self._records.change(changed)

    def count(self, value: str) -> int:
        """See the port."""
        return int.from_bytes(self._records.get(b"c" + value.encode()) or b"", "little")

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
        place = b"e" + link.pair.encode()
        before = self._records.get(place)
        changed: dict[bytes, bytes | None] = {place: orjson.dumps(records.dump_link(link))}
        if before is None:
            for root in (link.first, link.second):
                end = b"l" + root.encode()
                changed[end] = (self._records.get(end) or b"") + link.pair.encode()
        else:
            was_active = records.load_link(orjson.loads(before)).active
            self._meta["links" if was_active else "retracted"] -= 1
        self._meta["links" if link.active else "retracted"] += 1
        self._records.change(changed)

    def link(self, pair: str) -> Link | None:
        """See the port."""
        found = self._json(b"e" + pair.encode())
        return None if found is None else records.load_link(found)

    def parties(self, pair: str) -> tuple[str, ...]:
        """The jurisdictions of the two sides of a link; empty when there is none."""
        found = self.link(pair)
        sides = (self.get(root) for root in ((found.first, found.second) if found else ()))
        return tuple(side.origin for side in sides if side is not None)

    def is_confirmed(self, link: Link) -> bool:
        """Whether a party of the pair said that it is one person, and that is its last word."""
        said = self.rulings(link.first, link.second)
        confirmed = {r.jurisdiction for r in said if r.verdict is Verdict.CONFIRMED}
        return bool(confirmed) and not confirmed.isdisjoint(self.parties(link.pair))

    def links_of(self, root: str) -> list[Link]:
        """See the port."""
        pairs = self._records.get(b"l" + root.encode()) or b""
        split = sorted(pairs[i : i + _PAIR] for i in range(0, len(pairs), _PAIR))
        return [link for pair in split if (link := self.link(pair.decode())) is not None]

    def links(self) -> Iterator[Link]:
        """See the port."""
        found = (records.load_link(orjson.loads(value)) for _, value in self._records.scan(b"e"))
        return (link for link in found if link.active)

    # for operators

    def stats(self) -> Stats:
        """See the port."""
        names = ("subjects", "keys", "links", "retracted", "capped")
        counts = {name: self._meta[name] for name in names}
        return Stats(**counts, version=self._meta.get("version", 0))

    def capped(self, keys: Sequence[Key]) -> list[CappedKey]:
        """See the port."""
        found = self._records.read([b"k" + key.digest for key in keys])
        return [_capped_key(one) for one in found if one and postings.is_capped(one)]

    def crowds_near(self, picture: int) -> list[CappedKey]:
        """The crowds of pictures that ``picture`` is a near copy of."""
        return [one for crowd, one in self._pictures.crowds() if is_near(crowd, picture)]

    def holders(self, digest: str) -> Iterator[Subject]:
        """The subjects that have a key (hexadecimal), capped or not; looks at every case chain.

        Of a crowd of pictures, those that have a near copy of it.
        """
        for crowd, one in self._pictures.crowds():
            if one.key == digest:
                yield from (s for s in self.subjects() if s.features.has_near(crowd))
                return
        wanted = bytes.fromhex(digest)
        for _, value in self._records.scan(b"r"):
            if wanted in value and wanted in (known := _Known.load(value)).digests:
                yield self._subject(known.number)

    def newly_capped(self) -> list[CappedKey]:
        """See the port."""
        return list(self._newly_capped)

    def quarantine(self) -> list[CappedKey]:
        """See the port."""
        found = (value for _, value in self._records.scan(b"k") if postings.is_capped(value))
        capped = list(map(_capped_key, found))
        capped += (crowd for _, crowd in self._pictures.crowds())
        return sorted(capped, key=lambda c: (-c.refused, c.key))


def ruling_key(ruling: Ruling) -> tuple[str, str, str]:
    """One party's word on one pair."""
    return ruling.first, ruling.second, ruling.jurisdiction


def _capped(key: CappedKey) -> bytes:
    return postings.capped(orjson.dumps((key.key, key.kind, key.since, key.refused)))


def _capped_key(posting: bytes) -> CappedKey:
    return CappedKey(*orjson.loads(postings.record(posting)))


def _subject_key(number: int) -> bytes:
    return b"s" + number.to_bytes(NUMBER, "little")
