"""What a contract says by logical types or in words, and Avro libraries do not check. Pure.

The catalogue drops logical types (docs/decisions/0009), so a ``timestamp-millis`` could be any
64 bits and a ``uuid`` any text. Databases, dates and other nodes rely on what they say; so it is
checked here, on the dictionary form, whenever a record is read or written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from schemas import catalogue
from schemas.identities import is_id
from schemas.members import is_code

EARLIEST_MS = -62_135_596_800_000
LATEST_MS = 253_402_300_799_999
"""Instants lie in the years 1 to 9999: outside them nothing can write them as a date."""
MAX_INT = 2**31 - 1
"""The largest Avro ``int``; fastavro reads and writes larger ones without a word."""
MAX_ROLE = 16
"""Characters of a role: it is one word."""

_Check = Callable[[Any], None]
_Named = dict[str, Any]


class Unsound(ValueError):
    """A value is not what its contract says; the text names no value."""


def check(name: str, record: dict[str, Any]) -> None:
    """Checks a record of type ``name``, its head included.

    Raises:
        Unsound: with what is wrong.
    """
    body = _body(name)
    if body:
        body(record)
    _check_words(record["head"])
    if name == "match-alert":
        _check_side(record["yours"])
        _check_side(record["theirs"])


def check_head(head: dict[str, Any]) -> None:
    """Checks a head that was read alone; raises as :func:`check`."""
    by_type = _head()
    if by_type:
        by_type(head)
    _check_words(head)


def _check_words(head: dict[str, Any]) -> None:
    if not is_code(head["origin"]):
        raise Unsound("the origin in the head is not a jurisdiction code")
    if head["version"] < 1 or head["revision"] < 1:
        raise Unsound("a version in the head is not counted from 1")
    _check_reference(head["reference"])


def _check_side(side: dict[str, Any]) -> None:
    """What databases keep of it in columns of its size."""
    if not is_code(side["jurisdiction"]):
        raise Unsound("the jurisdiction of a side is not a code")
    if len(side["role"]) > MAX_ROLE:
        raise Unsound(f"the role of a side is longer than {MAX_ROLE} characters")
    _check_reference(side["reference"] + side["role"])


def _check_reference(text: str) -> None:
    if "\0" in text:
        raise Unsound("a text that databases search in holds a zero character")


@cache
def _body(name: str) -> _Check | None:
    return _compile(catalogue.contract(name), {})


@cache
def _head() -> _Check | None:
    return _compile(catalogue.contract("recall")["fields"][0]["type"], {})


def _compile(node: Any, named: _Named) -> _Check | None:
    """A function that checks a value of schema ``node``; None where nothing can be wrong."""
    match node:
        case "int":
            return _int
        case str():
            return _compile(named[node], named) if node in named else None
        case {"logicalType": "uuid"}:
            return _uuid
        case {"logicalType": "timestamp-millis"}:
            return _instant
        case ["null", inner]:
            return _unless_none(_compile(inner, named))
        case {"type": "array", "items": items}:
            return _each(_compile(items, named))
        case {"type": "record", "fields": fields, "name": name}:
            named[name] = node
            return _fields(fields, named)
    return None


def _fields(fields: list[Any], named: _Named) -> _Check | None:
    compiled = ((field["name"], _compile(field["type"], named)) for field in fields)
    steps = [(name, step) for name, step in compiled if step]

    def check_fields(record: dict[str, Any]) -> None:
        for name, step in steps:
            step(record[name])

    return check_fields if steps else None


def _each(step: _Check | None) -> _Check | None:
    def check_each(values: list[Any]) -> None:
        for value in values:
            step(value)  # type: ignore[misc]

    return check_each if step else None


def _unless_none(step: _Check | None) -> _Check | None:
    return step and (lambda value: None if value is None else step(value))


def _int(value: int) -> None:
    if not 0 <= value <= MAX_INT:
        raise Unsound("a number is negative or takes more than 31 bits")


def _instant(value: int) -> None:
    if not EARLIEST_MS <= value <= LATEST_MS:
        raise Unsound("an instant is outside the years 1 to 9999")


def _uuid(value: str) -> None:
    if not is_id(value):
        raise Unsound("an id is not a UUID in canonical text form")
