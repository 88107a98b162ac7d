from typing import Any

import pytest

from schemas.resolution import unreadable

ENUM = {"type": "enum", "name": "E", "symbols": ["a", "b"]}
WIDER = {"type": "enum", "name": "E", "symbols": ["a", "b", "c"]}


def record(*fields: dict[str, Any], name: str = "R") -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": list(fields)}


@pytest.mark.parametrize(
    ("reader", "writer"),
    [
        ("long", "int"),
        ("double", "long"),
        ("bytes", "string"),
        ("string", "string"),
        (["null", "string"], "string"),
        (["null", "long"], "int"),
        ("string", ["string"]),
        (WIDER, ENUM),
        ({**ENUM, "default": "a"}, WIDER),
        ({"type": "array", "items": "long"}, {"type": "array", "items": "int"}),
        ({"type": "map", "values": "long"}, {"type": "map", "values": "int"}),
        ({"type": "string", "logicalType": "uuid"}, "string"),
        (record(), record({"name": "a", "type": "string"})),
        (record({"name": "a", "type": "string", "default": ""}), record()),
        (
            record({"name": "a", "type": "string", "aliases": ["b"]}),
            record({"name": "b", "type": "string"}),
        ),
        (
            {**record({"name": "a", "type": "int"}), "namespace": "liaison"},
            {**record({"name": "a", "type": "int"}), "name": "liaison.R"},
        ),
    ],
)
def test_readable(reader: Any, writer: Any) -> None:
    """What the specification lets a reader resolve is readable."""
    assert unreadable(reader, writer) == []


@pytest.mark.parametrize(
    ("reader", "writer", "problem"),
    [
        ("int", "long", "record: long cannot be read as int"),
        ("string", ["null", "string"], "record: null cannot be read as string"),
        (["null", "int"], "string", "record: no branch of the union takes string"),
        (ENUM, WIDER, "record: the symbols c are unknown to an enum without default"),
        (ENUM, {**ENUM, "name": "F"}, "record: the type F was renamed to E"),
        (
            {"type": "array", "items": "int"},
            {"type": "array", "items": "string"},
            "record[]: string cannot be read as int",
        ),
        (
            {"type": "map", "values": "int"},
            {"type": "map", "values": "string"},
            "record{}: string cannot be read as int",
        ),
        (
            {"type": "fixed", "name": "F", "size": 4},
            {"type": "fixed", "name": "F", "size": 8},
            "record: 8 bytes cannot be read as 4",
        ),
        (
            record({"name": "a", "type": "string"}),
            record(),
            "record.a: is not always written and has no default",
        ),
        (record(), record(name="S"), "record: the type S was renamed to R"),
        (
            record({"name": "a", "type": record({"name": "b", "type": "int"})}),
            record({"name": "a", "type": record({"name": "b", "type": "string"})}),
            "record.a.b: string cannot be read as int",
        ),
    ],
)
def test_unreadable(reader: Any, writer: Any, problem: str) -> None:
    """What it does not is named with its path."""
    assert unreadable(reader, writer) == [problem]


def test_named_types_are_found_where_they_are_used_again() -> None:
    """A type that is used by its name is looked at like the definition it stands for."""
    before = record({"name": "a", "type": ENUM}, {"name": "b", "type": "E"})
    after = record({"name": "b", "type": WIDER}, {"name": "a", "type": "E"})
    assert unreadable(before, after) == [
        "record.a: the symbols c are unknown to an enum without default",
        "record.b: the symbols c are unknown to an enum without default",
    ]
