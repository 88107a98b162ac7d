"""One briefing from beginning to end, for one participant. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consumers.briefing.compose import compose, newest
from consumers.briefing.document import Document
from consumers.briefing.narrow import narrow
from consumers.briefing.redact import redact
from consumers.briefing.selection import Asked, Selection
from consumers.briefing.times import DAY_MS
from schemas.ports import Policy


@dataclass(frozen=True, slots=True)
class Briefing:
    """The participant's document, and what was kept from it, by rule: for us alone."""

    document: Document
    left_out: Mapping[str, int]


def prepare(
    selection: Selection,
    asked: Asked,
    participant: str,
    policy: Policy,
    now_ms: int,
    *,
    meeting: str | None = None,
) -> Briefing:
    """What ``participant`` may see of ``selection``, as a document.

    Policy is asked about ``now_ms``: what expired or was suspended since is not shown, whatever
    instant the document is about. That instant is the one asked for, else that of the newest
    notification in it; of an empty document it is the beginning of this day.
    """
    redacted = redact(selection, participant, policy, now_ms)
    visible = narrow(redacted.selection, asked)
    as_of_ms = asked.as_of
    if as_of_ms is None:
        as_of_ms = newest(visible)
    if as_of_ms is None:
        as_of_ms = now_ms - now_ms % DAY_MS
    document = compose(
        visible,
        prepared_for=participant,
        as_of_ms=as_of_ms,
        since_ms=asked.since,
        meeting=meeting,
        mode=asked.mode,
    )
    return Briefing(document, redacted.left_out)
