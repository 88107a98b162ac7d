"""Views: the part of a notification that one recipient may see.

A view is a set of sensitivities. A field whose sensitivity is not in the set gets its schema's
default, which means "not released"; ``head.withheld`` names what was left out. A view that
releases everything is the notification itself, byte for byte.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

from schemas import catalogue
from schemas.codec import decode_record, encode_record, entry_of
from schemas.markings import Sensitivity
from schemas.notifications import Record

Released = frozenset[Sensitivity]
_Reduce = Callable[[Any], Any]


def reduce_bytes(data: bytes, released: Released) -> bytes:
    """The view of an encoded notification: ``data`` itself when everything is released.

    Raises:
        MalformedRecord, UnknownSchema: as :func:`schemas.codec.decode_record`.
    """
    if entry_of(data).sensitivities <= released:
        return data
    record = decode_record(data)
    name = record["head"]["type"]
    return encode_record(name, reduce_record(record, released))


def revise_bytes(data: bytes, released: Released, revision: int) -> bytes:
    """The view as a later ``revision``: what a recipient gets once consent widened its view."""
    record = reduce_record(decode_record(data), released)
    record["head"]["revision"] = revision
    return encode_record(record["head"]["type"], record)


def reduce_record(record: Record, released: Released) -> Record:
    """The view of a record in dictionary form; the argument is not changed."""
    entry = catalogue.entry(record["head"]["type"])
    released |= {Sensitivity.PUBLIC}
    view: Record = _reducer(entry.name, released)(record)
    withheld = {*view["head"]["withheld"], *(entry.sensitivities - released)}
    view["head"] = {**view["head"], "withheld": sorted(withheld)}
    return view


@cache
def _reducer(name: str, released: Released) -> _Reduce:
    return _compile(catalogue.entry(name).schema, released, {}) or copy.copy


def _compile(node: Any, released: Released, named: dict[str, Any]) -> _Reduce | None:
    """A function that reduces a value of schema ``node``; None where nothing is withheld."""
    match node:
        case str():
            return _compile(named[node], released, named) if node in named else None
        case list():
            inner = next((f for f in (_compile(n, released, named) for n in node) if f), None)
            return inner and (lambda value: None if value is None else inner(value))
        case {"type": "record", "fields": fields, "name": record_name}:
            named[record_name] = node
            return _compile_record(fields, released, named)
        case {"type": "array", "items": items}:
            each = _compile(items, released, named)
            return each and (lambda value: [each(item) for item in value])
        case _:
            return None


def _compile_record(fields: Any, released: Released, named: dict[str, Any]) -> _Reduce | None:
    steps: dict[str, _Reduce] = {}
    for field in fields:
        inner = _compile(field["type"], released, named)
        if Sensitivity(field["sensitivity"]) not in released:
            steps[field["name"]] = _default(field["default"])
        elif inner:
            steps[field["name"]] = inner
    if not steps:
        return None

    def reduce(record: Record) -> Record:
        return {k: steps[k](v) if k in steps else v for k, v in record.items()}

    return reduce


def _default(value: Any) -> _Reduce:
    return lambda _: copy.copy(value)
