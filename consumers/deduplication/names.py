"""Names as written, in any script, as tokens that meet whoever wrote them down.

Each token has *folds* (every reading in the small alphabet of ``romanisation``) and *sounds*
(the folds without vowels). Order is not kept: it says nothing across countries. What writing
adds or leaves out at will (particles, the Arabic article, titles of generation) is taken out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from consumers.deduplication import romanisation as tables
from consumers.deduplication.transliteration import to_ascii

MAX_NAME_TOKENS = 8
"""Tokens of one name that are read; no person's name in the samples has more."""
MAX_VARIANTS = 4
"""Readings of one token that are kept: two ambiguous spellings of two readings each."""

_APOSTROPHES = "'’ʼ`"
_UNWRITTEN_VOWELS = re.compile("[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
_SYLLABLE = re.compile(r"[A-Z][a-z]*|[a-z]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a name; ``vowelled`` is false where the script leaves short vowels out."""

    folds: tuple[str, ...]
    sounds: tuple[str, ...]
    vowelled: bool = True

    @property
    def is_initial(self) -> bool:
        """Whether it is one letter, as in ``M. Santos``."""
        return len(self.folds[0]) == 1


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a subject; ``generation`` is "junior", "senior", … or empty."""

    tokens: tuple[Token, ...]
    generation: str = ""


@lru_cache(maxsize=4096)
def parse(text: str) -> Name:
    """The name in ``text``; without tokens when there is no letter in it."""
    words = _words(unicodedata.normalize("NFKC", text).casefold())
    generation = next(filter(None, (tables.GENERATIONS.get(w) for w in words)), "")
    kept = [w for w in words if w not in tables.GENERATIONS]
    tokens = [_token(w) for w in _joined(kept) or kept]
    return Name(tuple(t for t in tokens if t.folds)[:MAX_NAME_TOKENS], generation)


@cache
def common() -> frozenset[str]:
    """The folds of ``romanisation.COMMON``."""
    return frozenset(fold for name in tables.COMMON for fold in token(name).folds)


def token(word: str) -> Token:
    """The token of one case-folded word."""
    return _token(word)


def _words(text: str) -> list[str]:
    words: list[str] = []
    for word, hyphen in _split(_UNWRITTEN_VOWELS.sub("", text)):
        if hyphen and word in tables.ARTICLES:
            continue
        if _is_ideographic(word):
            syllables = [s.casefold() for s in _SYLLABLE.findall(to_ascii(word))]
            words += [syllables[0], "".join(syllables[1:])] if len(word) > 1 else syllables
        else:
            words.append(_without_article(word))
    return [w for w in words if w]


def _split(text: str) -> list[tuple[str, bool]]:
    """The words in ``text``, each with whether a hyphen follows it."""
    words: list[tuple[str, bool]] = []
    word = ""
    for character in f"{text} ":
        if unicodedata.category(character)[0] in "LM":
            word += character
        elif character not in _APOSTROPHES:
            if word:
                words.append((word, character in "-‐‑"))
            word = ""
    return words


def _joined(words: list[str]) -> list[str]:
    """Without particles, and ``Abd`` joined to what it belongs to."""
    kept: list[str] = []
    servant = False
    for word in words:
        if word in tables.ABD_WORDS or word == "عبد":
            servant = True
        elif word not in tables.PARTICLES:
            kept.append(("عبد" if _is_unvowelled(word) else "abd") + word if servant else word)
            servant = False
    return [*kept, "abd"] if servant else kept


def _without_article(word: str) -> str:
    article = tables.ARABIC_ARTICLE
    return word[len(article) :] if word.startswith(article) and len(word) > 4 else word


@lru_cache(maxsize=65536)
def _token(word: str) -> Token:
    readings = dict.fromkeys(
        (word, tables.EQUIVALENTS.get(word, word), tables.GROWN_ARTICLE.sub("", word))
    )
    folds = [fold for reading in readings for fold in _folds(reading)]
    folds = list(dict.fromkeys(filter(None, folds)))[:MAX_VARIANTS]
    sounds = dict.fromkeys(map(_sound, folds))
    return Token(tuple(folds), tuple(sounds), not _is_unvowelled(word))


def _folds(word: str) -> list[str]:
    """Every reading of a case-folded word."""
    for written, code in tables.GREEK_PAIRS:
        word = word.replace(written, code)
    forms = []
    for within in ("u", "v") if any(s in word[1:] for s in tables.SEMIVOWELS) else ("u",):
        form = word
        for letter in tables.SEMIVOWELS:
            form = form.replace(letter, "v", 1) if form.startswith(letter) else form
            form = form.replace(letter, within)
        forms.append(_ascii(form))
    return [_finished(variant) for form in forms for variant in _variants(_spelled(form))]


def _ascii(word: str) -> str:
    """Letters by our table, the rest by anyascii, whose capitals are no codes of ours."""
    mapped = unicodedata.normalize("NFC", word).translate(tables.LETTERS)
    return "".join(c if c.isascii() else to_ascii(c).casefold() for c in mapped)


def _spelled(form: str) -> str:
    form = tables.ABD.sub("abd", form)
    for pattern, code in tables.SPELLINGS:
        form = pattern.sub(code, form)
    return form


def _variants(form: str) -> list[str]:
    forms = [form]
    for written, readings in tables.AMBIGUOUS:
        if written in form:
            forms = [f.replace(written, reading) for f in forms for reading in readings]
    if tables.HARD_C.search(form):
        forms = [tables.HARD_C.sub(reading, f) for f in forms for reading in tables.HARD_C_READINGS]
    return forms


def _finished(form: str) -> str:
    for pattern, code in tables.SOUNDS:
        form = pattern.sub(code, form)
    return "".join(c for c in form if c.isalpha())


def _sound(fold: str) -> str:
    """Without vowels and doubles; the fold itself where nothing would be left."""
    skeleton = fold.translate(tables.SKELETON)
    collapsed = "".join(c for i, c in enumerate(skeleton) if i == 0 or skeleton[i - 1] != c)
    return collapsed or fold


def _is_unvowelled(word: str) -> bool:
    return "\u0590" <= word[0] <= "\u077f"


def _is_ideographic(word: str) -> bool:
    return "\u4e00" <= word[0] <= "\u9fff" or "\uac00" <= word[0] <= "\ud7a3"
