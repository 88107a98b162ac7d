"""The generators by name. A new one is one entry here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from liaison.corpora import casework, fieldwork, registry

Truth = tuple[dict[str, Any], str, tuple[str, ...]]
"""A line of the intake format; the person; the families of error and hard cases in it, sorted.

A family with a colon, as ``origin:greek``, describes the line and is no error.
Two lines have the same person exactly if they are about the same person. A person may be written
``household/person``: what is before the slash is shared by a family.
"""

Generator = Callable[[int, int], Iterator[Truth]]
"""From the number of notifications and the seed to so many lines, in the order of arrival.

The same arguments give the same lines on every machine. References are unique in the whole corpus.
"""

GENERATORS: dict[str, Generator] = {
    "casework": casework.generate,
    "fieldwork": fieldwork.generate,
    "registry": registry.generate,
}
