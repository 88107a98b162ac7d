"""A generator that stands for a stranger's: it is there to judge, and nothing is learned from it.

It was written without a look at the tables of the engine or at the other generators. Its names
come from libraries (:mod:`~liaison.corpora.fieldwork.library`), its romanisations from the
published standards, its errors and gaps from three kinds of report: a police file, a report of a
platform, and work on the material itself. ``python -m liaison.corpora.learn`` refuses its corpora:
weights that had seen them could no longer be judged by them.

A corpus needs ``make setup-bench``; the product does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from liaison.corpora.fieldwork.person import Person
from liaison.corpora.fieldwork.places import elsewhere
from liaison.corpora.fieldwork.population import Population
from liaison.corpora.fieldwork.sighting import Sighting
from liaison.corpora.fieldwork.strangers import connect

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 730
HELD_OUT = "held-out:fieldwork"
"""The family of every line, by which it is known that nothing may be learned from it."""
TIMES = (52, 24, 12, 6, 4, 2)
"""In a hundred persons: how many are seen once, twice and so on."""


def generate(
    notifications: int, seed: int
) -> Iterator[tuple[dict[str, Any], str, tuple[str, ...]]]:
    """As :data:`liaison.corpora.generators.Generator`.

    Raises:
        ConfigurationInvalid: the libraries of names are not installed.
    """
    rng = Random(f"fieldwork {seed}")
    persons: list[Person] = []
    arrivals: list[tuple[float, int, int]] = []
    for family in Population(rng):
        for person in family:
            arrivals += _arrivals(rng, len(persons))
            persons.append(person)
        if len(arrivals) >= notifications:
            break
    connect(rng, persons)
    arrivals.sort()
    for number, (day, _, at) in enumerate(arrivals[:notifications], 1):
        person = persons[at]
        reporter = person.home if rng.random() < 0.4 else elsewhere(rng, person.home)
        sighting = Sighting(rng, person, reporter, BEGIN + timedelta(days=day))
        line = sighting.line(number)
        yield line, person.key, tuple(sorted({HELD_OUT, *sighting.families, *person.traps}))


def _arrivals(rng: Random, person: int) -> list[tuple[float, int, int]]:
    """When notifications about a person are written: day, a number that breaks ties, person."""
    times = rng.choices(range(1, len(TIMES) + 1), TIMES)[0]
    day = rng.random() * DAYS
    days = [day]
    for _ in range(times - 1):
        day += rng.expovariate(1 / 120)
        days.append(day if day < DAYS else rng.random() * DAYS)
    return [(day, rng.getrandbits(32), person) for day in days]
