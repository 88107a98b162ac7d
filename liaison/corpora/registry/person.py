"""What is true of one person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from liaison.corpora.registry.belongings import Account, Picture
from liaison.corpora.registry.naming import Name, Part
from liaison.corpora.registry.origins import Origin

TODAY = date(2025, 1, 1)
"""Everybody is born before; a fixed day, so that a seed gives the same bytes for ever."""


@dataclass(slots=True)
class Person:
    """What is true of one person; every report is an observation of it."""

    key: str
    origin: Origin
    home: str
    role: str
    sex: str
    name: Name
    birth: date
    school: str
    """Of the Latin spelling in the person's own papers."""
    nationalities: tuple[str, ...]
    married: Part | None = None
    aliases: tuple[str, ...] = ()
    accounts: list[Account] = field(default_factory=list)
    shared: list[Account] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    series: str = ""
    tags: tuple[str, ...] = ()
