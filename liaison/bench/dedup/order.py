"""What the order of arrival changes: the same notifications in order and shuffled.

How frequent a name or a key is depends on what came before, and nothing else in the engine does.
So both orders are run twice: as they are, and with the frequencies held as they are at the end,
where the two orders must give the same links with the same scores.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from consumers.deduplication.engine import Engine, counted
from consumers.deduplication.index import MatchIndex
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.keys import keys_of
from consumers.deduplication.links import Link, Subject
from consumers.deduplication.rarity import Rarity
from consumers.deduplication.store import MemoryStore
from liaison.matching import WRITTEN_TOGETHER, read_subjects

SEED = 5
MOST = 35_000
"""Notifications that are shuffled, the first of the corpus: four runs, with all in memory."""
DIGITS = 6

Links = Mapping[str, Link]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How frequent names and values are, and which keys find nobody."""

    rarity: Callable[[MatchIndex], Rarity] = counted
    capped: frozenset[str] = field(default_factory=frozenset)


def measure(source: Path, say: Say) -> dict[str, Any]:
    """How much the links of the two orders differ, as it is and with frequencies held."""
    with source.open("rb") as lines:
        subjects = list(islice(read_subjects(lines), MOST))
    shuffled = random.Random(SEED).sample(subjects, len(subjects))
    say("in order of arrival")
    index, live = _run(subjects, Frequencies())
    say("shuffled")
    _, live_shuffled = _run(shuffled, Frequencies())
    held = freeze(index)
    say("in order of arrival, frequencies held")
    _, frozen = _run(subjects, held)
    say("shuffled, frequencies held")
    _, frozen_shuffled = _run(shuffled, held)
    return {
        "notifications": len(subjects),
        "live": difference(live, live_shuffled),
        "frequencies_held": difference(frozen, frozen_shuffled),
    }


def freeze(index: KeyIndex) -> Frequencies:
    """The frequencies of ``index`` as they are now, for runs over what it was made from."""
    rarity = Rarity(index.population(), index.count)
    return Frequencies(lambda _index: rarity, frozenset(one.key for one in index.quarantine()))


def _run(subjects: Iterable[Subject], frequencies: Frequencies) -> tuple[KeyIndex, Links]:
    index = KeyIndex(MemoryStore())
    engine = Engine(index, rarity=frequencies.rarity)
    for number, subject in enumerate(subjects, 1):
        keys = [
            key
            for key in keys_of(subject.features, subject.mode.value)
            if key.digest.hex() not in frequencies.capped
        ]
        for _ in engine.observe(subject, keys):
            pass
        if number % WRITTEN_TOGETHER == 0:
            index.flush()
    return index, {link.pair: link for link in index.links()}


def difference(one: Links, other: Links) -> dict[str, Any]:
    """Pairs that only one has, and of the others those with another decision or score.

    Counts and shares of all pairs; and by how many centibits scores differ, of 99 in 100 pairs.
    """
    both = one.keys() & other.keys()
    apart = sorted(abs(one[pair].total - other[pair].total) for pair in both)
    every = len(one.keys() | other.keys())
    counts = {
        "links": len(one.keys() ^ other.keys()),
        "decisions": sum(one[pair].decision != other[pair].decision for pair in both),
        "scores": sum(map(bool, apart)),
    }
    shares = {f"{name}_share": round(n / max(every, 1), DIGITS) for name, n in counts.items()}
    return {
        "pairs": every,
        **counts,
        **shares,
        "scores_p99": apart[int(0.99 * (len(apart) - 1))] if apart else 0,
    }
