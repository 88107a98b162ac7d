"""Ports: what the rest of the product asks of a part that can be exchanged.

Each has a first implementation in ``gateway`` and a fake in ``tests/fakes``; nobody outside an
implementation knows which one it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from schemas.markings import Sensitivity
from schemas.members import Member
from schemas.notifications import Head


class Directory(Protocol):
    """The federation's list of members, verified."""

    @property
    def version(self) -> int:
        """Rises with every change; goes into every block."""

    def member(self, code: str) -> Member | None:
        """The member ``code``, active or not; None when not listed."""

    def members(self) -> tuple[Member, ...]:
        """All members, by code."""

    def circle(self, name: str) -> frozenset[str] | None:
        """The codes in circle ``name`` (without ``circle:``); None when there is none."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What policy says about one notification and one recipient.

    Attributes:
        released: the sensitivities the recipient may see; empty means it gets nothing.
        rules: for each sensitivity of the vocabulary, the rule that decided it.
        refusal: the rule that keeps the whole notification back, None when it is released.
    """

    released: frozenset[Sensitivity]
    rules: Mapping[Sensitivity, str] = field(default_factory=dict)
    refusal: str | None = None


class Policy(Protocol):
    """Who may see what: the one place where that is decided, for every way out."""

    def recipients(self, head: Head) -> tuple[str, ...]:
        """The jurisdictions that ``head`` names, circles resolved, own excluded, sorted.

        Includes members that are unknown or suspended, so that :meth:`decide` can say why not.
        """

    def decide(self, head: Head, recipient: str, now_ms: int) -> Decision:
        """What ``recipient`` may see of the notification with ``head`` at ``now_ms``."""
