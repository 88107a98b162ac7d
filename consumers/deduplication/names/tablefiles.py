"""The data files of this package, a line at a time; they belong to ``EVIDENCE_VERSION``."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def lines(name: str) -> Iterator[str]:
    """The lines of ``data/name.txt`` that are neither empty nor remarks."""
    text = files(__package__).joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
