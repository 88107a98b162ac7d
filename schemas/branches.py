"""Names the branch of each optional record before it is written.

Given ``(name, value)`` fastavro writes the branch called ``name``; given the value alone it tries
the value on every branch, which for a record costs more than writing it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from schemas import catalogue
from schemas.notifications import Record

_Name = Callable[[Any], Any]


def named(name: str, record: Record) -> Record:
    """``record`` of type ``name`` with the branches named; the argument is not changed."""
    step = _steps(name)
    marked: Record = step(record) if step else record
    return marked


@cache
def _steps(name: str) -> _Name | None:
    return _compile(catalogue.entry(name).schema, {})


def _compile(node: Any, known: dict[str, Any]) -> _Name | None:
    """A function for values of schema ``node``; None where there is nothing to name."""
    match node:
        case str():
            return _compile(known[node], known) if node in known else None
        case ["null", {"type": "record"} | str() as inner]:
            return _optional(inner, known)
        case {"type": "record", "name": name, "fields": fields}:
            known[name] = node
            return _record(fields, known)
    return None


def _optional(inner: Any, known: dict[str, Any]) -> _Name | None:
    step = _compile(inner, known)
    record = known.get(inner) if isinstance(inner, str) else inner
    if record is None:
        return None
    branch = f"liaison.{record['name']}"

    def name_branch(value: Any) -> Any:
        return None if value is None else (branch, step(value) if step else value)

    return name_branch


def _record(fields: list[Any], known: dict[str, Any]) -> _Name | None:
    compiled = [(field["name"], _compile(field["type"], known)) for field in fields]
    steps = [(name, step) for name, step in compiled if step]

    def name_fields(record: Record) -> Record:
        marked = dict(record)
        for name, step in steps:
            if name in marked:
                marked[name] = step(marked[name])
        return marked

    return name_fields if steps else None
