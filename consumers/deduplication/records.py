"""What the match index keeps, as lists and values that JSON can hold, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consumers.deduplication.evidence import Evidence
from consumers.deduplication.features import Account, BirthDate, Features
from consumers.deduplication.links import Link, Retraction, Ruling, Subject
from consumers.deduplication.names import Name, token
from schemas.markings import MatchDecision, Mode, Strength, Verdict
from schemas.notifications import DutyContact, Marking

Row = Sequence[Any]


def dump_subject(subject: Subject) -> list[Any]:
    """All of ``subject``."""
    return [
        subject.root,
        subject.id,
        subject.origin,
        subject.reference,
        subject.mode,
        subject.created,
        subject.revision,
        subject.seen_at,
        subject.valid_until,
        subject.safeguarded,
        subject.marking.to_record(),
        subject.recipients,
        subject.contact.to_record() if subject.contact else None,
        dump_features(subject.features),
    ]


def load_subject(row: Row) -> Subject:
    """What :func:`dump_subject` gave."""
    *plain, marking, recipients, contact, features = row
    root, id_, origin, reference, mode, created, revision, seen_at, valid_until, safe = plain
    return Subject(
        root=root,
        id=id_,
        origin=origin,
        reference=reference,
        mode=Mode(mode),
        created=created,
        revision=revision,
        seen_at=seen_at,
        valid_until=valid_until,
        safeguarded=safe,
        marking=Marking.from_record(marking),
        recipients=tuple(recipients),
        contact=DutyContact.from_record(contact) if contact else None,
        features=load_features(features),
    )


def dump_features(features: Features) -> list[Any]:
    """All of ``features``; equal ones give equal lists."""
    birth = features.birth
    return [
        features.role,
        [[n.generation, [t.word for t in n.tokens]] for n in features.names],
        [birth.year, birth.month, birth.day] if birth else None,
        features.sex,
        features.nationalities,
        [[a.kind, a.value, a.platform] for a in features.accounts],
        features.media,
        [f"{picture:064x}" for picture in features.pictures],
        features.series,
    ]


def load_features(row: Row) -> Features:
    """What :func:`dump_features` gave."""
    role, named, birth, sex, nationalities, accounts, media, pictures, series = row
    return Features(
        role,
        tuple(Name(tuple(map(token, words)), generation) for generation, words in named),
        BirthDate(*birth) if birth else None,
        sex,
        tuple(nationalities),
        tuple(Account(*account) for account in accounts),
        tuple(media),
        tuple(int(picture, 16) for picture in pictures),
        series,
    )


def dump_link(link: Link) -> list[Any]:
    """All of ``link``."""
    return [
        link.pair,
        link.first,
        link.second,
        link.total,
        link.decision,
        link.strength,
        [[e.kind, e.strength, e.weight, e.why] for e in link.evidence],
        link.version,
        link.retracted,
    ]


def load_link(row: Row) -> Link:
    """What :func:`dump_link` gave."""
    pair, first, second, total, decision, strength, evidence, version, retracted = row
    return Link(
        pair,
        first,
        second,
        total,
        MatchDecision(decision),
        Strength(strength),
        tuple(Evidence(kind, Strength(s), weight, why) for kind, s, weight, why in evidence),
        version,
        Retraction(retracted) if retracted else None,
    )


def load_ruling(row: Row) -> Ruling:
    """A ruling as it lies in the index: pair, party, and what it said when."""
    first, second, jurisdiction, created, id_, verdict = row
    return Ruling(first, second, jurisdiction, Verdict(verdict), created, id_)
