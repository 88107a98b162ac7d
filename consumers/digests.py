"""Alerts summed up by jurisdiction and state, for a handover. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consumers.alerts import Alert
from schemas.markings import Urgency

NO_LONGER_LINKED = "no-longer-linked"
"""Shown as a state: there is nothing to do about these."""


@dataclass(slots=True)
class Line:
    """The alerts with one jurisdiction in one state; ``oldest`` in milliseconds UTC."""

    jurisdiction: str
    state: str
    count: int = 0
    urgent: int = 0
    overdue: int = 0
    oldest: int | None = None


def digest(found: Iterable[Alert], now_ms: int) -> list[Line]:
    """One line each: what is urgent first, then overdue, then by age."""
    lines: dict[tuple[str, str], Line] = {}
    for alert in found:
        state = NO_LONGER_LINKED if alert.retracted else alert.state.value
        line = lines.setdefault((alert.jurisdiction, state), Line(alert.jurisdiction, state))
        line.count += 1
        line.urgent += alert.urgency is Urgency.URGENT
        line.overdue += alert.overdue(now_ms)
        line.oldest = min(line.oldest or alert.received_at, alert.received_at)
    return sorted(lines.values(), key=_pressing)


def _pressing(line: Line) -> tuple[bool, int, int, int, str, str]:
    """What is settled last, whatever its urgency was."""
    settled = line.state not in ("open", "needs_more")
    return (
        settled,
        -line.urgent,
        -line.overdue,
        line.oldest or 0,
        line.jurisdiction,
        line.state,
    )
