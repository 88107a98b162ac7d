import copy
from collections.abc import Iterator
from typing import Any

import pytest

from schemas import catalogue
from schemas.notifications import TYPES
from schemas.soundness import EARLIEST_MS, LATEST_MS, Unsound, check, check_head
from tests.strategies import marked, schema_fields

NONSENSE = {
    "uuid": ("case-1", "an id is not a UUID"),
    "timestamp-millis": (LATEST_MS + 1, "an instant is outside the years 1 to 9999"),
}


def logical_fields(name: str) -> Iterator[tuple[str, str]]:
    """Path and logical type of every field of the contract that has one."""
    for path, field in schema_fields(catalogue.contract(name)):
        branches = field["type"] if isinstance(field["type"], list) else [field["type"]]
        for branch in branches:
            if isinstance(branch, dict) and "logicalType" in branch:
                yield path, branch["logicalType"]


@pytest.mark.parametrize(
    ("name", "path", "kind"),
    [(name, path, kind) for name in TYPES for path, kind in logical_fields(name)],
)
def test_every_logical_type(name: str, path: str, kind: str) -> None:
    """Whatever a contract gives a logical type is held to it, wherever it stands."""
    value, problem = NONSENSE[kind]
    record = marked(name)
    check(name, record)
    _put(record, path.split("."), value)
    with pytest.raises(Unsound, match=problem):
        check(name, record)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("origin", "fr", "the origin in the head is not a jurisdiction code"),
        ("version", 0, "a version in the head is not counted from 1"),
        ("revision", 0, "a version in the head is not counted from 1"),
        ("revision", -1, "a number is negative or takes more than 31 bits"),
        ("version", 2**31, "a number is negative or takes more than 31 bits"),
        ("id", "case-1", "an id is not a UUID"),
        ("reference", "FR\0", "holds a zero character"),
    ],
)
def test_heads(field: str, value: Any, problem: str) -> None:
    """A head is held to the same, alone and in its record."""
    record = marked("recall")
    record["head"][field] = value
    with pytest.raises(Unsound, match=problem):
        check("recall", record)
    with pytest.raises(Unsound, match=problem):
        check_head(record["head"])


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("jurisdiction", "FRANCE", "the jurisdiction of a side is not a code"),
        ("jurisdiction", "f\0", "the jurisdiction of a side is not a code"),
        ("role", "r" * 17, "the role of a side is longer than 16 characters"),
        ("role", "\0", "holds a zero character"),
        ("reference", "FR-1\0", "holds a zero character"),
    ],
)
@pytest.mark.parametrize("side", ["yours", "theirs"])
def test_sides(side: str, field: str, value: str, problem: str) -> None:
    """What a hub says of a case fits the columns that it is kept in, in any database."""
    record = marked("match-alert")
    record[side][field] = value
    with pytest.raises(Unsound, match=problem):
        check("match-alert", record)


@pytest.mark.parametrize("instant", [EARLIEST_MS, -1, 0, LATEST_MS])
def test_old_cases(instant: int) -> None:
    """An instant before 1970 is one: some children have been missing for long."""
    record = marked("missing-child")
    record["last_seen"]["at"] = instant
    before = copy.deepcopy(record)
    check("missing-child", record)
    assert record == before


def _put(record: Any, path: list[str], value: Any) -> None:
    for step in path[:-1]:
        record = record[step]
        record = record[0] if isinstance(record, list) else record
    record[path[-1]] = value
