"""What the outcomes of a comparison weigh, and what follows from their sum.

Weights are Fellegi and Sunter's: the logarithm (base 2, in hundredths: centibits) of how much
more often an outcome is seen between notifications of one person than of two (A Theory for
Record Linkage, 1969). They were learned together, so that what goes along with something else
is not counted twice (``weights.py``). Integers, so that every machine adds them to the same sum.

Weights alone do not decide. What several persons may share supports and never links, and what
cannot be true of one person keeps a pair from being called the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from consumers.deduplication.comparison import compare, compare_but_names
from consumers.deduplication.evidence import Evidence, evidence_of
from consumers.deduplication.features import Features
from consumers.deduplication.naming import MAX_BITS, names
from consumers.deduplication.outcomes import BITS_SHARED, Outcome
from consumers.deduplication.rarity import NOTHING_KNOWN, Centibits, Rarity, information
from consumers.deduplication.rules import (
    HOUSEHOLD,
    OWN,
    SHARED,
    TYPED_NUMBER,
    carries,
    contradictions,
    is_numbered,
    is_usual,
    is_worth_a_look,
)
from consumers.deduplication.terms import (
    HOUSEHOLD_MOST,
    NAME_BITS,
    PER_BITS,
    beside,
    household_of,
    of_an_offender,
    weights_of,
)
from consumers.deduplication.weights import PRIOR, TRAINED, WEIGHTS
from schemas.markings import MatchDecision, Strength

COMPARE: Centibits = 50
"""From here on an officer is asked to compare: as likely as not it is one person."""
SAME: Centibits = 180
"""From here on, and only where nothing contradicts, two subjects are called the same person."""


class Score(NamedTuple):
    """Log-odds that it is one person, what follows (None: nothing), and why, strongest first."""

    total: Centibits
    decision: MatchDecision | None
    evidence: tuple[Evidence, ...]

    @property
    def strength(self) -> Strength:
        """Of the whole, for a duty officer."""
        if self.decision is MatchDecision.SAME:
            return Strength.STRONG
        return Strength.MODERATE if self.total >= (COMPARE + SAME) // 2 else Strength.WEAK


def score(a: Features, b: Features, rarity: Rarity = NOTHING_KNOWN) -> Score:
    """How surely ``a`` and ``b`` are one person; symmetric."""
    return weigh(compare(a, b, rarity), rarity.population)


def score_if_any(a: Features, b: Features, rarity: Rarity = NOTHING_KNOWN) -> Score | None:
    """:func:`score` where it comes to a decision; None where it does not.

    What is cheap is compared first; names are not, where no agreement of names could make up for
    what speaks against the pair. That spares most comparisons.
    """
    cheap = compare_but_names(a, b, rarity)
    if hopeless(cheap, rarity.population):
        return None
    outcomes = (*names(a.names, b.names, rarity), *cheap)
    if not carries(outcomes):
        return None
    found = weigh(outcomes, rarity.population, thorough=False)
    return found if found.decision else None


def hopeless(outcomes: Sequence[Outcome], population: int) -> bool:
    """Whether names that agree in the best way could not bring these outcomes to a decision."""
    total, birth, offender, household = 0, "unsaid", False, 0
    for field, level, amount in outcomes:
        if (level == "equal" and field in OWN) or (field, level) == TYPED_NUMBER:
            return False
        household += level in SHARED and field in HOUSEHOLD
        if field == "birth-date":
            birth = level
        offender |= level == "offender"
        unit = 1 if level == BITS_SHARED else PER_BITS
        total += WEIGHTS.get((field, level), 0) * amount * unit
    best = _best_name(birth, offender, min(household, HOUSEHOLD_MOST))
    return total // PER_BITS + prior(population) + best < COMPARE


def prior(population: int) -> Centibits:
    """Before anything is compared, in an index of ``population`` subjects: chance meets more."""
    return PRIOR - information(TRAINED, max(TRAINED, population))


@cache
def _best_name(birth: str, offender: bool, household: int) -> Centibits:
    """The most that names can weigh beside a birth date that agrees so, and so much in common."""
    kinds = {level.split(" + ")[0] for field, level in WEIGHTS if field == "name"}
    kinds = {kind for kind in kinds if " " not in kind}
    most = {
        field: MAX_BITS * max(w for (f, _), w in [*WEIGHTS.items(), ((field, ""), 0)] if f == field)
        for field in NAME_BITS
    }
    generation = max(0, WEIGHTS.get(("name", "generation"), 0))
    return generation + max(
        WEIGHTS.get(("name", kind), 0)
        + WEIGHTS.get(("name", beside(kind, birth)), 0)
        + (WEIGHTS.get(("name", of_an_offender(kind)), 0) if offender else 0)
        + (WEIGHTS.get(("household", household_of(household, kind)), 0) if household else 0)
        + most["shared-name-bits" if kind.endswith("-apart") else "name-bits"] // PER_BITS
        + 1
        for kind in kinds | {"unsaid"}
    )


def weigh(outcomes: Iterable[Outcome], population: int = 0, *, thorough: bool = True) -> Score:
    """The score of the outcomes of one comparison, in an index of ``population`` subjects.

    Unless ``thorough``, what comes to no decision is given no evidence.
    """
    outcomes = tuple(outcomes)
    weights = weights_of(outcomes)
    total = prior(population) + sum(weights.values())
    if total < COMPARE and is_worth_a_look(outcomes):
        total = COMPARE
    if total < SAME and is_numbered(outcomes):
        total = SAME
    decision = _decision(total, outcomes)
    if decision is None and not thorough:
        return Score(total, None, ())
    return Score(total, decision, evidence_of(weights, outcomes))


def _decision(total: Centibits, outcomes: Sequence[Outcome]) -> MatchDecision | None:
    if total < COMPARE or not carries(outcomes):
        return None
    if total < SAME or contradictions(outcomes) or is_usual(outcomes):
        return MatchDecision.COMPARE
    return MatchDecision.SAME
