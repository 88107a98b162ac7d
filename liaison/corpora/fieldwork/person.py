"""Who a notification is about: the truth, before anybody writes it down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from liaison.corpora.fieldwork.origin import Family, Origin
from liaison.corpora.fieldwork.words import Word


@dataclass(frozen=True, slots=True)
class Picture:
    """A file and the picture in it. A copy is another file of one picture."""

    number: int
    pdq: int
    """256 bits."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """``kind`` as in the intake format; of a telephone number the jurisdiction is ``place``."""

    kind: str
    value: str
    place: str = ""
    """Also the platform of a user name."""
    shared: str = ""
    """The family of values that several persons have; empty for a value of one person."""


@dataclass(slots=True)
class Person:
    """One person. ``traps`` are the families of hard cases that the person is part of."""

    key: str
    """``household/person`` where there is a household."""
    origin: Origin
    role: str
    sex: str
    given: Word
    middles: tuple[Word, ...]
    surnames: tuple[Family, ...]
    particle: str
    born: date
    home: str
    nationality: str
    married: Family | None = None
    passport: int = 0
    """The scheme by which the passport spells the name."""
    aliases: tuple[str, ...] = ()
    identifiers: list[Identifier] = field(default_factory=list)
    pictures: list[tuple[Picture, str]] = field(default_factory=list)
    """With the family of a picture that several persons have."""
    series: tuple[str, str] = ("", "")
    """The name, and its family where several persons have it."""
    traps: set[str] = field(default_factory=set)

    def surname(self) -> Word:
        """The first surname in the form for the person."""
        return self.surnames[0].of(self.sex)
