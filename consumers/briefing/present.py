"""The document in the words and order of the page: what the typst template lays out. Pure.

The template knows no case: it gets texts, rows and tables. Every text passes :func:`line`, so
nothing can reach the page that the fonts cannot show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from consumers.briefing.document import (
    Case,
    Contact,
    Document,
    Hash,
    Link,
    MissingCase,
    Party,
    Question,
    Subject,
    TakedownCase,
)
from consumers.briefing.glyphs import readable, right_to_left

Data = dict[str, Any]
Fact = tuple[str, list[Data]]

SHOWN_HASHES = 4
SHORT_ID = 8
KEEP_TOGETHER = 14
"""A case of at most so many lines is kept on one page."""

HANDLING = {
    "H0": "May be used to prevent and fight crime.",
    "H1": "Not to be used as evidence in court without the originator's consent.",
    "H2": "Not to be passed on without the originator's consent.",
    "H3": "Other restriction: ask the originator before any use.",
}
TLP = {
    "TLP:RED": "For the eyes of the named recipients only.",
    "TLP:AMBER+STRICT": "Within the recipient's organisation only, on a need to know.",
    "TLP:AMBER": "Within the recipient's organisation and its clients, on a need to know.",
    "TLP:GREEN": "Within the community, not by public channels.",
    "TLP:CLEAR": "No limit on disclosure.",
}
QUESTIONS = {
    "overdue": "Verdict overdue",
    "contradictory": "Verdicts contradict",
    "compare": "Please compare",
    "verdict": "Verdict awaited",
    "needs-more": "More information needed",
}
SEX = {"f": "female", "m": "male", "x": "other"}


def present(document: Document) -> Data:
    """What ``template.typ`` reads."""
    names = {p.jurisdiction: p.name for p in document.participants}
    return {
        "tlp": document.tlp,
        "handling": document.handling,
        "mode": "" if document.mode == "actual" else document.mode.upper(),
        "title": line(document.meeting or "Case briefing"),
        "reader": line(_member(document.prepared_for, names)),
        "author": line(_member(document.prepared_by, names)),
        "as_of": moment(document.as_of),
        "scope": scope(document),
        "counts": counts(document),
        "participants": [_participant(p) for p in document.participants],
        "questions": [_question(q) for q in document.questions],
        "missing": [_case(c, _missing(c)) for c in document.missing_children],
        "links": [_link(link) for link in document.links],
        "subjects": [_case(c, _subject(c)) for c in document.subjects],
        "takedowns": [_takedown_row(c) for c in document.takedowns],
        "takedown_cases": [_case(c, _takedown(c)) for c in document.takedowns],
        "timeline": [
            [moment(e.at), line(e.case), line(_sentence(e.what))] for e in document.timeline
        ],
        "tlp_meaning": TLP[document.tlp],
        "codes": _codes(document),
    }


def line(text: str, *, mono: bool = False, beside: str = "") -> Data:
    """A text with its direction; ``mono`` for what is compared sign by sign."""
    shown, missing = readable(text)
    return {
        "text": shown,
        "rtl": right_to_left(shown),
        "mono": mono,
        "missing": " ".join(missing),
        "beside": readable(beside)[0],
    }


def moment(iso: str) -> str:
    """``2026-01-02 03:04 UTC``, from ISO 8601."""
    return f"{iso[:10]} {iso[11:16]} UTC"


def scope(document: Document) -> str:
    """What was asked for, in a sentence."""
    since = f"with news since {moment(document.since)}" if document.since else "as selected"
    return f"Cases {since}, as of {moment(document.as_of)}. Ages are counted in whole days to then."


def counts(document: Document) -> list[list[str]]:
    """The figures at the head of the first page."""
    pending = sum(c.pending for c in document.takedowns)
    missing = sum(c.state == "active" for c in document.missing_children)
    confirmed = sum(link.state == "confirmed" for link in document.links)
    return [
        [str(len(document.questions)), "open questions"],
        [str(missing), "children missing"],
        [str(len(document.links)), f"links, {confirmed} confirmed"],
        [str(len(document.subjects)), "victims and offenders"],
        [str(len(document.takedowns)), f"takedowns, {pending} pending"],
    ]


def _member(code: str, names: dict[str, str]) -> str:
    return f"{code} {names[code]}" if code in names else code


def _sentence(text: str) -> str:
    return text.replace("needs_more", "needs more")


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _reach(contact: Contact | None) -> list[str]:
    """How to reach a unit: its name, e-mail and telephone, as far as known."""
    if contact is None:
        return []
    return [part for part in (contact.unit, contact.email, contact.phone) if part]


def _participant(participant: Any) -> Data:
    roles = ", ".join(role.replace("-", " ") for role in participant.roles)
    return {
        "code": participant.jurisdiction,
        "name": line(participant.name),
        "roles": roles + ("" if participant.active else " (suspended)"),
        "contact": _lines(*_reach(participant.contact)),
    }


def _question(question: Question) -> Data:
    due = moment(question.due) if question.due else ""
    late = f"{_days(question.days_overdue)} over" if question.kind == "overdue" else ""
    return {
        "kind": QUESTIONS[question.kind],
        "pressing": question.kind in ("overdue", "contradictory"),
        "cases": [line(case) for case in question.cases],
        "waiting": ", ".join(question.waiting_for),
        "due": due,
        "late": late,
    }


def _link(link: Link) -> Data:
    return {
        "state": link.state,
        "decision": "same person" if link.decision == "same" else "please compare",
        "strength": link.strength,
        "raised": moment(link.raised),
        "evidence": ", ".join(f"{e.kind} ({e.strength})" for e in link.evidence) or "not released",
        "parties": [
            {
                "case": line(f"{p.jurisdiction} {p.reference}"),
                "said": _said(p),
                "contact": _lines(*_reach(p.contact)),
            }
            for p in link.parties
        ],
    }


def _said(party: Party) -> str:
    verdict = (party.verdict or "no verdict yet").replace("_", " ")
    return verdict if party.role == "unknown" else f"{party.role} – {verdict}"


def _case(case: Case, facts: Sequence[Fact]) -> Data:
    """A case as a head line and facts; what is not known takes no room."""
    rows = [(label, values) for label, values in (*facts, *_common(case)) if values]
    lines = sum(len(values) for _, values in rows)
    return {
        "name": line(f"{case.jurisdiction} {case.reference}"),
        "id": case.case[-SHORT_ID:],
        "state": case.state,
        "urgent": case.urgency == "urgent",
        "what": _what(case),
        "tlp": case.tlp,
        "handling": case.handling,
        "facts": [{"label": label, "values": values} for label, values in rows],
        "keep": lines <= KEEP_TOGETHER,
    }


def _what(case: Case) -> str:
    match case:
        case Subject():
            return f"{case.role}, {case.status}" if case.status else case.role
        case MissingCase():
            return f"missing child, {_days(case.age_days)}"
        case TakedownCase():
            return f"takedown, {case.status}"
        case _:
            return case.type


def _common(case: Case) -> list[Fact]:
    history = ", ".join(f"{step.relation} {moment(step.at)}" for step in case.history)
    basis = [part for part in (case.purpose, case.legal_basis, case.grading) if part]
    return [
        ("Operation", _lines(case.operation)),
        ("Contact", _joined(_reach(case.contact))),
        ("Purpose and basis", _joined(basis)),
        ("Valid until", [line(moment(case.valid_until))] if case.valid_until else []),
        ("History", [line(history)]),
        ("Not released", [line(", ".join(case.withheld))] if case.withheld else []),
    ]


def _joined(values: Sequence[str]) -> list[Data]:
    return [line(" · ".join(values))] if values else []


def _lines(*values: str | None) -> list[Data]:
    return [line(value) for value in values if value]


def _person(case: Subject | MissingCase) -> list[Fact]:
    born = [case.birth_date or "", SEX.get(case.sex or "", case.sex or "")]
    return [
        ("Names", _lines(*case.names)),
        ("Born, sex", _lines(", ".join(part for part in born if part))),
        ("Nationality", _lines(", ".join(case.nationalities))),
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
        ("Series", _lines(case.series)),
        ("Hashes", _hashes(case.media_hashes)),
    ]


def _missing(case: MissingCase) -> list[Fact]:
    place = ", ".join(filter(None, (case.last_seen_place, case.last_seen_country)))
    seen = moment(case.last_seen_at) if case.last_seen_at else ""
    return [
        *_person(case),
        ("Description", _lines(case.description)),
        ("Last seen", _lines(seen, place)),
        ("Circumstances", _lines(case.circumstances)),
        ("Companion", _lines(case.companion)),
        ("Vehicle", _lines(case.vehicle)),
        ("Areas", _lines(", ".join(case.areas))),
        ("Languages", _lines(", ".join(case.languages))),
        ("May be broadcast", _lines(", ".join(f.replace("_", " ") for f in case.broadcast))),
    ]


def _takedown_row(case: TakedownCase) -> Data:
    what = case.url or case.domain or case.host
    return {
        "age": str(case.age_days),
        "status": case.status if case.state == "active" else case.state,
        "pending": case.pending,
        "case": line(f"{case.jurisdiction} {case.reference}"),
        "site": line(defanged(what) if what else "not released", mono=bool(what)),
        "hosted": line(" ".join(filter(None, (case.hosting_country, case.provider)))),
        "asked": case.requested_action or "",
    }


def _takedown(case: TakedownCase) -> list[Fact]:
    commercial = {True: "commercial", False: "not commercial", None: ""}[case.commercial]
    sites = filter(None, (case.url, case.domain, case.host))
    return [
        ("Site", [line(defanged(site), mono=True) for site in sites]),
        ("Hosted", _lines(" ".join(filter(None, (case.hosting_country, case.provider))))),
        ("Asked", _lines(case.requested_action)),
        ("Payment", _lines(", ".join(filter(None, (commercial, *case.payment_methods))))),
        (
            "Progress",
            [
                line(f"{moment(p.at)}  {p.status}" + (f" ({p.by})" if p.by else ""))
                for p in case.progress
            ],
        ),
        ("Hashes", _hashes(case.evidence_hashes)),
    ]


def defanged(site: str) -> str:
    """An address that no viewer makes a link of: nobody opens it by mistake."""
    return site.replace("http", "hxxp", 1).replace(".", "[.]") if site else site


def _hashes(hashes: Sequence[Hash]) -> list[Data]:
    """How many of each kind, and the beginnings of the first; all of them are in the JSON."""
    if not hashes:
        return []
    kinds = Counter(h.algorithm for h in hashes)
    total = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    first = [line(f"{h.value[:32]}…", mono=True, beside=h.algorithm) for h in hashes[:SHOWN_HASHES]]
    rest = len(hashes) - len(first)
    return [line(total), *first, *_lines(f"and {rest} more" if rest > 0 else "")]


def _codes(document: Document) -> list[list[str]]:
    used = {case.handling for case in document.cases} | {document.handling}
    return [[code, meaning] for code, meaning in HANDLING.items() if code in used]


def texts(data: object) -> Iterable[str]:
    """Every text in a presented document, for tests and checks."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value)
