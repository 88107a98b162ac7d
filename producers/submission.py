"""From the content of a line to a candidate for publication: intake, codec, guard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from producers.guard import inspect_record, screen_bytes
from producers.intake import Intake, Parsed, Problem, content_digest
from producers.publications import Candidate
from schemas.codec import encode
from schemas.errors import MalformedRecord
from schemas.identities import new_id
from schemas.notifications import Notification


@dataclass(frozen=True, slots=True)
class Prepared:
    """A line that only its place in a case chain can still make unacceptable."""

    candidate: Candidate
    warnings: tuple[Problem, ...]


def prepare(intake: Intake, content: Mapping[str, Any], *, now_ms: int) -> Prepared | list[Problem]:
    """Validates, encodes and guards the content of one line."""
    parsed = intake.parse(content, id=new_id(now_ms), now_ms=now_ms)
    if not isinstance(parsed, Parsed):
        return parsed
    try:
        data = encode(parsed.notification)
    except MalformedRecord as error:
        return [Problem("", error.problem, error.remedy or "see docs/intake.md")]
    if screen_bytes(data) and (problems := guard(parsed.notification)):
        return problems
    digest = content_digest(parsed.stated)
    return Prepared(Candidate(parsed.notification, digest, data), parsed.warnings)


def guard(notification: Notification) -> list[Problem]:
    """What the precise guard says, as problems."""
    return [
        Problem(found.field, f"holds {found.reason}", "send hashes, never images, films or files")
        for found in inspect_record(notification.to_record())
    ]
