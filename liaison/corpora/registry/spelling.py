"""One word of a name as an office writes it: in its own script, or by a school of romanisation."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from liaison.corpora.registry import eastern
from liaison.corpora.registry.alphabets import TABLES, TRANSCRIPTIONS, apply, unmarked

SCHOOLS = ("passport", "english", "french", "german", "polish",
           "bgn", "scholarly", "traditional",
           "cantonese")  # fmt: skip
"""Whose habit a romanisation is. ``passport`` is what the person's own state prints."""

SCRIPTS = {
    "ru": "cyrillic", "uk": "cyrillic", "bg": "cyrillic", "sr": "cyrillic", "el": "greek",
    "ka": "georgian", "ar": "arabic", "fa": "arabic", "he": "hebrew", "hi": "devanagari",
    "ta": "tamil", "bn": "bengali", "th": "thai", "am": "ethiopic", "zh": "han", "ja": "han",
    "ko": "hangul",
}  # fmt: skip
"""Script by language; every other language is written in Latin letters."""

_LISTED_AT = {"passport": 0, "french": 1, "scholarly": 2, "english": 3, "bgn": 4}


class Word(NamedTuple):
    """A word in its own script; ``listed`` are its usual spellings, the passport's first.

    Japanese words list their kana, Chinese ones each syllable in Pinyin and in Cantonese,
    Icelandic ones their genitive.
    """

    native: str
    language: str
    listed: tuple[str, ...] = ()

    @property
    def script(self) -> str:
        """The script of ``native``."""
        return SCRIPTS.get(self.language, "latin")


@lru_cache(maxsize=65536)
def latin(word: Word, school: str) -> str:
    """``word`` in Latin letters, diacritical marks included."""
    match word.language:
        case "ja":
            return eastern.japanese(word.listed[0], school)
        case "ko" if not word.listed:
            return eastern.korean(word.native, school)
        case "zh":
            return eastern.chinese([_reading(r) for r in word.listed], school)
        case language if language in TABLES:
            tables = TABLES[language]
            return apply(word.native, tables.get(school, tables["passport"]))
    if not word.listed or word.script == "latin":
        return word.native
    return word.listed[min(_LISTED_AT.get(school, 3), len(word.listed) - 1)]


def _reading(text: str) -> tuple[str, str]:
    pinyin, _, cantonese = text.partition("|")
    return pinyin, cantonese


@lru_cache(maxsize=65536)
def written(word: Word, script: str, school: str) -> str:
    """``word`` in ``script``; where that is not its own, by ear from the English spelling."""
    if script == word.script:
        return word.native
    if script in TRANSCRIPTIONS:
        return apply(unmarked(latin(word, "english")), TRANSCRIPTIONS[script])
    return latin(word, school)
