"""The corpus ``registry``: a population of households, observed by offices with habits.

Population, habits and errors are modules of their own. Everything follows from one seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from liaison.corpora.registry.observation import Observer
from liaison.corpora.registry.person import Person
from liaison.corpora.registry.population import Population

REPORTS = (1, 2, 3, 4, 5, 6, 9, 15)
SHARES = (62, 20, 9, 4, 2, 1.5, 1, 0.5)
"""How often persons are reported, and how many of a hundred are."""


def generate(
    notifications: int, seed: int
) -> Iterator[tuple[dict[str, Any], str, tuple[str, ...]]]:
    """So many lines in the order of arrival, each with its person and its families of error.

    A person's key is ``household/number``.
    """
    rng = random.Random(seed)
    population = Population(rng, notifications)
    arrivals: list[Person] = []
    for person in population.persons():
        if len(arrivals) >= notifications:
            break
        (times,) = rng.choices(REPORTS, SHARES)
        arrivals += [person] * min(times, notifications - len(arrivals))
    rng.shuffle(arrivals)
    observer = Observer(population, rng, notifications)
    for person in arrivals:
        line, families = observer.observe(person)
        yield line, person.key, families
