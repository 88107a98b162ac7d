"""What the index keeps of subjects, links and rulings, through JSON and back."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given

from consumers.deduplication import records
from consumers.deduplication.deduplicator import subject_of
from consumers.deduplication.features import Features
from consumers.deduplication.links import Ruling, link
from schemas.markings import Verdict
from schemas.notifications import Identification
from tests.consumers.deduplication.support import subject
from tests.consumers.deduplication.synthetic import abouts, features
from tests.strategies import notifications


def through_json(row: Any) -> Any:
    return orjson.loads(orjson.dumps(row))


@given(features=features)
def test_features_come_back_with_all_that_is_known_of_names(features: Features) -> None:
    """Readings and ranks of words too, which are not stored: they follow from the words."""
    found = records.load_features(through_json(records.dump_features(features)))
    assert repr(found) == repr(features)
    assert found.counted == features.counted


@given(made=notifications("identification"))
def test_a_subject_comes_back_whole(made: Identification) -> None:
    """Whatever the schema admits."""
    one = subject_of(made, 5)
    assert records.load_subject(through_json(records.dump_subject(one))) == one


@given(a=abouts, b=abouts)
def test_a_link_comes_back_whole(a: dict[str, Any], b: dict[str, Any]) -> None:
    """With its evidence and its retraction, byte for byte when it is stored again."""
    one, other = subject_of(subject("FR-1", **a), 1), subject_of(subject("DE-1", "DE", **b), 1)
    first, second = sorted((one.root, other.root))
    for verdict in Verdict:
        ruling = Ruling(first, second, "DE", verdict, 1, "v")
        made = link(one, other, rulings=[ruling])
        if made is not None:
            stored = orjson.dumps(records.dump_link(made))
            assert records.load_link(orjson.loads(stored)) == made
            assert (
                orjson.dumps(records.dump_link(records.load_link(orjson.loads(stored)))) == stored
            )


def test_a_ruling_comes_back_whole() -> None:
    """As the index lays it down: pair, party, and what it said when."""
    ruling = Ruling("a", "b", "DE", Verdict.REFUTED, 7, "v-1")
    assert records.load_ruling(["a", "b", "DE", 7, "v-1", "refuted"]) == ruling
