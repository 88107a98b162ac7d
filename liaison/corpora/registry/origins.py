"""Where names come from: tables of given names and surnames, most frequent first.

The files in ``origins/`` were written for this package. A word may list its usual spellings in
Latin letters (``native=passport|French|scholarly|others``); ``_`` stands for a space.
"""

from __future__ import annotations

import random
from bisect import bisect
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import NamedTuple

from liaison.corpora.registry.spelling import Word

_FILES = resources.files(__package__)
FREQUENT = 15
"""Words of a pool that everybody has heard."""


class Pool(NamedTuple):
    """Words and their cumulative frequencies: the word of rank r has weight 1 / (r + 3) ** skew."""

    words: tuple[Word, ...]
    cumulative: tuple[float, ...]

    def draw(self, rng: random.Random) -> Word:
        """A word, frequent ones more often."""
        return self.words[bisect(self.cumulative, rng.random() * self.cumulative[-1])]

    @property
    def frequent(self) -> tuple[Word, ...]:
        """The most frequent words."""
        return self.words[:FREQUENT]


class Origin(NamedTuple):
    """A naming tradition. ``custom`` says how names are built; ``states`` where people live."""

    name: str
    language: str
    custom: str
    states: tuple[str, ...]
    female: Pool
    male: Pool
    surnames: Pool


_ROWS = """
english    en western     GB US IE AU CA NZ    0.9
french     fr western     FR BE CH CA LU       0.9
german     de western     DE AT CH LU          0.9
spanish    es spanish     ES MX CO AR PE       1.0
portuguese pt portuguese  PT                   1.0
brazilian  pt portuguese  BR                   1.0
italian    it western     IT CH                0.8
dutch      nl western     NL BE                0.9
swedish    sv western     SE FI                0.8
danish     da western     DK                   1.0
norwegian  no western     NO                   0.8
icelandic  is icelandic   IS                   0.7
finnish    fi western     FI                   0.7
polish     pl gendered    PL                   0.7
czech      cs gendered    CZ SK                0.7
romanian   ro western     RO MD                0.8
hungarian  hu family-first HU RO               0.8
turkish    tr western     TR DE                0.8
vietnamese vi vietnamese  VN US FR             1.3
filipino   tl filipino    PH                   0.8
indonesian id single      ID                   0.7
nigerian   yo western     NG GB                0.7
russian    ru russian     RU KZ                0.7
ukrainian  uk russian     UA                   0.7
bulgarian  bg bulgarian   BG                   0.8
serbian    sr western     RS BA                0.8
greek      el gendered    GR CY                0.8
georgian   ka western     GE                   0.7
levantine  ar arabic      LB SY JO EG PS       0.8
maghrebi   ar western     MA DZ TN FR          0.8
gulf       ar arabic      AE SA KW QA          0.8
persian    fa western     IR                   0.8
hebrew     he western     IL                   0.9
hindi      hi hindi       IN                   0.9
tamil      ta tamil       IN LK                0.7
bengali    bn hindi       BD IN                0.9
thai       th western     TH                   0.5
ethiopian  am ethiopian   ET                   0.6
korean     ko family-first KR                  1.2
japanese   ja family-first JP                  0.7
chinese    zh family-first CN TW SG            1.0
cantonese  zh family-first HK                  1.0
"""

_TABLE_OF = {"cantonese": "chinese"}


@cache
def origins() -> dict[str, Origin]:
    """Every origin by name."""
    return {origin.name: origin for origin in map(_read, _ROWS.strip().splitlines())}


@cache
def nicknames() -> dict[str, tuple[str, ...]]:
    """Short forms by given name, as families use them."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in _FILES.joinpath("nicknames.txt").read_text("utf-8").split():
        name, _, short = entry.replace("_", " ").partition("=")
        found[name] = found.get(name, ()) + tuple(short.split(","))
    return found


def _read(row: str) -> Origin:
    name, language, custom, *states, skew = row.split()
    path = _FILES.joinpath("origins", f"{_TABLE_OF.get(name, name)}.txt")
    sections: dict[str, list[str]] = {}
    for entry in path.read_text("utf-8").split():
        if entry.startswith("["):
            words = sections.setdefault(entry.strip("[]"), [])
        else:
            words.append(entry.replace("_", " "))
    readings = dict(entry.split("=") for entry in sections.get("reading", ()))
    pools = (
        _pool([_word(w, language, readings) for w in sections[kind]], float(skew))
        for kind in ("female", "male", "surname")
    )
    return Origin(name, language, custom, tuple(states), *pools)


def _word(entry: str, language: str, readings: dict[str, str]) -> Word:
    native, _, listed = entry.partition("=")
    if readings:
        return Word(native, language, tuple(readings[letter] for letter in native))
    return Word(native, language, tuple(listed.split("|")) if listed else ())


def _pool(words: list[Word], skew: float) -> Pool:
    weights = (1 / (rank + 3) ** skew for rank in range(len(words)))
    return Pool(tuple(words), tuple(accumulate(weights)))
