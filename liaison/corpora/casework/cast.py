"""The cast of a case: a family, a class, a club or strangers met online; and offenders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from liaison.corpora.casework import accounts, people
from liaison.corpora.casework.accounts import Account
from liaison.corpora.casework.belongings import equip_offender, equip_victim, stem
from liaison.corpora.casework.media import Picture
from liaison.corpora.casework.people import Person
from liaison.corpora.casework.places import Place, homeland, places
from liaison.corpora.casework.tables import Origin
from liaison.corpora.casework.world import Community, World

_GROUPS = ("single", "family", "class", "club", "online")
_GROUP_SHARES = (40, 22, 11, 9, 18)
_PLACE_WEIGHTS = [place.weight for place in places()]
_JUNIOR = ("Jr.", "junior", "jun.", "II", "fils", "hijo", "Filho")
_SENIOR = ("Sr.", "senior", "sen.", "", "père", "padre", "")


@dataclass(slots=True)
class Case:
    """One case while its cast is put together."""

    key: str
    world: World
    random: Random
    numbers: Iterator[int]
    places: list[Place] = field(default_factory=list)
    pool: list[Picture] = field(default_factory=list)

    def cast(self) -> tuple[list[Person], list[Place], Community]:
        """Everybody in it, the jurisdictions that work on it, and where it happened."""
        random = self.random
        count = random.choices((1, 2, 3, 5), (45, 30, 17, 8))[0]
        drawn = random.choices(places(), _PLACE_WEIGHTS, k=count)
        self.places = list(dict.fromkeys(drawn))
        self.pool = [self.world.scene() for _ in range(random.randint(1, 6))]
        community = self.world.community()
        group = random.choices(_GROUPS, _GROUP_SHARES)[0]
        victims = self._victims(group, community)
        offenders = self._offenders(community, random.choices((0, 1, 2, 4), (18, 52, 22, 8))[0])
        if group == "family" and random.random() < 0.3:
            offenders.append(self._parent(victims[-1]))
        for person in (*victims, *offenders):
            person.groups["case"] = self.key
        return victims + offenders, self.places, community

    def _person(self, role: str, place: Place, birth: date, origin: Origin | None = None) -> Person:
        random, stranger = self.random, origin is None
        if origin is None:
            origin = people.origin_named(random.choices(place.origins, place.shares)[0])
        sex = random.choices("fm", (62, 38) if role == "victim" else (12, 88))[0]
        own = homeland(origin.name) if random.random() < 0.6 else place.code
        person = Person(
            key=f"P{next(self.numbers):06}",
            role=role,
            sex=sex,
            origin=origin,
            given=people.given_names(origin, sex, random),
            family=people.family_names(origin, random),
            father=people.father_name(origin, random),
            birth=birth,
            nationality=own if own not in ("XE", "XI") else homeland(origin.name),
        )
        if stranger:
            self._resemble(person)
        if random.random() < (0.2 if role == "offender" and sex == "f" else 0.04):
            person.other_family = people.family_names(person.origin, random)
        return person

    def _resemble(self, person: Person) -> None:
        """Now and then a stranger has the name, and maybe the birthday, of somebody known."""
        random, recent = self.random, self.world.recent
        if len(recent) > 20 and random.random() < 0.01:
            found = [p for p in random.sample(recent, 12) if p.role == person.role]
            found.sort(key=lambda p: p.family[0] not in p.origin.s.words[:15])
            if found:
                other = found[0]
                person.origin, person.sex = other.origin, other.sex
                person.given, person.family = other.given, other.family
                person.nationality = other.nationality
                person.father = people.father_name(other.origin, random)
                person.traps = ("namesake",)
                if random.random() < 0.35:
                    person.birth = other.birth
                else:
                    day = min(person.birth.day, 28)
                    person.birth = date(other.birth.year, person.birth.month, day)
        elif random.random() < 0.2:
            recent.append(person)

    def _victims(self, group: str, community: Community) -> list[Person]:
        random = self.random
        match group:
            case "family":
                found = self._siblings(random.choices((1, 2, 3, 4), (10, 55, 25, 10))[0])
            case "class" | "club":
                size, span = (
                    (random.randint(3, 9), 0) if group == "class" else (random.randint(2, 7), 3)
                )
                year = random.randint(2004, 2017)
                births = [_day(random, year, year + span) for _ in range(size)]
                found = [self._person("victim", self.places[0], birth) for birth in births]
                for person in found:
                    person.groups[group] = self.key
                    person.traps += ("classmate",) if group == "class" else ()
            case "online":
                drawn = random.choices(places(), _PLACE_WEIGHTS, k=random.randint(2, 8))
                self.places += [place for place in drawn if place not in self.places][:3]
                found = [self._person("victim", p, _day(random, 2004, 2016)) for p in drawn]
            case _:
                found = [self._person("victim", self.places[0], _day(random, 2004, 2018))]
        series = random.choice(community.series) if random.random() < 0.6 else ""
        for person in found:
            equip_victim(person, self.world, self.places[0], community, self.pool)
            person.series = series
        return found

    def _siblings(self, size: int) -> list[Person]:
        random = self.random
        first = self._person("victim", self.places[0], _day(random, 2004, 2016))
        number, recycled = self.world.phone(self.places[0])
        home = [
            Account(a.kind, a.value, shared=True, place=a.place)
            for a in (number, accounts.email(stem(first, random), random))
        ]
        found = [first]
        while len(found) < size:
            twin = random.random() < 0.22
            gap = timedelta(0 if twin else random.randint(300, 2200))
            birth = min(found[-1].birth + gap, date(2021, 12, 1))
            other = self._person("victim", self.places[0], birth, first.origin)
            other.birth, other.family, other.father = birth, first.family, first.father
            other.nationality, other.traps = first.nationality, ("twin",) if twin else ("sibling",)
            if any(other.given[0] == known.given[0] for known in found):
                continue
            found.append(other)
        for person in found:
            person.accounts += home
            person.groups["family"] = self.key
            person.traps += ("phone-recycled",) if recycled else ()
        return found

    def _parent(self, child: Person) -> Person:
        """A parent of the child's very name, or only of its surname, on the same telephone."""
        birth = date(max(child.birth.year - self.random.randint(20, 40), 1945), 3, 1)
        birth += timedelta(self.random.randint(0, 360))
        found = self._person("offender", self.places[0], birth, child.origin)
        found.family, found.nationality, found.birth = child.family, child.nationality, birth
        if self.random.random() < 0.6:
            found.given, found.sex = child.given, child.sex
            found.traps = ("parent-child",)
            child.traps += ("parent-child",)
            at = self.random.randrange(len(_JUNIOR))
            child.suffix, found.suffix = _JUNIOR[at], _SENIOR[at]
        found.accounts = [a for a in child.accounts if a.shared]
        found.accounts += [accounts.national_id(self.random), accounts.device(self.random)]
        found.pictures = child.pictures[:1]
        found.groups["family"] = self.key
        return found

    def _offenders(self, community: Community, count: int) -> list[Person]:
        found = []
        for _ in range(count):
            place = self.random.choice(self.places)
            person = self._person("offender", place, _day(self.random, 1948, 2003))
            equip_offender(person, self.world, place, community, self.pool)
            found.append(person)
        return found


def _day(random: Random, first: int, last: int) -> date:
    return date(random.randint(first, last), 1, 1) + timedelta(random.randint(0, 364))
