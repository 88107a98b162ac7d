"""Links: "these two subjects are the same person", with evidence. Facts, never merges.

A link follows from the two subjects and the verdicts on them, and from nothing else: taken apart
and made again it is the same. A retracted one stays, with its reason, and no longer counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from consumers.deduplication import EVIDENCE_VERSION
from consumers.deduplication.features import Features
from consumers.deduplication.score import Centibits, Evidence, Score, hopeless, score
from schemas.identities import pair_id
from schemas.markings import Handling, MatchDecision, Mode, Strength, Tlp, Verdict
from schemas.notifications import DutyContact, Marking

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: making an encoder costs more than using it."""


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


@dataclass(frozen=True, slots=True)
class Link:
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


def link(a: Subject, b: Subject, rulings: Iterable[Ruling] = ()) -> Link | None:
    """The link between two subjects; None when nothing links them and nobody said so.

    A confirmation is a must-link, a refutation a cannot-link: it leaves the link, retracted.
    Who is no party of the pair has no say.
    """
    if a.mode is not b.mode or a.root == b.root or _expired(a, b):
        return None
    rulings = tuple(rulings)
    if not rulings and hopeless(a.features, b.features):
        return None
    found = score(a.features, b.features)
    said = {r.verdict for r in rulings if r.jurisdiction in (a.origin, b.origin)}
    decision = MatchDecision.SAME if Verdict.CONFIRMED in said else found.decision
    if Verdict.REFUTED in said:
        made = _made(a, b, found, found.decision or MatchDecision.COMPARE)
        return replace(made, retracted=Retraction.REFUTED)
    return _made(a, b, found, decision) if decision else None


def _expired(a: Subject, b: Subject) -> bool:
    """Whether one was no longer valid when the other came."""
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


def dump_evidence(evidence: Iterable[Evidence]) -> str:
    """As JSON text, for the table of links."""
    return json.dumps([[e.kind, e.strength.value, e.weight, e.why] for e in evidence])


def load_evidence(text: str) -> tuple[Evidence, ...]:
    """What :func:`dump_evidence` wrote."""
    return tuple(Evidence(k, Strength(s), weight, why) for k, s, weight, why in json.loads(text))


def dump_about(subject: Subject) -> str:
    """What an alert tells of a subject, as JSON text, for the table of subjects."""
    about: dict[str, Any] = {
        "valid_until": subject.valid_until,
        "safeguarded": subject.safeguarded,
        "marking": subject.marking.to_record(),
        "recipients": subject.recipients,
        "contact": subject.contact.to_record() if subject.contact else None,
    }
    return _ENCODE(about)


@lru_cache(maxsize=4096)
def load_about(text: str) -> Mapping[str, Any]:
    """What :func:`dump_about` wrote, as fields of :class:`Subject`."""
    about = json.loads(text)
    contact = about["contact"]
    return {
        **about,
        "marking": Marking.from_record(about["marking"]),
        "recipients": tuple(about["recipients"]),
        "contact": DutyContact.from_record(contact) if contact else None,
    }
