"""Problems and warnings found in one line; never with a value taken from it."""

from __future__ import annotations

from dataclasses import dataclass
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

    __slots__ = ("now_ms", "problems", "warnings")

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def refuse(self, field: str, problem: str, remedy: str) -> Any:
        """Notes what makes the line unacceptable. None, for a validator to return."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(field, problem, remedy))

    def warn(self, field: str, problem: str, remedy: str) -> Any:
        """Notes what is kept but should be looked at. None, as :meth:`refuse`."""
        if len(self.warnings) < MAX_PROBLEMS:
            self.warnings.append(Problem(field, problem, remedy))
