"""A case as a head line and facts, in the order an officer reads them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from consumers.briefing.document import Case, Hash, MissingCase, Subject, TakedownCase
from consumers.briefing.words import Data, days, defanged, joined, line, lines, moment, reach

Fact = tuple[str, list[Data]]
"""A label and its values, one line each."""

SHOWN_HASHES = 4
SHOWN_DIGITS = 32
SHORT_ID = 8
KEEP_TOGETHER = 14
"""A case of at most so many lines is kept on one page."""

SEX = {"f": "female", "m": "male", "x": "other"}


def present_case(case: Case) -> Data:
    """A case as a head line and facts; what is not known takes no room."""
    rows = [(label, values) for label, values in (*_facts(case), *_common(case)) if values]
    height = sum(len(values) for _, values in rows)
    return {
        "name": line(f"{case.jurisdiction} {case.reference}"),
        "id": case.case[-SHORT_ID:],
        "state": case.state,
        "urgent": case.urgency == "urgent",
        "what": _what(case) if case.state == "active" else case.type.replace("-", " "),
        "tlp": case.tlp,
        "handling": case.handling,
        "facts": [{"label": label, "values": values} for label, values in rows],
        "keep": height <= KEEP_TOGETHER,
    }


def _what(case: Case) -> str:
    match case:
        case Subject():
            return f"{case.role}, {case.status}" if case.status else case.role
        case MissingCase():
            return f"missing child, {days(case.age_days)}"
        case TakedownCase():
            return f"takedown, {case.status}"
        case _:
            return case.type


def _facts(case: Case) -> list[Fact]:
    match case:
        case Subject():
            return _subject(case)
        case MissingCase():
            return _missing(case)
        case TakedownCase():
            return _takedown(case)
        case _:
            return []


def _person(case: Subject | MissingCase) -> list[Fact]:
    born = [case.birth_date or "", SEX.get(case.sex or "", case.sex or "")]
    return [
        ("Names", lines(*case.names)),
        ("Born, sex", lines(", ".join(part for part in born if part))),
        ("Nationality", lines(", ".join(case.nationalities))),
    ]


def _subject(case: Subject) -> list[Fact]:
    return [
        *_person(case),
        (
            "Identifiers",
            [
                line(
                    account.value,
                    mono=True,
                    beside=", ".join(
                        filter(
                            None,
                            (
                                account.type,
                                account.platform,
                                moment(account.seen_at) if account.seen_at else None,
                            ),
                        )
                    ),
                )
                for account in case.identifiers
            ],
        ),
        ("Series", lines(case.series)),
        ("Hashes", _hashes(case.media_hashes)),
    ]


def _missing(case: MissingCase) -> list[Fact]:
    place = ", ".join(filter(None, (case.last_seen_place, case.last_seen_country)))
    seen = moment(case.last_seen_at) if case.last_seen_at else ""
    return [
        *_person(case),
        ("Description", lines(case.description)),
        ("Last seen", lines(seen, place)),
        ("Circumstances", lines(case.circumstances)),
        ("Companion", lines(case.companion)),
        ("Vehicle", lines(case.vehicle)),
        ("Areas", lines(", ".join(case.areas))),
        ("Languages", lines(", ".join(case.languages))),
        ("May be broadcast", lines(", ".join(f.replace("_", " ") for f in case.broadcast))),
    ]


def _takedown(case: TakedownCase) -> list[Fact]:
    commercial = {True: "commercial", False: "not commercial", None: ""}[case.commercial]
    sites = filter(None, (case.url, case.domain, case.host))
    return [
        ("Site", [line(defanged(site), mono=True) for site in sites]),
        ("Hosted", lines(" ".join(filter(None, (case.hosting_country, case.provider))))),
        ("Asked", lines(case.requested_action)),
        ("Payment", lines(", ".join(filter(None, (commercial, *case.payment_methods))))),
        (
            "Progress",
            [
                line(f"{moment(p.at)}  {p.status}" + (f" ({p.by})" if p.by else ""))
                for p in case.progress
            ],
        ),
        ("Hashes", _hashes(case.evidence_hashes)),
    ]


def _hashes(hashes: Sequence[Hash]) -> list[Data]:
    """How many of each kind, and the beginnings of the first; all of them are in the JSON."""
    if not hashes:
        return []
    kinds = Counter(h.algorithm for h in hashes)
    total = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    first = [
        line(f"{h.value[:SHOWN_DIGITS]}…", mono=True, beside=h.algorithm)
        for h in hashes[:SHOWN_HASHES]
    ]
    rest = len(hashes) - len(first)
    return [line(total), *first, *lines(f"and {rest} more" if rest > 0 else "")]


def _common(case: Case) -> list[Fact]:
    history = ", ".join(f"{step.relation} {moment(step.at)}" for step in case.history)
    basis = [part for part in (case.purpose, case.legal_basis, case.grading) if part]
    return [
        ("Operation", lines(case.operation)),
        ("Contact", joined(reach(case.contact))),
        ("Purpose and basis", joined(basis)),
        ("Valid until", [line(moment(case.valid_until))] if case.valid_until else []),
        ("History", [line(history)]),
        ("Not released", [line(", ".join(case.withheld))] if case.withheld else []),
    ]
