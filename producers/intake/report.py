"""Problems and warnings found in one line; never with a value taken from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

MAX_PROBLEMS = 20
"""More problems than this in one line help nobody; the rest is left out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or odd, and what to do about it.

    ``field`` is a path such as ``identifiers[2].value``; empty when it is about the whole line.
    """

    field: str
    problem: str
    remedy: str


class Report:
    """Collects what the validators find in one line, read at ``now_ms``."""

    __slots__ = ("noted", "now_ms", "problems", "warnings")

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.noted = 0
        """How often something was noted, left out or not."""

    def refuse(self, field: str, problem: str, remedy: str) -> Any:
        """Notes what makes the line unacceptable. None, for a validator to return."""
        self.noted += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(field, problem, remedy))

    def warn(self, field: str, problem: str, remedy: str) -> Any:
        """Notes what is kept but should be looked at. None, as :meth:`refuse`."""
        self.noted += 1
        if len(self.warnings) < MAX_PROBLEMS:
            self.warnings.append(Problem(field, problem, remedy))

    def beneath(self, path: str, problems: int, warnings: int) -> None:
        """Puts ``path`` before the fields of what was noted after that many of each.

        A list names an entry only when there is something to say about it.
        """
        for noted, first in ((self.problems, problems), (self.warnings, warnings)):
            noted[first:] = [replace(one, field=path + one.field) for one in noted[first:]]
