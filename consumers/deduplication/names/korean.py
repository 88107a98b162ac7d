"""Korean names: Hangul, the official romanisation, McCune–Reischauer, and what passports write.

A vowel in Latin letters may stand for several (``u`` in Jun, Sung, Eun); a name is every way of
reading it, and Hangul is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product

from consumers.deduplication.names.tablefiles import lines
from consumers.deduplication.names.tablefiles import standing as ranked

MAX_READINGS = 12
"""Ways of reading one name that are kept: three vowels of two readings, and some to spare."""

_FIRST = "KKNTTRMPPSS-CCCKTPH"
_VOWELS = ("A", "E", "YA", "YE", "EO", "E", "YEO", "YE", "O", "WA", "WE", "WE", "YO", "U", "WO",
           "WE", "WI", "YU", "EU", "I", "I")  # fmt: skip
_LAST = "-KKKNNNTRKMRRPRRMPPTTGCCKTPH"
"""The letters of a syllable in the order of Unicode, and the class of each."""

_LATIN = {
    "a": "A", "ah": "A", "ae": "E", "e": "E", "ai": "E", "ay": "E", "ya": "YA", "yah": "YA",
    "yae": "YE", "ye": "YE", "eo": "EO", "uh": "EO", "ou": "EO U", "o": "O EO", "oh": "O",
    "oo": "U", "u": "U", "eu": "EU", "i": "I", "ee": "I", "ui": "I", "eui": "I", "yi": "I",
    "yu": "YU", "yoo": "YU", "yeo": "YEO", "you": "YEO YU", "yo": "YO YEO", "yuh": "YEO",
    "wa": "WA", "wo": "WO", "weo": "WO", "wi": "WI", "we": "WE", "wae": "WE", "oe": "WE",
    "oi": "WE", "woo": "U", "wu": "U", "wee": "WI",
}  # fmt: skip
_CLOSED = {"u": "U EO EU", "yu": "YU YEO"}
"""Vowels that are read in more ways before a consonant."""

_SYLLABLE = re.compile(
    r"(kk|tt|pp|ss|jj|ch|sh|[gkdtbpjlrnmsh]|)(" + "|".join(sorted(_LATIN, key=len, reverse=True))
    + r")(ng|[gkcnlrmpbt]|)"
)  # fmt: skip
_CONSONANTS = {"g": "K", "k": "K", "kk": "K", "c": "K", "d": "T", "t": "T", "tt": "T", "l": "R",
               "r": "R", "b": "P", "p": "P", "pp": "P", "s": "S", "ss": "S", "sh": "S", "j": "C",
               "ch": "C", "jj": "C", "ng": "G", "n": "N", "m": "M", "h": "H", "": "-"}  # fmt: skip


@cache
def surnames() -> dict[str, tuple[str, ...]]:
    """Spellings and Hangul of surnames: the Hangul of each that it may be, frequent first."""
    found: dict[str, list[str]] = {}
    for line in lines("korean"):
        hangul, *spellings = line.split()
        for spelling in (hangul, *dict.fromkeys(spellings)):
            found.setdefault(spelling, []).append(hangul)
    return {spelling: tuple(readings) for spelling, readings in found.items()}


def is_hangul(word: str) -> bool:
    """Whether it is written in Hangul."""
    return "\uac00" <= word[0] <= "\ud7a3"


def of_hangul(word: str) -> str:
    """The one reading of a word in Hangul."""
    return ".".join(_jamo(c) for c in word if is_hangul(c))


def romanised(word: str) -> str:
    """Hangul in the customary spelling where it is a surname."""
    table = _customary()
    return table.get(word, "")


@cache
def _customary() -> dict[str, str]:
    return {line.split()[0]: line.split()[1] for line in lines("korean")}


@cache
def standing() -> dict[str, int]:
    """Surnames in Latin letters and how likely they are, the likeliest lowest."""
    return ranked((line.split()[1:] for line in lines("korean")), 1)


def of_surname(word: str) -> Iterator[str]:
    """The readings of what may be a surname in ``word``."""
    for hangul in surnames().get(word, ()):
        yield of_hangul(hangul)


def of_given(word: str) -> Iterator[str]:
    """Every reading of a given name of one or two syllables in Latin letters."""
    found = 0
    for parts in _split(word):
        for reading in product(*parts):
            if found < MAX_READINGS:
                found += 1
                yield ".".join(reading)


def coarse(reading: str) -> str:
    """A reading without the vowels that Latin letters do not tell apart."""
    return re.sub("EO|EU|[OU]", "o", reading).replace(".", "").replace("-", "")


def _jamo(syllable: str) -> str:
    number = ord(syllable) - 0xAC00
    first, rest = divmod(number, 21 * 28)
    vowel, last = divmod(rest, 28)
    return f"{_FIRST[first]}{_VOWELS[vowel]}{_LAST[last]}"


def _split(word: str) -> Iterator[tuple[tuple[str, ...], ...]]:
    if whole := _readings(word):
        yield (whole,)
    for i in range(1, len(word)):
        if (one := _readings(word[:i])) and (two := _readings(word[i:])):
            yield (one, two)


@lru_cache(maxsize=8192)
def _readings(syllable: str) -> tuple[str, ...]:
    match = _SYLLABLE.fullmatch(syllable)
    if match is None:
        return ()
    first, vowel, last = match.groups()
    vowels = (_CLOSED.get(vowel) if last else None) or _LATIN[vowel]
    return tuple(_CONSONANTS[first] + v + _CONSONANTS[last] for v in vowels.split())
