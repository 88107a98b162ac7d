"""What the terms of a comparison say, in words for a duty officer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from consumers.deduplication.outcomes import Outcome
from consumers.deduplication.rarity import Centibits
from consumers.deduplication.terms import NAME_BITS
from schemas.markings import Strength

DIFFERS = frozenset({"apart", "none"})
"""Levels of outcomes in which nothing agrees."""
STRONG: Centibits = 400
MODERATE: Centibits = 150
"""How evidence is put into words."""

_WHY = {
    "name": "the names agree", "birth-date": "the birth dates agree",
    "national-id": "the same national number", "email": "the same e-mail address",
    "phone": "the same telephone number", "username": "the same account name",
    "wallet": "the same wallet, which several persons may use",
    "device": "the same device, which several persons may use",
    "ip": "the same IP address, which several persons may use",
    "media": "the same file, which may show several persons",
    "picture": "nearly the same picture, which may show several persons",
    "series": "the same series of material", "sex": "the same sex",
    "nationality": "a nationality in common",
}  # fmt: skip
_AGAINST = {
    "name": "the names differ", "birth-date": "the birth dates differ",
    "sex": "the sexes differ", "nationality": "no nationality in common",
    "role": "one is a victim, the other an offender",
}  # fmt: skip
_HOW = {
    "heard": "as written by another ear or in another script", "typed": "but for a slip",
    "swapped": "with day and month swapped", "slip": "but for one digit or day",
    "year-slip": "but for one digit of the year", "year-near": "but for a year",
    "part": "in month or day", "month": "as far as known: month and year",
    "year": "as far as known: the year", "short": "but it is short",
    "elsewhere": "on another platform", "initial": "by an initial",
}  # fmt: skip


class Evidence(NamedTuple):
    """What one field contributes; ``weight`` in centibits, against the pair when negative."""

    kind: str
    strength: Strength
    weight: Centibits
    why: str


def why(kind: str) -> str:
    """A kind of evidence that speaks for a pair, in words."""
    return _WHY.get(kind, kind)


def strength_of(weight: Centibits) -> Strength:
    """How strong one piece of evidence is, for or against."""
    size = abs(weight)
    return (
        Strength.STRONG if size >= STRONG
        else Strength.MODERATE if size >= MODERATE
        else Strength.WEAK
    )  # fmt: skip


def evidence_of(
    weights: Mapping[str, Centibits], outcomes: Iterable[Outcome]
) -> tuple[Evidence, ...]:
    """What each kind of evidence says, strongest first; those that say nothing are left out."""
    levels: dict[str, tuple[str, ...]] = {}
    for field, level, _ in outcomes:
        kind = "name" if field in NAME_BITS else field
        levels[kind] = (*levels.get(kind, ()), level)
    found = [
        Evidence(kind, strength_of(weight), weight, words)
        for kind, weight in weights.items()
        if weight and (words := _words(kind, weight > 0, levels.get(kind, ())))
    ]
    found.sort(key=lambda e: (-e.weight, e.kind))
    return tuple(found)


@lru_cache(maxsize=1 << 12)
def _words(kind: str, favours: bool, levels: tuple[str, ...]) -> str:
    """How levels are put that speak for a pair or against it; empty where they say nothing.

    What is not known of both sides is no evidence, whatever it changes in the sum; nor is what
    agrees and weighs against, or differs and weighs in favour: it only qualifies something else.
    """
    agrees = bool(levels) and not DIFFERS.issuperset(levels)
    in_part = kind == "name" and any(level.endswith("-apart") for level in levels)
    if favours and agrees and kind != "role":
        how = [_HOW[level] for level in levels if level in _HOW]
        return ", ".join(["the names agree in part" if in_part else why(kind), *how])
    if not favours and levels and (not agrees or in_part or kind == "birth-date"):
        return _AGAINST.get(kind, "both have one, none in common")
    return ""
