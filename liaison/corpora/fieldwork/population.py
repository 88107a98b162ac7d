"""The persons of a corpus: singles, households, namesakes, and what strangers have in common."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from liaison.corpora.fieldwork import belongings as own
from liaison.corpora.fieldwork.cyrillic import patronymic, russian, ukrainian
from liaison.corpora.fieldwork.origin import Origin
from liaison.corpora.fieldwork.origins import origins
from liaison.corpora.fieldwork.person import Identifier, Person
from liaison.corpora.fieldwork.places import CODES
from liaison.corpora.fieldwork.words import Word

TODAY = date(2026, 1, 1)


class Population:
    """Makes persons, one household at a time, without end."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._count = 0

    def __iter__(self) -> Iterator[list[Person]]:
        while True:
            family = self._family()
            for person in family:
                own.equip(self._rng, person, (TODAY - person.born).days // 365)
            yield family

    def _family(self) -> list[Person]:
        kind = self._rng.random()
        for below, make in (
            (0.028, self._siblings), (0.039, self._twins), (0.05, self._junior),
            (0.06, self._couple), (0.068, self._namesakes),
        ):  # fmt: skip
            if kind < below:
                return make()
        return [self.person()]

    def person(self, *, role: str = "", origin: Origin | None = None, age: int = -1,
               household: str = "") -> Person:  # fmt: skip
        """Somebody new."""
        rng = self._rng
        self._count += 1
        role = role or ("victim" if rng.random() < 0.55 else "offender")
        origin = origin or rng.choice(origins())
        sex = "f" if rng.random() < (0.72 if role == "victim" else 0.09) else "m"
        if age < 0:
            age = rng.randint(2, 17) if role == "victim" else int(rng.triangular(18, 76, 34))
        born = TODAY - timedelta(days=age * 365 + rng.randint(1, 364))
        home = rng.choice(origin.residences) if rng.random() < 0.85 else rng.choice(CODES)
        key = f"p{self._count}"
        given = origin.given[sex].draw(rng)
        families = [origin.families.draw(rng) for _ in range(origin.surnames)]
        person = Person(
            f"{household}/{key}" if household else key, origin, role, sex, given,
            self._middles(origin, sex, given), tuple(families),
            rng.choice(origin.particles) if origin.particles and rng.random() < 0.12 else "",
            born, home, rng.choice(origin.countries),
        )  # fmt: skip
        person.passport = rng.choices(range(len(origin.schemes)), origin.schemes)[0]
        if sex == "f" and age > 22 and rng.random() < 0.45:
            person.married = origin.families.draw(rng)
        if role == "offender" and rng.random() < 0.4:
            person.aliases = tuple(own.alias(rng) for _ in range(rng.choice((1, 1, 2))))
        return person

    def _middles(self, origin: Origin, sex: str, given: Word) -> tuple[Word, ...]:
        rng = self._rng
        if origin.middle == "patronymic":
            father = origin.given["m"].draw(rng).native
            if origin.code == "ukrainian":
                return (ukrainian(patronymic(father, sex, ukrainian=True)),)
            return (russian(patronymic(father, sex)),)
        if origin.middle == "father":
            return tuple(origin.given["m"].draw(rng) for _ in range(rng.choice((1, 1, 2))))
        if origin.middle == "maiden":
            return (origin.families.draw(rng).male,)
        if origin.middle == "second" and rng.random() < 0.45:
            second = origin.given[sex].draw(rng)
            return (second,) if second != given else ()
        return ()

    def _relative(self, of: Person, role: str, age: int, *, given: Word | None = None,
                  sex: str = "") -> Person:  # fmt: skip
        """Somebody of the same household, with the surname and the patronymic of the family."""
        rng = self._rng
        new = self.person(role=role, origin=of.origin, age=age, household=of.key.split("/")[0])
        if sex and new.sex != sex:
            new.sex = sex
            new.given = of.origin.given[sex].draw(rng)
            new.middles = ()
        new.given = given or new.given
        new.surnames, new.particle, new.home = of.surnames, of.particle, of.home
        new.nationality, new.married = of.nationality, None
        if of.origin.middle == "patronymic" and of.middles:
            new.middles = of.middles if new.sex == of.sex else ()
        elif of.origin.middle in ("father", "maiden"):
            new.middles = of.middles
        return new

    def _share(self, persons: list[Person], trap: str) -> None:
        """What a household has together: a telephone, a computer, a connection."""
        rng = self._rng
        for person in persons:
            person.traps.add(trap)
        if rng.random() < 0.35:
            self._to_all(persons, own.telephone(rng, persons[0].home), "shared-phone")
        if rng.random() < 0.2:
            self._to_all(persons, own.device(rng), "shared-device")
        if rng.random() < 0.3:
            self._to_all(persons, own.address(rng), "shared-ip")
        if rng.random() < 0.45 and all(p.role == "victim" for p in persons):
            for _ in range(rng.randint(1, 2)):
                together = own.picture(rng)
                for person in persons:
                    person.pictures.append((together, "shared-picture"))
            name = own.series_name(rng), "series"
            for person in persons:
                person.series = name

    @staticmethod
    def _to_all(persons: list[Person], value: Identifier, family: str) -> None:
        shared = Identifier(value.kind, value.value, value.place, family)
        for person in persons:
            person.identifiers.append(shared)

    def _siblings(self) -> list[Person]:
        rng = self._rng
        first = self.person(role="victim", household=f"h{self._count}")
        family = [first]
        age = (TODAY - first.born).days // 365
        for _ in range(rng.choice((1, 1, 2))):
            other = self._relative(first, "victim", max(2, min(17, age + rng.randint(-5, 5))))
            while other.given in [sibling.given for sibling in family]:
                other.given = other.origin.given[other.sex].draw(rng)
            family.append(other)
        self._share(family, "siblings")
        return family

    def _twins(self) -> list[Person]:
        first = self.person(role="victim", household=f"h{self._count}")
        second = self._relative(first, "victim", 5, sex=first.sex)
        pool = first.origin.given[first.sex].items
        while second.given == first.given:
            second.given = first.origin.given[first.sex].draw(self._rng)
        alike = [w for w in pool if w.latin[0][:2] == first.given.latin[0][:2] and w != first.given]
        if alike and self._rng.random() < 0.4:
            second.given = self._rng.choice(alike)
        second.born = first.born
        self._share([first, second], "twins")
        return [first, second]

    def _junior(self) -> list[Person]:
        """Father and son, or mother and daughter, of one name."""
        rng = self._rng
        father = self.person(role="offender", household=f"h{self._count}", age=rng.randint(36, 65))
        age = (TODAY - father.born).days // 365 - rng.randint(19, 34)
        role = "victim" if age < 18 else "offender"
        child = self._relative(father, role, max(2, age), given=father.given, sex=father.sex)
        self._share([father, child], "junior")
        return [father, child]

    def _couple(self) -> list[Person]:
        """Two offenders, who married; or a parent and a child."""
        rng = self._rng
        first = self.person(role="offender", household=f"h{self._count}", age=rng.randint(24, 50))
        if rng.random() < 0.5:
            second = self._relative(
                first, "offender", rng.randint(22, 50), sex="mf"[first.sex == "m"]
            )
            self._share([first, second], "couple")
        else:
            second = self._relative(first, "victim", rng.randint(2, 16))
            self._share([first, second], "generations")
        return [first, second]

    def _namesakes(self) -> list[Person]:
        """Strangers with one common name; half of them with one birth date."""
        rng = self._rng
        first = self.person()
        first.traps.add("namesakes")
        others = []
        for _ in range(rng.choice((1, 1, 2))):
            age = (TODAY - first.born).days // 365
            other = self.person(role=first.role, origin=first.origin, age=age)
            other.sex, other.given, other.surnames = first.sex, first.given, first.surnames
            other.particle, other.traps = first.particle, {"namesakes"}
            other.middles = first.middles if rng.random() < 0.3 else other.middles
            if rng.random() < 0.5:
                other.born = first.born
            others.append(other)
        return [first, *others]
