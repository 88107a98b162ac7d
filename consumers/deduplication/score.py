"""What the outcomes of a comparison weigh, and what follows from their sum.

Weights are Fellegi and Sunter's: the logarithm (base 2, in hundredths: centibits) of how much
more often an outcome is seen between notifications of one person than of two (A Theory for
Record Linkage, 1969). Integers, so that every machine adds them to the same sum.

Weights alone do not decide. A link needs two *pillars* (name, birth date, something that only
one person has), and what cannot be true of one person keeps a pair from being called the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consumers.deduplication.comparison import Outcome, birth, compare
from consumers.deduplication.features import Features
from schemas.markings import MatchDecision, Strength

Centibits = int

WEIGHTS: Mapping[tuple[str, str], Centibits] = {
    ("name", "equal"): 550,
    ("name", "heard"): 450,
    ("name", "common"): 250,
    ("name", "typed"): 250,
    ("name", "initial"): 60,
    ("name", "left-one"): -60,
    ("name", "left-both"): -1100,
    ("name", "generation"): -1100,
    ("birth-date", "equal"): 1200,
    ("birth-date", "swapped"): 800,
    ("birth-date", "slip"): 650,
    ("birth-date", "month"): 650,
    ("birth-date", "year"): 350,
    ("birth-date", "year-slip"): 150,
    ("birth-date", "near-year"): -300,
    ("birth-date", "apart"): -2000,
    ("national-id", "equal"): 2000,
    ("national-id", "short"): 700,
    ("national-id", "apart"): -200,
    ("email", "equal"): 1600,
    ("email", "short"): 800,
    ("email", "apart"): -60,
    ("username", "equal"): 1350,
    ("username", "unsaid"): 900,
    ("username", "elsewhere"): 600,
    ("username", "short"): 250,
    ("username", "apart"): -60,
    ("phone", "equal"): 1200,
    ("phone", "short"): 300,
    ("phone", "apart"): -60,
    ("wallet", "equal"): 700,
    ("device", "equal"): 350,
    ("ip", "equal"): 150,
    ("media", "equal"): 300,
    ("series", "equal"): 150,
    ("sex", "equal"): 80,
    ("sex", "apart"): -900,
    ("nationality", "equal"): 80,
    ("nationality", "apart"): -80,
    ("role", "apart"): -3000,
}
"""Outcomes that are not listed weigh nothing."""

COMPARE: Centibits = 1000
"""From here on an officer is asked to compare."""
SAME: Centibits = 1700
"""From here on, and only where nothing contradicts, two subjects are called the same person."""

MAX_NAME: Centibits = 1300
"""Agreement on many words of a name is not independent."""
MAX_SUPPORT: Centibits = 600
"""Wallets, devices, addresses, pictures and series are shared between persons."""
MAX_APART_NAME: Centibits = -1500
"""However many words differ."""
ALIAS: Centibits = -300
"""What another name weighs where an offender's own account is the same: they use many."""
SPECIFIC_NAME: Centibits = 750
"""Agreement of names from which, with the full birth date, it may be the same person."""

SUPPORT = frozenset({"wallet", "device", "ip", "media", "series"})
OWN = frozenset({"national-id", "email", "phone", "username"})
"""Kinds that as a rule only one person has; in the level ``equal`` they are a pillar."""
CONTRADICTIONS = frozenset(
    {("name", "left-both"), ("name", "generation"), ("birth-date", "apart"),
     ("birth-date", "year-slip"), ("sex", "apart"), ("role", "apart")}
)  # fmt: skip
"""Outcomes that keep a pair from being called the same."""
STRONG: Centibits = 1000
MODERATE: Centibits = 400
"""How evidence is put into words."""

_WHY = {
    "name": "the names agree", "birth-date": "the birth dates agree",
    "national-id": "the same national number", "email": "the same e-mail address",
    "phone": "the same telephone number", "username": "the same account name",
    "wallet": "the same wallet, which several persons may use",
    "device": "the same device, which several persons may use",
    "ip": "the same IP address, which several persons may use",
    "media": "the same picture or film, which may show several persons",
    "series": "the same series of material", "sex": "the same sex",
    "nationality": "a nationality in common",
}  # fmt: skip
_AGAINST = {
    "name": "the names differ", "birth-date": "the birth dates cannot be the same",
    "sex": "the sexes differ", "nationality": "no nationality in common",
    "role": "one is a victim, the other an offender",
}  # fmt: skip
_HOW = {
    "heard": "as written by another ear or in another script", "typed": "but for a slip",
    "common": "but they are frequent", "swapped": "with day and month swapped",
    "slip": "but for one digit or day", "year-slip": "but for the year",
    "month": "as far as known: month and year", "year": "as far as known: the year",
    "short": "but it is short", "elsewhere": "on another platform", "initial": "by an initial",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field contributes; ``weight`` in centibits, against the pair when negative."""

    kind: str
    strength: Strength
    weight: Centibits
    why: str


@dataclass(frozen=True, slots=True)
class Score:
    """The sum, what follows from it (None: nothing), and why, strongest first."""

    total: Centibits
    decision: MatchDecision | None
    evidence: tuple[Evidence, ...]

    @property
    def strength(self) -> Strength:
        """Of the whole, for a duty officer."""
        if self.decision is MatchDecision.SAME:
            return Strength.STRONG
        return Strength.MODERATE if self.total >= (COMPARE + SAME) // 2 else Strength.WEAK


def score(a: Features, b: Features) -> Score:
    """How surely ``a`` and ``b`` are one person; symmetric."""
    return weigh(compare(a, b))


def hopeless(a: Features, b: Features) -> bool:
    """Whether no score of ``a`` and ``b`` can reach ``COMPARE``: spares most comparisons.

    Irreconcilable birth dates outweigh all names and support; only an identifier in common can
    make up for them.
    """
    if not (a.birth and b.birth) or next(birth(a.birth, b.birth)).level != "apart":
        return False
    return {x.value for x in a.accounts}.isdisjoint(y.value for y in b.accounts)


def weigh(outcomes: Iterable[Outcome]) -> Score:
    """The score of the outcomes of one comparison."""
    outcomes = tuple(outcomes)
    weights = _weights(outcomes)
    total = sum(weights.values())
    evidence = sorted(
        (_evidence(kind, weight, outcomes) for kind, weight in weights.items() if weight),
        key=lambda e: (-e.weight, e.kind),
    )
    return Score(total, _decision(total, weights, outcomes), tuple(evidence))


def _weights(outcomes: tuple[Outcome, ...]) -> dict[str, Centibits]:
    """Centibits by kind of evidence, limits applied."""
    weights: dict[str, Centibits] = {}
    for outcome in outcomes:
        weight = WEIGHTS.get((outcome.field, outcome.level), 0) * outcome.count
        weights[outcome.field] = weights.get(outcome.field, 0) + weight
    if "name" in weights:
        weights["name"] = _name_weight(outcomes)
    room = MAX_SUPPORT
    for kind in sorted(SUPPORT & weights.keys(), key=lambda k: (-weights[k], k)):
        weights[kind] = min(weights[kind], room)
        room -= weights[kind]
    return weights


def _name_weight(outcomes: tuple[Outcome, ...]) -> Centibits:
    """What agrees counts half where something is left over on both sides: families share it."""
    parts = [(WEIGHTS[o.field, o.level] * o.count, o.level) for o in outcomes if o.field == "name"]
    agreed = min(sum(w for w, _ in parts if w > 0), MAX_NAME)
    against = sum(w for w, _ in parts if w < 0)
    if not any(level in ("left-both", "generation") for _, level in parts):
        return agreed + against
    if _is_alias(outcomes):
        return ALIAS
    return max(agreed // 2 + against, MAX_APART_NAME)


def _is_alias(outcomes: tuple[Outcome, ...]) -> bool:
    """An account of one's own in common, and no word on age or sex against it."""
    own = any(o.field in OWN - {"phone"} and o.level == "equal" for o in outcomes)
    return own and not any(
        (o.field, o.level) in CONTRADICTIONS or o.field == "birth-date"
        for o in outcomes
        if o.field != "name"
    )


def _decision(
    total: Centibits, weights: Mapping[str, Centibits], outcomes: tuple[Outcome, ...]
) -> MatchDecision | None:
    pillars = {o.field for o in outcomes if o.field in OWN and o.level == "equal"}
    if weights.get("name", 0) >= WEIGHTS["name", "common"]:
        pillars.add("name")
    if weights.get("birth-date", 0) > 0:
        pillars.add("birth-date")
    if total < COMPARE or not (pillars & OWN or len(pillars) > 1):
        return None
    contradicted = any((o.field, o.level) in CONTRADICTIONS for o in outcomes)
    if total < SAME or contradicted or not _is_sure(pillars, weights, outcomes):
        return MatchDecision.COMPARE
    return MatchDecision.SAME


def _is_sure(
    pillars: set[str], weights: Mapping[str, Centibits], outcomes: tuple[Outcome, ...]
) -> bool:
    """An own identifier with a second pillar; or a specific name with the full birth date."""
    if "national-id" in pillars or (pillars & OWN and len(pillars) > 1):
        return True
    levels = {(o.field, o.level): o.count for o in outcomes}
    words = sum(levels.get(("name", level), 0) for level in ("equal", "heard", "common"))
    return (
        ("birth-date", "equal") in levels
        and words > 1
        and ("name", "typed") not in levels
        and weights.get("name", 0) >= SPECIFIC_NAME
    )


def _evidence(kind: str, weight: Centibits, outcomes: tuple[Outcome, ...]) -> Evidence:
    size = abs(weight)
    strength = (
        Strength.STRONG if size >= STRONG
        else Strength.MODERATE if size >= MODERATE
        else Strength.WEAK
    )  # fmt: skip
    if weight < 0:
        return Evidence(kind, strength, weight, _AGAINST.get(kind, "both have one, none in common"))
    how = [_HOW[o.level] for o in outcomes if o.field == kind and o.level in _HOW]
    return Evidence(kind, strength, weight, ", ".join([_WHY.get(kind, kind), *how]))
