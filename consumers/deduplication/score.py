"""What the outcomes of a comparison weigh, and what follows from their sum.

Weights are Fellegi and Sunter's: the logarithm (base 2, in hundredths: centibits) of how much
more often an outcome is seen between notifications of one person than of two (A Theory for
Record Linkage, 1969). They were learned together, so that what goes along with something else
is not counted twice (``weights.py``). Integers, so that every machine adds them to the same sum.

Weights alone do not decide. What several persons may share supports and never links, and what
cannot be true of one person keeps a pair from being called the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from consumers.deduplication.comparison import compare, compare_but_names
from consumers.deduplication.features import Features
from consumers.deduplication.naming import MAX_BITS, names
from consumers.deduplication.outcomes import BITS_SHARED, Outcome
from consumers.deduplication.rarity import NOTHING_KNOWN, Centibits, Rarity, information
from consumers.deduplication.weights import PRIOR, TRAINED, WEIGHTS
from schemas.markings import MatchDecision, Strength

COMPARE: Centibits = 50
"""From here on an officer is asked to compare: as likely as not it is one person."""
SAME: Centibits = 180
"""From here on, and only where nothing contradicts, two subjects are called the same person."""

OWN = frozenset({"national-id", "email", "phone", "username"})
"""Kinds that as a rule only one person has."""
NAME_BITS = frozenset({"name-bits", "shared-name-bits"})
"""How rare the words are that two names have in common: all of one of them, or of both a part."""
CONTRADICTIONS = frozenset(
    {("role", "apart"), ("name", "generation"), ("birth-date", "apart"), ("sex", "apart"),
     ("name", "one-given-apart"), ("name", "some-given-apart")}
)  # fmt: skip
"""Outcomes that keep a pair from being called the same, but for ``MISTAKEN``."""
MISTAKEN = frozenset(
    {("birth-date", "apart"), ("name", "one-given-apart"), ("name", "some-given-apart")}
)
"""Contradictions that are a mistake in a record where a national number says who it is."""
PERSONAL = frozenset({"national-id", "email", "username"})
"""Kinds that no household shares."""
FEW: Centibits = 200
"""Up to so many have a value (four) for it to be one person's own."""
AGAINST = CONTRADICTIONS | {
    ("birth-date", level) for level in ("year-only", "year-near", "year-slip", "month-apart")
}
"""What keeps a personal value in common from being worth a look by itself."""
_SHARED = frozenset({"equal", "near"})
DIFFERS = frozenset({"apart", "none"})
"""Levels of outcomes in which nothing agrees."""
STRONG: Centibits = 400
MODERATE: Centibits = 150
"""How evidence is put into words."""
HOUSEHOLD = frozenset({"phone", "wallet", "device", "ip", "media", "picture", "series"})
"""What those who live or appear together share: it says less of each, the more of it there is."""
HOUSEHOLD_MOST = 3
"""Kinds of ``HOUSEHOLD`` in common from which on more say nothing else."""
_PER_BITS = 100
_WEIGHT_OF = WEIGHTS.get

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
        if level == "equal" and field in OWN:
            return False
        household += level in _SHARED and field in HOUSEHOLD
        if field == "birth-date":
            birth = level
        offender |= level == "offender"
        unit = 1 if level == BITS_SHARED else _PER_BITS
        total += WEIGHTS.get((field, level), 0) * amount * unit
    best = _best_name(birth, offender, min(household, HOUSEHOLD_MOST))
    return total // _PER_BITS + prior(population) + best < COMPARE


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
        + WEIGHTS.get(("name", _beside(kind, birth)), 0)
        + (WEIGHTS.get(("name", _of_an_offender(kind)), 0) if offender else 0)
        + (WEIGHTS.get(("household", _household(household, kind)), 0) if household else 0)
        + most["shared-name-bits" if kind.endswith("-apart") else "name-bits"] // _PER_BITS
        + 1
        for kind in kinds | {"unsaid"}
    )


def terms(outcomes: Iterable[Outcome]) -> list[tuple[str, str, int]]:
    """What has a weight of its own: every outcome, and some that mean more together.

    Gives field, level and amount in hundredths. The field of a combination is that of the one
    whose evidence it changes.
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
        found.append((field, level, amount * _PER_BITS))
        if field == "name":
            name = name if level == "generation" else level
        elif field == "birth-date":
            birth = level
        elif level in _SHARED:
            household += field in HOUSEHOLD
            if field in OWN and level == "equal":
                own.append(field)
        elif field == "role":
            is_offender = level == "offender"
    found.append(("name", _beside(name, birth), _PER_BITS))
    if is_offender:
        found.append(("name", _of_an_offender(name), _PER_BITS))
    found += [(kind, _beside("equal", name), _PER_BITS) for kind in own]
    if household:
        found.append(("household", _household(household, name), _PER_BITS))
    return found


@cache
def _beside(one: str, other: str) -> str:
    return f"{one} + {other}"


@cache
def _household(kinds: int, name: str) -> str:
    """How many kinds the two share, and how their names agree: sisters share all of a home."""
    how = (
        "apart" if name.endswith("-apart")
        else "common" if name.endswith("-common")
        else "part" if name.startswith(("part", "single"))
        else name if name in ("none", "unsaid", "initials")
        else "agree"
    )  # fmt: skip
    return _beside(str(min(kinds, HOUSEHOLD_MOST)), how)


@cache
def _of_an_offender(name: str) -> str:
    return f"{name} of an offender"


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
    return Score(total, decision, _evidence(weights, outcomes))


def weights_of(outcomes: Iterable[Outcome]) -> dict[str, Centibits]:
    """What each kind of evidence contributes, against the pair when negative."""
    weights: dict[str, Centibits] = {}
    for field, level, amount in terms(outcomes):
        weight = _WEIGHT_OF((field, level))
        if weight:
            kind = "name" if field in NAME_BITS else field
            weights[kind] = weights.get(kind, 0) + weight * amount
    return {kind: weight // _PER_BITS for kind, weight in weights.items()}


def is_worth_a_look(outcomes: Sequence[Outcome]) -> bool:
    """Whether they share what only one person has, and nothing speaks against it.

    Names do not: an offender uses many, and a colleague may know only the account.
    """
    own = {o.field for o in outcomes if o.level == "equal" and o.field in PERSONAL}
    if not own or own <= _shared_by_many(outcomes):
        return False
    against = AGAINST - MISTAKEN if _has_number(outcomes) else AGAINST
    return against.isdisjoint(_met(outcomes))


def is_numbered(outcomes: Sequence[Outcome]) -> bool:
    """Whether the same national number and the same name say who it is, whatever the date."""
    return _has_number(outcomes) and any(
        o.field == "name" and o.level.startswith(("all", "more")) for o in outcomes
    )


def _met(outcomes: Iterable[Outcome]) -> set[tuple[str, str]]:
    return {(o.field, o.level) for o in outcomes}


def _has_number(outcomes: Sequence[Outcome]) -> bool:
    equal = any(o.field == "national-id" and o.level == "equal" for o in outcomes)
    return equal and "national-id" not in _shared_by_many(outcomes)


def _shared_by_many(outcomes: Iterable[Outcome]) -> set[str]:
    """The kinds of which even the rarest value in common is no one person's."""
    return {o.field for o in outcomes if o.level == BITS_SHARED and o.amount > FEW}


def contradictions(outcomes: Sequence[Outcome]) -> frozenset[tuple[str, str]]:
    """What keeps a pair from being called the same.

    Twins, and father and son, have numbers of their own: where the number is the same, another
    date or given name is a mistake, or was changed.
    """
    against = CONTRADICTIONS - MISTAKEN if _has_number(outcomes) else CONTRADICTIONS
    return against & _met(outcomes)


def _decision(total: Centibits, outcomes: Sequence[Outcome]) -> MatchDecision | None:
    if total < COMPARE or not carries(outcomes):
        return None
    if total < SAME or contradictions(outcomes) or is_usual(outcomes):
        return MatchDecision.COMPARE
    return MatchDecision.SAME


def is_usual(outcomes: Sequence[Outcome]) -> bool:
    """Whether all that links the two is part of a name, or one that very many have.

    Families share a part of their names and a telephone, and of those with a frequent name some
    share a birthday.
    """
    own = {o.field for o in outcomes if o.level == "equal" and o.field in OWN}
    levels = [o.level for o in outcomes if o.field == "name"]
    if any(level.endswith("-apart") for level in levels):
        return own.isdisjoint(PERSONAL)
    return not own and any(level.endswith("-common") for level in levels)


def carries(outcomes: Iterable[Outcome]) -> bool:
    """Whether anything links the two that does not only support."""
    for field, level, _ in outcomes:
        if field == "name":
            if level not in ("none", "generation"):
                return True
        elif field in OWN and level not in ("apart", "short"):
            return True
    return False


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


def _evidence(
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
