"""How alike two tokens of names are, whoever wrote them down.

A weighted edit distance over the small alphabet of ``romanisation``: letters that another ear
writes for each other cost half of others, and a short vowel that a script leaves out costs
nothing.
"""

from __future__ import annotations

from collections import Counter
from enum import IntEnum
from functools import cache, lru_cache

from consumers.deduplication.names import Token
from consumers.deduplication.romanisation import CONFUSABLE

_VOWELS = frozenset("aeiou")
_LIGHT = _VOWELS | {"H"}
_MUTABLE = _LIGHT | {"v", "f", "j"}
_CLASSES = {letter: min(group) for group in CONFUSABLE for letter in group}
_STEP = 256
_NEAR, _FAR = _STEP, 2 * _STEP + 1
"""Costs 1 and 2; the second is also a step that no ear explains."""


class Likeness(IntEnum):
    """From nothing in common to the same; ordered."""

    NONE = 0
    INITIAL = 1
    TYPED = 2
    """A slip of the pen or the keyboard lies between them."""
    HEARD = 3
    """Another ear, office or script: the sounds are the same."""
    EQUAL = 4


@lru_cache(maxsize=65536)
def likeness(first: Token, second: Token) -> Likeness:
    """The likeness of two tokens; symmetric."""
    if not set(first.folds).isdisjoint(second.folds):
        return Likeness.EQUAL
    if first.is_initial or second.is_initial:
        same = first.folds[0][0] == second.folds[0][0]
        return Likeness.INITIAL if same else Likeness.NONE
    if _gendered(first, second):
        return Likeness.NONE
    if first.vowelled != second.vowelled:
        bare, full = (first, second) if second.vowelled else (second, first)
        return max(_heard_in(b, f) for b in bare.folds for f in full.folds)
    return max(_between(a, b) for a in first.folds for b in second.folds)


def joined(first: Token, second: Token, whole: Token) -> bool:
    """Whether ``whole`` is ``first`` and ``second`` written as one word."""
    return any(a + b in whole.folds for a in first.folds for b in second.folds)


def _gendered(first: Token, second: Token) -> bool:
    """Karim and Karima, Mario and Maria: one letter apart, and two persons.

    A surname declined by gender (Ivanov, Ivanova) is one of these too: abroad it is written as
    in the passport, and the family has both.
    """
    for a in first.folds:
        for b in second.folds:
            short, long = sorted((a, b), key=len)
            if long == short + "a" and len(short) > 2:
                return True
            if len(a) == len(b) and a[:-1] == b[:-1] and {a[-1], b[-1]} in ({"a", "o"}, {"a", "e"}):
                return True
    return False


def _between(a: str, b: str) -> Likeness:
    length = max(len(a), len(b))
    if abs(len(a) - len(b)) > 3 or _at_least(a, b) > length * 2 // 5:
        return Likeness.NONE
    cost, far = _distance(a, b, length * 2 // 5)
    if cost > length * 2 // 5 or length < 4:
        return Likeness.NONE
    if not far:
        return Likeness.HEARD
    return Likeness.TYPED if length >= 6 and cost <= 3 else Likeness.NONE


def _heard_in(bare: str, full: str) -> Likeness:
    """``bare`` comes from a script without short vowels, ``full`` from one that writes them."""
    if (full[-1] == "a") != (bare[-1] == "a"):
        return Likeness.NONE
    cost, far = _distance(bare, full, 1, unwritten=True)
    if far or cost > 1 or sum(c not in _VOWELS for c in bare) < 2:
        return Likeness.NONE
    return Likeness.HEARD


def _at_least(a: str, b: str) -> int:
    """A lower bound of the distance, for a tenth of its price: consonants without a partner."""
    mine, yours = _consonants(a), _consonants(b)
    shared = (mine & yours).total()
    return max(mine.total(), yours.total()) - shared


@lru_cache(maxsize=65536)
def _consonants(fold: str) -> Counter[str]:
    return Counter(_CLASSES.get(letter, letter) for letter in fold if letter not in _MUTABLE)


def _distance(a: str, b: str, limit: int, *, unwritten: bool = False) -> tuple[int, int]:
    """Cost, and how many of its steps no ear explains; adjacent letters swapped are one step.

    Both are kept in one integer while it adds them up: the cost above, the steps below. It
    gives up, with any cost above ``limit``, once no way can stay within it.
    """
    free = _VOWELS if unwritten else frozenset[str]()
    ceiling = (limit + 1) * _STEP - 1
    before: list[int] = []
    previous = [0]
    for letter in b:
        previous.append(previous[-1] + (0 if letter in free else _gap(letter)))
    for i, letter in enumerate(a, 1):
        gap = _gap(letter)
        row = [previous[0] + gap]
        for j, other in enumerate(b, 1):
            best = min(
                previous[j - 1] + _substitution(letter, other),
                previous[j] + gap,
                row[j - 1] + (0 if other in free else _gap(other)),
            )
            if i > 1 and j > 1 and a[i - 2] == other and letter == b[j - 2] and letter != other:
                best = min(best, before[j - 2] + _FAR)
            row.append(best)
        if min(row) > ceiling < min(previous):
            break
        before, previous = previous, row
    else:
        return divmod(previous[-1], _STEP)
    return limit + 1, 1


def _gap(letter: str) -> int:
    return _NEAR if letter in _LIGHT else _FAR


@cache
def _substitution(a: str, b: str) -> int:
    if a == b:
        return 0
    return _NEAR if any(a in group and b in group for group in CONFUSABLE) else _FAR
