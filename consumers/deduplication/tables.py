"""The tables of the match index, and their rows as records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from consumers.deduplication import features as feature
from consumers.deduplication.index import Age
from consumers.deduplication.keys import Key
from consumers.deduplication.links import (
    Link,
    Retraction,
    Ruling,
    Subject,
    dump_about,
    dump_evidence,
    load_about,
    load_evidence,
)
from producers.database import metadata
from schemas.markings import MatchDecision, Mode, Strength, Verdict

Row = Mapping[str, Any]

subjects = sa.Table(
    "subjects",
    metadata,
    sa.Column("root", sa.String(36), primary_key=True),
    sa.Column("id", sa.String(36), nullable=False),
    sa.Column("origin", sa.String(2), nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("mode", sa.String(8), nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
    sa.Column("about", sa.Text, nullable=False, comment="what alerts tell of it"),
    sa.Column("features", sa.Text, nullable=False),
    sa.Column("keys", sa.Text, nullable=False, comment="separated by spaces, capped ones included"),
    sa.Column("withdrawn", sa.Boolean, nullable=False, comment="nothing is left but its age"),
)

match_keys = sa.Table(
    "match_keys",
    metadata,
    sa.Column("key", sa.String(16), primary_key=True),
    sa.Column("subject", sa.String(36), primary_key=True),
    sqlite_with_rowid=False,
)

capped_keys = sa.Table(
    "capped_keys",
    metadata,
    sa.Column("key", sa.String(16), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("refused", sa.BigInteger, nullable=False),
)

links = sa.Table(
    "links",
    metadata,
    sa.Column("pair", sa.String(36), primary_key=True),
    sa.Column("first", sa.String(36), nullable=False, index=True),
    sa.Column("second", sa.String(36), nullable=False, index=True),
    sa.Column("total", sa.Integer, nullable=False, comment="centibits"),
    sa.Column("decision", sa.String(8), nullable=False),
    sa.Column("strength", sa.String(8), nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("retracted", sa.String(16)),
)

rulings = sa.Table(
    "match_rulings",
    metadata,
    sa.Column("pair", sa.String(36), primary_key=True),
    sa.Column("jurisdiction", sa.String(2), primary_key=True),
    sa.Column("first", sa.String(36), nullable=False, index=True),
    sa.Column("second", sa.String(36), nullable=False, index=True),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("id", sa.String(36), nullable=False),
)


def subject_row(subject: Subject, keys: Sequence[Key]) -> dict[str, Any]:
    """The row of a subject that is there."""
    return {
        "root": subject.root,
        "id": subject.id,
        "origin": subject.origin,
        "reference": subject.reference,
        "mode": subject.mode.value,
        "created": subject.created,
        "revision": subject.revision,
        "seen_at": subject.seen_at,
        "about": dump_about(subject),
        "features": feature.dump(subject.features),
        "keys": " ".join([key.digest for key in keys]),
        "withdrawn": False,
    }


def withdrawn_row(root: str, origin: str, age: Age) -> dict[str, Any]:
    """The row of a subject that was withdrawn: its age, so that an older word stays unheard."""
    created, revision, notification = age
    empty = dict.fromkeys(("reference", "mode", "about", "features"), "")
    return {
        **empty, "root": root, "id": notification, "origin": origin, "created": created,
        "revision": revision, "seen_at": created, "keys": "", "withdrawn": True,
    }  # fmt: skip


def subject_of(row: Row) -> Subject:
    """The subject in a row that is not withdrawn."""
    return Subject(
        root=row["root"],
        id=row["id"],
        origin=row["origin"],
        reference=row["reference"],
        mode=Mode(row["mode"]),
        created=row["created"],
        revision=row["revision"],
        seen_at=row["seen_at"],
        features=feature.load(row["features"]),
        **load_about(row["about"]),
    )


def age_of(row: Row) -> Age:
    """See :class:`~consumers.deduplication.index.Age`."""
    return row["created"], row["revision"], row["id"]


def link_row(link: Link) -> dict[str, Any]:
    """The row of a link."""
    return {
        "pair": link.pair,
        "first": link.first,
        "second": link.second,
        "total": link.total,
        "decision": link.decision.value,
        "strength": link.strength.value,
        "evidence": dump_evidence(link.evidence),
        "version": link.version,
        "retracted": link.retracted.value if link.retracted else None,
    }


def link_of(row: Row) -> Link:
    """The link in a row."""
    return Link(
        pair=row["pair"],
        first=row["first"],
        second=row["second"],
        total=row["total"],
        decision=MatchDecision(row["decision"]),
        strength=Strength(row["strength"]),
        evidence=load_evidence(row["evidence"]),
        version=row["version"],
        retracted=Retraction(row["retracted"]) if row["retracted"] else None,
    )


def ruling_row(ruling: Ruling) -> dict[str, Any]:
    """The row of a ruling."""
    return {
        "pair": ruling.pair,
        "first": ruling.first,
        "second": ruling.second,
        "jurisdiction": ruling.jurisdiction,
        "verdict": ruling.verdict.value,
        "created": ruling.created,
        "id": ruling.id,
    }


def ruling_of(row: Row) -> Ruling:
    """The ruling in a row."""
    verdict = Verdict(row["verdict"])
    return Ruling(
        row["first"], row["second"], row["jurisdiction"], verdict, row["created"], row["id"]
    )
