"""The schemas, loaded once from ``avro/*.avsc``: fingerprints and sensitivities.

Logical types are dropped on loading: instants stay integers, which costs a third of the
time of ``datetime`` objects. That changes no byte and no fingerprint, because the parsing
canonical form (Avro specification, "Parsing Canonical Form for Schemas") drops them too.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from fastavro import parse_schema
from fastavro.schema import fingerprint, to_parsing_canonical_form

from schemas.markings import Sensitivity
from schemas.notifications import TYPES

Schema = dict[str, Any]

VERSION = 1
"""Version of the schemas in ``avro/``; raise it with the first change after a release."""


@dataclass(frozen=True)
class Entry:
    """One schema of the catalogue.

    Attributes:
        name: type of the notification, as in ``TYPES``.
        version: counted from 1.
        schema: as written, with the shared types inlined at their first use.
        parsed: as fastavro wants it.
        prefix: the ten bytes that begin a record in single-object encoding.
        sensitivities: all that its fields have.
    """

    name: str
    version: int
    schema: Schema
    parsed: Schema
    prefix: bytes
    sensitivities: frozenset[Sensitivity]


@cache
def entry(name: str) -> Entry:
    """The current schema of the type called ``name``.

    Raises:
        KeyError: no such type.
    """
    return _entry(name, VERSION, contract(name))


@cache
def by_prefix() -> dict[bytes, Entry]:
    """Every schema that can be read here, current or released, by its single-object prefix."""
    known = {}
    for name in TYPES:
        for version, schema in released(name).items():
            earlier = _entry(name, version, schema)
            known[earlier.prefix] = earlier
    for name in TYPES:
        known[entry(name).prefix] = entry(name)
    return known


def released(name: str) -> dict[int, Schema]:
    """The contracts of the type called ``name`` that were ever released, by version."""
    found = {}
    for path in _directory("released").iterdir():
        stem, _, version = path.name.removesuffix(".avsc").rpartition("-")
        if stem == name and path.name.endswith(".avsc"):
            found[int(version)] = json.loads(path.read_text("utf-8"))
    return dict(sorted(found.items()))


@cache
def head_schema() -> Schema:
    """The parsed schema of the common head alone."""
    return parse(_load("head"))


def contract(name: str) -> Schema:
    """The schema of ``name`` as a self-contained document, shared types inlined once."""
    if name not in TYPES:
        raise KeyError(name)
    schema = _load(name)
    schema["fields"][0]["type"] = _load("head")
    return schema


def _load(name: str) -> Schema:
    loaded: Schema = json.loads(_directory("avro").joinpath(f"{name}.avsc").read_text("utf-8"))
    return loaded


def _directory(name: str) -> Any:
    return resources.files("schemas").joinpath(name)


def _entry(name: str, version: int, schema: Schema) -> Entry:
    parsed = parse(schema)
    digest = fingerprint(to_parsing_canonical_form(parsed), "CRC-64-AVRO")
    # fastavro gives the fingerprint as the hexadecimal of its little-endian bytes.
    prefix = b"\xc3\x01" + bytes.fromhex(digest)
    return Entry(name, version, schema, parsed, prefix, frozenset(_sensitivities(schema)))


def parse(schema: Schema) -> Schema:
    """``schema`` as fastavro wants it, without logical types."""
    parsed = parse_schema(_without_logical_types(copy.deepcopy(schema)))
    assert isinstance(parsed, dict)
    return parsed


def _without_logical_types(node: Any) -> Any:
    if isinstance(node, dict):
        return {k: _without_logical_types(v) for k, v in node.items() if k != "logicalType"}
    if isinstance(node, list):
        return [_without_logical_types(item) for item in node]
    return node


def _sensitivities(node: Any) -> set[Sensitivity]:
    if isinstance(node, list):
        return set().union(*map(_sensitivities, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    found = {Sensitivity(node["sensitivity"])} if "sensitivity" in node else set()
    for key in ("fields", "type", "items"):
        found |= _sensitivities(node.get(key))
    return found
