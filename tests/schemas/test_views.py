import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import catalogue, codec, views
from schemas.errors import MalformedRecord
from schemas.markings import Sensitivity
from schemas.notifications import TYPES, Notification, Record
from tests.strategies import marked, notifications
from tests.strategies import views as released_sets

names = st.sampled_from(sorted(TYPES))
Released = frozenset[Sensitivity]


@given(names, released_sets)
def test_nothing_withheld_remains(name: str, released: Released) -> None:
    """A marker in every field: none of a withheld sensitivity is left, all others are."""
    whole = codec.encode_record(name, marked(name))
    view = views.reduce_bytes(whole, released)
    released |= {Sensitivity.PUBLIC}
    for sensitivity in Sensitivity:
        marker = f"§{sensitivity.value}".encode()
        expected = whole.count(marker) if sensitivity in released else 0
        assert view.count(marker) == expected


@given(names, released_sets)
def test_withheld_fields_hold_their_defaults(name: str, released: Released) -> None:
    """Field by field: the default where it is withheld, the value itself where it is not."""
    record = marked(name)
    view = views.reduce_record(record, released)
    head = {**view["head"], "withheld": record["head"]["withheld"]}
    schema = catalogue.contract(name)
    _assert_reduced({**view, "head": head}, record, schema, released | {Sensitivity.PUBLIC}, {})


@given(notifications())
def test_everything_released(notification: Notification) -> None:
    """A view that releases everything is the notification itself, byte for byte."""
    data = codec.encode(notification)
    assert views.reduce_bytes(data, frozenset(Sensitivity)) is data


@given(notifications(), released_sets)
def test_idempotent(notification: Notification, released: Released) -> None:
    """The view of a view is that view."""
    view = views.reduce_bytes(codec.encode(notification), released)
    assert views.reduce_bytes(view, released) == view


@given(notifications(), released_sets, released_sets)
def test_monotone(notification: Notification, one: Released, other: Released) -> None:
    """Two views in a row show what both release: reducing never brings anything back."""
    data = codec.encode(notification)
    in_turn = views.reduce_bytes(views.reduce_bytes(data, one), other)
    assert in_turn == views.reduce_bytes(data, one & other)


@given(notifications(), released_sets)
def test_argument_unchanged(notification: Notification, released: Released) -> None:
    """Reducing a record leaves the record given as it was, and shares no list with a default."""
    record = notification.to_record()
    before = copy.deepcopy(record)
    view = views.reduce_record(record, released)
    for value in view.values():
        if isinstance(value, list):
            value.append("scribble")
    assert {**record, **_lists(record, before)} == before
    again = views.reduce_record(before, released)
    assert not any("scribble" in value for value in again.values() if isinstance(value, list))


@given(notifications(), released_sets)
def test_withheld_is_said(notification: Notification, released: Released) -> None:
    """The head of a view names what was left out, sorted, and a view can be read as any other."""
    view = codec.decode(views.reduce_bytes(codec.encode(notification), released))
    of_type = catalogue.entry(notification.head.type).sensitivities
    missing = of_type - released - {Sensitivity.PUBLIC}
    expected = {*notification.head.withheld, *(s.value for s in missing)}
    assert view.head.withheld == tuple(sorted(expected))


def test_malformed() -> None:
    """Bytes that cannot be read have no view."""
    with pytest.raises(MalformedRecord):
        views.reduce_bytes(b"", frozenset())


def _lists(record: Record, before: Record) -> Record:
    """What the test itself scribbled into lists that the view rightly shares."""
    return {key: before[key] for key, value in record.items() if isinstance(value, list)}


def _assert_reduced(
    view: Any, whole: Any, node: Any, released: Released, named: dict[str, Any]
) -> None:
    if isinstance(node, str) and node in named:
        node = named[node]
    match node:
        case ["null", inner]:
            _assert_reduced(view, whole, inner, released, named)
        case {"type": "array", "items": items}:
            for seen, written in zip(view, whole, strict=True):
                _assert_reduced(seen, written, items, released, named)
        case {"type": "record", "fields": fields}:
            named[node["name"]] = node
            assert view.keys() == {field["name"] for field in fields}
            for field in fields:
                name = field["name"]
                if Sensitivity(field["sensitivity"]) not in released:
                    assert view[name] == field["default"] != whole[name]
                    named.update(_names(field["type"]))
                else:
                    _assert_reduced(view[name], whole[name], field["type"], released, named)
        case _:
            assert view == whole


def _names(node: Any) -> dict[str, Any]:
    """The named types that are defined somewhere inside ``node``."""
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    found = {node["name"]: node} if isinstance(node, dict) and "symbols" in node else {}
    if isinstance(node, dict) and node.get("type") == "record":
        found[node["name"]] = node
    for child in inner:
        found |= _names(child)
    return found
