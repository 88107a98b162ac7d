"""From a notification back to the intake format, so that there is one way in."""

from __future__ import annotations

from typing import Any

from producers.intake.moments import iso
from producers.intake.parser import FIELDS
from schemas.notifications import Notification

_INSTANTS = ("at", "seen_at")


def to_content(notification: Notification) -> dict[str, Any]:
    """The content of a line that says what ``notification`` says.

    Left out is what the store or the configuration decides: id, root, predecessors, contact,
    review date.
    """
    record = notification.to_record()
    head = record.pop("head")
    marking = {name: value for name, value in head["marking"].items() if value != ""}
    if head["valid_until"] is not None:
        marking["valid_until"] = iso(head["valid_until"])
    own = {name: _plain(value) for name, value in record.items() if value not in (None, [])}
    return {
        "type": head["type"],
        "jurisdiction": head["origin"],
        "marking": marking,
        "created": iso(head["created"]),
        **{name: head[name] for name in _HEAD if head[name] is not None},
        **{name: value for name, value in own.items() if name in FIELDS.get(head["type"], own)},
    }


_HEAD = ("reference", "recipients", "relation", "mode", "urgency", "operation")


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: iso(part) if name in _INSTANTS else part
        for name, part in value.items()
        if part not in (None, "")
    }
