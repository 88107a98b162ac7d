"""Two subjects compared, field by field: an outcome each, and no weights yet.

An outcome is all that the score sees, so a comparison on blinded keys needs to give outcomes
only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

from consumers.deduplication.features import Account, BirthDate, Features
from consumers.deduplication.likeness import Likeness, joined, likeness
from consumers.deduplication.names import Name, Token, common

SPECIFIC_USERNAME = 6
"""Letters from which an account name is unlikely to be chosen twice by chance."""
SPECIFIC_NUMBER = 7
"""Digits or letters from which a number of any kind says something."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one field said: ``field`` and ``level`` name a weight; ``count`` of them."""

    field: str
    level: str
    count: int = 1


def compare(a: Features, b: Features) -> tuple[Outcome, ...]:
    """The outcomes of two subjects, in the order of fields; symmetric."""
    return (
        *names(a.names, b.names),
        *birth(a.birth, b.birth),
        *accounts(a.accounts, b.accounts),
        *_support(a, b),
        *_person(a, b),
    )


def names(first: tuple[Name, ...], second: tuple[Name, ...]) -> tuple[Outcome, ...]:
    """Of the two names that agree best; a subject may have several, and aliases contradict none."""
    if not first or not second:
        return ()
    return max((name(a, b) for a, b in product(first, second)), key=_rank)


def _rank(outcomes: tuple[Outcome, ...]) -> tuple[int, int, tuple[tuple[str, int], ...]]:
    worth = {"equal": 11, "common": 5, "heard": 8, "typed": 4, "initial": 1, "left-one": -1}
    apart = sum(o.count for o in outcomes if o.level in ("left-both", "generation"))
    points = sum(worth.get(o.level, 0) * o.count for o in outcomes)
    return -apart, points, tuple((o.level, o.count) for o in outcomes)


def name(first: Name, second: Name) -> tuple[Outcome, ...]:
    """Tokens matched one to one, most alike first; then what is left over on both sides."""
    mine, yours = list(first.tokens), list(second.tokens)
    levels = [*_joined(mine, yours), *_joined(yours, mine)]
    found = sorted(
        ((likeness(a, b), a, b) for a in dict.fromkeys(mine) for b in dict.fromkeys(yours)),
        key=lambda f: (
            (-f[0], f[1].folds, f[2].folds)
            if f[1].folds <= f[2].folds
            else (-f[0], f[2].folds, f[1].folds)
        ),
    )
    for level, a, b in found:
        while level > Likeness.NONE and a in mine and b in yours:
            mine.remove(a)
            yours.remove(b)
            levels.append(_level(level, a, b))
    both, one = min(len(mine), len(yours)), abs(len(mine) - len(yours))
    levels += ["left-both"] * both + ["left-one"] * one
    if first.generation and second.generation and first.generation != second.generation:
        levels.append("generation")
    return tuple(Outcome("name", level, levels.count(level)) for level in sorted(set(levels)))


def _level(found: Likeness, a: Token, b: Token) -> str:
    usual = common()
    if found is Likeness.EQUAL or found is Likeness.HEARD:
        if not (usual.isdisjoint(a.folds) and usual.isdisjoint(b.folds)):
            return "common"
        return "equal" if found is Likeness.EQUAL else "heard"
    return "typed" if found is Likeness.TYPED else "initial"


def _joined(apart: list[Token], together: list[Token]) -> Iterator[str]:
    """Takes out of both lists what one side wrote as two words and the other as one."""
    for whole in tuple(together):
        for first, second in tuple(pairwise(apart)):
            if whole in together and first in apart and second in apart:
                if whole.folds == first.folds or not joined(first, second, whole):
                    continue
                together.remove(whole)
                apart.remove(first)
                apart.remove(second)
                yield "equal"


def birth(a: BirthDate | None, b: BirthDate | None) -> Iterator[Outcome]:
    """At most one outcome: what the two dates have in common, or that they cannot be one."""
    if a and b:
        yield Outcome("birth-date", _dates(*sorted((a, b), key=lambda d: (d.year, d.month, d.day))))


def _dates(a: BirthDate, b: BirthDate) -> str:
    if not (a.is_full and b.is_full):
        if a.year == b.year:
            months = {m for m in (a.month, b.month) if m}
            return ("month" if a.month and b.month else "year") if len(months) < 2 else "apart"
        return "near-year" if b.year - a.year == 1 and not (a.month and b.month) else "apart"
    if a == b:
        return "equal"
    if a.year == b.year:
        return _within_year(a, b)
    slip = b.year // 10 == a.year // 10 and (a.month, a.day) == (b.month, b.day)
    return "year-slip" if slip else "apart"


def _within_year(a: BirthDate, b: BirthDate) -> str:
    if (a.month, a.day) == (b.day, b.month):
        return "swapped"
    digits = (f"{d.month:02}{d.day:02}" for d in (a, b))
    one_digit = sum(x != y for x, y in zip(*digits, strict=True)) == 1
    return "slip" if one_digit or (a.month == b.month and abs(a.day - b.day) == 1) else "apart"


def accounts(first: tuple[Account, ...], second: tuple[Account, ...]) -> Iterator[Outcome]:
    """One outcome for each kind of identifier that both sides have, in the order of kinds."""
    for kind in sorted({a.kind for a in first} & {b.kind for b in second}):
        mine = {a.value: a for a in first if a.kind == kind}
        shared = sorted(mine.keys() & {b.value for b in second if b.kind == kind})
        if not shared:
            yield Outcome(kind, "apart")
        elif kind == "username":
            yield _usernames(first, second, shared)
        else:
            specific = max(map(len, shared)) >= SPECIFIC_NUMBER
            yield Outcome(kind, "equal" if specific else "short", min(len(shared), 2))


def _usernames(
    first: tuple[Account, ...], second: tuple[Account, ...], shared: list[str]
) -> Outcome:
    found = []
    for value in shared:
        mine, yours = (
            {a.platform for a in side if a.kind == "username" and a.value == value}
            for side in (first, second)
        )
        if len(value) < SPECIFIC_USERNAME:
            found.append("short")
        elif (mine & yours) - {""}:
            found.append("equal")
        else:
            found.append("unsaid" if "" in mine | yours else "elsewhere")
    order = ("equal", "unsaid", "elsewhere", "short")
    return Outcome("username", min(found, key=order.index))


def _support(a: Features, b: Features) -> Iterator[Outcome]:
    """What several persons may share: it supports, and never links alone."""
    pictures = len(set(a.media) & set(b.media))
    if pictures:
        yield Outcome("media", "equal", min(pictures, 3))
    if a.series and a.series == b.series:
        yield Outcome("series", "equal")


def _person(a: Features, b: Features) -> Iterator[Outcome]:
    if a.sex and b.sex and "x" not in (a.sex, b.sex):
        yield Outcome("sex", "equal" if a.sex == b.sex else "apart")
    if a.nationalities and b.nationalities:
        shared = not set(a.nationalities).isdisjoint(b.nationalities)
        yield Outcome("nationality", "equal" if shared else "apart")
    if {a.role, b.role} == {"victim", "offender"}:
        yield Outcome("role", "apart")
