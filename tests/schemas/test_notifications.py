import dataclasses
import typing
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given

from schemas import catalogue
from schemas.identities import new_id
from schemas.markings import Relation
from schemas.notifications import (
    CASE_TYPES,
    TYPES,
    Head,
    Marking,
    MissingChild,
    Notification,
)
from tests.strategies import notifications

REQUIRED_BY_US = {
    ("Identifier", "type"),
    ("Identifier", "value"),
    ("MediaHash", "algorithm"),
    ("MediaHash", "value"),
    ("TakedownStatus", "status"),
    ("TakedownStatus", "at"),
    ("EvidenceKind", "kind"),
    ("EvidenceKind", "strength"),
}
"""Items of arrays: a view withholds the array, so nobody makes one of these out of defaults."""

PLAIN = {"string": str, "int": int, "long": int, "boolean": bool}


@pytest.mark.parametrize("name", TYPES)
def test_types_follow_the_schemas(name: str) -> None:
    """Each frozen type has the fields, types, defaults and enum symbols of its schema."""
    _agree(TYPES[name], catalogue.contract(name), {})


@given(notifications())
def test_round_trip(notification: Notification) -> None:
    """The dictionary form gives back the same notification and holds no Python type of ours."""
    record = notification.to_record()
    assert type(notification).from_record(record) == notification
    _assert_plain(record)


def test_case_types() -> None:
    """What a case system publishes is a type, too."""
    assert set(CASE_TYPES) < set(TYPES)


def test_with_head() -> None:
    """A copy with another head leaves the original as it was."""
    original = MissingChild(_head())
    changed = original.with_head(relation=Relation.UPDATE)
    assert (original.head.relation, changed.head.relation) == (Relation.NEW, Relation.UPDATE)


def test_frozen() -> None:
    """Nothing in a notification can be changed."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        MissingChild(_head()).names = ("A",)  # type: ignore[misc]


@pytest.mark.parametrize(("valid_until", "expired"), [(None, False), (999, True), (1001, False)])
def test_expiry(valid_until: int | None, expired: bool) -> None:
    """A notification without end never expires; its last instant is not part of its time."""
    head = dataclasses.replace(_head(), valid_until=valid_until)
    assert head.expired(1000) is expired
    assert dataclasses.replace(head, valid_until=1000).expired(1000)


def _head() -> Head:
    id = new_id()
    return Head(id, "missing-child", 1, "FR", "FR-1", id, 0, Marking())


def _assert_plain(value: Any) -> None:
    assert type(value) in (dict, list, str, int, bool, type(None))
    for inner in value.values() if isinstance(value, dict) else ():
        _assert_plain(inner)
    for inner in value if isinstance(value, list) else ():
        _assert_plain(inner)


def _agree(hint: Any, node: Any, named: dict[str, Any]) -> None:
    """Asserts that the type hint ``hint`` says what schema ``node`` says."""
    if isinstance(node, str) and node in named:
        node = named[node]
    match node:
        case ["null", inner]:
            assert type(None) in typing.get_args(hint)
            _agree(next(a for a in typing.get_args(hint) if a is not type(None)), inner, named)
        case {"type": "array", "items": items}:
            assert (typing.get_origin(hint), typing.get_args(hint)[1]) == (tuple, ...)
            _agree(typing.get_args(hint)[0], items, named)
        case {"type": "enum", "symbols": symbols}:
            named[node["name"]] = node
            assert hint is str or [member.value for member in hint] == symbols
        case {"type": "record", "fields": fields}:
            named[node["name"]] = node
            assert hint.__name__ == node["name"]
            _agree_fields(hint, fields, named)
        case {"type": primitive}:
            assert hint is PLAIN[primitive]
        case _:
            assert hint is PLAIN[node]


def _agree_fields(cls: type, written: list[dict[str, Any]], named: dict[str, Any]) -> None:
    hints = typing.get_type_hints(cls)
    ours = {field.name: field for field in dataclasses.fields(cls)}
    assert ours.keys() == {field["name"] for field in written}
    for field in written:
        _agree(hints[field["name"]], field["type"], named)
        default = ours[field["name"]].default
        if "default" not in field:
            assert default is dataclasses.MISSING
        elif default is dataclasses.MISSING:
            assert (cls.__name__, field["name"]) in REQUIRED_BY_US
        else:
            assert _written(default) == field["default"]


def _written(default: Any) -> Any:
    if isinstance(default, StrEnum):
        return default.value
    return list(default) if isinstance(default, tuple) else default
