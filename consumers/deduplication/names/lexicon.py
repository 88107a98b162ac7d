"""What is known of names: whose they are, how frequent, and which are one person's.

Three files are the data: ``given.txt`` and ``surnames.txt`` by origin, the most frequent first, and
``nicknames.txt``, one given name a line with its spellings and its pet forms. They belong to
``EVIDENCE_VERSION``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from consumers.deduplication.names.folding import folds_of, is_unvowelled, plain, sound
from consumers.deduplication.names.tablefiles import lines

VERY_FREQUENT, FREQUENT, KNOWN = 3, 2, 1
FIRST, NEXT = 6, 30
"""Names of one origin and sex that are very frequent, and that are at least frequent."""

SURNAME = "s"
"""What stands for the sex in ``nicknames.txt`` where the names are surnames."""

_ARABIC = str.maketrans("أإآٱىیکةۀ", "ااااييكهه")


@dataclass(slots=True)
class Known:
    """What is known of one word.

    ``sex`` is m, f, x (both) or empty (no given name). ``one`` names what it is a spelling of,
    ``groups`` the given names that it belongs to, ``pet`` those of which it is a pet form.
    ``latin`` is how a script without vowels is read.
    """

    sex: str = ""
    surname: bool = False
    rank: int = 0
    one: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    pet: set[str] = field(default_factory=set)
    sounds: list[str] = field(default_factory=list)
    latin: str = ""

    def or_else(self, other: Known) -> Known:
        """What is known of a word that may be either."""
        either = replace(self, sex="", one=set(self.one), groups=set(self.groups),
                         pet=set(self.pet), sounds=list(self.sounds))  # fmt: skip
        either.learn(other)
        either.sex = self.sex if other.sex in ("", self.sex) else other.sex and "x"
        return either

    def learn(self, other: Known) -> None:
        """Takes over what is known of another spelling of the same sound."""
        self.surname |= other.surname
        self.rank = max(self.rank, other.rank)
        if other.sex and self.sex not in ("", other.sex):
            return
        self.sex = other.sex or self.sex
        self.one |= other.one
        self.groups |= other.groups
        self.pet |= other.pet
        self.sounds += [s for s in other.sounds if s not in self.sounds]


UNKNOWN = Known()
"""What is known of any other word."""


def known(writings: Iterable[str], folds: Iterable[str]) -> tuple[Known, bool]:
    """What is known of a case-folded word, and whether it is known as it is written.

    ``writings`` are tried first, then how it is heard. A word with marks may be either: its marks
    say how it is heard, its letters what others write. Another script can only be heard.
    """
    by_word, by_fold = _tables()
    written, *_ = keys = [_key(w) for w in writings]
    heard = next(filter(None, map(by_fold.get, folds)), None)
    found = next(filter(None, map(by_word.get, keys)), None)
    is_sure = found is not None or not written.isascii()
    if found and heard and found is not heard and written not in writings:
        return found.or_else(heard), is_sure
    return found or heard or UNKNOWN, is_sure


def is_surname(word: str) -> bool:
    """Whether a case-folded ``word`` is a known surname, or a given name that is one elsewhere."""
    found = _tables()[0].get(_key(word))
    return found is not None and (found.surname or found.rank > KNOWN)


def is_only_surname(word: str) -> bool:
    """Whether a case-folded ``word`` is a known surname and no given name."""
    found = _tables()[0].get(word)
    return found is not None and found.surname and not found.sex


@cache
def very_frequent() -> frozenset[str]:
    """The folds of names so frequent that agreeing on one says little."""
    by_word, _ = _tables()
    return frozenset(
        fold
        for word, entry in by_word.items()
        if entry.rank == VERY_FREQUENT
        for fold in folds_of(word)[:2]
    )


def _key(word: str) -> str:
    if is_unvowelled(word):
        bare = word.translate(_ARABIC)
        return bare if bare.startswith("عبدالل") else bare.replace("عبدال", "عبد", 1)
    return plain(word) if word[0] < "\u0370" else word


@cache
def _tables() -> tuple[dict[str, Known], dict[str, Known]]:
    """By word and by fold; a fold is that of the most frequent word that has it."""
    words: dict[str, Known] = defaultdict(Known)
    for sex, rank, name in _listed("given"):
        entry = words[_key(name)]
        entry.sex = sex if entry.sex in ("", sex) else "x"
        entry.rank = max(entry.rank, rank)
    for _, rank, name in _listed("surnames"):
        entry = words[_key(name)]
        entry.surname = True
        entry.rank = max(entry.rank, rank)
    listed = frozenset(word for word, entry in words.items() if entry.sex)
    for line in lines("nicknames"):
        _group(words, line, listed)
    for word, entry in words.items():
        entry.one.add(word)
        if entry.sex and (word in listed or not entry.groups):
            entry.groups.add(f"{entry.sex}:{word}")
    folds = _by_fold(words)
    for word, entry in words.items():
        if not is_unvowelled(word):
            entry.learn(folds[folds_of(word)[0]])
    return dict(words), folds


def _by_fold(words: dict[str, Known]) -> dict[str, Known]:
    folds: dict[str, Known] = {}
    for word in sorted(words, key=lambda w: (-words[w].rank, w)):
        if not is_unvowelled(word):
            folds.setdefault(folds_of(word)[0], Known()).learn(words[word])
    return folds


def _group(words: dict[str, Known], line: str, listed: frozenset[str]) -> None:
    """One line: ``sex name … = pet …``, ``sex given+given = pet …`` or ``sex name … ==``."""
    heads, _, pets = line.partition("=")
    sex, *spellings = heads.split()
    is_one = pets.strip() == "="
    roots = spellings[0].split("+")
    members = [] if len(roots) > 1 else spellings
    ids = [f"{sex}:{root}" for root in roots]
    heard = [sound(folds_of(_key(root))[0]) for root in roots]
    for root, about in zip(roots, ids, strict=True):
        words[_key(root)].groups.add(about)
    for name in (*members, *(() if is_one else pets.split())):
        entry = words[_key(name)]
        if sex == SURNAME:
            entry.surname = True
        elif name not in listed:
            entry.sex = sex if entry.sex in ("", sex) else "x"
        entry.rank = max(entry.rank, KNOWN)
        entry.groups.update(ids)
        entry.sounds += [s for s in heard if s not in entry.sounds]
        if is_unvowelled(name):
            entry.latin = entry.latin or roots[0]
        if is_one:
            entry.one.add(ids[0])
        elif name not in members:
            entry.pet.update(ids)


def _listed(name: str) -> Iterator[tuple[str, int, str]]:
    """The sex (of a surname the origin), the rank and the name, one after another."""
    for line in lines(name):
        about, _, names = line.removeprefix("[").partition("]")
        for place, written in enumerate(names.split()):
            rank = VERY_FREQUENT if place < FIRST else FREQUENT if place < NEXT else KNOWN
            yield about.split()[-1], rank, written
