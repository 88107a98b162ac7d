"""Two subjects' names compared: which words agree, how well, and what is left over. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from consumers.deduplication.likeness import Likeness, joined, likeness
from consumers.deduplication.names import Name, Token
from consumers.deduplication.names.lexicon import VERY_FREQUENT
from consumers.deduplication.outcomes import Outcome
from consumers.deduplication.rarity import Centibits, Rarity

LEVELS = {
    int(Likeness.EQUAL): "equal",
    int(Likeness.HEARD): "heard",
    int(Likeness.NICKNAME): "nickname",
    int(Likeness.TYPED): "typed",
    int(Likeness.GENDERED): "gendered",
    int(Likeness.INITIAL): "initial",
}
EQUAL = int(Likeness.EQUAL)
REMEMBERED = 1 << 19
"""Pairs of words whose likeness is remembered: most names meet again."""
_levels: dict[tuple[str, str], int] = {}
MAX_BITS: Centibits = 2200
"""Words of one name are not independent: from here on agreement says no more."""


@dataclass(slots=True)
class _Agreement:
    """How two names agree."""

    bits: dict[str, Centibits] = field(default_factory=dict)
    words: int = 0
    initials: int = 0
    fuzzy: int = 0
    mine: Sequence[Token] = ()
    yours: Sequence[Token] = ()
    generation: bool = False
    common: bool = True
    given: bool = False
    family: bool = False

    @property
    def rank(self) -> tuple[int, int, int]:
        """The better of two agreements has the higher one."""
        total = sum(self.bits.values())
        apart = min(len(self.mine), len(self.yours))
        return total - 900 * apart, -len(self.mine) - len(self.yours), -self.fuzzy


def names(first: tuple[Name, ...], second: tuple[Name, ...], rarity: Rarity) -> list[Outcome]:
    """Of the two names that agree best; a subject may have several, and aliases contradict none."""
    if not first or not second:
        return []
    if _written(second) < _written(first):  # of equally good agreements the same, from both sides
        first, second = second, first
    best = _best(first, second, rarity)
    found = [Outcome("name", _kind(best))]
    if best.bits:
        kind = "shared-name-bits" if best.mine and best.yours else "name-bits"
        room = MAX_BITS
        for level in LEVELS.values():
            if bits := min(best.bits.get(level, 0), room):
                found.append(Outcome(kind, level, bits))
                room -= bits
    if best.generation:
        found.append(Outcome("name", "generation"))
    return found


def _best(first: tuple[Name, ...], second: tuple[Name, ...], rarity: Rarity) -> _Agreement:
    if len(first) == 1 == len(second):
        return _agree(first[0], second[0], rarity)
    found = []
    for a, b in product(first, second):
        agreement = _agree(a, b, rarity)
        if agreement.words > 1 and not (agreement.mine or agreement.yours or agreement.fuzzy):
            return agreement  # nothing agrees better than all of both
        found.append(agreement)
    return max(found, key=lambda f: f.rank)


def _written(side: tuple[Name, ...]) -> list[tuple[str, ...]]:
    return [name.written for name in side]


def _kind(found: _Agreement) -> str:
    mine, yours, words = len(found.mine), len(found.yours), found.words
    if not words:
        return "initials" if found.initials and not (mine and yours) else "none"
    if mine and yours:
        return f"{'some' if words > 1 else 'one'}-{_apart(found)}-apart"
    grade = "-fuzzy" if found.fuzzy else "-common" if found.common else ""
    if mine or yours:
        return ("more" if words > 1 else "part") + grade
    return ("all" if words > 1 else "initialled" if found.initials else "single") + grade


def _apart(found: _Agreement) -> str:
    """Which part of the two names differs: sisters share a surname, a marriage changes it."""
    mine, yours = map(_parts, (found.mine, found.yours))
    if "given" in mine and "given" in yours:
        return "given"
    if mine == yours == {"family"}:
        return "family"
    if "given" in mine | yours:
        return "given" if found.family and not found.given else "mixed"
    if "family" in mine | yours:
        return "family" if found.given and not found.family else "mixed"
    if found.given != found.family:
        return "family" if found.given else "given"
    return "unsure"


def _parts(tokens: Sequence[Token]) -> set[str]:
    return {token.part for token in tokens}


def _agree(first: Name, second: Name, rarity: Rarity) -> _Agreement:
    """Words matched one to one, most alike first; then what is left over on both sides."""
    found = _Agreement()
    mine: list[Token | None] = list(first.tokens)
    yours: list[Token | None] = list(second.tokens)
    alike = []
    for i, a in enumerate(first.tokens):
        for j, b in enumerate(yours):
            if b is None or not a.marks & b.marks:
                continue
            level = _level(a, b)
            if level == EQUAL:  # nothing is more alike: they need not wait for the others
                mine[i] = yours[j] = None
                _pair(found, level, a, b, rarity)
                break
            if level:
                alike.append((-level, i, j))
    for order, i, j in sorted(alike):
        if (x := mine[i]) and (y := yours[j]):
            mine[i] = yours[j] = None
            _pair(found, -order, x, y, rarity)
    found.mine, found.yours = list(filter(None, mine)), list(filter(None, yours))
    if found.mine and found.yours and len(found.mine) + len(found.yours) > 2:
        for whole in (*_joined(found.mine, found.yours), *_joined(found.yours, found.mine)):
            _add(found, "equal", rarity.word(whole))
            found.common &= whole.rank == VERY_FREQUENT
    found.generation = bool(
        first.generation and second.generation and first.generation != second.generation
    )
    return found


def _pair(found: _Agreement, level: int, a: Token, b: Token, rarity: Rarity) -> None:
    """Takes in two words that are alike."""
    _add(found, LEVELS[level], _worth(a, b, rarity))
    found.common &= max(a.rank, b.rank) == VERY_FREQUENT
    found.given |= a.part == "given" or b.part == "given"
    found.family |= a.part == "family" or b.part == "family"


def _level(a: Token, b: Token) -> int:
    """The likeness of two words, remembered by how they are written."""
    words = (a.word, b.word)
    level = _levels.get(words)
    if level is None:
        if len(_levels) >= REMEMBERED:
            _levels.clear()
        level = _levels[words] = int(likeness(a, b))
    return level


def _add(found: _Agreement, level: str, bits: Centibits) -> None:
    found.bits[level] = found.bits.get(level, 0) + bits
    if level == "initial":
        found.initials += 1
    else:
        found.words += 1
        found.fuzzy += level in ("typed", "gendered")


def _worth(a: Token, b: Token, rarity: Rarity) -> Centibits:
    """Of the more frequent of the two ways to write it."""
    if a.is_initial or b.is_initial:
        return 300
    return rarity.word(a) if a.word == b.word else min(rarity.word(a), rarity.word(b))


def _joined(apart: list[Token], together: list[Token]) -> Iterator[Token]:
    """Takes out of both lists what one side wrote as two words and the other as one."""
    if len(apart) < 2:
        return
    for whole in tuple(together):
        for first, second in tuple(pairwise(apart)):
            if not whole.heads & first.heads or whole not in together:
                continue
            if first not in apart or second not in apart or whole.folds == first.folds:
                continue
            if joined(first, second, whole):
                together.remove(whole)
                apart.remove(first)
                apart.remove(second)
                yield whole
