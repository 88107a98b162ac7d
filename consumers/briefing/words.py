"""Texts as the page takes them: with their direction, and nothing a font cannot show. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from consumers.briefing.document import Contact
from consumers.briefing.glyphs import readable, right_to_left

Data = dict[str, Any]
"""What the template reads of one text, one case and so on: nothing but what JSON has."""


def line(text: str, *, mono: bool = False, beside: str = "") -> Data:
    """A text with its direction; ``mono`` for what is compared sign by sign."""
    shown, missing = readable(text)
    return {
        "text": shown,
        "rtl": right_to_left(shown),
        "mono": mono,
        "missing": " ".join(missing),
        "beside": readable(beside)[0],
    }


def moment(iso: str) -> str:
    """``2026-01-02 03:04 UTC``, from ISO 8601."""
    return f"{iso[:10]} {iso[11:16]} UTC"


def days(count: int) -> str:
    """``1 day``, ``2 days``."""
    return "1 day" if count == 1 else f"{count} days"


def reach(contact: Contact | None, jurisdiction: str = "") -> list[str]:
    """How to reach a unit: its name, e-mail and telephone, as far as known; and whose it is."""
    if contact is None:
        return []
    known = [part for part in (contact.unit, contact.email, contact.phone) if part]
    return [f"{jurisdiction} {known[0]}".strip(), *known[1:]] if known else []


def lines(*values: str | None) -> list[Data]:
    """One line for each value that there is."""
    return [line(value) for value in values if value]


def joined(values: Sequence[str]) -> list[Data]:
    """All values on one line."""
    return [line(" · ".join(values))] if values else []


def defanged(site: str) -> str:
    """An address that no viewer makes a link of: nobody opens it by mistake."""
    return site.replace("http", "hxxp", 1).replace(".", "[.]") if site else site


def showable(data: Any) -> Any:
    """``data`` with a box for each character in it that the fonts cannot show."""
    if isinstance(data, str):
        return readable(data)[0]
    if isinstance(data, dict):
        return {key: showable(value) for key, value in data.items()}
    return [showable(value) for value in data] if isinstance(data, list) else data


def texts(data: object) -> Iterable[str]:
    """Every text in a presented document, for tests and checks."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value)
