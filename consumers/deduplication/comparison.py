"""Two subjects compared, field by field: outcomes, and no weights yet.

Outcomes are all that the score sees, so a comparison on blinded keys needs to give outcomes only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from consumers.deduplication.dates import birth_level
from consumers.deduplication.features import Account, Features, General
from consumers.deduplication.naming import names
from consumers.deduplication.outcomes import BITS_SHARED, Outcome
from consumers.deduplication.rarity import NOTHING_KNOWN, Rarity

NEAR = 31
"""Bits in which two PDQ hashes of one picture may differ (ThreatExchange's own threshold)."""
SPECIFIC = {"username": 6, "email": 8}
"""Letters from which a value is unlikely to be chosen twice by chance; numbers: 7."""


def compare(a: Features, b: Features, rarity: Rarity = NOTHING_KNOWN) -> tuple[Outcome, ...]:
    """The outcomes of two subjects, in the order of fields; symmetric."""
    return (*names(a.names, b.names, rarity), *compare_but_names(a, b, rarity))


def compare_but_names(a: Features, b: Features, rarity: Rarity) -> list[Outcome]:
    """The outcomes of everything that is cheap to compare."""
    found = []
    if a.birth and b.birth:
        found.append(_birth(birth_level(a.birth, b.birth)))
    if a.values and b.values:
        found += accounts(a, b, rarity)
    if (a.media and b.media) or (a.pictures and b.pictures) or (a.series and b.series):
        found += _support(a, b, rarity)
    found += _general(a.general, b.general)
    return found


@cache
def _birth(level: str) -> Outcome:
    return Outcome("birth-date", level)


@lru_cache(maxsize=1 << 15)
def _general(a: General, b: General) -> tuple[Outcome, ...]:
    """Of what few values are of: the same pairs of them meet again and again."""
    found = []
    if a.sex and b.sex and "x" not in (a.sex, b.sex):
        found.append(Outcome("sex", "equal" if a.sex == b.sex else "apart"))
    if a.nationalities and b.nationalities:
        shared = not set(a.nationalities).isdisjoint(b.nationalities)
        found.append(Outcome("nationality", "equal" if shared else "apart"))
    if a.role == b.role:
        found.append(Outcome("role", a.role))
    elif {a.role, b.role} == {"victim", "offender"}:
        found.append(Outcome("role", "apart"))
    return tuple(found)


def accounts(a: Features, b: Features, rarity: Rarity) -> Iterator[Outcome]:
    """For each kind of identifier that both sides have, in the order of kinds."""
    others = b.values
    for kind, mine in a.values.items():
        yours = others.get(kind)
        if yours is None:
            continue
        if not mine.isdisjoint(yours):
            shared = sorted(mine & yours)
            yield _shared(kind, shared, a.accounts, b.accounts)
            yield from _sharing(kind, [f"{kind}:{value}" for value in shared], rarity)
        elif level := _unequal(kind, mine, yours):
            yield Outcome(kind, level)


def _unequal(kind: str, mine: frozenset[str], yours: frozenset[str]) -> str:
    """What values say of which none is the same on both sides; empty where it is nothing."""
    for x in mine:
        for y in yours:
            if slip(x, y):
                return "typed"
    if kind != "national-id":
        return "apart"
    # Numbers of two countries or registers have nothing to do with each other.
    forms = ({_form(value) for value in side} for side in (mine, yours))
    return "" if next(forms).isdisjoint(next(forms)) else "apart"


def _form(number: str) -> str:
    """Digits and letters of a number by their places; two of one register have the same."""
    return "".join("9" if c.isdigit() else "A" for c in number)


def _sharing(kind: str, values: Iterable[str], rarity: Rarity) -> Iterator[Outcome]:
    """How many others have the value as well: a placeholder, a family's telephone, a forum."""
    loss = rarity.sharing(values)
    if loss:
        yield Outcome(kind, BITS_SHARED, loss)


def _shared(
    kind: str, shared: list[str], first: tuple[Account, ...], second: tuple[Account, ...]
) -> Outcome:
    if max(map(len, shared)) < SPECIFIC.get(kind, 7):
        return Outcome(kind, "short")
    if kind != "username":
        return Outcome(kind, "equal", min(len(shared), 2))
    mine, yours = (
        {(a.value, a.platform) for a in side if a.kind == kind and a.value in shared}
        for side in (first, second)
    )
    if any(platform for _, platform in mine & yours):
        return Outcome(kind, "equal", min(len(shared), 2))
    unsaid = any(not platform for _, platform in mine | yours)
    return Outcome(kind, "unsaid" if unsaid else "elsewhere")


def slip(a: str, b: str) -> bool:
    """Whether one letter was changed, left out, added, or swapped with its neighbour."""
    if a[:3] != b[:3] and a[-3:] != b[-3:]:  # one slip leaves one end as it is
        return False
    if min(len(a), len(b)) < 7 or abs(len(a) - len(b)) > 1 or a == b:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    if start is None:
        return True
    rest, other = a[start:], b[start:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    )


def _support(a: Features, b: Features, rarity: Rarity) -> Iterator[Outcome]:
    """What several persons may share: it supports, and never links alone."""
    files = set(a.media) & set(b.media) if a.media and b.media else set()
    if files:
        yield Outcome("media", "equal", min(len(files), 3))
        yield from _sharing("media", files, rarity)
    if a.pictures and b.pictures:
        near = [x for x in a.pictures if any((x ^ y).bit_count() <= NEAR for y in b.pictures)]
        if near:
            back = [y for y in b.pictures if any((x ^ y).bit_count() <= NEAR for x in near)]
            yield Outcome("picture", "near", min(len(near), len(back), 3))
            both = (f"pdq:{picture:064x}" for picture in (*near, *back))
            yield from _sharing("picture", both, rarity)
    if a.series and a.series == b.series:
        yield Outcome("series", "equal")
        yield from _sharing("series", (f"series:{a.series}",), rarity)
