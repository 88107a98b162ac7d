"""The plain dictionary: exact joins, which every case system can do by itself.

A notification meets the earlier ones with the same words of a name (in any order) and the same
birth date, or with the same value of an identifier that as a rule only one person has. The score is
how many such values two have in common; every pair is told, and called the same person.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from liaison.bench.dedup.plain import OWN, Plain, read
from liaison.bench.dedup.quality import of_arrivals, of_links
from liaison.corpora.outputs import Link, Truth

HOLDERS = 200
"""Beyond it a value says nothing, as in the engine: otherwise a placeholder meets everybody."""


def measure(source: Path, truth: Truth) -> dict[str, Any]:
    """Its figures."""
    began, used = time.perf_counter(), time.process_time()
    with source.open("rb") as lines:
        links = join(read(lines))
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    count = len(truth.persons)
    return {
        "notifications_per_second": round(count / seconds, 1),
        "notifications_per_cpu_second": round(count / cpu, 1),
        **of_links(links, truth),
        **of_arrivals(links, truth),
    }


def join(notifications: list[Plain]) -> list[Link]:
    """The pairs that have a value in common."""
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    links: list[Link] = []
    for number, one in enumerate(notifications):
        met: Counter[int] = Counter()
        for value in _values(one):
            earlier = holders[value]
            met.update(earlier if len(earlier) <= HOLDERS else ())
            earlier.append(number)
        links += (Link(shared, other, number, True) for other, shared in met.items())
    return links


def _values(one: Plain) -> Iterator[tuple[str, str]]:
    if one.birth_date:
        yield from (("name", f"{name} {one.birth_date}") for name in dict.fromkeys(one.names))
    for kind in OWN:
        yield from ((kind, value) for value in one.values.get(kind, ()))
