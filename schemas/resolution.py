"""Avro's schema resolution: can a reader with one schema read what another wrote?

After the rules of the Avro specification, section "Schema Resolution", on contracts as parsed
from JSON. Named types are expanded where they are used; none of ours is recursive.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = Any
"""A schema as parsed from JSON: a name, a list (a union) or an object."""

_PROMOTIONS = {
    "int": {"long", "float", "double"},
    "long": {"float", "double"},
    "float": {"double"},
    "string": {"bytes"},
    "bytes": {"string"},
}
"""Which primitive types a reader takes each written one for."""


def unreadable(reader: Schema, writer: Schema) -> list[str]:
    """Why a reader with schema ``reader`` cannot read all that ``writer`` can write."""
    return list(_resolve(expanded(reader), expanded(writer), "record"))


def _resolve(reader: Schema, writer: Schema, path: str) -> Iterator[str]:
    if isinstance(writer, list):
        for branch in writer:
            yield from _resolve(reader, branch, path)
    elif isinstance(reader, list):
        if all(any(_resolve(branch, writer, path)) for branch in reader):
            yield f"{path}: no branch of the union takes {_kind(writer)}"
    elif _kind(reader) != _kind(writer):
        if _kind(reader) not in _PROMOTIONS.get(_kind(writer), ()):
            yield f"{path}: {_kind(writer)} cannot be read as {_kind(reader)}"
    else:
        yield from _RULES.get(_kind(reader), _same)(reader, writer, path)


def _records(reader: Schema, writer: Schema, path: str) -> Iterator[str]:
    yield from _names(reader, writer, path)
    written = {field["name"]: field for field in writer["fields"]}
    for field in reader["fields"]:
        here = f"{path}.{field['name']}"
        names = (field["name"], *field.get("aliases", ()))
        match = next((written[name] for name in names if name in written), None)
        if match is not None:
            yield from _resolve(field["type"], match["type"], here)
        elif "default" not in field:
            yield f"{here}: is not always written and has no default"


def _enums(reader: Schema, writer: Schema, path: str) -> Iterator[str]:
    yield from _names(reader, writer, path)
    unknown = [symbol for symbol in writer["symbols"] if symbol not in reader["symbols"]]
    if unknown and "default" not in reader:
        yield f"{path}: the symbols {', '.join(unknown)} are unknown to an enum without default"


def _fixed(reader: Schema, writer: Schema, path: str) -> Iterator[str]:
    yield from _names(reader, writer, path)
    if reader["size"] != writer["size"]:
        yield f"{path}: {writer['size']} bytes cannot be read as {reader['size']}"


def _names(reader: Schema, writer: Schema, path: str) -> Iterator[str]:
    known = {reader["name"], *reader.get("aliases", ())}
    if _bare(writer["name"]) not in set(map(_bare, known)):
        yield f"{path}: the type {writer['name']} was renamed to {reader['name']}"


def _arrays(reader: Schema, writer: Schema, path: str) -> Iterator[str]:
    yield from _resolve(reader["items"], writer["items"], f"{path}[]")


def _maps(reader: Schema, writer: Schema, path: str) -> Iterator[str]:
    yield from _resolve(reader["values"], writer["values"], f"{path}{{}}")


def _same(_reader: Schema, _writer: Schema, _path: str) -> Iterator[str]:
    yield from ()


_RULES = {"record": _records, "enum": _enums, "fixed": _fixed, "array": _arrays, "map": _maps}


def expanded(node: Schema, named: dict[str, Schema] | None = None) -> Schema:
    """``node`` with every use of a named type replaced by its definition. None is recursive."""
    named = {} if named is None else named
    if isinstance(node, str):
        return named.get(_bare(node), node)
    if isinstance(node, list):
        return [expanded(branch, named) for branch in node]
    kind = node["type"]
    if isinstance(kind, dict | list):
        return expanded(kind, named)
    whole = dict(node)
    for key in ("items", "values"):
        if key in node:
            whole[key] = expanded(node[key], named)
    if "fields" in node:
        whole["fields"] = [{**f, "type": expanded(f["type"], named)} for f in node["fields"]]
    if "name" in node:
        named[_bare(node["name"])] = whole
    return whole


def _kind(node: Schema) -> str:
    return node if isinstance(node, str) else str(node["type"])


def _bare(name: str) -> str:
    return name.rpartition(".")[2]
