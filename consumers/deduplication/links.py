"""Links: "these two subjects are the same person", with evidence. Facts, never merges.

A link follows from the two subjects and the verdicts on them, and from nothing else: taken apart
and made again it is the same. A retracted one stays, with its reason, and no longer counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from consumers.deduplication import EVIDENCE_VERSION
from consumers.deduplication.evidence import Evidence
from consumers.deduplication.features import Features
from consumers.deduplication.rarity import NOTHING_KNOWN, Centibits, Rarity
from consumers.deduplication.score import Score, score, score_if_any
from schemas.identities import pair_id
from schemas.markings import Handling, MatchDecision, Mode, Strength, Tlp, Verdict
from schemas.notifications import DutyContact, Marking


class Retraction(StrEnum):
    """Why a link no longer counts."""

    REFUTED = "refuted"
    WITHDRAWN = "withdrawn"
    """One side was cancelled or recalled."""
    CHANGED = "changed"
    """What is known now of the two subjects no longer suffices."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The latest that one case chain says about its subject.

    Attributes:
        root: id of the chain; two notifications of one chain are one subject.
        id: of the notification it was taken from.
        seen_at: when that was written to the log, milliseconds UTC.
        safeguarded: whether the child is known to be safe.
    """

    root: str
    id: str
    origin: str
    reference: str
    mode: Mode
    created: int
    revision: int
    seen_at: int
    valid_until: int | None
    safeguarded: bool
    marking: Marking
    recipients: tuple[str, ...]
    contact: DutyContact | None
    features: Features

    @property
    def age(self) -> tuple[int, int, str]:
        """What orders the notifications of one chain, however they arrive."""
        return self.created, self.revision, self.id


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one party of a pair found; a later one of the same party replaces it.

    ``first`` and ``second`` are the roots of the two case chains, sorted.
    """

    first: str
    second: str
    jurisdiction: str
    verdict: Verdict
    created: int
    id: str

    @property
    def pair(self) -> str:
        """What it is about."""
        return pair_id(self.first, self.second)


class Link(NamedTuple):
    """Two case chains, sorted by their roots, and why they seem to be about one person."""

    pair: str
    first: str
    second: str
    total: Centibits
    decision: MatchDecision
    strength: Strength
    evidence: tuple[Evidence, ...]
    version: int = EVIDENCE_VERSION
    retracted: Retraction | None = None

    @property
    def active(self) -> bool:
        """Whether it counts."""
        return self.retracted is None


def link(
    a: Subject, b: Subject, rarity: Rarity = NOTHING_KNOWN, rulings: Iterable[Ruling] = ()
) -> Link | None:
    """The link between two subjects; None when nothing links them and nobody said so.

    A confirmation is a must-link, a refutation a cannot-link: it leaves the link, retracted.
    Who is no party of the pair has no say.
    """
    if a.mode is not b.mode or a.root == b.root or _expired(a, b):
        return None
    rulings = tuple(rulings)
    if not rulings:
        scored = score_if_any(a.features, b.features, rarity)
        return _made(a, b, scored, scored.decision) if scored and scored.decision else None
    found = score(a.features, b.features, rarity)
    said = {r.verdict for r in rulings if r.jurisdiction in (a.origin, b.origin)}
    decision = MatchDecision.SAME if Verdict.CONFIRMED in said else found.decision
    if Verdict.REFUTED in said:
        made = _made(a, b, found, found.decision or MatchDecision.COMPARE)
        return made._replace(retracted=Retraction.REFUTED)
    return _made(a, b, found, decision) if decision else None


def _expired(a: Subject, b: Subject) -> bool:
    """Whether one was no longer valid when the other came."""
    if a.valid_until is None and b.valid_until is None:
        return False
    moment = max(a.seen_at, b.seen_at)
    return any(s.valid_until is not None and s.valid_until <= moment for s in (a, b))


def _made(a: Subject, b: Subject, found: Score, decision: MatchDecision) -> Link:
    first, second = sorted((a.root, b.root))
    strength = Strength.STRONG if decision is MatchDecision.SAME else found.strength
    return Link(
        pair_id(first, second), first, second, found.total, decision, strength, found.evidence
    )


def stricter(a: Marking, b: Marking) -> Marking:
    """The stricter of two markings, part by part; words only where both say the same."""
    return Marking(
        tlp=max(a.tlp, b.tlp, key=list(Tlp).index),
        handling=max(a.handling, b.handling, key=list(Handling).index),
        purpose=a.purpose if a.purpose == b.purpose else "",
        legal_basis=a.legal_basis if a.legal_basis == b.legal_basis else "",
        grading=a.grading if a.grading == b.grading else "",
    )


def earlier(a: int | None, b: int | None) -> int | None:
    """The earlier of two instants; None is never."""
    return min((instant for instant in (a, b) if instant is not None), default=None)
