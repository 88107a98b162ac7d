import copy
import json
from pathlib import Path
from typing import Any

import pytest

from schemas import catalogue, codec, release
from schemas.evolution import check
from schemas.notifications import TYPES
from tests.strategies import marked

OLD = catalogue.contract("missing-child")


@pytest.mark.parametrize("name", TYPES)
def test_current_schemas(name: str) -> None:
    """Every current schema may follow all that were released, transitively."""
    assert check(catalogue.contract(name), catalogue.VERSION, catalogue.released(name)) == []


@pytest.mark.parametrize("name", TYPES)
def test_released(name: str) -> None:
    """The current contract is released: a changed one needs a new version and its release."""
    released = catalogue.released(name)
    assert check(catalogue.contract(name), max(released), released) == []


def test_nothing_else_is_released() -> None:
    """Every file in released/ belongs to a type."""
    files = {p.name for p in catalogue._directory("released").iterdir() if p.name != "README.md"}
    assert files == {f"{n}-{v}.avsc" for n in TYPES for v in catalogue.released(n)}


@pytest.mark.parametrize("name", TYPES)
def test_released_records_stay_readable(name: str) -> None:
    """A record in any released version is decoded today."""
    for schema in catalogue.released(name).values():
        prefix = catalogue._entry(name, 1, schema).prefix
        assert catalogue.by_prefix()[prefix].name == name
    assert codec.decode(codec.encode_record(name, marked(name))).head.type == name


def test_new_field_with_default() -> None:
    """A field that old records lack is fine when it has a default."""
    new = copy.deepcopy(OLD)
    new["fields"].append(_field("hair"))
    assert check(new, 2, {1: OLD}) == []


def test_comments() -> None:
    """Words may be mended within a version."""
    new = copy.deepcopy(OLD)
    new["doc"] = "Better words."
    new["fields"][1]["doc"] = "Better words."
    assert check(new, 1, {1: OLD}) == []


def test_change_within_a_version() -> None:
    """Anything else within a version is refused, compatible or not."""
    new = copy.deepcopy(OLD)
    new["fields"].append(_field("hair"))
    expected = "differs from what was released as version 1: raise catalogue.VERSION"
    assert check(new, 1, {1: OLD}) == [expected]


def test_new_field_without_default() -> None:
    """A field that old records lack needs a default."""
    new = copy.deepcopy(OLD)
    new["fields"].append({"name": "hair", "type": "string", "sensitivity": "public"})
    assert check(new, 2, {1: OLD}) == [
        "version 1: record.hair: is not always written and has no default (reading old records)"
    ]


def test_dropped_field_without_default() -> None:
    """A field without default cannot go: old nodes need it."""
    new = copy.deepcopy(OLD)
    del new["fields"][0]
    assert check(new, 2, {1: OLD}) == [
        "version 1: record.head: is not always written and has no default (read by old nodes)"
    ]


def test_transitive() -> None:
    """Every released version counts, not only the newest."""
    second = copy.deepcopy(OLD)
    second["fields"] = [field for field in OLD["fields"] if field["name"] != "vehicle"]
    third = copy.deepcopy(second)
    third["fields"].append({**_field("vehicle"), "type": "string", "default": ""})
    problems = check(third, 3, {1: OLD, 2: second})
    assert problems == [
        "version 1: record.vehicle: null cannot be read as string (reading old records)",
        "vehicle: the name of a field dropped earlier; choose another",
    ]


def test_new_enum_symbol() -> None:
    """A symbol that old nodes do not know needs an enum default."""
    new = copy.deepcopy(OLD)
    _named(new, "sex")["type"][1]["symbols"].append("n")
    assert check(new, 2, {1: OLD}) == [
        "version 1: record.sex: no branch of the union takes enum (read by old nodes)"
    ]
    new = copy.deepcopy(OLD)
    head = new["fields"][0]["type"]
    urgency = next(field for field in head["fields"] if field["name"] == "urgency")
    urgency["type"]["symbols"].append("later")
    assert check(new, 2, {1: OLD}) == []


def test_sensitivity_removed() -> None:
    """A field that no longer says how sensitive it is, or in an unknown word, is refused."""
    for change in ({}, {"sensitivity": "hidden"}):
        new = copy.deepcopy(OLD)
        names = _named(new, "names")
        del names["sensitivity"]
        names |= change
        assert "names: has no sensitivity" in check(new, 2, {1: OLD})


def test_sensitivity_loosened() -> None:
    """A field may be released more freely only in a new version."""
    new = copy.deepcopy(OLD)
    _named(new, "names")["sensitivity"] = "case"
    assert check(new, 1, {1: OLD})[0] == (
        "names: the sensitivity identity became case without a new version; "
        "nodes that have this version withhold it by the old one"
    )
    assert check(new, 2, {1: OLD}) == []


def test_other_meaning() -> None:
    """A name that now means something else is refused although Avro would read it."""
    new = copy.deepcopy(OLD)
    head = new["fields"][0]["type"]
    created = next(field for field in head["fields"] if field["name"] == "created")
    created["type"]["logicalType"] = "timestamp-micros"
    assert check(new, 2, {1: OLD}) == [
        "version 1: head.created: the same name means timestamp-micros, it was timestamp-millis"
    ]


def test_release(tmp_path: Path) -> None:
    """Releasing writes self-contained contracts of what is new."""
    written = release.release(tmp_path, lambda _: {})
    assert sorted(written) == sorted(f"{name}-{catalogue.VERSION}.avsc" for name in TYPES)
    for name in TYPES:
        path = tmp_path / f"{name}-{catalogue.VERSION}.avsc"
        assert json.loads(path.read_text("utf-8")) == catalogue.contract(name)


def test_release_twice(tmp_path: Path) -> None:
    """What did not change since it was released is not released again."""
    assert release.release(tmp_path, lambda name: {1: catalogue.contract(name)}) == []


def test_release_refused(tmp_path: Path) -> None:
    """A forbidden change is not released, and the refusal says what it is."""
    with pytest.raises(ValueError, match=r"takedown: .* raise catalogue.VERSION"):
        release.release(
            tmp_path, lambda name: {catalogue.VERSION: OLD} if name == "takedown" else {}
        )
    assert list(tmp_path.iterdir()) == []


def _field(name: str) -> dict[str, Any]:
    return {"name": name, "type": ["null", "string"], "default": None, "sensitivity": "identity"}


def _named(schema: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(field for field in schema["fields"] if field["name"] == name)
    return found
