"""Slips of the hand in text, digits and dates."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEAR = {
    letter: "".join(
        row[j]
        for row in _KEYS[max(0, r - 1) : r + 2]
        for j in range(max(0, i - 1), min(len(row), i + 2))
        if row[j] != letter
    )
    for r, letters in enumerate(_KEYS)
    for i, letter in enumerate(letters)
}


def mistyped(rng: Random, text: str) -> str:
    """One letter lost, doubled, swapped with the next, or replaced by one beside it on the keys."""
    places = [i for i, c in enumerate(text) if c.isalpha() and i > 0]
    if len(places) < 3:
        return text
    at = rng.choice(places)
    kind = rng.random()
    near = _NEAR.get(text[at].lower())
    if kind < 0.35 and near:
        return text[:at] + rng.choice(near) + text[at + 1 :]
    if kind < 0.6 and at + 1 < len(text) and text[at + 1].isalpha() and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind < 0.8:
        return text[: at + 1] + text[at:]
    return text[:at] + text[at + 1 :]


def wrong_digit(rng: Random, text: str, spare: int = 0) -> str:
    """One digit is another one; the first ``spare`` are left as they are."""
    places = [i for i, c in enumerate(text) if c.isdigit()][spare:]
    at = rng.choice(places)
    return text[:at] + rng.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1 :]


def birth(rng: Random, born: date, vague: bool) -> tuple[str, str]:
    """A birth date as somebody writes it, and the family of what is wrong or missing in it."""
    kind = rng.random() * (0.6 if vague else 1)
    text = born.isoformat()
    if kind < 0.06:
        return text[:4], "date-year"
    if kind < 0.085:
        return text[:7], "date-month"
    if kind < 0.11:
        return f"{text[:4]}-01-01", "date-default"
    if kind < 0.125 and born.day <= 12 and born.day != born.month:
        return f"{text[:4]}-{text[8:]}-{text[5:7]}", "date-swapped"
    if kind < 0.14:
        moved = born + timedelta(days=rng.choice((-1, 1)))
        return moved.isoformat(), "date-day"
    if kind < 0.16:
        return _digit(rng, born), "date-digit"
    return text, ""


def _digit(rng: Random, born: date) -> str:
    while True:
        text = wrong_digit(rng, born.isoformat(), 2)
        try:
            if date(1930, 1, 1) < date.fromisoformat(text) < date(2025, 6, 1):
                return text
        except ValueError:
            continue
