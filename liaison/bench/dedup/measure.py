"""One corpus through all of them, and the ratios.

One core: the engine has no threads, and DuckDB is given one. Ratios of speed are of CPU time, since
others may use the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from liaison.bench.dedup import dictionary, engine, order, splink
from liaison.corpora.generators import GENERATORS
from liaison.corpora.outputs import read_truth
from liaison.corpora.writing import write
from schemas.errors import ConfigurationInvalid, InputRefused

LEARNED_FROM = 1
"""The seed of the corpora that the weights were learned from: nothing is measured on it."""
COMPARED = (
    "notifications_per_cpu_second", "closure_f1", "recall_at_precision_99", "same_precision",
    "same_recall",
)  # fmt: skip
ON_DISK = (
    "notifications_per_second", "notifications_per_cpu_second", "p50_ms", "p99_ms",
    "peak_memory_bytes",
)  # fmt: skip
Say = Callable[[str], None]
Rows = list[dict[str, Any]]


class Corpus(NamedTuple):
    """Notifications in the order of arrival, and line by line who they are about."""

    notifications: Path
    truth: Path


def generated(generator: str, notifications: int, seed: int, home: Path, say: Say) -> Corpus:
    """A corpus in the directory ``home``.

    Raises ``InputRefused`` for the seed that the weights were learned from.
    """
    if generator not in GENERATORS:
        raise InputRefused(
            f"there is no generator {generator}", remedy=f"one of {', '.join(sorted(GENERATORS))}"
        )
    if seed == LEARNED_FROM:
        raise InputRefused(
            f"the weights were learned from seed {seed}", remedy="choose another --seed"
        )
    say(f"making {notifications} notifications")
    write(GENERATORS[generator](notifications, seed), home)
    return Corpus(home / "notifications.jsonl", home / "truth.jsonl")


def measure(corpus: Corpus, say: Say) -> dict[str, Any]:
    """The engine's figures, those of the rivals, ratios, and what the order of arrival changes."""
    say("engine, index in memory")
    ours = engine.measure(*corpus, on_disk=False, say=say)
    say("engine, index on disk")
    on_disk = engine.measure(*corpus, on_disk=True, say=say)
    truth = read_truth(corpus.truth)
    say("dictionary")
    looked_up = dictionary.measure(corpus.notifications, truth)
    say("splink")
    batch, missing = None, None
    try:
        batch = splink.measure(corpus.notifications, truth)
    except ConfigurationInvalid as error:
        missing = f"{error.problem}: {error.remedy}"
        say(missing)
    return {
        "persons": len(set(truth.persons)),
        **ours,
        "index_bytes": on_disk["index_bytes"],
        "on_disk": {name: on_disk[name] for name in ON_DISK},
        "dictionary": looked_up,
        "ratio_to_dictionary": _ratios(ours, looked_up),
        "splink": batch,
        "splink_missing": missing,
        "ratio_to_splink": batch and _ratios(ours, batch),
        "shuffled": order.measure(corpus.notifications, say),
    }


def lost(smaller: Mapping[str, Any], corpus: Corpus, say: Say) -> dict[str, Any]:
    """The engine on a larger corpus, and what it loses there against its figures on a smaller."""
    say("engine, larger corpus")
    found = engine.measure(*corpus, on_disk=False, say=say)
    speed = "notifications_per_cpu_second"
    return {
        **found,
        "throughput_lost": _ratio(smaller[speed], found[speed]),
        "closure_f1_lost": round(smaller["closure_f1"] - found["closure_f1"], 4),
    }


def tables(found: Mapping[str, Any]) -> Iterator[Rows]:
    """The figures side by side, for people."""
    parts = ("larger", "on_disk", "dictionary", "ratio_to_dictionary", "splink", "ratio_to_splink")
    shown = {"engine": found, **{name: found[name] for name in parts if found.get(name)}}
    names = [name for name, value in found.items() if isinstance(value, int | float)]
    names += ("throughput_lost", "closure_f1_lost") if "larger" in shown else ()
    yield [
        {"figure": name, **{side: figures.get(name) for side, figures in shown.items()}}
        for name in names
    ]
    shuffled = found["shuffled"]
    yield [
        {"shuffled": name.replace("_", " "), **shuffled[name]}
        for name in ("live", "frequencies_held")
    ]


def _ratios(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, float | None]:
    return {name: _ratio(ours[name], theirs[name]) for name in COMPARED}


def _ratio(ours: float, theirs: float) -> float | None:
    return round(ours / theirs, 3) if theirs else None
