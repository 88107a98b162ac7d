"""What makes two lines the same content, however they are spelled and whenever they are sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from schemas.markings import Relation, Urgency
from schemas.notifications import Identifier, LastSeen, MediaHash, TakedownStatus

_DOMAIN = b"liaison/v1/content\0"
_NOTHING: tuple[Any, ...] = (None, (), {})
_IMPLIED = {"relation": Relation.NEW, "urgency": Urgency.ROUTINE}
"""What the format itself, not the configuration, fills in."""
_NAMES = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (Identifier, MediaHash, LastSeen, TakedownStatus)
}


def content_digest(stated: Mapping[str, Any]) -> bytes:
    """SHA-256 over the cleaned values that a line gives.

    The order of its fields, white space, null instead of nothing, and what the node's
    configuration adds do not count; ``created`` counts where the line gives it.
    """
    given = {
        name: value
        for name, value in stated.items()
        if value not in _NOTHING and _IMPLIED.get(name) != value
    }
    return hashlib.sha256(_DOMAIN + _ENCODER.encode(given).encode()).digest()


def _plain(value: Identifier | MediaHash | LastSeen | TakedownStatus) -> dict[str, Any]:
    """The parts with fields of their own, without those that say nothing."""
    given = {name: getattr(value, name) for name in _NAMES[type(value)]}
    return {name: part for name, part in given.items() if part is not None}


_ENCODER = json.JSONEncoder(default=_plain, sort_keys=True, separators=(",", ":"))
