"""Japanese names: characters by a table of readings, kana, Hepburn and Kunrei, long vowels."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice, product

from consumers.deduplication.names.tablefiles import lines
from consumers.deduplication.rewriting import rewritten, rules
from consumers.deduplication.transliteration import to_ascii

_MORAE = re.compile(
    r"(?:(?:[kgsztdnhbpmyrwfj]y?|sh|ch|ts|kk|ss|tt|pp|tch|ssh|cch|)(?:[aiueo]h?)|n|m(?=[bp]))+"
)
KUNREI = rules(
    (
        ("s", "s(?:y(?=[auo])|(?=i))", "sh"),
        ("t", "t(?:y(?=[auo])|(?=i))", "ch"),
        ("", "[zd](?:y(?=[auo])|(?=i))", "j"),
        ("tu", "tu", "tsu"),
        ("hu", "hu", "fu"),
        ("du", "du", "zu"),
        ("m", "m(?=[bp])", "n"),
        ("o", "o(?:u|o|h(?![aiueoy]))", "o"),
        ("u", "u(?:u|h(?![aiueoy]))", "u"),
        ("a", "a(?:a|h(?![aiueoy]))", "a"),
    )
)
"""From Kunrei and what passports write to Hepburn without long vowels."""

_SMALL = {"ゃ": "a", "ゅ": "u", "ょ": "o", "ャ": "a", "ュ": "u", "ョ": "o"}
_SILENT = frozenset("っッーｰ")
_Readings = dict[str, tuple[str, ...]]
MAX_GUESSES = 3
"""Readings of a given name put together from its characters."""


@cache
def _tables() -> tuple[_Readings, _Readings, _Readings]:
    """Surnames, given names and single characters of given names, with their readings."""
    tables: tuple[_Readings, _Readings, _Readings] = ({}, {}, {})
    table = tables[0]
    for line in lines("japanese"):
        written, *readings = line.split()
        if readings:
            table[written] = tuple(readings)
        else:
            table = tables[1 if written == "given" else 2]
    return tables


def readings(word: str) -> tuple[str, ...]:
    """How a word in characters or kana is read, as far as the table knows it."""
    if is_kana(word):
        return (hepburn(_of_kana(word)),)
    surnames, given, _ = _tables()
    return (*surnames.get(word, ()), *given.get(word, ()))


def guesses(word: str) -> tuple[str, ...]:
    """How a given name that no table has may be read, character by character."""
    characters = _tables()[2]
    if len(word) < 2 or any(c not in characters for c in word):
        return ()
    choices = product(*(characters[c] for c in word))
    return tuple(hepburn("".join(chosen)) for chosen in islice(choices, MAX_GUESSES))


def is_kana(word: str) -> bool:
    """Whether it is written in Hiragana or Katakana."""
    return all("\u3040" <= c <= "\u30ff" for c in word)


def surname_in(word: str) -> str:
    """The surname with which a whole name in characters begins, or nothing."""
    surnames, given, _ = _tables()
    for length in (3, 2, 1):
        head, rest = word[:length], word[length:]
        if head in surnames and rest and (length > 1 or rest in given or is_kana(rest)):
            return head
    return ""


def hepburn(word: str) -> str:
    """A word of Japanese syllables in Latin letters, by Hepburn without long vowels."""
    return rewritten(word, KUNREI)


def is_romaji(word: str) -> bool:
    """Whether a word in Latin letters can be read as Japanese syllables."""
    return _MORAE.fullmatch(word) is not None


def _of_kana(word: str) -> str:
    read = ""
    for character in word:
        if character in _SMALL:
            palatal = read.endswith(("shi", "chi", "ji"))
            read = (read.removesuffix("i")) + ("" if palatal else "y")
            read += _SMALL[character]
        elif character not in _SILENT:
            read += to_ascii(character).casefold()
    return read
