"""Names as written, in any script, as tokens that meet whoever wrote them down.

Each token has *folds* (every reading in the small alphabet of ``romanisation``), *sounds* (what
two writings of it share: match keys) and what ``lexicon`` knows of it. Order is not kept: it says
nothing across countries. What writing adds or leaves out at will (particles, the Arabic article,
titles) is taken out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from zlib import crc32

from consumers.deduplication import romanisation as tables
from consumers.deduplication.names import east_asia, indic, japanese, lexicon, words
from consumers.deduplication.names.folding import (
    MAX_VARIANTS,
    folded,
    is_vowelled,
    plain,
    sound,
)
from consumers.deduplication.names.inflection import his

__all__ = [
    "MAX_NAME_TOKENS",
    "MAX_SOUNDS",
    "MAX_VARIANTS",
    "Name",
    "Token",
    "common",
    "load",
    "parse",
    "read",
    "token",
]

MAX_NAME_TOKENS = 8
"""Tokens of one name that are read; no person's name in the samples has more."""
MAX_SOUNDS = 4
"""Sounds of one token that are kept: each is a match key."""

_PATRONYMIC = re.compile(r"(?:[oe]viC|[oe]vna|[iu]niCna|liC|dotir|oglu|zade)$")
_IS_SYLLABLE = re.compile("[\u0e00-\u109f\u1100-\u1dff\u2e80-\U0010ffff]").match
_NONE: frozenset[str] = frozenset()
_MARKS = 960


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a name; all follows from ``word``, so that equal words are equal tokens.

    ``vowelled`` is false where the script leaves short vowels out. ``given`` is the sex of whom
    it is a given name of (m, f, x both; empty where it is not known as one), ``rank`` how
    frequent it is (3 very, 2, 1 known, 0 unknown). ``one``, ``groups`` and ``pet`` are those of
    ``lexicon.Known``. ``syllables`` is how ``east_asia`` reads it, in one form for all standards.
    ``is_sure``: it is known as it is written, so that it is not another name with a slip.
    ``is_initial``: it is one letter of an alphabet, as in ``M. Santos``.
    """

    word: str
    folds: tuple[str, ...] = field(compare=False)
    sounds: tuple[str, ...] = field(compare=False)
    vowelled: bool = field(default=True, compare=False)
    plain: str = field(default="", compare=False)
    given: str = field(default="", compare=False)
    is_surname: bool = field(default=False, compare=False)
    is_patronymic: bool = field(default=False, compare=False)
    rank: int = field(default=0, compare=False)
    one: frozenset[str] = field(default=_NONE, compare=False)
    groups: frozenset[str] = field(default=_NONE, compare=False)
    pet: frozenset[str] = field(default=_NONE, compare=False)
    syllables: frozenset[str] = field(default=_NONE, compare=False)
    is_sure: bool = field(default=False, compare=False)
    is_initial: bool = field(init=False, compare=False)
    """Whether it is one letter of an alphabet, as in ``M. Santos``."""
    part: str = field(init=False, compare=False)
    """Of a name: given, family, patronymic, or unsure."""
    marks: int = field(init=False, compare=False)
    """Two tokens without a mark in common are not alike (see :func:`_marks`)."""
    heads: int = field(init=False, compare=False)
    """Bits of the first letters of its folds."""

    def __post_init__(self) -> None:
        """What follows is looked at in every comparison, so it is found out once."""
        initial = len(self.word) == 1 and not _IS_SYLLABLE(self.word)
        object.__setattr__(self, "is_initial", initial)
        object.__setattr__(self, "part", _part(self))
        object.__setattr__(self, "marks", _marks(self))
        object.__setattr__(self, "heads", sum({1 << (ord(fold[0]) & 63) for fold in self.folds}))


def _part(token: Token) -> str:
    if token.is_patronymic:
        return "patronymic"
    if bool(token.given) == token.is_surname:
        return "unsure"
    return "given" if token.given else "family"


def _marks(token: Token) -> int:
    """Bits of the first and the last letter, and of all by which a word is known.

    Of four hundred pairs of words in one that the letters between would still bring together is
    lost. What begins with any letter, or leaves vowels out, may be like any other.
    """
    if token.is_initial or not token.vowelled:
        return -1
    first, last = (ord(letter) & 31 for letter in (token.plain[:1] or "@", token.plain[-1:] or "@"))
    marks = 1 << first | 1 << 32 + last
    for known in (*token.folds, *token.sounds, *token.groups, *token.one):
        marks |= 1 << 64 + crc32(known.encode()) % _MARKS
    return marks


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a subject; ``generation`` is "junior", "senior", … or empty."""

    tokens: tuple[Token, ...]
    generation: str = ""
    written: tuple[str, ...] = field(init=False, compare=False)
    """What puts two names in order."""

    def __post_init__(self) -> None:
        """Names are put in order in every comparison."""
        object.__setattr__(self, "written", (self.generation, *(t.word for t in self.tokens)))


def parse(text: str) -> Name:
    """The name in ``text``, as it is likeliest read."""
    return read(text)[0]


@lru_cache(maxsize=16384)
def read(text: str) -> tuple[Name, ...]:
    """The name in ``text``, more than once where it can be read in more ways than one.

    Without tokens when it has no letter or says that it is unknown.
    """
    text = words.normalised(text)
    if words.is_placeholder(text):
        return (Name(()),)
    split = words.split(text)
    kept, generation = words.kept(split), ""
    if not tables.GENERATIONS.keys().isdisjoint(kept):
        generation = next(filter(None, map(tables.GENERATIONS.get, kept[1:])), "")
        kept = [w for i, w in enumerate(kept) if i == 0 or w not in tables.GENERATIONS]
    hyphens = [len(kept) == len(split) and hyphen for _, hyphen in split]
    ways = east_asia.orders(kept, hyphens, surname_first=words.begins_with_surname(text))
    if not ways:
        ways = [words.joined(kept) or kept]
        if len(ways[0]) == 1:
            ways = east_asia.apart(ways[0][0])
        if as_one := words.grown([word for word, _ in split]):
            ways.append(as_one)
        if not text.isascii() and indic.is_romanised(text):
            heard = [indic.spoken(word) for word in ways[0]]
            ways.append([first for first, *_ in heard])
            if any(others for _, *others in heard):
                ways.append([last for *_, last in heard])
    found = tuple([Name(tuple(_tokens(way)), generation) for way in ways])
    bare = words.without_elided(text)
    return found if bare == text else found + read(bare)


def _tokens(kept: list[str]) -> list[Token]:
    return [t for t in map(token, kept) if t.folds][:MAX_NAME_TOKENS]


def load() -> None:
    """Reads the tables now, which takes a moment, and not when the first names need them."""
    common()
    for one in ("Wang Xiaoming", "Kim Minjun", "山田太郎", "王小明", "김민준"):
        parse(one)


def common() -> frozenset[str]:
    """The folds of names so frequent that agreeing on one says little."""
    return lexicon.very_frequent()


@lru_cache(maxsize=65536)
def token(word: str) -> Token:
    """The token of one case-folded word."""
    letters = word.removesuffix(east_asia.MARK)
    if not letters:
        return Token(word, (), ())
    syllables = east_asia.syllables(word)
    read = east_asia.readings(letters)
    heard = read or dict.fromkeys((letters, _without_particle(letters)))
    folds = folded(heard)
    is_romaji = japanese.is_romaji(letters)
    romaji = japanese.hepburn(letters) if is_romaji else letters
    writings = (letters,) if romaji == letters else (letters, romaji)
    found, is_sure = lexicon.known(writings, folds)
    if found.latin:
        folds = folded([found.latin, letters])
    elif is_romaji and (not found.sex or romaji != letters):
        folds = folded(dict.fromkeys((*read, *writings)))
    if not folds:
        return Token(word, (), ())
    return Token(
        word,
        folds,
        _sounds(folds, (*east_asia.sounds(word, syllables), *found.sounds)),
        bool(found.latin) or is_vowelled(letters),
        plain(letters),
        found.sex,
        found.surname,
        not found.surname and bool(_PATRONYMIC.search(folds[0])),
        found.rank,
        frozenset(found.one),
        frozenset(found.groups),
        frozenset(found.pet),
        syllables,
        is_sure and found is not lexicon.UNKNOWN,
    )


def _without_particle(word: str) -> str:
    """``Deguzman`` is Guzman as well, ``Alahmad`` Ahmad; other words are what they are."""
    bare = tables.GROWN_ARTICLE.sub("", word)
    if bare != word:
        return bare
    if not word.startswith(tables.GROWN_PARTICLES):
        return word
    for particle in tables.GROWN_PARTICLES:
        rest = word.removeprefix(particle)
        if rest != word and len(rest) > 3 and lexicon.is_surname(rest):
            return rest
    return word


def _sounds(folds: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """The sound of the first fold, those of what it is a form of, then of other readings."""
    heard = list(map(sound, folds))
    family = his(folds[0], lexicon.is_only_surname)
    if family != folds[0]:
        more = (*more, sound(family))
    return tuple(dict.fromkeys((*heard[:1], *more, *heard[1:])))[:MAX_SOUNDS]
