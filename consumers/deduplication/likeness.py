"""How alike two tokens of names are, whoever wrote them down.

What is known of the two words comes first, then their letters: a weighted edit distance over the
small alphabet of ``romanisation``, in which letters that another ear writes for each other cost
half of others, and a short vowel that a script leaves out costs nothing. Most pairs have nothing
in common, and the letters they have show that before any distance is measured.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache, lru_cache

from consumers.deduplication.names import Token
from consumers.deduplication.names.east_asia import JAPANESE, is_ideographic
from consumers.deduplication.names.inflection import is_gendered
from consumers.deduplication.names.slips import differing, is_slip, is_swap
from consumers.deduplication.romanisation import CONFUSABLE

_VOWELS = frozenset("aeiou")
_LIGHT = _VOWELS | {"H"}
_MUTABLE = _LIGHT | {"v", "f", "j"}
_CLASSES = {letter: min(group) for group in CONFUSABLE for letter in group - _VOWELS}
_STEP = 256
_NEAR, _FAR = _STEP, 2 * _STEP + 1
"""Costs 1 and 2; the second is also a step that no ear explains."""
_MAX_MISSING = 1
"""Classes of consonants that one word may have and the other not: one step that no ear explains."""
_SURE_BY_EAR = 5
"""Letters up to which two known names that sound alike are two names: Lina and Lena."""


class Likeness(IntEnum):
    """From nothing in common to the same; ordered."""

    NONE = 0
    INITIAL = 1
    GENDERED = 2
    """One surname, declined for a man and for a woman: the same family, or a changed form."""
    TYPED = 3
    """A slip of the pen or the keyboard lies between them."""
    NICKNAME = 4
    """One is a short or pet form of the other, or both of one given name."""
    HEARD = 5
    """Another ear, office or script: the sounds are the same."""
    EQUAL = 6


def likeness(first: Token, second: Token) -> Likeness:
    """The likeness of two tokens; symmetric."""
    if first.word == second.word:
        return Likeness.EQUAL
    if first.syllables and second.syllables and _are_read_apart(first, second):
        return Likeness.NONE
    if first.is_initial == second.is_initial and not set(first.folds).isdisjoint(second.folds):
        return Likeness.EQUAL
    if _are_strangers(first, second):
        return Likeness.NONE
    known = _known(first, second)
    if (first.is_initial or second.is_initial) and known is not Likeness.HEARD:
        return Likeness.INITIAL if _begin_alike(first, second) else Likeness.NONE
    if known is Likeness.NICKNAME:
        return max(known, _by_letters(first, second))
    return _by_letters(first, second) if known is None else known


def _are_read_apart(first: Token, second: Token) -> bool:
    """Whether no way of reading is that of both; of two names of Japan, no Japanese one."""
    if first.syllables.isdisjoint(second.syllables):
        return True
    if not (is_ideographic(first.word) and is_ideographic(second.word)):
        return False
    mine, yours = ({s for s in t.syllables if s[0] == JAPANESE} for t in (first, second))
    return bool(mine and yours) and mine.isdisjoint(yours)


def _are_strangers(first: Token, second: Token) -> bool:
    """Most pairs of words: no sound, no name, and neither the first nor the last letter in common.

    Of four hundred such pairs in one that the letters between would still bring together is lost.
    """
    mine, yours = first.plain, second.plain
    return (
        mine[:1] != yours[:1]
        and mine[-1:] != yours[-1:]
        and first.vowelled
        and second.vowelled
        and not first.is_initial
        and not second.is_initial
        and set(first.sounds).isdisjoint(second.sounds)
        and first.groups.isdisjoint(second.groups)
        and first.one.isdisjoint(second.one)
    )


def _begin_alike(first: Token, second: Token) -> bool:
    """As written, or in any reading: C may stand for Christopher and for Charlotte.

    Y is how a Russian E begins abroad, and C how Wade–Giles writes a J.
    """
    mine, yours = first.plain[:1], second.plain[:1]
    if mine and (mine == yours or {mine, yours} == {"y", "e"}):
        return True
    letter, whole = (mine, second) if first.is_initial else (yours, first)
    if any(reading[1:2].casefold() == letter for reading in whole.syllables):
        return True
    return not {fold[0] for fold in first.folds}.isdisjoint(fold[0] for fold in second.folds)


def joined(first: Token, second: Token, whole: Token) -> bool:
    """Whether ``whole`` is ``first`` and ``second`` written as one word."""
    return any(a + b in whole.folds for a in first.folds for b in second.folds)


def _known(first: Token, second: Token) -> Likeness | None:
    """What the lexicon says of the two words; None where their letters have to."""
    if not first.one.isdisjoint(second.one) or not first.syllables.isdisjoint(second.syllables):
        return Likeness.HEARD
    shared = first.groups & second.groups
    if shared and _is_pet(first, second, shared):
        return Likeness.NICKNAME
    if first.given and second.given and not shared and {first.given, second.given} == {"m", "f"}:
        return Likeness.NONE
    return None


def _is_pet(first: Token, second: Token, shared: frozenset[str]) -> bool:
    """Lena is Elena, and Nelly too; but Lena and Nora, who may both be Eleonora, are two names."""
    mine, yours = shared & first.pet, shared & second.pet
    if not mine or not yours:
        return bool(mine or yours)
    return first.groups == first.pet or second.groups == second.pet


def _by_letters(first: Token, second: Token) -> Likeness:
    surnames = not (first.given or second.given) or (first.is_surname and second.is_surname)
    if surnames and is_gendered(first.folds, second.folds):
        return Likeness.GENDERED
    apart = first.is_sure and second.is_sure
    if _have_little_in_common(first, second):
        return _by_slip(first, second, apart)
    if first.is_sure == second.is_sure and _last_letter_differs(first, second):
        return Likeness.NONE
    if _last_nasal_differs(first.folds, second.folds):
        return Likeness.NONE
    if first.vowelled != second.vowelled:
        bare, full = (first, second) if second.vowelled else (second, first)
        return max(_heard_in(b, f) for b in bare.folds for f in full.folds)
    found = max(_between(a, b, apart) for a in first.folds for b in second.folds)
    return max(found, _by_slip(first, second, apart))


def _by_slip(first: Token, second: Token, apart: bool) -> Likeness:
    """Two known names are two names, unless letters are only swapped (García, Gracia)."""
    seen_through = is_swap if apart else is_slip
    return Likeness.TYPED if seen_through(first.plain, second.plain) else Likeness.NONE


def _last_nasal_differs(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Siriphon and Siriphong, Lan and Lang: in the East two names, and no slip."""
    for one, other in ((first, second), (second, first)):
        for fold in one:
            if fold[-1] == "n" and f"{fold}g" in other:
                return True
    return False


def _last_letter_differs(first: Token, second: Token) -> bool:
    """Karim and Karima, Mario and Maria: one letter apart, and two persons."""
    for a in first.folds:
        for b in second.folds:
            if a[:3] != b[:3]:
                continue
            short, long = (a, b) if len(a) < len(b) else (b, a)
            if long == short + "a" and len(short) > 2:
                return True
            if a[:-1] == b[:-1] and {a[-1], b[-1]} in ({"a", "o"}, {"a", "e"}):
                return True
    return False


def _between(a: str, b: str, apart: bool) -> Likeness:
    """``apart``: both are known names, and not one."""
    length = max(len(a), len(b))
    limit = length * 2 // 5
    if length < 4 or abs(len(a) - len(b)) > 3 or _at_least(a, b) > min(limit, _MAX_MISSING):
        return Likeness.NONE
    if apart:
        if length <= _SURE_BY_EAR:
            return Likeness.NONE
        limit = 1
    cost, far = _distance(a, b, limit)
    if cost > limit:
        return Likeness.NONE
    if not far:
        return Likeness.HEARD
    return Likeness.TYPED if not apart and length >= 6 and cost <= 3 else Likeness.NONE


def _heard_in(bare: str, full: str) -> Likeness:
    """``bare`` comes from a script without short vowels, ``full`` from one that writes them."""
    ends = "ae" if bare[-1] == "a" else "a"  # Salama is Salameh as well, Karim no Karima
    if (full[-1] in ends) != (bare[-1] == "a") or _at_least(bare, full) > 1:
        return Likeness.NONE
    cost, far = _distance(bare, full, 1, unwritten=True)
    if far or cost > 1 or sum(c not in _VOWELS for c in bare) < 2:
        return Likeness.NONE
    return Likeness.HEARD


def _have_little_in_common(first: Token, second: Token) -> bool:
    """Whether no way leads from one word to the other: most pairs end here."""
    always, ever = _letters(first.folds)
    always_too, ever_too = _letters(second.folds)
    missing = max((always & ~ever_too).bit_count(), (always_too & ~ever).bit_count())
    return missing > _MAX_MISSING


@lru_cache(maxsize=65536)
def _letters(folds: tuple[str, ...]) -> tuple[int, int]:
    """Classes of consonants that every fold has, and that any has."""
    masks = [_consonants(fold) for fold in folds]
    always, ever = masks[0], 0
    for mask in masks:
        always &= mask
        ever |= mask
    return always, ever


def _at_least(a: str, b: str) -> int:
    """A lower bound of the distance, for a twentieth of its price: letters without a partner."""
    mine, yours = _consonants(a), _consonants(b)
    return max((mine & ~yours).bit_count(), (yours & ~mine).bit_count())


@lru_cache(maxsize=65536)
def _consonants(fold: str) -> int:
    """The classes of consonants in ``fold``, a bit each, and another for those twice in it."""
    bits = 0
    for letter in fold:
        if letter not in _MUTABLE:
            bit = 1 << (ord(_CLASSES.get(letter, letter)) & 63)
            bits |= bit << 64 if bits & bit else bit
    return bits


def _distance(a: str, b: str, limit: int, *, unwritten: bool = False) -> tuple[int, int]:
    """Cost, and how many of its steps no ear explains; adjacent letters swapped are one step.

    Both are kept in one integer while it adds them up: the cost above, the steps below. It
    gives up, with any cost above ``limit``, once no way can stay within it.
    """
    a, b = differing(a, b)
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
