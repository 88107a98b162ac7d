"""The scripts of India, Bangladesh, Sri Lanka's Tamils and Nepal, as their passports romanise them.

Unicode lays the nine scripts out alike, so that one table by place in the block reads them all.
A consonant has the vowel ``a`` where nothing else is written; northern languages do not speak it
at the end of a word (but after two consonants: Mishra), nor between two syllables that have vowels.
"""

from __future__ import annotations

import re

FIRST, LAST, BLOCK = 0x0900, 0x0D7F, 0x80
SOUTHERN = range(0x0C00, LAST)
"""Telugu, Kannada, Malayalam: the last vowel is spoken."""

TAMIL = range(0x0B80, 0x0C00)
"""Tamil writes one letter for k and g, and speaks g between vowels."""

_VOWELS = {0x05: "a", 0x06: "a", 0x07: "i", 0x08: "i", 0x09: "u", 0x0A: "u", 0x0B: "ri",
           0x0D: "e", 0x0E: "e", 0x0F: "e", 0x10: "ai", 0x11: "o", 0x12: "o", 0x13: "o",
           0x14: "au"}  # fmt: skip
_SIGNS = {0x3E: "a", 0x3F: "i", 0x40: "i", 0x41: "u", 0x42: "u", 0x43: "ri", 0x45: "e",
          0x46: "e", 0x47: "e", 0x48: "ai", 0x49: "o", 0x4A: "o", 0x4B: "o", 0x4C: "au",
          0x4D: ""}  # fmt: skip
_LETTERS = (
    "k kh g gh n ch ch j jh n t th d dh n t th d dh n n p f b bh m y r r l l l v sh sh s h "
    "k kh g z r r f y t n"
)
_PLACES = (*range(0x15, 0x3A), *range(0x58, 0x60), 0x4E, 0x70)
_CONSONANTS = dict(zip(_PLACES, _LETTERS.split(), strict=True))
_NASAL = frozenset({0x01, 0x02, 0x70})
_MARKED = re.compile("[āīūṭḍṇṅṁ]|r\u0325")
_ROMANISED = re.compile("(?:[aāiīuūeokgcjṭḍtdnpbmyrlvśṣhñṅṇṁṃḷ\u0325 .,-]|s(?!h))+")
_SYLLABLES = re.compile(
    "([kgcjṭḍtdpb]h|[kgcjṭḍtdnpbmylvsśṣhñṅṇṁṃḷ]|r(?!\u0325)|)(ai|au|r\u0325|[aāiīuūeo]|)"
)
_ISO = {"c": "ch", "ś": "sh", "ṣ": "sh", "ṭ": "t", "ṭh": "th", "ḍ": "d", "ḍh": "dh", "ñ": "n",
        "ṅ": "n", "ṇ": "n", "ṁ": "n", "ṃ": "n", "ḷ": "l"}  # fmt: skip
_LONG = str.maketrans("āīū", "aiu")
_UNSPOKEN = "A"
"""The vowel that is not written; it is spoken or not by its place."""


def is_indic(word: str) -> bool:
    """Whether it begins in one of these scripts."""
    return FIRST <= ord(word[0]) <= LAST


def readings(word: str) -> tuple[str, ...]:
    """``word`` in Latin letters; where its last vowel may be spoken or not (Malla), both ways."""
    parts = _parts(word)
    if ord(word[0]) in TAMIL:
        _voice(parts)
    if ord(word[0]) in SOUTHERN:
        return (_latin(parts),)
    return _spoken(parts)


def is_romanised(text: str) -> bool:
    """Whether a case-folded text may be ISO 15919, which writes every inherent vowel."""
    return _MARKED.search(text) is not None and _ROMANISED.fullmatch(text) is not None


def spoken(word: str) -> tuple[str, ...]:
    """A word of ISO 15919 without the vowels that are not spoken: Silvāla is Silwal."""
    parts = [
        [_ISO.get(consonant, consonant), _UNSPOKEN if vowel == "a" else vowel]
        for consonant, vowel in _SYLLABLES.findall(word)
        if consonant or vowel
    ]
    return tuple(s.translate(_LONG).replace("r\u0325", "ri") for s in _spoken(parts))


def _spoken(parts: list[list[str]]) -> tuple[str, ...]:
    _silence(parts)
    read = _latin(parts)
    return (read, read[:-1]) if parts and parts[-1][1] == _UNSPOKEN else (read,)


def _latin(parts: list[list[str]]) -> str:
    return "".join(c + v for c, v in parts).replace(_UNSPOKEN, "a")


def _parts(word: str) -> list[list[str]]:
    """Consonant and vowel, one after another; either may be empty."""
    parts: list[list[str]] = []
    for character in word:
        place = (ord(character) - FIRST) % BLOCK
        if place in _NASAL:
            parts.append(["n", ""])
        elif place in _CONSONANTS:
            parts.append([_CONSONANTS[place], _UNSPOKEN])
        elif place in _VOWELS:
            parts.append(["", _VOWELS[place]])
        elif place in _SIGNS and parts:
            parts[-1][1] = _SIGNS[place]
    return parts


def _voice(parts: list[list[str]]) -> None:
    for i, part in enumerate(parts):
        if part[0] == "ch" and i == 0:
            part[0] = "s"
        elif i and part[1] and (parts[i - 1][1] or parts[i - 1][0] in ("n", "m")):
            part[0] = {"k": "g", "p": "b", "t": "d"}.get(part[0], part[0])


def _silence(parts: list[list[str]]) -> None:
    is_joined = len(parts) > 1 and not parts[-2][1] and parts[-2][0] not in ("n", "m")
    if len(parts) > 1 and parts[-1][1] == _UNSPOKEN and not is_joined:
        parts[-1][1] = ""
    for i in range(len(parts) - 2, 0, -1):
        if parts[i][1] == _UNSPOKEN and parts[i - 1][1] and parts[i + 1][1]:
            parts[i][1] = ""
