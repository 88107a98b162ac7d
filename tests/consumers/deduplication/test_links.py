"""Links follow from two subjects and the verdicts on them."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import orjson
import pytest

from consumers.deduplication import records
from consumers.deduplication.deduplicator import subject_of
from consumers.deduplication.links import (
    Retraction,
    Ruling,
    Subject,
    earlier,
    link,
    stricter,
)
from schemas.markings import Handling, MatchDecision, Tlp, Verdict
from schemas.notifications import Marking
from tests.consumers.deduplication.support import ANNA, ANNA_ABROAD, ANOTHER, subject
from tests.fakes.notifications import CREATED


def a(reference: str, origin: str, **about: Any) -> Subject:
    return subject_of(subject(reference, origin, **about), CREATED)


ONE, OTHER = a("FR-1", "FR", **ANNA), a("DE-1", "DE", **ANNA_ABROAD)
STRANGER = a("PH-1", "PH", **ANOTHER)


def ruling(by: str, verdict: Verdict) -> Ruling:
    first, second = sorted((ONE.root, OTHER.root))
    return Ruling(first, second, by, verdict, CREATED, by)


def _through_json(row: list[Any]) -> Any:
    return orjson.loads(orjson.dumps(row))


def test_a_link_is_the_same_from_either_side() -> None:
    """Which of the two came first is not to be seen in it."""
    assert link(ONE, OTHER) == link(OTHER, ONE) is not None


def test_strangers_are_not_linked_unless_a_party_says_so() -> None:
    """A confirmation is a must-link, whatever the score."""
    assert link(ONE, STRANGER) is None
    first, second = sorted((ONE.root, STRANGER.root))
    said = Ruling(first, second, "PH", Verdict.CONFIRMED, CREATED, "x")
    found = link(ONE, STRANGER, rulings=[said])
    assert found is not None
    assert (found.decision, found.active) == (MatchDecision.SAME, True)


def test_a_refutation_outweighs_a_confirmation() -> None:
    """In whichever order they are listed; the link stays, retracted."""
    said = (ruling("FR", Verdict.CONFIRMED), ruling("DE", Verdict.REFUTED))
    for order in permutations(said):
        found = link(ONE, OTHER, rulings=order)
        assert found is not None
        assert found.retracted is Retraction.REFUTED


def test_needing_more_changes_nothing() -> None:
    """Nor does what a third jurisdiction says."""
    said = (ruling("FR", Verdict.NEEDS_MORE), ruling("PH", Verdict.REFUTED))
    assert link(ONE, OTHER, rulings=said) == link(ONE, OTHER)


def test_a_stored_link_and_subject_are_what_they_were() -> None:
    """Nothing is lost on the way into the tables and back."""
    found = link(ONE, OTHER)
    assert found is not None
    assert records.load_link(_through_json(records.dump_link(found))) == found
    assert records.load_subject(_through_json(records.dump_subject(ONE))) == ONE


@pytest.mark.parametrize(
    ("one", "other", "expected"), [(1, 2, 1), (None, 2, 2), (3, None, 3), (None, None, None)]
)
def test_the_earlier_end(one: int | None, other: int | None, expected: int | None) -> None:
    """No end is later than any."""
    assert earlier(one, other) == expected


def test_the_stricter_of_two_markings_part_by_part() -> None:
    """The level of each part is the higher; words stay only where both sides agree on them."""
    one = Marking(Tlp.GREEN, Handling.H3, "a", "law", "A1")
    other = Marking(Tlp.AMBER_STRICT, Handling.H1, "b", "law", "B2")
    assert stricter(one, other) == Marking(Tlp.AMBER_STRICT, Handling.H3, "", "law", "")
