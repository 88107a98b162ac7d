"""Hypothesis strategies for every notification type, made from the frozen types themselves."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from schemas import catalogue
from schemas.markings import Role, Sensitivity
from schemas.notifications import TYPES, Head, Notification, Record, Side
from schemas.soundness import EARLIEST_MS, LATEST_MS

text = st.text(max_size=24)
instants = st.integers(EARLIEST_MS, LATEST_MS)
ids = st.uuids().map(str)
codes = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
views = st.frozensets(st.sampled_from(Sensitivity))
"""Sets of sensitivities, from nothing to everything."""

_CLOSED = {
    "sex": st.none() | st.sampled_from(("f", "m", "x")),
    "requested_action": st.none() | st.sampled_from(("notify", "remove", "preserve", "block")),
    "pair": ids,
    "notification": ids,
    "evidence_version": st.integers(1, 2**31 - 1),
    "reference": st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=24),
    "jurisdiction": codes,
}
"""Fields whose schema is narrower than their Python type."""


def notifications(name: str | None = None) -> st.SearchStrategy[Notification]:
    """Any notification that the codec accepts: of type ``name``, or of all of them."""
    if name is None:
        return st.sampled_from(sorted(TYPES)).flatmap(notifications)
    return _instances(TYPES[name], head=heads(name))


def heads(name: str) -> st.SearchStrategy[Head]:
    """Heads of notifications of type ``name``."""
    positive = st.integers(1, 2**31 - 1)
    return _instances(
        Head,
        id=ids,
        root=ids,
        type=st.just(name),
        origin=codes,
        version=positive,
        revision=positive,
        withheld=st.lists(st.sampled_from([s.value for s in Sensitivity]), unique=True)
        .map(sorted)
        .map(tuple),
    )


def marked(name: str) -> Record:
    """A record of type ``name`` in which every list has one item and every union is filled.

    Every string that may be anything is ``§`` and the sensitivity of its innermost field.
    """
    named: dict[str, Any] = {}
    record: Record = _marked(catalogue.contract(name), "public", named)
    record["head"] |= {
        "type": name,
        "origin": "FR",
        "withheld": [],
    }
    if name == "match-alert":
        for side in ("yours", "theirs"):
            record[side]["jurisdiction"] = "FR"
    return record


def schema_fields(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field written anywhere in ``schema``, nested ones too, with its path."""
    if isinstance(schema, list):
        for branch in schema:
            yield from schema_fields(branch, path)
    elif isinstance(schema, dict):
        for field in schema.get("fields", ()):
            here = f"{path}.{field['name']}".removeprefix(".")
            yield here, field
            yield from schema_fields(field["type"], here)
        for key in ("items", "type"):
            if isinstance(schema.get(key), dict | list):
                yield from schema_fields(schema[key], path)


def _marked(node: Any, sensitivity: str, named: dict[str, Any]) -> Any:
    match node:
        case {"logicalType": "uuid"}:
            return "01890a5d-ac96-774b-bcce-b302099a8057"
        case "string" | {"type": "string"}:
            return f"§{sensitivity}"
        case "int" | "long" | {"type": "int" | "long"}:
            return 86_400_000
        case "boolean":
            return True
        case str():
            return _marked(named[node], sensitivity, named)
        case list():
            return _marked(next(n for n in node if n != "null"), sensitivity, named)
        case {"type": "array", "items": items}:
            return [_marked(items, sensitivity, named)]
        case {"type": "enum", "symbols": symbols, "name": enum_name}:
            named[enum_name] = node
            return next(s for s in symbols if s != node.get("default"))
        case {"type": "record", "fields": inner, "name": record_name}:
            named[record_name] = node
            return {f["name"]: _marked(f["type"], f["sensitivity"], named) for f in inner}
    raise AssertionError(node)


def _instances(cls: type, **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(cls)
    if cls is Side:
        given["role"] = st.sampled_from(Role).map(str)
    narrower = {name: s for name, s in _CLOSED.items() if name in hints} | given
    wider = {f.name: _values(hints[f.name]) for f in fields(cls) if f.name not in narrower}
    return st.builds(cls, **wider, **narrower)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return st.none() | _values(next(a for a in arguments if a is not types.NoneType))
    if typing.get_origin(hint) is tuple:
        return st.lists(_values(arguments[0]), max_size=3).map(tuple)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _instances(hint)
    return {str: text, int: instants, bool: st.booleans()}[hint]
