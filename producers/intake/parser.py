"""The three kinds of line, and how one becomes a notification."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from producers.intake import parts, values
from producers.intake.countries import COUNTRIES
from producers.intake.report import Problem, Report
from producers.intake.values import MAX_LONG_TEXT, MAX_REFERENCE, MAX_SHORT_TEXT, MAX_URL
from schemas import catalogue
from schemas.markings import Mode, Relation, Role, SubjectStatus, Urgency
from schemas.notifications import (
    CASE_TYPES,
    TYPES,
    DutyContact,
    Head,
    Marking,
    Notification,
)

SEXES = ("f", "m", "x")
REQUESTED_ACTIONS = ("notify", "remove", "preserve", "block")
BROADCASTABLE = (
    "names",
    "birth_date",
    "sex",
    "nationalities",
    "description",
    "last_seen",
    "circumstances",
    "vehicle",
    "companion",
    "areas",
)
"""Fields of a missing child that the originator may release to the public."""

_AREA = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

_short = values.text(MAX_SHORT_TEXT)
_long = values.text(MAX_LONG_TEXT)
_country = values.code(COUNTRIES)


def _area(value: Any, path: str, report: Report) -> Any:
    if type(value) is str and _AREA.fullmatch(value) and value[:2] in COUNTRIES:
        return value
    return report.refuse(
        path, "is not an ISO 3166-1 or 3166-2 code", "write for example FR or FR-75"
    )


def _language(value: Any, path: str, report: Report) -> Any:
    if type(value) is str and _LANGUAGE.fullmatch(value):
        return value
    return report.refuse(path, "is not a language tag (BCP 47)", "write for example fr or zh-Hant")


COMMON: values.Fields = {
    "type": values.choice(CASE_TYPES),
    "reference": values.text(MAX_REFERENCE, required=True),
    "jurisdiction": _short,
    "recipients": values.many(values.recipient),
    "relation": values.choice(Relation),
    "created": values.created,
    "mode": values.choice(Mode),
    "urgency": values.choice(Urgency),
    "marking": parts.marking,
    "operation": _short,
}
PERSON: values.Fields = {
    "names": values.many(_short),
    "birth_date": values.birth_date,
    "sex": values.choice(SEXES),
    "nationalities": values.many(_country),
}
FIELDS: dict[str, values.Fields] = {
    "identification": {
        **COMMON,
        **PERSON,
        "role": values.choice((Role.VICTIM, Role.OFFENDER)),
        "status": values.choice(SubjectStatus),
        "identifiers": values.many(parts.identifier),
        "media_hashes": values.many(parts.media_hash),
        "series": _short,
    },
    "takedown": {
        **COMMON,
        "url": values.text(MAX_URL),
        "domain": _short,
        "host": _short,
        "hosting_country": _country,
        "provider": _short,
        "commercial": values.boolean,
        "payment_methods": values.many(_short),
        "evidence_hashes": values.many(parts.media_hash),
        "requested_action": values.choice(REQUESTED_ACTIONS),
        "history": values.many(parts.takedown_status),
    },
    "missing-child": {
        **COMMON,
        **PERSON,
        "description": _long,
        "last_seen": parts.last_seen,
        "circumstances": _long,
        "vehicle": _short,
        "companion": _short,
        "areas": values.many(_area),
        "languages": values.many(_language),
        "broadcast": values.many(values.choice(BROADCASTABLE)),
    },
}
"""Every field of every type of line."""

REQUIRED = {
    "identification": ("reference", "jurisdiction", "role", "recipients"),
    "takedown": ("reference", "jurisdiction", "recipients"),
    "missing-child": ("reference", "jurisdiction", "recipients"),
}
_OWN = {name: tuple(f for f in fields if f not in COMMON) for name, fields in FIELDS.items()}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the node's configuration says where a line is silent.

    A notification that names no end of its own is to be reviewed ``review_ms`` after its creation.
    """

    jurisdiction: str
    marking: Marking = field(default_factory=Marking)
    review_ms: int | None = None
    contact: DutyContact | None = None
    mode: Mode = Mode.ACTUAL


@dataclass(frozen=True, slots=True)
class Parsed:
    """An acceptable line.

    ``notification`` is complete but for its place in a case chain, which the store knows;
    ``stated`` are the cleaned values that the line itself gives, without any default.
    """

    notification: Notification
    stated: Mapping[str, Any]
    warnings: tuple[Problem, ...] = ()


class Intake:
    """Turns lines into notifications of one jurisdiction."""

    def __init__(self, defaults: Defaults) -> None:
        self._defaults = defaults

    def parse(self, content: Mapping[str, Any], *, id: str, now_ms: int) -> Parsed | list[Problem]:
        """The notification in a line, with ``id`` for its own and its root's; or its problems."""
        report = Report(now_ms)
        name = content.get("type")
        fields = FIELDS.get(name) if type(name) is str else None
        if fields is None:
            values.require(content, ("type",), "", report)
            if not report.problems:
                COMMON["type"](name, "type", report)
            return report.problems
        stated = values.read_fields(content, fields, "", report)
        values.require(content, REQUIRED[str(name)], "", report)
        self._judge(stated, report)
        if report.problems:
            return report.problems
        head = self._head(stated, id, now_ms)
        own = {field: stated[field] for field in _OWN[head.type] if field in stated}
        notification = TYPES[head.type](head=head, **own)  # type: ignore[call-arg]
        return Parsed(notification, stated, tuple(report.warnings))

    def _judge(self, stated: Mapping[str, Any], report: Report) -> None:
        """What concerns several fields, or this node."""
        own = self._defaults.jurisdiction
        if stated.get("jurisdiction", own) != own:
            report.refuse(
                "jurisdiction", "is not this node's own", f"write {own}, or publish it there"
            )
        if stated.get("recipients") in ((), (own,)):
            report.warn("recipients", "reaches nobody", "name the jurisdictions that may have it")
        if (
            stated.get("role") is Role.OFFENDER
            and stated.get("status") is SubjectStatus.SAFEGUARDED
        ):
            report.warn("status", "an offender cannot be safeguarded", "check role and status")
        if stated["type"] == "takedown" and not stated.keys() & {"url", "domain", "host"}:
            report.warn("url", "no url, domain or host is given", "name what is to be taken down")

    def _head(self, stated: Mapping[str, Any], id: str, now_ms: int) -> Head:
        defaults = self._defaults
        created = stated.get("created", now_ms)
        marking, valid_until, review_at = defaults.marking, None, None
        if given := stated.get("marking"):
            valid_until = given.get("valid_until")
            marking = Marking(
                given.get("tlp", marking.tlp),
                given.get("handling", marking.handling),
                given.get("purpose", marking.purpose),
                given.get("legal_basis", marking.legal_basis),
                given.get("grading", marking.grading),
            )
        if valid_until is None and defaults.review_ms is not None:
            review_at = created + defaults.review_ms
        return Head(
            id=id,
            type=stated["type"],
            version=catalogue.VERSION,
            origin=defaults.jurisdiction,
            reference=stated["reference"],
            root=id,
            created=created,
            marking=marking,
            relation=stated.get("relation", Relation.NEW),
            valid_until=valid_until,
            review_at=review_at,
            mode=stated.get("mode", defaults.mode),
            urgency=stated.get("urgency", Urgency.ROUTINE),
            recipients=stated["recipients"],
            contact=defaults.contact,
            operation=stated.get("operation"),
        )
