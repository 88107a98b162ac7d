"""The data files of this package, a line at a time; they belong to ``EVIDENCE_VERSION``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files

UNUSUAL = 60
"""Lines by which a spelling that is not a line's first stands further down."""


def lines(name: str) -> Iterator[str]:
    """The lines of ``data/name.txt`` that are neither empty nor remarks."""
    text = files(__package__).joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def standing(spellings: Iterable[Sequence[str]], usual: int) -> dict[str, int]:
    """How likely each spelling is meant: by line, the first ``usual`` of a line before others."""
    found: dict[str, int] = {}
    for place, line in enumerate(spellings):
        for order, spelling in enumerate(line):
            rank = place if order < usual else place + UNUSUAL
            found[spelling] = min(rank, found.get(spelling, rank))
    return found
