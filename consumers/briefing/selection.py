"""What a briefing is made from, before anything is left out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.markings import Mode
from schemas.members import Member
from schemas.notifications import Head, MatchAlert, MatchVerdict, Notification, Side

ChainKey = tuple[str, str]
"""Origin and root id: nobody can put a notification into another jurisdiction's chain."""

SideKey = tuple[str, str]
"""Jurisdiction of one side of a link, and the id of a notification or of its chain's root."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a briefing is to be about.

    Attributes:
        mode: actual data, or that of an exercise or test; they never mix.
        since: only cases with news at this instant or later.
        references: only cases with one of these references, and those linked to them.
        as_of: nothing newer than this; None: whatever there is.
    """

    mode: Mode = Mode.ACTUAL
    since: int | None = None
    references: tuple[str, ...] = ()
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Notifications for one briefing, of one mode.

    Attributes:
        own: the jurisdiction that prepares it.
        cases: identifications, takedowns and missing children, ordered by chain and time; of
            each the widest view that is held.
        alerts: match alerts about them.
        verdicts: verdicts on these matches.
        gone: pairs whose link no longer counts, because a case was withdrawn or changed.
        participants: who comes to the meeting, own jurisdiction included, by code.
        unreadable: how many notifications could not be read (unknown schema).
    """

    own: str
    cases: tuple[Notification, ...] = ()
    alerts: tuple[MatchAlert, ...] = ()
    verdicts: tuple[MatchVerdict, ...] = ()
    gone: frozenset[str] = frozenset()
    participants: tuple[Member, ...] = ()
    unreadable: int = 0


def chain_key(head: Head) -> ChainKey:
    """The case chain that a notification belongs to."""
    return head.origin, head.root


def in_order(notifications: Iterable[Notification]) -> list[Notification]:
    """Oldest first; ids break a tie, so that the order is always the same."""
    return sorted(notifications, key=lambda n: (n.head.created, n.head.id, n.head.revision))


def chains(notifications: Iterable[Notification]) -> list[list[Notification]]:
    """``notifications`` by case chain, each oldest first; chains by origin and reference."""
    found: dict[ChainKey, list[Notification]] = {}
    for notification in in_order(notifications):
        found.setdefault(chain_key(notification.head), []).append(notification)
    return sorted(found.values(), key=lambda chain: _place(chain[0].head))


def _place(head: Head) -> tuple[str, str, str]:
    return head.origin, head.reference, head.root


def side_key(side: Side) -> SideKey:
    """What the case on this side of a link is found by."""
    return side.jurisdiction, side.notification
