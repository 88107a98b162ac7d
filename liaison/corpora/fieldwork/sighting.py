"""One notification about a person: what this reporter knows, and how it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from liaison.corpora.fieldwork.person import Person
from liaison.corpora.fieldwork.places import PLACES, elsewhere
from liaison.corpora.fieldwork.slips import birth
from liaison.corpora.fieldwork.written_names import Writing
from liaison.corpora.fieldwork.written_values import algorithms, hashes, identifier, placeholder


@dataclass(frozen=True, slots=True)
class Source:
    """Where a report comes from, as shares: how often each field is known there."""

    share: float
    name: float
    born: float
    sex: float
    nationality: float
    value: float
    picture: float
    series: float
    loose: bool


SOURCES = (
    Source(0.62, 0.985, 0.93, 0.96, 0.7, 0.6, 0.6, 0.5, loose=False),  # a police file
    Source(0.25, 0.93, 0.78, 0.8, 0.4, 0.85, 0.7, 0.3, loose=True),  # a report of a platform
    Source(0.13, 0.93, 0.75, 0.95, 0.4, 0.4, 0.85, 0.85, loose=True),  # work on the material
)


class Sighting:
    """Fills in a line, and notes the families of what is wrong, missing or shared in it."""

    def __init__(self, rng: Random, person: Person, reporter: str, moment: datetime) -> None:
        self._rng = rng
        self._person = person
        self._place = PLACES[reporter]
        self._moment = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        self._source = rng.choices(SOURCES, [source.share for source in SOURCES])[0]
        self.families: set[str] = {f"origin:{person.origin.code}"}

    def line(self, number: int) -> dict[str, Any]:
        """The line in the intake format."""
        rng, person, place, source = self._rng, self._person, self._place, self._source
        reference = place.reference.format(year=self._moment[:4], number=number)
        line: dict[str, Any] = {
            "type": "identification", "reference": reference, "jurisdiction": place.code,
            "recipients": sorted({"XI", elsewhere(rng, place.code)}), "created": self._moment,
            "role": person.role,
            "status": rng.choice(("suspected", "identified", "identified", "safeguarded")
                                 if person.role == "victim" else ("suspected", "identified")),
        }  # fmt: skip
        self._belongings(line)
        strong = "identifiers" in line or "media_hashes" in line
        named = rng.random() < source.name or not strong
        if named:
            line["names"] = self._names()
        else:
            self.families.add("no-name")
        if rng.random() < source.born or not (strong or rng.random() < 0.1):
            line["birth_date"], family = birth(rng, person.born, source.loose)
            self._note(family)
        else:
            self.families.add("no-date")
        if rng.random() < source.sex:
            line["sex"] = person.sex if rng.random() > 0.006 else "mf"[person.sex == "m"]
        if rng.random() < source.nationality:
            line["nationalities"] = [person.nationality]
        if rng.random() < 0.2:
            line["urgency"] = rng.choice(("routine", "urgent"))
        return line

    def _note(self, family: str) -> None:
        if family:
            self.families.add(family)

    def _names(self) -> list[str]:
        rng, person, loose = self._rng, self._person, self._source.loose
        names = []
        if person.aliases and rng.random() < (0.12 if loose else 0.04):
            self.families.add("alias-only")
            return [rng.choice(person.aliases)]
        for _ in range(2 if rng.random() < 0.13 else 1):
            writing = Writing(rng, person, self._place)
            names.append(writing.text(loose=loose))
            self.families |= writing.families
        if person.aliases and rng.random() < 0.35:
            names.append(rng.choice(person.aliases))
        return list(dict.fromkeys(names))

    def _belongings(self, line: dict[str, Any]) -> None:
        rng, person, source = self._rng, self._person, self._source
        found = []
        for own in person.identifiers:
            if rng.random() < source.value:
                entry, family = identifier(rng, own, self._place, self._moment)
                found.append(entry)
                self._note(family)
                self._note(own.shared)
        if rng.random() < 0.008:
            found.append(placeholder(rng))
            self.families.add("generic")
        if found:
            rng.shuffle(found)
            line["identifiers"] = found
        self._media(line)

    def _media(self, line: dict[str, Any]) -> None:
        rng, person, source = self._rng, self._person, self._source
        kinds, out = algorithms(rng), []
        for picture, shared in person.pictures:
            if rng.random() < source.picture:
                entries, family = hashes(rng, picture, kinds, 0.18)
                out += entries
                self._note(family)
                self._note(shared)
        if out:
            line["media_hashes"] = out
        name, shared = person.series
        if name and rng.random() < source.series:
            line["series"] = (
                name if rng.random() < 0.85 else rng.choice((name.lower(), name.replace(" ", "-")))
            )
            self._note(shared)
