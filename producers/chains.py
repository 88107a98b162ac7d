"""Where a notification belongs in the case chain of its reference. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from producers.intake.report import Problem
from schemas.markings import Relation
from schemas.notifications import Head


@dataclass(frozen=True, slots=True)
class Link:
    """One notification of a chain, as far as its successors are concerned."""

    id: str
    type: str
    relation: Relation
    content_digest: bytes
    sent: bool


@dataclass(frozen=True, slots=True)
class Known:
    """The content is there already, as ``link``."""

    link: Link
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Next:
    """The content is new; this is what it follows."""

    root: str
    predecessors: tuple[str, ...]
    warnings: tuple[Problem, ...] = ()


def place(chain: Sequence[Link], head: Head, content_digest: bytes) -> Known | Next | Problem:
    """Judges a notification with ``head`` against the chain of its reference, oldest first."""
    for link in reversed(chain):
        if link.content_digest == content_digest:
            return Known(link) if link is chain[-1] else Known(link, (_OLDER,))
    if not chain:
        return Next(head.id, ()) if head.relation is Relation.NEW else _UNKNOWN_REFERENCE
    if head.relation is Relation.NEW:
        return _OTHER_CONTENT
    if head.type != chain[0].type:
        return _OTHER_TYPE
    reopened = chain[-1].relation is Relation.CANCEL and head.relation is not Relation.CANCEL
    return Next(chain[0].id, (chain[-1].id,), (_REOPENED,) if reopened else ())


_OLDER = Problem(
    "reference",
    "the same content was published before, and newer notifications followed it",
    "nothing was sent again; to make it a new update, give another `created`",
)
_REOPENED = Problem(
    "relation", "the case was cancelled; this opens it again", "check that this is meant"
)
_UNKNOWN_REFERENCE = Problem(
    "reference",
    "nothing was published under this reference",
    'correct the reference, or publish it with relation "new"',
)
_OTHER_CONTENT = Problem(
    "reference",
    "other content was published under this reference",
    'give relation "update", "supersede" or "cancel", or another reference',
)
_OTHER_TYPE = Problem(
    "type", "the case was published as another type", "use the same type, or another reference"
)
