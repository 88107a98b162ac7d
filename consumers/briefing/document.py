"""The briefing as a document: what JSON shows and the PDF lays out. Pure values.

Instants are ISO 8601 UTC texts, ages whole days. Optional values that are None were never
given, or are named in ``withheld``.
"""

from __future__ import annotations

from dataclasses import dataclass

FORMAT = "liaison-briefing/1"


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a unit on duty."""

    unit: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Participant:
    """A jurisdiction at the meeting, as the directory lists it."""

    jurisdiction: str
    name: str
    roles: tuple[str, ...]
    active: bool
    contact: Contact


@dataclass(frozen=True, slots=True)
class Account:
    """An identifier as written; ``seen_at`` for IP addresses."""

    type: str
    value: str
    platform: str | None
    seen_at: str | None


@dataclass(frozen=True, slots=True)
class Hash:
    """A hash of a file, never the file."""

    algorithm: str
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One notification of a case chain."""

    at: str
    relation: str
    notification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What every case has.

    Attributes:
        state: ``active``, ``cancelled`` or ``expired``. Of a case that is not active only this
            and its history is shown: who was found is not to be shown around any more.
        tlp, handling: the strictest in the chain.
        opened, updated: when its first and its latest notification were made.
        withheld: sensitivities that are not released to the reader.
    """

    type: str
    jurisdiction: str
    reference: str
    case: str
    state: str
    urgency: str
    tlp: str
    handling: str
    purpose: str
    legal_basis: str
    grading: str
    opened: str
    updated: str
    valid_until: str | None
    review_at: str | None
    operation: str | None
    contact: Contact | None
    withheld: tuple[str, ...]
    history: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(Case):
    """A victim or an offender."""

    role: str
    status: str | None
    names: tuple[str, ...]
    birth_date: str | None
    sex: str | None
    nationalities: tuple[str, ...]
    identifiers: tuple[Account, ...]
    media_hashes: tuple[Hash, ...]
    series: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a takedown."""

    status: str
    at: str
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakedownCase(Case):
    """A site to take down.

    Attributes:
        status: the latest of ``progress``, ``open`` when there is none.
        pending: whether anything is still to be done.
        age_days: since it was opened, until it was removed or the briefing's instant.
    """

    url: str | None
    domain: str | None
    host: str | None
    hosting_country: str | None
    provider: str | None
    commercial: bool | None
    payment_methods: tuple[str, ...]
    evidence_hashes: tuple[Hash, ...]
    requested_action: str | None
    status: str
    pending: bool
    age_days: int
    progress: tuple[Progress, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingCase(Case):
    """A missing child; ``age_days`` counts from when it was last seen, else from the alert."""

    names: tuple[str, ...]
    birth_date: str | None
    sex: str | None
    nationalities: tuple[str, ...]
    description: str | None
    last_seen_at: str | None
    last_seen_place: str | None
    last_seen_country: str | None
    circumstances: str | None
    vehicle: str | None
    companion: str | None
    areas: tuple[str, ...]
    languages: tuple[str, ...]
    broadcast: tuple[str, ...]
    age_days: int


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a link and what it found, None while it has not said."""

    jurisdiction: str
    reference: str
    role: str
    contact: Contact | None
    verdict: str | None
    verdict_at: str | None


@dataclass(frozen=True, slots=True)
class Met:
    """One piece of evidence: which kind of feature met, how strongly; never its value."""

    kind: str
    strength: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two subjects that seem to be, or are, one person. A link, never a merge.

    Attributes:
        state: ``open``, ``confirmed``, ``refuted``, ``contradictory``, or ``withdrawn`` when one of
            the cases was.
    """

    pair: str
    parties: tuple[Party, Party]
    decision: str
    strength: str
    evidence: tuple[Met, ...]
    raised: str
    due: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something the meeting should settle.

    Attributes:
        kind: ``overdue``, ``contradictory``, ``compare``, ``verdict`` or ``needs-more``.
        cases: the cases concerned, ``jurisdiction reference``.
        waiting_for: whose turn it is.
        due: by when; ``days_overdue`` counts from then, 0 when it is not over.
    """

    kind: str
    cases: tuple[str, ...]
    waiting_for: tuple[str, ...]
    due: str | None
    days_overdue: int


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    at: str
    case: str
    what: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole briefing.

    Attributes:
        as_of: the instant it describes; ages are counted to it.
        tlp, handling: the strictest of everything in it.
    """

    format: str
    prepared_by: str
    prepared_for: str
    meeting: str | None
    as_of: str
    since: str | None
    mode: str
    tlp: str
    handling: str
    participants: tuple[Participant, ...]
    questions: tuple[Question, ...]
    missing_children: tuple[MissingCase, ...]
    links: tuple[Link, ...]
    subjects: tuple[Subject, ...]
    takedowns: tuple[TakedownCase, ...]
    timeline: tuple[Event, ...]

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases of all kinds."""
        return (*self.missing_children, *self.subjects, *self.takedowns)
