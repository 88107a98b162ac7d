"""Notifications as plain columns: what somebody prepares who writes a comparison in an afternoon.

Names in ASCII letters whatever the script, identifiers in lower case, telephone numbers by their
last digits. The rivals get these; the engine makes its own features.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from consumers.deduplication.transliteration import to_ascii

OWN = ("national-id", "email", "phone", "username")
"""Kinds of identifier that as a rule only one person has."""
SHARED = ("wallet", "device")
FULL_DATE = 10
DIGITS = 8
"""Of a telephone number, from the right: prefixes are written in many ways."""
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """One notification.

    Attributes:
        names: the words of each name in the order of the alphabet, in one text.
        birth: as far as it is known, ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
        values: of identifiers, by kind, sorted.
        media: hashes of whatever kind, sorted.
    """

    names: tuple[str, ...]
    birth: str
    sex: str | None
    values: Mapping[str, tuple[str, ...]]
    media: tuple[str, ...]

    @property
    def birth_date(self) -> str | None:
        """The whole date; None where it is not known."""
        return self.birth if len(self.birth) == FULL_DATE else None


def read(lines: Iterable[bytes]) -> list[Plain]:
    """All of a file in the intake format; what the format would refuse is not looked at."""
    return [_plain(json.loads(line)) for line in lines if line.strip()]


def _plain(line: Mapping[str, Any]) -> Plain:
    values: dict[str, set[str]] = {}
    for one in line.get("identifiers", ()):
        values.setdefault(one["type"], set()).add(_value(one["type"], one["value"]))
    return Plain(
        names=tuple(filter(None, map(_sorted_words, line.get("names", ())))),
        birth=line.get("birth_date") or "",
        sex=line.get("sex"),
        values={kind: tuple(sorted(found)) for kind, found in values.items()},
        media=tuple(sorted(str(one["value"]) for one in line.get("media_hashes", ()))),
    )


def _sorted_words(name: str) -> str:
    folded = to_ascii(unicodedata.normalize("NFKD", name)).lower().replace("'", "")
    return " ".join(sorted(_WORD.findall(folded)))


def _value(kind: str, value: str) -> str:
    if kind == "phone":
        return "".join(filter(str.isdecimal, value))[-DIGITS:]
    return value.strip().lower()
