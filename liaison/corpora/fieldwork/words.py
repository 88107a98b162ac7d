"""A word of a name with its competing Latin spellings, and pools from which words are drawn."""

from __future__ import annotations

import unicodedata
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae",
     "Æ": "Ae", "ə": "a", "Ə": "A"}
)  # fmt: skip
_DIGRAPHS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "oe",
     "Ø": "Oe", "å": "aa", "Å": "Aa", "æ": "ae", "Æ": "Ae", "ñ": "nn"}
)  # fmt: skip
"""As in the machine-readable zone of a passport (ICAO 9303-3, section 6)."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as written at home, and its Latin spellings, the official one first.

    With ``schemes`` the spellings are one for each romanisation of the origin, in its order.
    """

    native: str
    latin: tuple[str, ...]
    schemes: bool = False
    kana: str = ""
    """The reading of a Japanese word."""

    def spelled(self, rng: Random, scheme: int) -> str:
        """One Latin spelling: that of the scheme, or any, where the first is the likeliest."""
        if self.schemes:
            return self.latin[scheme % len(self.latin)]
        if len(self.latin) == 1 or rng.random() < FIRST:
            return self.latin[0]
        return rng.choice(self.latin[1:])


FIRST = 0.4
"""Share of the first of several spellings that follow no scheme."""


def listed(text: str) -> list[str]:
    """The words of a table written as text."""
    return text.split()


def spellings(text: str) -> list[Word]:
    """Words of a table: on each line the word as written at home, ``|``, its Latin spellings."""
    lines = (line.split("|") for line in text.strip().splitlines())
    return [Word(native.strip(), tuple(latin.strip().split(","))) for native, latin in lines]


def bare(text: str) -> str:
    """Without diacritics: ``Jürgen`` is ``Jurgen``."""
    spread = unicodedata.normalize("NFD", text.translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join(c for c in spread if not unicodedata.combining(c)))


def digraphs(text: str) -> str:
    """With the digraphs of a passport: ``Jürgen`` is ``Juergen``."""
    return bare(text.translate(_DIGRAPHS))


def western(text: str) -> Word:
    """A word that is written in Latin letters at home."""
    return Word(text, (text,))


class Pool(Generic[T]):
    """Items to draw from, the earlier the more often, as names are (Zipf–Mandelbrot)."""

    def __init__(self, items: Iterable[T], *, offset: float = 12, exponent: float = 0.9) -> None:
        self.items: Sequence[T] = list(items)
        weights = ((rank + offset) ** -exponent for rank in range(len(self.items)))
        self._bounds = list(accumulate(weights))

    def draw(self, rng: Random) -> T:
        """One item."""
        return self.items[bisect(self._bounds, rng.random() * self._bounds[-1])]


def shuffled(items: Iterable[T], seed: str) -> list[T]:
    """The items without repetition, in an order that is always the same and not the alphabet's."""
    unique = list(dict.fromkeys(items))
    Random(seed).shuffle(unique)
    return unique
