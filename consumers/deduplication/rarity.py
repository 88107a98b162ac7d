"""How much it says that two subjects have a word of a name, a key or a value in common. Pure.

A word that one in a thousand has is worth ``log2(1000)`` bits (Fellegi and Sunter's frequency
based weights, 1969). Counted are the subjects that came before, so that the figure is a function
of the log; what is known of names in general stands in until enough came.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from math import log2

from consumers.deduplication.names import Token

Centibits = int

ASSUMED = 4000
"""Subjects that the general knowledge counts for."""
EXPECTED = (8, 25, 100, 600)
"""Of those, times 100, how many have a word, by its rank in the lexicon."""
_STEPS = 4096
_LOGARITHMS = tuple(round(100 * log2(1 + step / _STEPS)) for step in range(_STEPS))
"""Of the mantissas, made once: whole numbers from here on, the same on every machine."""


def information(part: int, whole: int) -> Centibits:
    """``100 * log2(whole / part)``, both positive, rounded down to a step; never below 0."""
    if part >= whole:
        return 0
    ratio = (whole << 12) // part
    exponent = ratio.bit_length() - 13
    mantissa = (ratio >> exponent) - _STEPS if exponent >= 0 else 0
    return 100 * exponent + _LOGARITHMS[mantissa]


def _nobody(_word: str) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Rarity:
    """What is known of frequencies at one moment.

    Attributes:
        population: subjects so far.
        count: how many of them have one of ``Features.counted``.
    """

    population: int = 0
    count: Callable[[str], int] = _nobody
    _words: dict[str, Centibits] = field(default_factory=dict, compare=False, repr=False)

    def word(self, token: Token) -> Centibits:
        """Of a word of a name; asked once for each moment."""
        found = self._words.get(token.word)
        if found is None:
            seen = 100 * self.count(token.folds[0]) + EXPECTED[token.rank]
            found = information(seen, 100 * (self.population + ASSUMED))
            if self.population:
                self._words[token.word] = found
        return found

    def sharing(self, values: Iterable[str]) -> Centibits:
        """What a value loses by being shared: ``log2`` of how many have the rarest of ``values``.

        Nothing where only one other has it.
        """
        return information(1, min(map(self.count, values), default=1))

    def without(self, counted: Collection[str]) -> Rarity:
        """As it was before a subject came that has ``counted``."""
        count = self.count
        return Rarity(
            max(self.population - 1, 0), lambda value: max(count(value) - (value in counted), 0)
        )


NOTHING_KNOWN = Rarity()
