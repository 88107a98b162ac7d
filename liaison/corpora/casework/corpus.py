"""The order of arrival: cases open, their people surface again elsewhere, sooner or later."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from liaison.corpora.casework.cast import Case
from liaison.corpora.casework.people import Person
from liaison.corpora.casework.places import Place, places
from liaison.corpora.casework.sighting import Sighting
from liaison.corpora.casework.world import Community, World

HORIZON = 25_000
"""Notifications within which a person surfaces again; bounds what is waiting, and the memory."""

BEGIN = datetime(2021, 1, 4, 6, tzinfo=UTC)
SPAN = timedelta(days=1_600)
"""When the notifications were written, evenly over these days."""

AGAIN = {"victim": 0.2, "offender": 0.29}
"""Share of persons who surface more than once."""

Arrival = tuple[dict[str, Any], Person, tuple[str, ...]]


@dataclass(order=True, slots=True)
class _Planned:
    """A sighting to come, at a position in the order of arrival."""

    due: float
    number: int
    person: Person = field(compare=False)
    place: Place = field(compare=False)
    community: Community = field(compare=False)


def generate(
    notifications: int, seed: int
) -> Iterator[tuple[dict[str, Any], str, tuple[str, ...]]]:
    """``notifications`` lines in order of arrival, with person and families of error, sorted.

    Persons of one family are ``family/person``.

    The same arguments give the same lines. Memory does not grow with their number.
    """
    for line, person, families in arrivals(notifications, seed):
        family = person.groups.get("family")
        yield line, f"{family}/{person.key}" if family else person.key, families


def arrivals(notifications: int, seed: int) -> Iterator[Arrival]:
    """As :func:`generate`, with the whole truth about the person."""
    random = Random(seed)
    world, numbers, cases, ticks = World.new(random), count(1), count(1), count()
    horizon = min(HORIZON, max(notifications // 2, 20))
    waiting: list[_Planned] = []
    for position in range(notifications):
        while not waiting or waiting[0].due > position:
            case = Case(f"C{next(cases):06}", world, random, numbers)
            for planned in _plan(case, position, horizon, ticks, random):
                heapq.heappush(waiting, planned)
        seen = heapq.heappop(waiting)
        moment = (BEGIN + SPAN * (position / notifications)).replace(microsecond=0)
        written = moment.isoformat().replace("+00:00", "Z")
        sighting = Sighting(seen.person, seen.place, seen.community, world, random, written)
        line = sighting.line(_reference(seen.place, position, moment.year))
        yield line, seen.person, tuple(sorted(set(sighting.families)))


def _plan(
    case: Case, position: int, horizon: int, ticks: Iterator[int], random: Random
) -> Iterator[_Planned]:
    """When and where the people of a case surface: at once, and some again, mostly elsewhere."""
    cast, where, community = case.cast()
    for index, person in enumerate(cast):
        due, place = position + (random.expovariate(1 / 8) if index else 0.0), random.choice(where)
        yield _Planned(due, next(ticks), person, place, community)
        for _ in range(_repeats(person, random)):
            near = random.random() < 0.5
            delay = random.expovariate(1 / (horizon / 40)) if near else random.random() * horizon
            if random.random() < 0.65:
                place = random.choice(where if near and len(where) > 1 else places())
            yield _Planned(position + delay, next(ticks), person, place, community)


def _repeats(person: Person, random: Random) -> int:
    if random.random() >= AGAIN[person.role]:
        return 0
    more = 1
    while random.random() < 0.38 and more < 12:
        more += 1
    return more


_STYLES = (
    "{code}-{year}-{number:06}",
    "{code}/{number:07}/{year}",
    "{year}{code}{number:07}",
    "{code}.{number:06x}",
)


def _reference(place: Place, number: int, year: int) -> str:
    style = _STYLES[sum(map(ord, place.code)) % len(_STYLES)]
    return style.format(code=place.code, year=year, number=number + 1)
