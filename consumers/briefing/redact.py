"""Leaves out what a participant may not see. Pure; default deny.

1. A notification of our own: what policy decides for this participant, field by field, just as
   if it were sent to it now.
2. A notification received from others: only when the participant is its originator, or is
   itself among its recipients, its marking does not say that it was for us alone, and then no
   more of it than policy would release of our own.
3. A link: only when it still counts and both of its sides may be seen, and no more of it than
   of both sides.
4. A verdict: to the parties of its match, to others by rules 1 and 2.

What is left out is counted by the rule that kept it back, for the officer who exports. The
counts never reach the participant's paper: it is the same paper, byte for byte, as if what was
left out did not exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from consumers.briefing.selection import Selection, SideKey, in_order, side_key
from schemas.markings import Handling, Sensitivity, Tlp
from schemas.notifications import Head, MatchAlert, MatchVerdict, Notification, Side
from schemas.ports import Policy
from schemas.views import reduce_record

Released = frozenset[Sensitivity]
N = TypeVar("N", bound=Notification)

EVERYTHING: Released = frozenset(Sensitivity)

NOT_A_RECIPIENT = "received-not-for-them"
TLP_RED = "received-tlp-red"
HANDLING = "received-handling-code"
OTHER_SIDE = "link-side-not-visible"
RESTRICTED_LINK = "link-restricted"
GONE = "link-no-longer-counts"
NOT_A_PARTY = "verdict-not-for-them"
UNREADABLE = "unreadable-here"
DEFAULT_DENY = "default-deny"


@dataclass(frozen=True, slots=True)
class Redacted:
    """What one participant may see, and how much it may not.

    Attributes:
        selection: the notifications that are left, reduced to the participant's view.
        left_out: how many notifications each rule kept back; for our own eyes.
    """

    selection: Selection
    left_out: Mapping[str, int]


def redact(selection: Selection, participant: str, policy: Policy, now_ms: int) -> Redacted:
    """What ``participant`` may see of ``selection`` at ``now_ms``; our own jurisdiction all."""
    left_out: Counter[str] = Counter()
    if selection.unreadable:
        left_out[UNREADABLE] = selection.unreadable
    if participant == selection.own:
        return Redacted(selection, dict(left_out))
    sight = _Sight(selection, participant, policy, now_ms, left_out)
    visible = replace(
        selection,
        cases=tuple(n for n in map(sight.case, in_order(selection.cases)) if n is not None),
        alerts=tuple(n for n in map(sight.alert, selection.alerts) if n is not None),
        gone=frozenset(),
        unreadable=0,
    )
    # Parties are learned from alerts, so verdicts come last.
    verdicts = tuple(v for v in selection.verdicts if sight.verdict(v, visible.alerts))
    return Redacted(replace(visible, verdicts=verdicts), dict(sorted(left_out.items())))


class _Sight:
    """The rules for one participant; remembers what it decided for each notification."""

    def __init__(
        self,
        selection: Selection,
        participant: str,
        policy: Policy,
        now_ms: int,
        left_out: Counter[str],
    ) -> None:
        self._own = selection.own
        self._participant = participant
        self._policy = policy
        self._now_ms = now_ms
        self._left_out = left_out
        self._gone = selection.gone
        self._chains: dict[SideKey, list[_Seen]] = {}
        self._holders: dict[str, set[str]] = {}

    def case(self, notification: Notification) -> Notification | None:
        """Rules 1 and 2."""
        head = notification.head
        released = self._released(head)
        seen = _Seen(head.created, None if isinstance(released, str) else released)
        for name in {head.id, head.root}:
            self._chains.setdefault((head.origin, name), []).append(seen)
            self._holders.setdefault(name, set()).add(head.origin)
        if isinstance(released, str):
            self._left_out[released] += 1
            return None
        return _view(notification, released)

    def alert(self, alert: MatchAlert) -> MatchAlert | None:
        """Rule 3."""
        if alert.pair in self._gone:
            self._left_out[GONE] += 1
            return None
        raised = alert.head.created
        yours, theirs = self._side(alert.yours, raised), self._side(alert.theirs, raised)
        if yours is None or theirs is None:
            self._left_out[OTHER_SIDE] += 1
            return None
        party = self._participant in (alert.yours.jurisdiction, alert.theirs.jurisdiction)
        if not party and alert.head.origin != self._own and _restricted(alert.head):
            self._left_out[RESTRICTED_LINK] += 1
            return None
        return _view(alert, yours & theirs)

    def verdict(self, verdict: MatchVerdict, alerts: tuple[MatchAlert, ...]) -> bool:
        """Rule 4."""
        alert = next((a for a in alerts if a.pair == verdict.pair), None)
        if alert is None:
            self._left_out[OTHER_SIDE] += 1
            return False
        party = self._participant in (alert.yours.jurisdiction, alert.theirs.jurisdiction)
        if party or not isinstance(self._released(verdict.head), str):
            return True
        self._left_out[NOT_A_PARTY] += 1
        return False

    def _released(self, head: Head) -> Released | str:
        """What may be seen of a notification, or the rule that keeps it back."""
        if head.origin == self._participant:
            return EVERYTHING
        if head.origin != self._own:
            if self._participant not in self._policy.recipients(head):
                return HANDLING if head.marking.handling in _ONWARD else NOT_A_RECIPIENT
            if head.marking.tlp is Tlp.RED:
                return TLP_RED
        decision = self._policy.decide(head, self._participant, self._now_ms)
        if decision.refusal is not None or not decision.released:
            return decision.refusal or DEFAULT_DENY
        return decision.released

    def _side(self, side: Side, raised: int) -> Released | None:
        """What may be seen of one side of a link raised at ``raised``; None for nothing.

        An alert names a chain and not which notification of it met the other side: so all that
        the chain had by then must be visible, and no more than all of it together is shown.
        A side we do not hold is known by an alert alone: only its own jurisdiction may see it.
        A side that we hold from somebody else than the alert says is not believed.
        """
        holders = self._holders.get(side.notification)
        if holders is not None and side.jurisdiction not in holders:
            return None
        if side.jurisdiction == self._participant:
            return EVERYTHING
        chain = self._chains.get(side_key(side), [])
        known = [one.released for one in chain if one.created <= raised] or [
            one.released for one in chain
        ]
        allowed = [released for released in known if released is not None]
        if not known or len(allowed) < len(known):
            return None
        return frozenset.intersection(*allowed)


@dataclass(frozen=True, slots=True)
class _Seen:
    """When a notification was made, and what the participant may see of it; None: nothing."""

    created: int
    released: Released | None


_ONWARD = (Handling.H2, Handling.H3)
"""Codes that ask for the originator's consent before anybody else may see it."""


def _restricted(head: Head) -> bool:
    return head.marking.tlp is Tlp.RED or head.marking.handling in _ONWARD


def _view(notification: N, released: Released) -> N:
    """The notification with every field that is not released at its default."""
    return type(notification).from_record(reduce_record(notification.to_record(), released))
