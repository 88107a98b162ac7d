"""The document in the words and order of the page: what the typst template lays out. Pure.

The template knows no case: it gets texts, rows and tables. Every text passes
:func:`~consumers.briefing.glyphs.readable`, so nothing can reach the page that the fonts cannot
show: PDF/A refuses it, and one odd letter would keep the whole paper from being written.
"""

from __future__ import annotations

from consumers.briefing.document import Document, Link, Participant, Party, Question, TakedownCase
from consumers.briefing.facts import present_case
from consumers.briefing.words import Data, days, defanged, line, lines, moment, reach, showable

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


def present(document: Document) -> Data:
    """What ``template.typ`` reads."""
    names = {p.jurisdiction: p.name for p in document.participants}
    data: Data = {
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
        "missing": [present_case(c) for c in document.missing_children],
        "links": [_link(link) for link in document.links],
        "subjects": [present_case(c) for c in document.subjects],
        "takedowns": [_takedown_row(c) for c in document.takedowns],
        "takedown_cases": [present_case(c) for c in document.takedowns],
        "timeline": [
            [moment(e.at), line(e.case), line(_sentence(e.what))] for e in document.timeline
        ],
        "tlp_meaning": TLP[document.tlp],
        "codes": _codes(document),
    }
    shown: Data = showable(data)
    return shown


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


def _participant(participant: Participant) -> Data:
    roles = ", ".join(role.replace("-", " ") for role in participant.roles)
    return {
        "code": participant.jurisdiction,
        "name": line(participant.name),
        "roles": roles + ("" if participant.active else " (suspended)"),
        "contact": lines(*reach(participant.contact)),
    }


def _question(question: Question) -> Data:
    due = moment(question.due) if question.due else ""
    late = f"{days(question.days_overdue)} over" if question.kind == "overdue" else ""
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
                "contact": lines(*reach(p.contact, p.jurisdiction)),
            }
            for p in link.parties
        ],
    }


def _said(party: Party) -> str:
    verdict = (party.verdict or "no verdict yet").replace("_", " ")
    return verdict if party.role == "unknown" else f"{party.role} – {verdict}"


def _codes(document: Document) -> list[list[str]]:
    used = {case.handling for case in document.cases} | {document.handling}
    return [[code, meaning] for code, meaning in HANDLING.items() if code in used]


def _takedown_row(case: TakedownCase) -> Data:
    what = case.domain or case.host or case.url
    return {
        "age": str(case.age_days),
        "status": case.status if case.state == "active" else case.state,
        "pending": case.pending,
        "case": line(f"{case.jurisdiction} {case.reference}"),
        "site": line(defanged(what) if what else "not released", mono=bool(what)),
        "hosted": line(" ".join(filter(None, (case.hosting_country, case.provider)))),
        "asked": case.requested_action or "",
    }
