"""Weights learned from corpora whose truth is known."""

from __future__ import annotations

import ast
import json
import runpy
import subprocess
import sys
from collections import Counter, defaultdict
from math import log
from pathlib import Path

import pytest

from consumers.deduplication import weights as table
from consumers.deduplication.index import MAX_SUBJECTS_PER_KEY
from consumers.deduplication.rarity import information
from consumers.deduplication.score import COMPARE
from consumers.deduplication.terms import NAME_BITS
from consumers.deduplication.weights import PRIOR, TRAINED, WEIGHTS
from liaison.corpora.generators import GENERATORS
from liaison.corpora.learn import SEEN, Pairs, collect, fit, main, write
from liaison.corpora.writing import write as write_corpus
from liaison.matching import run

TABLE = Path(table.__file__)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small corpus of one generator."""
    home = tmp_path_factory.mktemp("corpus")
    write_corpus(GENERATORS["registry"](700, 3), home)
    return home


def of(*seen: tuple[str, str, bool, int]) -> Pairs:
    """Pairs with one term each: field, level, whether they are one person, how often."""
    found = Pairs()
    for field, level, same, times in seen:
        found.terms += [{(field, level): 1.0}] * times
        found.same += [same] * times
    return found


def test_what_is_learned_is_what_the_engine_sees(corpus: Path) -> None:
    """The same pairs, compared at the same moment: with today's table, the engine's scores."""
    pairs = collect(corpus)
    files = {name: corpus / f"{name}.jsonl" for name in ("links", "groups", "alerts")}
    told = run(corpus / "notifications.jsonl", links=files["links"], grouped=files["groups"],
               alerts=files["alerts"], index=None, say=print)  # fmt: skip
    compared = told["candidates_per_notification"] * told["notifications"]
    assert len(pairs.terms) == pytest.approx(compared, abs=0.005 * told["notifications"])
    lines = (corpus / "notifications.jsonl").read_text("utf-8").splitlines()
    references = [json.loads(line)["reference"] for line in lines]
    totals = {}
    for (a, b), terms in zip(pairs.numbers, pairs.terms, strict=True):
        weights: dict[str, float] = defaultdict(float)
        for (field, level), amount in terms.items():
            field_of = "name" if field in NAME_BITS else field
            weights[field_of] += WEIGHTS.get((field, level), 0) * amount
        totals[frozenset((references[a], references[b]))] = (
            PRIOR - information(TRAINED, max(TRAINED, b)) + sum(weights.values()),
            len(weights),
        )
    links = [json.loads(line) for line in files["links"].read_text("utf-8").splitlines()]
    assert len(links) > 100
    for link in links:
        others = [weight for kind, _, weight in link["evidence"] if kind == "company"]
        own = link["score"] - sum(others)
        if len(link["evidence"]) > len(others):
            total, fields = totals[frozenset((link["a"], link["b"]))]
            assert max(total - fields, COMPARE) <= own <= max(total, COMPARE)


def test_the_truth_is_beside_the_pairs(corpus: Path) -> None:
    """A pair is one person's where the two lines have one."""
    pairs = collect(corpus)
    assert len(pairs.persons) == 700
    for (a, b), same in zip(pairs.numbers, pairs.same, strict=True):
        assert a < b
        assert (pairs.persons[a] == pairs.persons[b]) is same
    assert {True, False} == set(pairs.same)


def test_a_key_is_capped_where_the_engine_caps_it(tmp_path: Path) -> None:
    """The first beyond the cap still meets all, and nobody meets anybody after that."""
    line = {
        "type": "identification",
        "jurisdiction": "FR",
        "role": "offender",
        "recipients": ["XI"],
        "identifiers": [{"type": "wallet", "value": "mz12345678"}],
    }
    count = MAX_SUBJECTS_PER_KEY + 3
    write_corpus((({**line, "reference": f"r{n}"}, f"{n}", ()) for n in range(count)), tmp_path)
    found = Counter(later for _, later in collect(tmp_path).numbers)
    assert found == {n: n for n in range(1, MAX_SUBJECTS_PER_KEY + 1)}
    told = run(tmp_path / "notifications.jsonl", links=tmp_path / "l", grouped=tmp_path / "g",
               alerts=tmp_path / "a", index=None, say=print)  # fmt: skip
    compared = told["candidates_per_notification"] * count
    assert compared == pytest.approx(found.total(), abs=0.005 * count)


def test_a_weight_is_the_logarithm_of_the_odds() -> None:
    """Of a term that ten of eleven pairs of one person have, and that alone: held towards zero."""
    prior, weights = fit([of(("phone", "equal", True, 10_000), ("phone", "equal", False, 1000),
                             ("x", "y", True, 1000), ("x", "y", False, 1000))])  # fmt: skip
    assert weights["phone", "equal"] + prior == pytest.approx(log(10), abs=0.02)
    assert weights["x", "y"] + prior == pytest.approx(0, abs=0.02)


def test_a_term_seen_seldom_has_no_weight() -> None:
    """It would be the habit of a few."""
    seen = [("phone", "equal", True, 500), ("phone", "typed", False, 500)]
    for times, is_known in ((SEEN - 1, False), (SEEN, True)):
        _, weights = fit([of(*seen, ("email", "equal", True, times))])
        assert (("email", "equal") in weights) is is_known


def test_a_weight_that_contradicts_its_meaning_is_left_out() -> None:
    """Equal never speaks against a pair, and apart never for one; the others are learned anew."""
    seen = of(("email", "equal", False, 400), ("email", "apart", True, 400),
              ("phone", "equal", True, 400), ("phone", "apart", False, 400))  # fmt: skip
    _, weights = fit([seen])
    assert set(weights) == {("phone", "equal"), ("phone", "apart")}
    assert weights["phone", "equal"] > 0 > weights["phone", "apart"]


def test_each_corpus_counts_the_same() -> None:
    """However large: what is true of one and false of the other is left undecided."""
    one = of(("series", "unsaid", True, 4000))
    other = of(("series", "unsaid", False, 40))
    prior, weights = fit([one, other])
    assert weights["series", "unsaid"] + prior == pytest.approx(0, abs=0.02)


def test_what_is_written_is_a_table(tmp_path: Path) -> None:
    """Whole hundredths of bits, sorted, without what weighs nothing."""
    out = tmp_path / "weights.py"
    write(out, -log(4), {("b", "x"): log(2), ("a", "y"): -log(8), ("c", "z"): 0.0001}, 700)
    found = runpy.run_path(str(out))
    assert (found["PRIOR"], found["TRAINED"]) == (-200, 700)
    assert list(found["WEIGHTS"].items()) == [(("a", "y"), -300), (("b", "x"), 100)]


def test_the_table_of_the_product_was_written_so(tmp_path: Path) -> None:
    """Not by hand: the same values give the same file."""
    out = tmp_path / "weights.py"
    bits = log(2) / 100
    write(out, PRIOR * bits, {term: weight * bits for term, weight in WEIGHTS.items()}, TRAINED)
    assert out.read_bytes() == TABLE.read_bytes()


def test_the_command_learns_the_same_twice(corpus: Path, tmp_path: Path) -> None:
    """From the same corpora, in another process, with another order of sets."""
    main([str(corpus), "--out", str(tmp_path / "one.py")])
    command = [sys.executable, "-m", "liaison.corpora.learn", str(corpus), "--out",
               str(tmp_path / "other.py")]  # fmt: skip
    subprocess.run(command, check=True)
    one, other = ((tmp_path / name).read_text("utf-8") for name in ("one.py", "other.py"))
    assert one == other
    learned = ast.literal_eval(one.partition("WEIGHTS: dict[tuple[str, str], int] = ")[2])
    assert learned["birth-date", "equal"] > 0 > learned["birth-date", "apart"]
