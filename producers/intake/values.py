"""Validators of single values: each returns the cleaned value, or None after reporting why not.

A validator is a function of the value, its path and the report; those that need settings are
made once, when the module is loaded. Hundreds of thousands of lines go through them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from producers.intake import moments
from producers.intake.countries import COUNTRIES, MISTAKEN
from producers.intake.lines import shown
from producers.intake.report import Report
from schemas.markings import CIRCLE_PREFIX, Tlp

Check = Callable[[Any, str, Report], Any]
Fields = Mapping[str, Check]

MAX_REFERENCE = 200
MAX_SHORT_TEXT = 500
"""Characters of a name, an address, a provider, … ."""
MAX_URL = 4_000
MAX_LONG_TEXT = 20_000
"""Characters of a description; the encoded notification is bounded on its own."""
MAX_ITEMS = 4_000
"""Entries of a list."""
CLOCK_TOLERANCE_MS = 5 * 60 * 1000
"""How far ahead of our clock an instant of creation may be."""

_RECIPIENT = re.compile(rf"[A-Z]{{2}}|{CIRCLE_PREFIX}[a-z0-9][a-z0-9_-]{{0,62}}")
_ALLOWED_CONTROLS = "\n\r\t"


def read_fields(
    content: Mapping[str, Any], fields: Fields, path: str, report: Report
) -> dict[str, Any]:
    """The cleaned values of an object, without those that are missing, null or refused."""
    cleaned = {}
    for name, value in content.items():
        check = fields.get(name)
        if check is None:
            _unknown(name, fields, path, report)
        elif value is not None:
            found = check(value, path + name, report)
            if found is not None:
                cleaned[name] = found
    return cleaned


def require(content: Mapping[str, Any], names: Iterable[str], path: str, report: Report) -> None:
    """Reports every one of ``names`` that is missing or null."""
    for name in names:
        if content.get(name) is None:
            report.refuse(path + name, "is missing", "it is one of the fields that must be given")


def _unknown(name: str, fields: Fields, path: str, report: Report) -> None:
    near = difflib.get_close_matches(name.lower()[:60], fields, n=1, cutoff=0.6)
    remedy = f"did you mean {near[0]}?" if near else f"known here are: {', '.join(sorted(fields))}"
    report.refuse(path + shown(name), "unknown field", remedy)


def text(limit: int, *, required: bool = False) -> Check:
    """Text of at most ``limit`` characters; blank text counts as missing, with a warning."""

    def check(value: Any, path: str, report: Report) -> Any:
        if type(value) is not str:
            return _not_a("text", value, path, report)
        if len(value) > limit:
            return report.refuse(path, f"has more than {limit} characters", "shorten it")
        if not value.isprintable() and _unfit(value):
            return report.refuse(
                path, "has control characters or half a character", "remove them: this is no text"
            )
        if value and not value.isspace():
            return value
        if required:
            return report.refuse(path, "is empty", "give it a value")
        return report.warn(path, "is empty and was left out", "leave the field out, or write null")

    return check


def _unfit(value: str) -> bool:
    """Whether control characters or lone surrogates are in it; joiners and line ends may be."""
    return any(
        unicodedata.category(letter) in ("Cc", "Cs") and letter not in _ALLOWED_CONTROLS
        for letter in value
    )


def _not_a(kind: str, value: Any, path: str, report: Report) -> Any:
    # From Python anything can come, not only what JSON has.
    given = _KINDS.get(type(value), f"of the Python type {type(value).__name__}")
    return report.refuse(path, f"is {given}, not {kind}", f"write {kind}")


_KINDS = {
    str: "text",
    bool: "true or false",
    dict: "an object",
    list: "a list",
    int: "a number",
    float: "a number",
}


def choice(kind: type[StrEnum] | tuple[str, ...]) -> Check:
    """One of a closed list, spelled exactly."""
    known = {str(item): item for item in kind}
    listed = ", ".join(known)

    def check(value: Any, path: str, report: Report) -> Any:
        found = known.get(value) if type(value) is str else None
        if found is None:
            report.refuse(path, "is not one of the values known here", f"write one of: {listed}")
        return found

    return check


def boolean(value: Any, path: str, report: Report) -> bool | None:
    """True or false."""
    return value if type(value) is bool else _not_a("true or false", value, path, report)


def code(known: frozenset[str] = COUNTRIES) -> Check:
    """An ISO 3166-1 alpha-2 code out of ``known``."""

    def check(value: Any, path: str, report: Report) -> Any:
        if type(value) is str and value in known:
            return value
        wanted = MISTAKEN.get(value.upper(), value.upper()) if type(value) is str else ""
        remedy = f"write {wanted}" if wanted in known else "use an ISO 3166-1 alpha-2 code, as DE"
        return report.refuse(path, "is not a known country code", remedy)

    return check


def many(each: Check) -> Check:
    """A list of what ``each`` accepts, as a tuple without duplicates."""

    def check(value: Any, path: str, report: Report) -> Any:
        if not isinstance(value, list | tuple):
            return _not_a("a list", value, path, report)
        if len(value) > MAX_ITEMS:
            return report.refuse(path, f"has more than {MAX_ITEMS} entries", "split it")
        found = []
        noted, problems, warnings = report.noted, len(report.problems), len(report.warnings)
        for index, item in enumerate(value):
            if item is None:
                report.refuse("", "is null", "leave the entry out")
            elif (cleaned := each(item, "", report)) is not None:
                found.append(cleaned)
            if report.noted != noted:
                report.beneath(f"{path}[{index}]", problems, warnings)
                noted, problems, warnings = report.noted, len(report.problems), len(report.warnings)
        return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))

    return check


def recipient(value: Any, path: str, report: Report) -> Any:
    """A jurisdiction or a circle, by form; whether the directory lists it is asked later."""
    if type(value) is str and _RECIPIENT.fullmatch(value):
        return value
    return report.refuse(
        path, "is neither a jurisdiction nor a circle", "write two capital letters, or circle:name"
    )


def birth_date(value: Any, path: str, report: Report) -> Any:
    """A date of birth, as much of it as is known."""
    if type(value) is not str:
        return _not_a("text", value, path, report)
    refusal = moments.birth_date(value, report.now_ms)
    return report.refuse(path, *refusal) if refusal else value


def instant(value: Any, path: str, report: Report) -> Any:
    """An ISO 8601 instant, in milliseconds."""
    return _moment(moments.instant, value, path, report)


def created(value: Any, path: str, report: Report) -> Any:
    """An instant that is not in the future."""
    found = instant(value, path, report)
    if found is not None and not 0 <= found <= report.now_ms + CLOCK_TOLERANCE_MS:
        return report.refuse(path, "lies in the future or before 1970", "correct it, or the clock")
    return found


def valid_until(value: Any, path: str, report: Report) -> Any:
    """A date or an instant; one that has passed is kept, with a warning."""
    found = _moment(moments.end, value, path, report)
    if found is not None and found <= report.now_ms:
        report.warn(path, "has passed: it reaches nobody", "give a later date")
    return found


def _moment(
    read: Callable[[str], int | moments.Refusal], value: Any, path: str, report: Report
) -> Any:
    if type(value) is not str:
        return _not_a("text", value, path, report)
    found = read(value)
    return found if isinstance(found, int) else report.refuse(path, *found)


def tlp(value: Any, path: str, report: Report) -> Any:
    """A TLP 2.0 label in any usual spelling."""
    try:
        return Tlp.parse(value) if type(value) is str else Tlp("")
    except ValueError:
        return report.refuse(
            path, "is not a TLP 2.0 label", "write CLEAR, GREEN, AMBER, AMBER+STRICT or RED"
        )
