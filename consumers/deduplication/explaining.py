"""Why two subjects are linked or not, in words and figures, without a value of theirs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consumers.deduplication.comparison import compare
from consumers.deduplication.evidence import strength_of
from consumers.deduplication.features import Features
from consumers.deduplication.index import MatchIndex
from consumers.deduplication.links import Subject
from consumers.deduplication.outcomes import BITS_SHARED, Outcome
from consumers.deduplication.rarity import Centibits, Rarity
from consumers.deduplication.rules import (
    carries,
    contradictions,
    is_numbered,
    is_usual,
    is_worth_a_look,
)
from consumers.deduplication.score import COMPARE, SAME, prior, weigh
from consumers.deduplication.terms import NAME_BITS, weights_of
from consumers.deduplication.weights import PRIOR
from schemas.markings import MatchDecision, Strength

_CONTRADICTION = {
    "role": "one is a victim, the other an offender",
    "name": "the given names are of two persons, or of parent and child",
    "birth-date": "the birth dates cannot be one",
    "sex": "the sexes differ",
}
_NAMES = {
    "all": "all words of the names agree", "more": "the names agree, one has more words",
    "part": "one word agrees, and one name has more", "single": "the only word agrees",
    "initialled": "the names agree", "initials": "only initials agree",
    "some": "some words of the names agree, and both have others",
    "one": "one word of the names agrees, and both have others",
    "none": "the names have no word in common",
}  # fmt: skip
_GRADES = {"common": ", all of them very frequent", "fuzzy": ", but for their spelling"}


@dataclass(frozen=True, slots=True)
class Field:
    """What the comparison of one field gave.

    Attributes:
        levels: its outcomes, as the table of weights calls them.
        weight: of all of them together, against the pair when negative.
        words: the same for a reader; never a value.
    """

    field: str
    levels: tuple[str, ...]
    weight: Centibits
    words: str

    @property
    def strength(self) -> Strength:
        """Of this piece of evidence, for or against."""
        return strength_of(self.weight)


_UNSAID = {"household": "what those share who live or appear together, taken together"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """``prior + chance + the weights of fields`` is ``total``, but for what ``rules`` say."""

    fields: tuple[Field, ...]
    prior: Centibits
    chance: Centibits
    total: Centibits
    decision: MatchDecision | None
    strength: Strength
    rules: tuple[str, ...]


def explain_held(index: MatchIndex, a: Subject, b: Subject) -> Explanation:
    """How two subjects of ``index`` would compare if the later of them came only now."""
    later = max(a, b, key=lambda subject: (subject.seen_at, subject.root))
    its_own = later.features.counted

    def count(value: str) -> int:
        return index.count(value) - (value in its_own)

    return explain(a.features, b.features, Rarity(index.population() - 1, count))


def explain(a: Features, b: Features, rarity: Rarity) -> Explanation:
    """How ``a`` and ``b`` compare; symmetric."""
    outcomes = compare(a, b, rarity)
    weights = weights_of(outcomes)
    score = weigh(outcomes, rarity.population)
    said = {one.kind: one.why for one in score.evidence}
    kinds = dict.fromkeys(_kind(outcome) for outcome in outcomes)
    fields = [_field(kind, outcomes, weights.get(kind, 0), said.get(kind)) for kind in kinds]
    fields += [
        Field(kind, ("unsaid",), weight, _UNSAID.get(kind, "one of the two says nothing of it"))
        for kind, weight in weights.items()
        if kind not in kinds and weight
    ]
    before = prior(rarity.population)
    return Explanation(
        fields=tuple(sorted(fields, key=lambda f: (-f.weight, f.field))),
        prior=PRIOR,
        chance=before - PRIOR,
        total=score.total,
        decision=score.decision,
        strength=score.strength,
        rules=tuple(_rules(outcomes, before + sum(weights.values()))),
    )


def _kind(outcome: Outcome) -> str:
    return "name" if outcome.field in NAME_BITS else outcome.field


def _field(kind: str, outcomes: Sequence[Outcome], weight: Centibits, why: str | None) -> Field:
    mine = [outcome for outcome in outcomes if _kind(outcome) == kind]
    levels = {outcome.level for outcome in mine}
    if kind == "role":
        words = _CONTRADICTION[kind] if "apart" in levels else "the same role"
    elif kind == "name":
        words = _named(mine[0].level, why or "")
    elif weight < 0 and BITS_SHARED in levels:
        words = "in common, but so many others have it, too, that it says little"
    else:
        words = why or "says nothing either way"
    return Field(kind, tuple(map(_level, mine)), weight, words)


def _named(level: str, why: str) -> str:
    """How two names agree, and by what, as ``why`` has it after its first comma."""
    grade, _, how = level.partition("-")[2], *why.partition(", ")[1:]
    words = _NAMES[level.partition("-")[0]] + _GRADES.get(grade, "")
    return f"{words}, {how}" if how else words


def _level(outcome: Outcome) -> str:
    """The outcome as the table has it, with how often, or how many bits, it counts."""
    if outcome.field in NAME_BITS or outcome.level == BITS_SHARED:
        name = outcome.level if outcome.level == BITS_SHARED else f"{outcome.level}-bits"
        return f"{name} {outcome.amount / 100:.2f}"
    return outcome.level if outcome.amount == 1 else f"{outcome.level} x{outcome.amount}"


def _rules(outcomes: Sequence[Outcome], plain: Centibits) -> Iterator[str]:
    """Which rules stand above the sum here."""
    if plain < COMPARE and is_worth_a_look(outcomes):
        yield "they share what only one person has: put before an officer whatever the sum"
    if plain < SAME and is_numbered(outcomes):
        yield "national number and name say who it is: the same person unless something contradicts"
    if plain >= COMPARE and not carries(outcomes):
        yield "what they have in common several persons may share: it never links alone"
    if plain >= SAME:
        for field in sorted({field for field, _ in contradictions(outcomes)}):
            yield f"{_CONTRADICTION[field]}: never called the same, whatever else agrees"
        if is_usual(outcomes):
            yield "only what families share, or a name of very many, links them: an officer decides"
