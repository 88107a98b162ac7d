"""What persons get: accounts of their own, what strangers or a family have in common, pictures."""

from __future__ import annotations

import random
from collections.abc import Callable

from liaison.corpora.registry import belongings
from liaison.corpora.registry.belongings import Account, Picture
from liaison.corpora.registry.habits import jurisdictions
from liaison.corpora.registry.naming import Name
from liaison.corpora.registry.person import Person
from liaison.corpora.registry.spelling import latin


class Equipment:
    """Hands out what identifies; ``size`` is the number of reports to expect.

    ``viral`` are the pictures that are everywhere, the most frequent first.
    """

    def __init__(self, rng: random.Random, size: int) -> None:
        self._rng = rng
        self._given_out: set[tuple[str, str]] = set()
        self.viral = [belongings.picture(rng) for _ in range(2 + size // 6000)]
        self._wallets = [belongings.wallet(rng) for _ in range(1 + size // 1500)]
        self._devices = [belongings.device(rng) for _ in range(1 + size // 3000)]
        self._addresses = [belongings.address(rng) for _ in range(1 + size // 1000)]
        self._groups: dict[str, Picture] = {}
        self._series = [f"{s} {n}" for n in range(1, 2 + size // 500) for s in belongings.SERIES]

    def equip(self, person: Person) -> None:
        """Offenders have more accounts, victims more pictures."""
        rng, offender = self._rng, person.role == "offender"
        self._open_accounts(person, offender)
        many = rng.choices((0, 1, 2, 3, 5, 8), (40, 20, 15, 12, 8, 5) if offender else
                           (20, 20, 20, 20, 12, 8))[0]  # fmt: skip
        person.pictures = [belongings.picture(rng) for _ in range(many)]
        if person.pictures and rng.random() < 0.25:
            person.series = rng.choice(self._series)
            if rng.random() < 0.3:
                group = self._groups.get(person.series) or belongings.picture(rng, shared=True)
                person.pictures.append(self._groups.setdefault(person.series, group))
        if offender and rng.random() < 0.03:
            person.shared.append(rng.choice(self._wallets))
        if rng.random() < 0.01:
            person.shared.append(rng.choice(self._devices))
        if rng.random() < 0.04:
            person.shared.append(rng.choice(self._addresses))

    def _open_accounts(self, person: Person, offender: bool) -> None:
        rng, home = self._rng, jurisdictions()[person.home]
        given, surname = _plain(person.name, "given"), _plain(person.name, "surname")
        kinds: tuple[tuple[Callable[[], Account], tuple[float, ...]], ...] = (
            (lambda: belongings.email(given, surname, rng),
             (0.2, 0.55, 0.25) if offender else (0.45, 0.45, 0.1)),
            (lambda: belongings.phone(home, rng),
             (0.2, 0.55, 0.25) if offender else (0.4, 0.5, 0.1)),
            (lambda: belongings.username(given, surname, person.birth.year, rng),
             (0.1, 0.4, 0.3, 0.2)),
            (lambda: belongings.national_number(home, rng), (0.55, 0.45)),
            (lambda: belongings.wallet(rng), (0.75, 0.25) if offender else (1.0,)),
            (lambda: belongings.device(rng), (0.7, 0.3)),
            (lambda: belongings.address(rng), (0.7, 0.3)),
        )  # fmt: skip
        for draw, chances in kinds:
            (many,) = rng.choices(range(len(chances)), chances)
            person.accounts += [self._own(draw) for _ in range(many)]

    def _own(self, draw: Callable[[], Account]) -> Account:
        """What only one household has: no mailbox, number or account is given out twice."""
        while True:
            account = draw()
            if (account.value, account.place) not in self._given_out:
                self._given_out.add((account.value, account.place))
                return account

    def share(self, household: list[Person]) -> None:
        """Families have telephones, addresses, devices and pictures in common."""
        if len(household) < 2:
            return
        rng, first = self._rng, household[0]
        common: list[Account] = []
        if rng.random() < 0.5:
            common.append(self._own(lambda: belongings.phone(jurisdictions()[first.home], rng)))
        if rng.random() < 0.3:
            surname = _plain(first.name, "surname")
            common.append(self._own(lambda: belongings.email("family", surname, rng)))
        if rng.random() < 0.3:
            common.append(belongings.device(rng))
        if rng.random() < 0.3:
            common.append(belongings.address(rng))
        together = [belongings.picture(rng, shared=True) for _ in range(rng.choice((0, 0, 1, 2)))]
        for person in household:
            person.shared.extend(common)
            person.pictures.extend(together)


def _plain(name: Name, kind: str) -> str:
    return next(
        (latin(p.word, "passport") for p in name if p.kind == kind), latin(name[0].word, "english")
    )
