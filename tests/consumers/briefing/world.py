"""A small federation and its cases, for the tests of the briefing: synthetic, about nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from consumers.briefing.compose import compose, newest
from consumers.briefing.document import Document
from consumers.briefing.selection import Selection
from gateway.directory import Document as Listing
from gateway.directory import MemberFile
from gateway.policy import DEFAULT_RELEASE, ExplicitPolicy
from schemas.identities import pair_id
from schemas.markings import Handling, MatchDecision, Role, Sensitivity, Strength, Tlp, Verdict
from schemas.members import Member, MemberRole, MemberStatus
from schemas.notifications import (
    DutyContact,
    EvidenceKind,
    Identification,
    Marking,
    MatchAlert,
    MatchVerdict,
    Notification,
    Side,
)
from tests.fakes.notifications import CREATED, head

DAY = 86_400_000
NOW = CREATED + 100 * DAY
USUAL = Marking(Tlp.AMBER, Handling.H1)


def member(code: str, name: str, role: MemberRole = MemberRole.CONTACT_POINT) -> Member:
    """A member without keys."""
    contact = DutyContact(f"{name} duty desk", f"duty@{code.lower()}.example", "+00 1 23 45")
    return Member(
        code, name, frozenset({role}), MemberStatus.ACTIVE, "https://x.example", contact, (), (), ()
    )


MEMBERS = (
    member("DE", "Germany"),
    member("FR", "France"),
    member("PH", "Philippines"),
    member("XI", "General Secretariat", MemberRole.HUB),
)
DIRECTORY = MemberFile(Listing(1, CREATED, NOW + DAY, MEMBERS, {"eu": frozenset({"DE", "FR"})}))


def policy(release: Mapping[str, frozenset[Sensitivity]] = DEFAULT_RELEASE) -> ExplicitPolicy:
    """The policy of FR, by whom all briefings here are made."""
    return ExplicitPolicy("FR", DIRECTORY, release)


def case(
    reference: str, origin: str = "FR", *, names: Iterable[str] = (), **more: Any
) -> Identification:
    """An identification; ``more`` goes to the head."""
    return Identification(
        head(reference, origin=origin, **{"marking": USUAL, **more}),
        role=Role.VICTIM,
        names=tuple(names) or (f"Name of {reference}",),
    )


def side(one: Notification) -> Side:
    """``one`` as a side of a link."""
    return Side(
        one.head.origin, one.head.reference, one.head.id, "victim", DutyContact("Unit of a side")
    )


def alert(a: Notification, b: Notification, **more: Any) -> MatchAlert:
    """The alert to the originator of ``a``; ``more`` overrides fields, ``head_…`` the head's."""
    own = {name.removeprefix("head_"): more.pop(name) for name in list(more) if "head_" in name}
    values: dict[str, Any] = {
        "pair": pair_id(a.head.id, b.head.id),
        "evidence_version": 1,
        "yours": side(a),
        "theirs": side(b),
        "decision": MatchDecision.SAME,
        "strength": Strength.STRONG,
        "evidence": (EvidenceKind("email", Strength.STRONG),),
        "verdict_due": CREATED + 2 * DAY,
    }
    heading = {"origin": "XI", "kind": "match-alert", "recipients": (a.head.origin,)}
    heading |= {"marking": USUAL, **own}
    return MatchAlert(head("ALERT", **heading), **{**values, **more})


def verdict(about: MatchAlert, origin: str, found: Verdict, **more: Any) -> MatchVerdict:
    """What ``origin`` found."""
    sides = sorted((about.yours.notification, about.theirs.notification))
    return MatchVerdict(
        head("VERDICT", origin=origin, kind="match-verdict", **{"recipients": ("XI",), **more}),
        about.pair,
        tuple(sides),
        found,
    )


def selection(*cases: Notification, **more: Any) -> Selection:
    """What FR holds."""
    return Selection("FR", cases, participants=MEMBERS[:3], **more)


def document(*cases: Notification, **more: Any) -> Document:
    """FR's own briefing, as of the newest notification unless ``as_of_ms`` is given."""
    as_of = more.pop("as_of_ms", None)
    chosen = selection(*cases, **more)
    return compose(chosen, prepared_for="FR", as_of_ms=as_of or newest(chosen) or NOW)
