"""One word in the small alphabet of ``romanisation``: its folds, and the sound of each.

Nothing here knows names; what is known of them is in ``lexicon``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from consumers.deduplication import romanisation as tables
from consumers.deduplication.names import indic, thai
from consumers.deduplication.rewriting import rewritten
from consumers.deduplication.transliteration import to_ascii

_DOUBLED = re.compile(r"(.)\1+")

MAX_VARIANTS = 4
"""Readings of one token that are kept: two ambiguous spellings of two readings each."""


def folded(readings: Iterable[str]) -> tuple[str, ...]:
    """The folds of case-folded ``readings``, the first first; at most :data:`MAX_VARIANTS`."""
    first, *others = map(folds_of, readings)
    if not others:
        return first[:MAX_VARIANTS]
    return tuple(dict.fromkeys(chain(first, *others)))[:MAX_VARIANTS]


@lru_cache(maxsize=16384)
def folds_of(word: str) -> tuple[str, ...]:
    """Every reading of one case-folded word; none where it has no letter."""
    if word.isascii():
        return _finish((word,))
    if indic.is_indic(word):
        return _finish(indic.readings(word))
    if thai.is_thai(word):
        return _finish(thai.readings(word))
    if "\u0370" <= word[0] <= "\u03ff":
        word = rewritten(word, tables.GREEK_PAIRS)
    forms = []
    word = tables.HEBREW_LAST_VOWEL.sub("א", word)
    for within in ("u", "v") if any(s in word[1:] for s in tables.SEMIVOWELS) else ("u",):
        form = word
        for letter in tables.SEMIVOWELS:
            form = form.replace(letter, "v", 1) if form.startswith(letter) else form
            form = form.replace(letter, within)
        forms.append(_letters(form))
        if "א" <= word[0] <= "ת":
            forms.append(_letters(form[0] + form[1:].translate(tables.HEBREW_SOFT)))
    return _finish(forms)


def _finish(forms: Iterable[str]) -> tuple[str, ...]:
    found = [_finished(variant) for form in forms for variant in _variants(_spelled(form))]
    return tuple(dict.fromkeys(filter(None, found)))


@lru_cache(maxsize=16384)
def plain(word: str) -> str:
    """A case-folded word as a keyboard without marks writes it: lower-case ASCII letters."""
    if word.isascii() and word.isalpha():
        return word
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not "\u0300" <= c <= "\u036f")
    if not bare.isascii():
        bare = to_ascii(bare).casefold()
    return "".join(c for c in bare if "a" <= c <= "z")


def sound(fold: str) -> str:
    """Without vowels and doubles; where one consonant is left, with the vowels that frame it.

    ``Ali`` and ``Lee`` would be one letter otherwise, and so would thousands of others.
    """
    heard = fold
    for pattern, exchanged in tables.REGIONAL:
        if pattern.search(fold):
            heard = fold.translate(exchanged)
    skeleton = heard.translate(tables.SKELETON)
    collapsed = _DOUBLED.sub(r"\1", skeleton)
    if len(collapsed) > 1:
        return collapsed
    heights = fold.translate(tables.HEIGHTS)
    if not collapsed:
        return heights
    before = heights[0] if heights[0] in "aiu" else ""
    after = next((c for c in heights[1 if before else 0 :] if c in "aiu"), "")
    return before + collapsed if before else collapsed + after


def is_unvowelled(word: str) -> bool:
    """Whether it is in a script that leaves short vowels out: Arabic, Hebrew, Syriac."""
    return "\u0590" <= word[0] <= "\u077f"


def is_vowelled(word: str) -> bool:
    """Whether all vowels are written; Thai leaves out some."""
    return not is_unvowelled(word) and not thai.is_thai(word)


def _letters(word: str) -> str:
    """Letters by our table, the rest by anyascii, whose capitals are no codes of ours."""
    mapped = unicodedata.normalize("NFC", word).translate(tables.LETTERS)
    if mapped.isascii():
        return mapped
    return "".join(c if c.isascii() else to_ascii(c).casefold() for c in mapped)


def _spelled(form: str) -> str:
    if form.startswith("abd"):
        form = tables.ABD.sub("abd", form)
    return rewritten(form, tables.SPELLINGS)


def _variants(form: str) -> list[str]:
    forms = [form]
    for written, readings in tables.AMBIGUOUS:
        if written in form:
            forms = [f.replace(written, reading) for f in forms for reading in readings]
    if "c" in form and tables.HARD_C.search(form):
        forms = [tables.HARD_C.sub(reading, f) for f in forms for reading in tables.HARD_C_READINGS]
    return forms


def _finished(form: str) -> str:
    form = rewritten(form, tables.SOUNDS)
    return form if form.isalpha() else "".join(c for c in form if c.isalpha())
