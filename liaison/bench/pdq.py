"""``liaison bench pdq``: the index of PDQ hashes, faiss and a plain dictionary, one core each.

Queries: every other one is a near copy of a hash that is there, 1 to 31 bits away; the others
are random. The index is asked one by one, as the node asks it; faiss is given them in one call,
which is to its favour. What is true is found by comparing every pair in numpy.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from consumers.deduplication.pdq.hashes import BITS, BYTES, NEAR
from consumers.deduplication.pdq.index import PdqIndex
from liaison.bench.rivals import rival

Rows = npt.NDArray[np.uint8]
Pairs = set[tuple[int, int]]

SEED = 31
COMPARED = 1_000_000_000
"""Pairs compared for the truth, at most; at 10 million hashes that is 100 queries."""
BLOCK = 1 << 18
SINGLES = 2000
"""Hashes added one by one at the end."""
RIVAL_SECONDS = 10.0
"""About so long each index of faiss is asked."""
MULTI_HASHES = ((16, 16, 1), (11, 23, 2))
"""Tables, bits and flips of faiss's multi-hash; both are exact to 31."""
WIDE_ROWS = 2_000_000
"""The second needs a kilobyte for each hash; beyond this it is left out."""


def measure(hashes: int, queries: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Queries per second, recall, and ratios; ``ConfigurationInvalid`` where faiss is missing."""
    faiss = rival("faiss")
    rng = np.random.default_rng(SEED)
    corpus = rng.integers(0, 256, (hashes, BYTES), np.uint8)
    asked, sources = _queries(corpus, queries, rng)
    say(f"comparing {_sample(corpus, asked)} queries with each of {hashes} hashes")
    truth = [_near(corpus, query) for query in asked[: _sample(corpus, asked)]]
    say("index")
    ours = measure_index(corpus, asked, sources, truth)
    rivals = []
    for name, build in _indexes(faiss, hashes):
        say(f"faiss {name}")
        rivals.append(_faiss(name, build, corpus, asked, truth))
    exact = [r["queries_per_second"] for r in rivals if r["recall"] == 1.0]
    say("dictionary")
    lookups = _dictionary(corpus, asked)
    return {
        **ours,
        "ratio_to_faiss_best_exact": round(ours["queries_per_second"] / max(exact), 2),
        "faiss": rivals,
        "dictionary_lookups_per_second": lookups,
        "ratio_to_dictionary": round(ours["queries_per_second"] / lookups, 4),
    }


def measure_index(
    corpus: Rows, asked: Rows, sources: Sequence[int | None], truth: Sequence[Pairs]
) -> dict[str, Any]:
    """The index alone. ``sources`` are the hashes that queries were made from, if any."""
    began = time.perf_counter()
    index = PdqIndex()
    index.add_packed(corpus.tobytes())
    add_seconds = time.perf_counter() - began
    queries = [query.tobytes() for query in asked]
    for query in queries[:10]:
        index.search(query)
    found: list[Pairs] = []
    times = []
    for query in queries:
        asked_at = time.perf_counter()
        pairs = index.search(query)
        times.append(time.perf_counter() - asked_at)
        found.append(set(pairs))
    used = index.nbytes
    blocks = list(index.dump())
    began = time.perf_counter()
    index = PdqIndex.load(blocks)
    restart_seconds = time.perf_counter() - began
    rng = np.random.default_rng(SEED + 1)
    singles = [rng.bytes(BYTES) for _ in range(SINGLES)]
    began = time.perf_counter()
    for pdq in singles:
        index.add(pdq)
    single_seconds = time.perf_counter() - began
    return {
        "hashes": len(corpus),
        "queries": len(queries),
        "queries_per_second": round(len(times) / sum(times), 1),
        "p50_ms": round(float(np.percentile(times, 50)) * 1000, 4),
        "p99_ms": round(float(np.percentile(times, 99)) * 1000, 4),
        "recall": _recall(found, sources, truth),
        "compared_in_full": len(truth),
        "false": sum(len(pairs - true) for pairs, true in zip(found, truth, strict=False)),
        "add_per_second": round(len(corpus) / add_seconds),
        "add_one_per_second": round(SINGLES / single_seconds),
        "restart_seconds": round(restart_seconds, 2),
        "bytes": used,
    }


def _queries(corpus: Rows, count: int, rng: np.random.Generator) -> tuple[Rows, list[int | None]]:
    asked = rng.integers(0, 256, (count, BYTES), np.uint8)
    sources: list[int | None] = [None] * count
    for row in range(0, count, 2):
        source = int(rng.integers(len(corpus)))
        flips = np.zeros(BITS, np.uint8)
        flips[rng.choice(BITS, int(rng.integers(1, NEAR + 1)), replace=False)] = 1
        asked[row] = corpus[source] ^ np.packbits(flips)
        sources[row] = source
    return asked, sources


def _sample(corpus: Rows, asked: Rows) -> int:
    return max(1, min(len(asked), COMPARED // len(corpus)))


def _near(corpus: Rows, query: Rows) -> Pairs:
    """Row and distance of all that are near, by comparing with each."""
    pairs: Pairs = set()
    words, wanted = corpus.view(np.uint64), query.view(np.uint64)
    for first in range(0, len(words), BLOCK):
        differ = np.bitwise_count(words[first : first + BLOCK] ^ wanted)
        counts = differ.sum(axis=1, dtype=np.int64)
        rows = np.flatnonzero(counts <= NEAR)
        pairs.update(zip((first + rows).tolist(), counts[rows].tolist(), strict=True))
    return pairs


def _recall(found: Sequence[Pairs], sources: Sequence[int | None], truth: Sequence[Pairs]) -> float:
    """The part found of what is known to be there: compared in full, or made a near copy of."""
    there = got = 0
    for i, pairs in enumerate(found):
        if i < len(truth):
            there, got = there + len(truth[i]), got + len(truth[i] & pairs)
        elif (source := sources[i]) is not None:
            there, got = there + 1, got + any(row == source for row, _ in pairs)
    return got / there if there else 1.0


def _indexes(faiss: Any, hashes: int) -> list[tuple[str, Callable[[], Any]]]:
    faiss.omp_set_num_threads(1)
    made: list[tuple[str, Callable[[], Any]]] = [
        ("IndexBinaryFlat", lambda: faiss.IndexBinaryFlat(BITS))
    ]
    for tables, bits, flips in MULTI_HASHES:
        if flips < 2 or hashes <= WIDE_ROWS:
            name = f"IndexBinaryMultiHash {tables}x{bits}, {flips} flips"
            made.append((name, lambda t=tables, b=bits, f=flips: _multi_hash(faiss, t, b, f)))  # type: ignore[misc]
    return made


def _multi_hash(faiss: Any, tables: int, bits: int, flips: int) -> Any:
    index = faiss.IndexBinaryMultiHash(BITS, tables, bits)
    index.nflip = flips
    return index


def _faiss(
    name: str, build: Callable[[], Any], corpus: Rows, asked: Rows, truth: Sequence[Pairs]
) -> dict[str, Any]:
    """One index of faiss, asked as many queries as fit into its time, by a first few."""
    index = build()
    began = time.perf_counter()
    index.add(corpus)
    built = time.perf_counter() - began
    began = time.perf_counter()
    index.range_search(asked[:4], NEAR + 1)
    each = (time.perf_counter() - began) / len(asked[:4])
    count = max(min(len(asked), int(RIVAL_SECONDS / each)), min(4, len(asked)))
    began = time.perf_counter()
    ends, distances, rows = index.range_search(asked[:count], NEAR + 1)
    took = time.perf_counter() - began
    found: list[Pairs] = [
        {(int(rows[i]), int(distances[i])) for i in range(int(first), int(last))}
        for first, last in pairwise(ends)
    ]
    known = truth[:count]
    return {
        "index": name,
        "queries": count,
        "queries_per_second": round(count / took, 1),
        "recall": _recall(found[: len(known)], (), known),
        "add_per_second": round(len(corpus) / built),
    }


def _dictionary(corpus: Rows, asked: Rows) -> float:
    """Lookups a second in a dict by the whole hash: equal ones only, the most one could hope."""
    packed = corpus.tobytes()
    table = {packed[i : i + BYTES]: i // BYTES for i in range(0, len(packed), BYTES)}
    queries = [query.tobytes() for query in asked]
    began = time.perf_counter()
    for query in queries:
        table.get(query)
    return round(len(queries) / (time.perf_counter() - began), 1)
