"""The name tables: files of a compact form, read once, drawn from with a falling frequency.

A table is ``@origin script exponent`` and then lines of names, the frequent first: ``m``, ``f``,
``s`` (surnames), ``n`` (short forms) and ``c`` (stems | endings of rare surnames). The frequency
of the name at rank r is proportional to 1 / (r + 2) ** exponent, so that each origin has its own
share of common names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import accumulate
from random import Random

RARE = 0.4
"""Share of surnames that stand in no list of the frequent ones, where an origin can form them."""

FILES = ("latin.txt", "lettered.txt", "paired.txt")


@dataclass(frozen=True, slots=True)
class Word:
    """One part of a name: as it is written, and its reading where the script does not tell."""

    native: str
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Words with their cumulated frequencies."""

    words: tuple[Word, ...]
    weights: tuple[float, ...]

    def draw(self, random: Random) -> Word:
        """One word; the first are the most frequent."""
        return random.choices(self.words, cum_weights=self.weights)[0]


@dataclass(slots=True)
class Origin:
    """Where names come from: a script, given names by sex, surnames, short forms."""

    name: str
    script: str
    exponent: float
    m: Ranked
    f: Ranked
    s: Ranked
    short: dict[str, list[Word]] = field(default_factory=dict)
    stems: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()

    def surname(self, random: Random) -> Word:
        """A surname: one of the table, or one of the long tail, formed from stem and ending."""
        if self.stems and random.random() < RARE:
            return Word(random.choice(self.stems) + random.choice(self.endings))
        return self.s.draw(random)


@cache
def origins() -> dict[str, Origin]:
    """All tables, by the name of the origin."""
    found = {}
    for name in FILES:
        text = resources.files(__package__).joinpath(f"data/{name}").read_text("utf-8")
        for block in text.split("@")[1:]:
            origin = _origin(block)
            found[origin.name] = origin
    return found


def _origin(block: str) -> Origin:
    head, *lines = block.strip().splitlines()
    name, script, exponent = head.split()
    parts = {line[0]: line[2:].split() for line in lines if line.strip()}
    steep = float(exponent)
    drawn = {kind: _ranked(map(_word, parts[kind]), steep) for kind in "mfs"}
    short = {}
    for entry in parts.get("n", ()):
        long, _, forms = entry.partition(":")
        short[_word(long).native] = [_word(form) for form in forms.split(",")]
    stems, _, endings = " ".join(parts.get("c", ())).partition(" | ")
    return Origin(
        name,
        script,
        steep,
        drawn["m"],
        drawn["f"],
        drawn["s"],
        short,
        tuple(stems.split()),
        tuple(endings.split()),
    )


def _word(entry: str) -> Word:
    native, _, reading = entry.replace("_", " ").partition("=")
    return Word(native, reading)


def _ranked(words: Iterable[Word], exponent: float) -> Ranked:
    listed = tuple(words)
    return Ranked(
        listed, tuple(accumulate(1 / (rank + 2) ** exponent for rank in range(len(listed))))
    )
