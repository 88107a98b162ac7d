"""What of a comparison has a weight, and which: outcomes, and some that mean more together.

Pure; ``weights.py`` has the weights, and ``liaison.corpora.learn`` learns one for each term.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from consumers.deduplication.outcomes import BITS_SHARED, Outcome
from consumers.deduplication.rarity import Centibits
from consumers.deduplication.rules import HOUSEHOLD, OWN, SHARED
from consumers.deduplication.weights import WEIGHTS

NAME_BITS = frozenset({"name-bits", "shared-name-bits"})
"""How rare the words are that two names have in common: all of one of them, or of both a part."""
HOUSEHOLD_MOST = 3
"""Kinds of ``HOUSEHOLD`` in common from which on more say nothing else."""
PER_BITS = 100
"""Amounts are in hundredths, so that bits and outcomes add up."""
_WEIGHT_OF = WEIGHTS.get


def terms(outcomes: Iterable[Outcome]) -> list[tuple[str, str, int]]:
    """What has a weight of its own: every outcome, and some that mean more together.

    Gives field, level and amount in hundredths. The field of a combination is that of the one
    whose evidence it changes; what a household shares is taken together as ``household``.
    """
    found: list[tuple[str, str, int]] = []
    name = birth = "unsaid"
    is_offender = False
    household = 0
    own = []
    for outcome in outcomes:
        field, level, amount = outcome
        if level == BITS_SHARED or field in NAME_BITS:
            found.append(outcome)
            continue
        found.append((field, level, amount * PER_BITS))
        if field == "name":
            name = name if level == "generation" else level
        elif field == "birth-date":
            birth = level
        elif level in SHARED:
            household += field in HOUSEHOLD
            if field in OWN and level == "equal":
                own.append(field)
        elif field == "role":
            is_offender = level == "offender"
    found.append(("name", beside(name, birth), PER_BITS))
    if is_offender:
        found.append(("name", of_an_offender(name), PER_BITS))
    found += [(kind, beside("equal", name), PER_BITS) for kind in own]
    if household:
        found.append(("household", household_of(household, name), PER_BITS))
    return found


@cache
def beside(one: str, other: str) -> str:
    """The level of two that mean more, or less, together."""
    return f"{one} + {other}"


@cache
def household_of(kinds: int, name: str) -> str:
    """How many kinds the two share, and how their names agree: sisters share all of a home."""
    how = (
        "apart" if name.endswith("-apart")
        else "common" if name.endswith("-common")
        else "part" if name.startswith(("part", "single"))
        else name if name in ("none", "unsaid", "initials")
        else "agree"
    )  # fmt: skip
    return beside(str(min(kinds, HOUSEHOLD_MOST)), how)


@cache
def of_an_offender(name: str) -> str:
    """How names agree, of those who go by several."""
    return f"{name} of an offender"


def weights_of(outcomes: Iterable[Outcome]) -> dict[str, Centibits]:
    """What each kind of evidence contributes, against the pair when negative."""
    weights: dict[str, Centibits] = {}
    for field, level, amount in terms(outcomes):
        weight = _WEIGHT_OF((field, level))
        if weight:
            kind = "name" if field in NAME_BITS else field
            weights[kind] = weights.get(kind, 0) + weight * amount
    return {kind: weight // PER_BITS for kind, weight in weights.items()}
