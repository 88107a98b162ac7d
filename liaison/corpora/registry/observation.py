"""A report of a person by one jurisdiction: a line of the intake format, and its errors."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from liaison.corpora.registry import accounts, dates, names
from liaison.corpora.registry.belongings import Account
from liaison.corpora.registry.habits import Habits, jurisdictions
from liaison.corpora.registry.person import Person
from liaison.corpora.registry.population import Population

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=300)
"""Reports are spread over it; all of it has passed, as the intake demands."""
_STATUS = {"victim": ("identified", "identified", "suspected", "safeguarded"),
           "offender": ("identified", "suspected")}  # fmt: skip


class Observer:
    """Reports persons of ``population``, in the order of arrival, ``size`` times in all."""

    def __init__(self, population: Population, rng: random.Random, size: int) -> None:
        self._population = population
        self._rng = rng
        self._step = SPAN / max(size, 1)
        self._arrived = 0
        self._serials: dict[str, int] = {}
        self._members = tuple(jurisdictions())

    def observe(self, person: Person) -> tuple[dict[str, Any], tuple[str, ...]]:
        """A report, and the families of error and of hard cases that it carries, sorted."""
        rng, families = self._rng, {*person.tags, f"origin:{person.origin.name}"}
        habits = self._reporter(person)
        created = BEGIN + self._step * self._arrived
        self._arrived += 1
        line: dict[str, Any] = {
            "type": "identification",
            "reference": self._reference(habits.code, created),
            "jurisdiction": habits.code,
            "created": created.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "role": person.role,
            "status": rng.choice(_STATUS[person.role]),
            "recipients": ["XI", *rng.sample(self._members, rng.randrange(3))],
        }
        named = names.seen(person, habits, rng, families)
        birth, family = dates.seen(person, rng)
        owned = accounts.seen(person, habits, rng, families)
        media = accounts.pictures(person, self._population, rng, families)
        if not (named or owned or media):
            named = list(person.aliases) or [names.PLACEHOLDERS[0]]
        families.update({family} - {""})
        self._describe(line, person, named, birth)
        if owned:
            seen_at = (created - timedelta(days=rng.randrange(1, 60))).isoformat(timespec="seconds")
            line["identifiers"] = [_identifier(account, seen_at) for account in owned]
        if media:
            line["media_hashes"] = [{"algorithm": a, "value": v} for a, v in media]
        if person.series and rng.random() < 0.6:
            families.add("series")
            line["series"] = person.series
        return line, tuple(sorted(families))

    def _describe(
        self, line: dict[str, Any], person: Person, named: list[str], birth: str | None
    ) -> None:
        if named:
            line["names"] = named
        if birth:
            line["birth_date"] = birth
        if self._rng.random() < 0.85:
            line["sex"] = person.sex
        if self._rng.random() < 0.6:
            line["nationalities"] = list(dict.fromkeys(person.nationalities))

    def _reporter(self, person: Person) -> Habits:
        """Mostly where the person lives, or comes from; otherwise anywhere."""
        chance, members = self._rng.random(), jurisdictions()
        if chance < 0.45:
            return members[person.home]
        if chance < 0.65 and person.nationalities[0] in members:
            return members[person.nationalities[0]]
        return members[self._rng.choice(self._members)]

    def _reference(self, code: str, created: datetime) -> str:
        serial = self._serials[code] = self._serials.get(code, 0) + 1
        return f"{code}-{created.year}-{serial:06}"


def _identifier(account: Account, seen_at: str) -> dict[str, str]:
    found = {"type": account.kind, "value": account.value}
    if account.kind == "username" and account.place:
        found["platform"] = account.place
    if account.kind == "ip":
        found["seen_at"] = seen_at
    return found
