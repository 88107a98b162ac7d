"""splink 5, batch, on DuckDB with one thread: what one would install instead.

Set up as its documentation recommends: the prior from rules that are nearly always right, u from
random pairs, m by expectation maximisation, once blocked by name and once by birth date; frequency
adjustments on whole names. What of it was tried otherwise is here as it was to splink's favour.
A batch: nobody is answered before the end, and one arrival more is another batch.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any

from liaison.bench.dedup.plain import OWN, SHARED, Plain, read
from liaison.bench.dedup.quality import of_links
from liaison.bench.rivals import rival
from liaison.corpora.outputs import Link, Truth

SAME = 0.95
"""Probability from which a pair is called the same person."""
LEAST = 0.05
"""Probability below which no pair is looked at."""
RECALL = 0.7
"""Of the rules for the prior; the figure of splink's own examples."""
RANDOM_PAIRS = 1e6
"""For u, its default: a hundred times as many took three times as long and were no better."""
SEED = 1
LISTS = ("words", *OWN, *SHARED, "media")


def measure(source: Path, truth: Truth) -> dict[str, Any]:
    """Its figures; ``ConfigurationInvalid`` where it is not installed."""
    splink, duckdb = rival("splink"), rival("duckdb")
    began, used = time.perf_counter(), time.process_time()
    with source.open("rb") as lines:
        rows = [_row(number, one) for number, one in enumerate(read(lines))]
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    links = _pairs(splink, connection, rows)
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    count = len(truth.persons)
    return {
        "version": splink.__version__,
        "notifications_per_second": round(count / seconds, 1),
        "notifications_per_cpu_second": round(count / cpu, 1),
        **of_links(links, truth),
    }


def _row(number: int, one: Plain) -> dict[str, Any]:
    words = {word for name in one.names for word in name.split() if len(word) > 1}
    return {
        "unique_id": number,
        "name": next(iter(one.names), None),
        "words": sorted(words) or None,
        "birth_date": one.birth_date,
        "sex": one.sex,
        **{_column(kind): list(one.values.get(kind, ())) or None for kind in (*OWN, *SHARED)},
        "media": list(one.media) or None,
    }


def _column(kind: str) -> str:
    return kind.replace("-", "_")


def _pairs(splink: Any, connection: Any, rows: list[dict[str, Any]]) -> list[Link]:
    linker = splink.Linker(
        splink.DuckDBAPI(connection).register(_table(rows)),
        _settings(splink),
        log_level=logging.CRITICAL,
    )
    block_on, training = splink.block_on, linker.training
    sure = [
        block_on("name", "birth_date"),
        *(_exploded(splink, k) for k in ("national-id", "email")),
    ]
    training.estimate_probability_two_random_records_match(sure, recall=RECALL)
    training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    for column in ("name", "birth_date"):
        training.estimate_parameters_using_expectation_maximisation(
            block_on(column), record_sample_proportion=1.0
        )
    found = linker.inference.predict(threshold_match_probability=LEAST)
    scored = connection.table(found.physical_name).project(
        "unique_id_l, unique_id_r, match_weight, match_probability"
    )
    return [
        Link(weight, min(a, b), max(a, b), probability >= SAME)
        for a, b, weight, probability in scored.fetchall()
    ]


def _table(rows: list[dict[str, Any]]) -> Any:
    """With the type of every column said: one of which nobody has a value has none otherwise."""
    arrow = rival("pyarrow")
    text = arrow.string()
    lists = [(_column(name), arrow.list_(text)) for name in LISTS]
    plain = [("unique_id", arrow.int64()), ("name", text), ("birth_date", text), ("sex", text)]
    return arrow.Table.from_pylist(rows, schema=arrow.schema([*plain, *lists]))


def _settings(splink: Any) -> Any:
    library = rival("splink.comparison_library")
    return splink.SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            library.CustomComparison(output_column_name="name", comparison_levels=_name_levels()),
            library.DateOfBirthComparison("birth_date", input_is_string=True),
            library.ExactMatch("sex"),
            *(library.ArrayIntersectAtSizes(_column(k), [1]) for k in (*OWN, *SHARED, "media")),
        ],
        blocking_rules_to_generate_predictions=[
            splink.block_on("name"),
            splink.block_on("words", "birth_date", arrays_to_explode=["words"]),
            splink.block_on("words", "media", arrays_to_explode=["words", "media"]),
            *(_exploded(splink, kind) for kind in OWN),
        ],
    )


def _name_levels() -> list[Any]:
    """Jaro and Winkler's similarity of whole names, and words in common."""
    levels = rival("splink.comparison_level_library")
    return [
        levels.NullLevel("name"),
        levels.ExactMatchLevel("name", term_frequency_adjustments=True),
        levels.JaroWinklerLevel("name", 0.92),
        levels.JaroWinklerLevel("name", 0.88),
        levels.ArrayIntersectLevel("words", min_intersection=2),
        levels.JaroWinklerLevel("name", 0.7),
        levels.ArrayIntersectLevel("words", min_intersection=1),
        levels.ElseLevel(),
    ]


def _exploded(splink: Any, kind: str) -> Any:
    """Who has a value of this kind in common."""
    return splink.block_on(_column(kind), arrays_to_explode=[_column(kind)])
