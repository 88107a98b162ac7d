"""Slips of typists and scanners, one at a time."""

from __future__ import annotations

import random

_ROWS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю",
    "ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ", "1234567890",
)  # fmt: skip
_NEIGHBOURS = {
    letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    for row in _ROWS
    for at, letter in enumerate(row)
}
_MISREAD = (("rn", "m"), ("m", "rn"), ("l", "1"), ("o", "0"), ("i", "l"), ("cl", "d"), ("e", "c"),
            ("h", "b"), ("u", "ii"), ("vv", "w"), ("g", "q"), ("s", "5"), ("B", "8"), ("O", "0"),
            ("I", "l"), ("S", "5"), ("д", "л"), ("н", "п"), ("щ", "ш"), ("и", "н"))  # fmt: skip
_CONFUSABLE = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х", "i": "і", "l": "ӏ"}
"""Latin letters and the Cyrillic ones that look the same."""
_LEET = {"o": "0", "i": "1", "l": "1", "e": "3", "a": "4", "s": "5"}


def typo(text: str, rng: random.Random) -> str:
    """``text`` with one neighbouring key, transposition, doubled, dropped or stray letter."""
    places = [i for i, c in enumerate(text) if c.isalnum()]
    if len(places) < 3:
        return text
    at = rng.choice(places[1:])
    letter = text[at]
    match rng.randrange(4):
        case 0 if letter.lower() in _NEIGHBOURS:
            return text[:at] + rng.choice(_NEIGHBOURS[letter.lower()]) + text[at + 1 :]
        case 1 if text[at - 1] != letter and text[at - 1].isalnum():
            return text[: at - 1] + letter + text[at - 1] + text[at + 1 :]
        case 2:
            return text[:at] + letter + text[at:]
        case _:
            return text[:at] + text[at + 1 :]


def misread(text: str, rng: random.Random) -> str:
    """``text`` with one shape taken for another, as scanners do."""
    found = [(a, b) for a, b in _MISREAD if a in text]
    if not found:
        return text
    shape, other = rng.choice(found)
    return text.replace(shape, other, 1)


def confusable(text: str, rng: random.Random) -> str:
    """``text`` with one kind of letter replaced by one that looks the same."""
    table = _CONFUSABLE if rng.random() < 0.6 else _LEET
    present = [c for c in text if c in table]
    if not present:
        return text
    letter = rng.choice(present)
    return text.replace(letter, table[letter])
