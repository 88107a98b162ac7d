"""Households and the persons in them whom somebody will report.

The hard cases are made here, because they are facts about people and not errors of offices:
siblings, twins, parent and child of one name, namesakes born on one day, shared telephones,
devices and wallets, one picture that shows several persons.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from liaison.corpora.registry import naming
from liaison.corpora.registry.equipment import Equipment
from liaison.corpora.registry.habits import Habits, jurisdictions
from liaison.corpora.registry.naming import Family, Name, Part
from liaison.corpora.registry.origins import Origin, origins
from liaison.corpora.registry.person import TODAY, Person
from liaison.corpora.registry.spelling import latin

ADULT = timedelta(days=18 * 365 + 5)
_POPULOUS = {"US": 7, "GB": 6, "FR": 5, "DE": 6, "PH": 5, "BR": 4, "RU": 4, "IN": 4, "ES": 4,
             "IT": 4, "PL": 3, "UA": 3, "JP": 3, "NL": 3, "CA": 3, "AU": 3, "RO": 3}  # fmt: skip

_PAPERS = {"cantonese": "cantonese", "TW": "traditional"}
"""Schools of papers that do not follow the language's own standard, by origin or state."""


class Population:
    """Draws persons, household by household; ``size`` is the number of reports to expect."""

    def __init__(self, rng: random.Random, size: int) -> None:
        self._rng = rng
        self._homes = list(jurisdictions().values())
        self._weights = [_POPULOUS.get(h.code, 2) for h in self._homes]
        self._households = 0
        self._earlier: list[Person] = []
        self._equipment = Equipment(rng, size)
        self.viral = self._equipment.viral

    def persons(self) -> Iterator[Person]:
        """Persons without end; those of one household one after the other."""
        kinds = (self._alone, self._siblings, self._twins, self._junior, self._generations,
                 self._couple, self._namesake)  # fmt: skip
        while True:
            (make,) = self._rng.choices(kinds, (77, 8, 3, 3, 3, 2, 4))
            self._households += 1
            household = make()
            for person in household:
                self._equipment.equip(person)
            self._equipment.share(household)
            self._remember(household[0])
            yield from household

    # ---- households ----------------------------------------------------------------------------

    def _alone(self) -> list[Person]:
        home, origin = self._place()
        family = naming.found(origin, self._rng)
        return [self._person(0, home, origin, family, victim=self._rng.random() < 0.6)]

    def _siblings(self) -> list[Person]:
        home, origin = self._place()
        family = naming.found(origin, self._rng)
        first = self._person(0, home, origin, family, victim=True)
        found, birth = [first], first.birth
        for index in range(1, self._rng.choice((2, 2, 2, 3))):
            birth += timedelta(days=self._rng.randrange(300, 2000))
            if birth < TODAY:
                found.append(self._person(index, home, origin, family, victim=True, birth=birth))
        return _tagged(found, "siblings") if len(found) > 1 else found

    def _twins(self) -> list[Person]:
        home, origin = self._place()
        family = naming.found(origin, self._rng)
        first = self._person(0, home, origin, family, victim=True)
        second = self._person(1, home, origin, family, victim=True, birth=first.birth)
        if second.name[0] == first.name[0] and second.sex == first.sex:
            return [first]
        return _tagged([first, second], "twins")

    def _junior(self) -> list[Person]:
        """Father and son, or mother and daughter, with the same given name and surname."""
        home, origin = self._place()
        family = naming.found(origin, self._rng)
        child = self._person(0, home, origin, family, victim=self._rng.random() < 0.5)
        birth = child.birth - timedelta(days=self._rng.randrange(7000, 14000))
        parent = self._person(1, home, origin, family, victim=False, birth=birth)
        parent.name, parent.sex = child.name, child.sex
        return _tagged([child, parent], "junior")

    def _generations(self) -> list[Person]:
        home, origin = self._place()
        family = naming.found(origin, self._rng)
        child = self._person(0, home, origin, family, victim=True)
        birth = child.birth - timedelta(days=self._rng.randrange(7000, 15000))
        older = family._replace(father=family.grandfather, grandfather=origin.male.draw(self._rng))
        parent = self._person(1, home, origin, older, victim=False, birth=birth)
        return _tagged([child, parent], "generations")

    def _couple(self) -> list[Person]:
        home, origin = self._place()
        pair = [
            self._person(i, home, origin, naming.found(origin, self._rng), victim=False)
            for i in (0, 1)
        ]
        return _tagged(pair, "couple")

    def _namesake(self) -> list[Person]:
        """A stranger of the same frequent name, born in the same year, or on the same day."""
        if not self._earlier:
            return self._alone()
        like = self._rng.choice(self._earlier)
        home = jurisdictions()[like.home] if self._rng.random() < 0.5 else self._place()[0]
        day = like.birth
        if self._rng.random() < 0.7:
            day = day.replace(month=self._rng.randrange(1, 13), day=self._rng.randrange(1, 29))
        family = naming.found(like.origin, self._rng)
        victim = like.role == "victim" or TODAY - day < ADULT
        person = self._person(0, home, like.origin, family, victim=victim, birth=day)
        person.name, person.sex = like.name, like.sex
        if like.origin.custom in ("spanish", "portuguese", "russian") and self._rng.random() < 0.7:
            person.name = self._cousin(like, family)
        return _tagged([person], "namesakes")

    def _remember(self, person: Person) -> None:
        """Only frequent names get namesakes: that is what makes them hard to tell apart."""
        origin, words = person.origin, {p.kind: p.word for p in person.name}
        given = (origin.female if person.sex == "f" else origin.male).frequent
        surnames = {naming.gendered(word, person.sex) for word in origin.surnames.frequent}
        if words["given"] in given and words.get("surname") in surnames:
            self._earlier.append(person)

    def _cousin(self, like: Person, family: Family) -> Name:
        """The same but for the second surname, or the patronymic."""
        given = next(p.word for p in like.name if p.kind == "given")
        surname = next(p.word for p in like.name if p.kind == "surname")
        fresh = naming.name(like.origin, family, given, None, like.sex)
        return tuple(p._replace(word=surname) if p.kind == "surname" else p for p in fresh)

    def _place(self) -> tuple[Habits, Origin]:
        (home,) = self._rng.choices(self._homes, self._weights)
        return home, origins()[home.origin(self._rng)]

    # ---- persons -------------------------------------------------------------------------------

    def _person(
        self,
        index: int,
        home: Habits,
        origin: Origin,
        family: Family,
        *,
        victim: bool,
        birth: date | None = None,
    ) -> Person:
        rng = self._rng
        sex = rng.choice("ffm") if victim else "m" if rng.random() < 0.88 else "f"
        extra = naming.given_name(origin, sex, rng) if rng.random() < 0.3 else None
        name = naming.name(origin, family, naming.given_name(origin, sex, rng), extra, sex)
        state = home.code if rng.random() < 0.6 else rng.choice(origin.states)
        person = Person(
            key=f"{self._households}/{index}",
            origin=origin,
            home=home.code,
            role="victim" if victim else "offender",
            sex=sex,
            name=name,
            birth=birth or _birth(victim, rng),
            school=_PAPERS.get(origin.name) or _PAPERS.get(state, "passport"),
            nationalities=(state,) if rng.random() < 0.9 else (state, rng.choice(origin.states)),
        )
        if not victim and sex == "f" and rng.random() < 0.6:
            word = naming.gendered(origin.surnames.draw(rng), "f")
            person.married = Part("surname", word)
        if rng.random() < 0.25:
            person.aliases = (self._alias(origin, sex),)
        return person

    def _alias(self, origin: Origin, sex: str) -> str:
        """Another name altogether, as used online."""
        given = latin(naming.given_name(origin, sex, self._rng), "english")
        other = latin(origin.surnames.draw(self._rng), "english")
        return self._rng.choice((f"{given} {other}", f"{given} {other[:1]}.", given))


def _tagged(persons: list[Person], tag: str) -> list[Person]:
    for person in persons:
        person.tags = (*person.tags, tag)
    return persons


def _birth(victim: bool, rng: random.Random) -> date:
    """Victims are up to 17 years old, offenders 18 to 75, most of them around 40."""
    years = rng.uniform(0.5, 18) if victim else min(75.0, max(18.0, rng.gauss(40, 12)))
    return TODAY - timedelta(days=int(years * 365.25) + 1)
