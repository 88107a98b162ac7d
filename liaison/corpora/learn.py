"""Learns the weights of the matching engine from synthetic notifications whose truth is known.

    python -m liaison.corpora.learn DIR… --out consumers/deduplication/weights.py

Each DIR holds ``notifications.jsonl`` and ``truth.jsonl``. All pairs that share a key, or would
with a near picture, are compared as the engine would on arrival, and a ridge regression of the
log-odds (logistic; Newton's method) is fitted to their terms. Each corpus counts the same, however
large, so that none sets the tone.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt

from consumers.deduplication.comparison import compare
from consumers.deduplication.dates import not_apart, packed
from consumers.deduplication.features import Features
from consumers.deduplication.index import CAPS, DATED, MAX_SUBJECTS_PER_KEY
from consumers.deduplication.keys import keys_of, pictured, sought
from consumers.deduplication.outcomes import BITS_SHARED
from consumers.deduplication.picture_index import PictureIndex
from consumers.deduplication.rarity import Rarity
from consumers.deduplication.store import MemoryStore, records_of
from consumers.deduplication.terms import NAME_BITS, terms
from liaison.matching import read_subjects
from schemas.errors import InputRefused

RIDGE = 3.0
"""How strongly a weight is held near zero: a term that was seen seldom says little."""
SEEN = 20
"""Pairs in which a term must occur to have a weight."""
LEAST = {("national-id", "apart"): -200}
"""Centibits below which no weight goes, where the corpora are known to be too sure: real persons
have numbers of several registers."""
HELD_OUT = "held-out:"
"""How a family begins that says that a corpus is there to judge."""
STEPS = 50
Term = tuple[str, str]
Matrix = npt.NDArray[np.float64]
_Member = tuple[int, int]
"""The number of a subject and its packed birth date."""


@dataclass(slots=True)
class Pairs:
    """The compared pairs of one corpus: their terms, and whether they are one person."""

    terms: list[dict[Term, float]] = field(default_factory=list)
    same: list[bool] = field(default_factory=list)
    numbers: list[tuple[int, int]] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)


def collect(directory: Path) -> Pairs:
    """Compares as the engine does, in the order of arrival."""
    truth = dict(_truth(directory / "truth.jsonl"))
    found = Pairs()
    members: dict[bytes, list[_Member]] = defaultdict(list)
    counts: Counter[str] = Counter()
    before: list[tuple[Features, str]] = []
    pictures = PictureIndex(records_of(MemoryStore()))
    with (directory / "notifications.jsonl").open("rb") as lines:
        for subject in read_subjects(lines):
            features, person = subject.features, truth[subject.reference]
            rarity = Rarity(len(before), counts.__getitem__)
            near = pictures.find(pictured(features))
            for number in sorted(_candidates(features, near, members, len(before))):
                other, theirs = before[number]
                pair: dict[Term, float] = defaultdict(float)
                for kind, level, amount in terms(compare(features, other, rarity)):
                    pair[kind, level] += amount / 100
                found.terms.append(pair)
                found.same.append(person == theirs)
                found.numbers.append((number, len(before)))
            counts.update(features.counted)
            pictures.enter(pictured(features), 0)
            before.append((features, person))
    found.persons = [person for _, person in before]
    return found


def _candidates(
    features: Features, near: Sequence[int], members: dict[bytes, list[_Member]], number: int
) -> set[int]:
    """The numbers that the index would give; ``features`` are of ``number`` and taken in."""
    met: set[int] = set()
    born = packed(features.birth)
    for key in sought(features, "actual", near):
        if len(holders := members[key.digest]) <= MAX_SUBJECTS_PER_KEY:
            met.update(other for other, _ in holders)
    for key in keys_of(features, "actual"):
        holders = members[key.digest]
        if len(holders) <= CAPS.get(key.kind, MAX_SUBJECTS_PER_KEY):  # the one too many caps it
            met.update(not_apart(born if key.kind in DATED else 0, holders))
            holders.append((number, born))
    return met


def _truth(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if any(family.startswith(HELD_OUT) for family in row["families"]):
                raise InputRefused(
                    f"{path.parent} is a corpus that judges: nothing is learned from it",
                    remedy="learn from a corpus of registry or casework",
                )
            yield row["reference"], row["person"]


def fit(corpora: Sequence[Pairs]) -> tuple[float, Mapping[Term, float]]:
    """The prior and the weight of each term, in natural logarithms of odds.

    A term whose sign contradicts what it says is left out: it would be a habit of the corpora.
    """
    seen = Counter(term for one in corpora for pair in one.terms for term in pair)
    known = sorted(term for term, count in seen.items() if count >= SEEN)
    same = np.array([same for one in corpora for same in one.same], dtype=np.float64)
    largest = max(len(one.same) for one in corpora)
    share = np.concatenate([np.full(len(one.same), largest / len(one.same)) for one in corpora])
    while True:
        weights = _newton(_matrix(corpora, known), same, share)
        found = dict(zip(known, map(float, weights), strict=False))
        absurd = {term for term, weight in found.items() if weight * _sign(term) < 0}
        if not absurd:
            return float(weights[-1]), found
        known = [term for term in known if term not in absurd]


def _sign(term: Term) -> int:
    """1 for what can only speak for one person, -1 for what can only speak against it."""
    kind, level = term
    if level == BITS_SHARED or level == "apart":
        return -1
    return 1 if kind in NAME_BITS or level in ("equal", "near") else 0


def _matrix(corpora: Sequence[Pairs], known: Sequence[Term]) -> Matrix:
    column = {term: number for number, term in enumerate(known)}
    pairs = [pair for one in corpora for pair in one.terms]
    matrix = np.zeros((len(pairs), len(known) + 1))
    matrix[:, -1] = 1
    for row, pair in enumerate(pairs):
        for term, amount in pair.items():
            if term in column:
                matrix[row, column[term]] = amount
    return matrix


def _newton(matrix: Matrix, same: Matrix, share: Matrix) -> Matrix:
    weights: Matrix = np.zeros(matrix.shape[1])
    ridge = np.full(matrix.shape[1], RIDGE)
    ridge[-1] = 0
    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(-np.clip(matrix @ weights, -30, 30)))
        slope = matrix.T @ (share * (odds - same)) + ridge * weights
        bend = share * (odds * (1 - odds) + 1e-9)
        step = np.linalg.solve((matrix * bend[:, None]).T @ matrix + np.diag(ridge), slope)
        weights -= step
        if np.abs(step).max() < 1e-5:
            break
    return weights


def write(path: Path, prior: float, weights: Mapping[Term, float], trained: int) -> None:
    """The table, as Python: centibits, by field and level."""
    lines = [
        '"""The weights of the matching engine, learned by ``liaison.corpora.learn``.',
        "",
        "Centibits: hundredths of the binary logarithm of the odds that it is one person.",
        '"""',
        "",
        f"PRIOR = {_centibits(prior)}",
        '"""Of a pair that shares a key, before anything is compared."""',
        f"TRAINED = {trained}",
        '"""Subjects in the index for which the prior holds; among more, chance meets more."""',
        "WEIGHTS: dict[tuple[str, str], int] = {",
    ]
    for (kind, level), weight in sorted(weights.items()):
        if value := max(_centibits(weight), LEAST.get((kind, level), NO_LIMIT)):
            lines.append(f'    ("{kind}", "{level}"): {value},')
    path.write_text("\n".join([*lines, "}", ""]), "utf-8")


NO_LIMIT = -(10**6)


def _centibits(logit: float) -> int:
    return round(100 * logit / log(2))


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads corpora, fits, and writes the table."""
    parser = argparse.ArgumentParser(prog="python -m liaison.corpora.learn", description=__doc__)
    parser.add_argument("corpora", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    corpora = [collect(directory) for directory in chosen.corpora]
    prior, weights = fit(corpora)
    write(chosen.out, prior, weights, min(len(one.persons) for one in corpora))


if __name__ == "__main__":
    main()
