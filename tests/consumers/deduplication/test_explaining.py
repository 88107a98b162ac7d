"""Two subjects compared, in words: exact where it counts, and readable whatever the outcome."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from consumers.deduplication.comparison import compare
from consumers.deduplication.deduplicator import subject_of
from consumers.deduplication.explaining import _NAMES, _named, explain, explain_held
from consumers.deduplication.features import Features
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.keys import keys_of
from consumers.deduplication.rarity import Rarity
from consumers.deduplication.score import COMPARE, SAME, score
from consumers.deduplication.store import MemoryStore
from consumers.deduplication.weights import WEIGHTS
from schemas.markings import MatchDecision
from tests.consumers.deduplication.support import ANNA, ANNA_ABROAD, ANOTHER, offender, subject

MAIL = (("email", "aurelie.q@example.org"),)
SOME = [
    subject("FR-1", **ANNA, identifiers=MAIL),
    subject("DE-1", "DE", **ANNA_ABROAD, nationalities=("FR",)),
    subject("DE-2", "DE", **ANOTHER, identifiers=MAIL, nationalities=("DE",), series="Blue"),
    subject("DE-3", "DE", names=("A. Quincampoix",), series="blue"),
    subject("DE-4", "DE", names=("Maria Silva",), birth_date="2012-05-17"),
    subject("DE-5", "DE", names=("Maria da Silva",), birth_date="2012-05-17"),
    offender("PH-1", "PH", names=("Aurelie Example",), identifiers=MAIL),
    subject("PH-2", "PH"),
]
FEATURES = [subject_of(one, 1).features for one in SOME]
PAIRS = [(a, b) for a in FEATURES for b in FEATURES if a is not b]


@pytest.mark.parametrize(("a", "b"), PAIRS)
@pytest.mark.parametrize("population", [0, 1_000_000])
def test_it_tells_what_the_engine_does(a: Features, b: Features, population: int) -> None:
    """The same total and decision; the parts add up to it unless a rule says otherwise."""
    rarity = Rarity(population)
    found, scored = explain(a, b, rarity), score(a, b, rarity)
    assert (found.total, found.decision) == (scored.total, scored.decision)
    plain = found.prior + found.chance + sum(field.weight for field in found.fields)
    assert plain == found.total or any("whatever the sum" in rule for rule in found.rules)
    assert found.chance <= 0
    assert explain(b, a, rarity) == found
    compared = {o.field.replace("shared-name-bits", "name").replace("name-bits", "name")
                for o in compare(a, b, rarity)}  # fmt: skip
    assert compared <= {field.field for field in found.fields}
    assert all(field.words for field in found.fields)


def test_rules_above_the_sum_are_named() -> None:
    """Two frequent names and a birthday; one account under other names; a contradiction."""
    anna, abroad, other, _, maria, silva, _, _ = FEATURES
    usual = explain(maria, silva, Rarity())
    assert usual.total >= SAME
    assert usual.decision is MatchDecision.COMPARE
    assert [rule for rule in usual.rules if "an officer decides" in rule]
    alias = explain(
        replace(anna, birth=None, sex=None), replace(other, birth=None, sex=None), Rarity()
    )
    assert alias.total == COMPARE
    assert [rule for rule in alias.rules if "whatever the sum" in rule]
    accounts = {"accounts": anna.accounts}
    grown = explain(replace(anna, sex="f"), replace(abroad, sex="m", **accounts), Rarity())
    assert grown.decision is MatchDecision.COMPARE
    assert "the sexes differ: never called the same, whatever else agrees" in grown.rules


@pytest.mark.parametrize("level", sorted({key[1] for key in WEIGHTS if key[0] == "name"}))
def test_every_outcome_of_names_has_words(level: str) -> None:
    """Whatever the table of weights knows."""
    bare = re.split(" ", level)[0]
    if bare not in ("generation", "unsaid"):
        assert _named(bare, "the names agree, but for a slip").endswith(", but for a slip")
        assert bare.partition("-")[0] in _NAMES


def test_what_two_alone_have_is_not_shared() -> None:
    """The later of the two does not count among those that came before it."""
    index = KeyIndex(MemoryStore())
    a, b = (subject_of(one, at) for at, one in enumerate((SOME[0], SOME[2])))
    for one in (a, b):
        index.put(one, keys_of(one.features, one.mode.value))
    levels = {f.field: f.levels for f in explain_held(index, a, b).fields}
    assert levels["email"] == ("equal",)
    c = subject_of(SOME[6], 5)
    index.put(c, keys_of(c.features, c.mode.value))
    levels = {f.field: f.levels for f in explain_held(index, a, b).fields}
    assert levels["email"] == ("equal", "bits-shared 1.00")
