"""Japanese names: characters by a table of readings, kana, Hepburn and Kunrei, long vowels."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain, islice, product

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
MAX_WAYS = 2
"""Ways of parting a name in kana that are kept."""

_PARTS = re.compile("[\u3040-\u30ff]+|.")
"""Kana together, other characters one by one."""


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
    return tuple(map(hepburn, (*surnames.get(word, ()), *given.get(word, ()))))


def guesses(word: str) -> tuple[str, ...]:
    """How a given name that no table has may be read, character by character; kana say it."""
    characters = _tables()[2]
    parts = _PARTS.findall(word)
    if len(word) < 2 or any(not is_kana(c) and c not in characters for c in parts):
        return ()
    choices = product(*(characters.get(c) or (_of_kana(c),) for c in parts))
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


def kana_apart(word: str) -> list[list[str]]:
    """A whole name in kana, by each surname with which it may begin; the longest first.

    The one whose rest is a known given name is the only one. None where the word is one name.
    """
    surnames, given = _read()
    whole = hepburn(_of_kana(word))
    if whole in surnames or whole in given:
        return []
    ways = []
    for i in range(len(word) - 1, 0, -1):
        if word[i] in _SMALL or word[i] in _SILENT or hepburn(_of_kana(word[:i])) not in surnames:
            continue
        ways.append([word[:i], word[i:]])
        if hepburn(_of_kana(word[i:])) in given:
            return ways[-1:]
    return ways[:MAX_WAYS]


@cache
def _read() -> tuple[frozenset[str], frozenset[str]]:
    """All readings of surnames, and of given names."""
    surnames, given, _ = _tables()
    return frozenset(map(hepburn, chain.from_iterable(surnames.values()))), frozenset(
        map(hepburn, chain.from_iterable(given.values()))
    )


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
