"""Policy: who may see what, decided per recipient and per sensitivity. Pure.

The first implementation of :class:`schemas.ports.Policy`: default deny, an explicit list of
recipients, and a table of what each role may see. Every decision names its rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from schemas.markings import CIRCLE_PREFIX, Sensitivity, Tlp
from schemas.members import Member, MemberRole
from schemas.notifications import Head
from schemas.ports import Decision, Directory

LISTS_KEPT = 10_000
"""Recipient lists kept resolved."""
DEFAULT_RELEASE: Mapping[str, frozenset[Sensitivity]] = {
    MemberRole.CONTACT_POINT: frozenset(Sensitivity),
    MemberRole.HUB: frozenset(Sensitivity) - {Sensitivity.LOCATION},
}
"""What a role may see unless the node's configuration says otherwise."""


def resolve(recipients: Iterable[str], directory: Directory) -> frozenset[str]:
    """The jurisdictions that a recipient list names; a circle that does not exist names none."""
    named: set[str] = set()
    for recipient in recipients:
        if recipient.startswith(CIRCLE_PREFIX):
            named |= directory.circle(recipient.removeprefix(CIRCLE_PREFIX)) or set()
        else:
            named.add(recipient)
    return frozenset(named)


class ExplicitPolicy:
    """Releases to the recipients that a notification names, and to nobody else."""

    def __init__(
        self,
        own: str,
        directory: Directory,
        release: Mapping[str, frozenset[Sensitivity]] = DEFAULT_RELEASE,
    ) -> None:
        """``release`` is by role name, or by member code where one gets less or more."""
        self._own = own
        self._directory = directory
        self._release = release
        # A policy is made anew with each directory, so what depends on that alone is kept.
        self._granted = {member.code: self._grant(member) for member in directory.members()}
        self._resolved: dict[tuple[str, ...], tuple[str, ...]] = {}

    def recipients(self, head: Head) -> tuple[str, ...]:
        """See :class:`schemas.ports.Policy`. An empty list reaches nobody."""
        known = self._resolved.get(head.recipients)
        if known is None:
            if len(self._resolved) >= LISTS_KEPT:
                self._resolved.clear()
            known = tuple(sorted(resolve(head.recipients, self._directory) - {self._own}))
            self._resolved[head.recipients] = known
        return known

    def decide(self, head: Head, recipient: str, now_ms: int) -> Decision:
        """See :class:`schemas.ports.Policy`."""
        member = self._directory.member(recipient)
        refusal = self._refusal(head, recipient, member, now_ms)
        return self._granted[recipient] if refusal is None else _refused(refusal)

    def _refusal(
        self, head: Head, recipient: str, member: Member | None, now_ms: int
    ) -> str | None:
        """The rule that keeps the whole notification back, checked in this order."""
        if recipient not in self.recipients(head):
            return "not-listed"
        if member is None:
            return "unknown-member"
        if not member.active:
            return "suspended"
        if head.expired(now_ms):
            return "expired"
        if head.marking.tlp is Tlp.RED and recipient not in head.recipients:
            return "tlp-red-names-members"
        return None

    def _grant(self, member: Member) -> Decision:
        """What this member may see of a notification that is released to it."""
        granted, rule = self._release_of(member)
        released = granted | {Sensitivity.PUBLIC}
        return Decision(
            released, {s: rule if s in released else f"withheld-by-{rule}" for s in Sensitivity}
        )

    def _release_of(self, member: Member) -> tuple[frozenset[Sensitivity], str]:
        if member.code in self._release:
            return self._release[member.code], f"release-{member.code}"
        roles = sorted(role for role in member.roles if role in self._release)
        # A member with several roles sees what the least trusted of them may see.
        granted = [self._release[role] for role in roles]
        return (
            frozenset.intersection(*granted) if granted else frozenset(),
            "release-" + "-".join(roles) if roles else "default-deny",
        )


@cache
def _refused(rule: str) -> Decision:
    return Decision(frozenset(), dict.fromkeys(Sensitivity, rule), rule)
