"""The files that a run of the matching engine writes, read strictly, and the truth beside them.

References become positions in the truth file, which is in the order of arrival. What is not in
the truth, comes twice, or has another form is an error: a judge that guesses judges nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from schemas.errors import InputRefused

T = TypeVar("T")


class Link(NamedTuple):
    """A scored pair, positions in order."""

    score: float
    a: int
    b: int
    same: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of each line: its person, household, and families of error."""

    positions: dict[str, int]
    persons: list[str]
    households: list[str]
    families: list[frozenset[str]]


def read_truth(path: Path) -> Truth:
    """``{reference, person, household?, families}`` for every line."""
    truth = Truth({}, [], [], [])
    for number, line in _lines(path, "truth"):
        reference, person = line["reference"], line["person"]
        if truth.positions.setdefault(reference, len(truth.persons)) != len(truth.persons):
            raise _refused("truth", number, "has a reference that came before")
        truth.persons.append(person)
        truth.households.append(line.get("household", person))
        truth.families.append(frozenset(line["families"]))
    return truth


def read_links(path: Path, truth: Truth) -> list[Link]:
    """``{a, b, score, decision}``, the surest first; every pair at most once."""
    seen: set[tuple[int, int]] = set()

    def read(line: dict[str, Any]) -> Link:
        a, b = sorted((truth.positions[line["a"]], truth.positions[line["b"]]))
        if a == b or (a, b) in seen:
            raise ValueError("names a pair that came before, or a line with itself")
        seen.add((a, b))
        return Link(float(line["score"]), a, b, {"same": True, "compare": False}[line["decision"]])

    return sorted(_each(path, "links", read), key=lambda link: (-link.score, link.a, link.b))


def read_groups(path: Path, truth: Truth) -> list[str]:
    """``{reference, group}``, every reference once: the group of each position."""
    groups: dict[int, str] = {}

    def read(line: dict[str, Any]) -> None:
        position = truth.positions[line["reference"]]
        if position in groups:
            raise ValueError("has a reference that came before")
        groups[position] = str(line["group"])

    _each(path, "groups", read)
    if len(groups) != len(truth.persons):
        missing = len(truth.persons) - len(groups)
        raise InputRefused(
            f"the groups file lacks {missing} references of the truth",
            remedy="write every reference once",
        )
    return [groups[position] for position in range(len(groups))]


def read_alerts(path: Path, truth: Truth) -> dict[int, frozenset[int]]:
    """``{reference, matches}``: for a position the earlier positions that it was told of."""
    alerts: dict[int, frozenset[int]] = {}

    def read(line: dict[str, Any]) -> None:
        position = truth.positions[line["reference"]]
        matches = frozenset(truth.positions[match] for match in line["matches"])
        if position in alerts or any(match >= position for match in matches):
            raise ValueError("has a reference that came before, or a match that came later")
        alerts[position] = matches

    _each(path, "alerts", read)
    return alerts


def _each(path: Path, name: str, read: Callable[[dict[str, Any]], T]) -> list[T]:
    found = []
    for number, line in _lines(path, name):
        try:
            found.append(read(line))
        except KeyError as error:
            raise _refused(name, number, "lacks a field, or has a value not known here") from error
        except (TypeError, ValueError) as error:
            raise _refused(name, number, str(error)) from error
    return found


def _lines(path: Path, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                yield number, json.loads(line)
    except OSError as error:
        raise InputRefused(f"the {name} file cannot be read", remedy="check its path") from error
    except ValueError as error:
        raise InputRefused(
            f"the {name} file is not JSON Lines in UTF-8", remedy="write one object a line"
        ) from error


def _refused(name: str, number: int, problem: str) -> InputRefused:
    return InputRefused(
        f"line {number} of the {name} file {problem}",
        remedy="give the files of one run and the truth of its input",
    )
