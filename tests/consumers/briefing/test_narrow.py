"""Just what was asked for."""

from __future__ import annotations

from consumers.briefing.narrow import narrow
from consumers.briefing.selection import Asked, Selection
from schemas.markings import Relation, Verdict
from tests.consumers.briefing.world import DAY, alert, case, selection, verdict
from tests.fakes.notifications import CREATED

OLD, NEW = case("FR-1"), case("FR-2", created=CREATED + 5 * DAY)
SINCE = CREATED + 4 * DAY


def references(chosen: Selection) -> list[str]:
    return sorted(one.head.reference for one in chosen.cases)


def test_nothing_asked_is_everything() -> None:
    """Without a question nothing is left out."""
    chosen = selection(OLD, NEW)
    assert narrow(chosen, Asked()) is chosen


def test_whole_chain() -> None:
    """A case with news is there from its beginning."""
    update = case("FR-1", root=OLD.head.root, relation=Relation.UPDATE, created=SINCE)
    assert references(narrow(selection(OLD, update), Asked(since=SINCE))) == ["FR-1", "FR-1"]


def test_since() -> None:
    """Cases with news at that instant or later."""
    assert references(narrow(selection(OLD, NEW), Asked(since=SINCE))) == ["FR-2"]
    assert references(narrow(selection(OLD, NEW), Asked(since=CREATED))) == ["FR-1", "FR-2"]


def test_a_match_is_news() -> None:
    """A new match brings both its cases, however old they are."""
    partner = case("DE-1", "DE")
    fresh = alert(OLD, partner, head_created=SINCE)
    chosen = narrow(selection(OLD, partner, alerts=(fresh,)), Asked(since=SINCE))
    assert references(chosen) == ["DE-1", "FR-1"]


def test_reference_and_one_link_further() -> None:
    """A case asked for comes with those linked to it, not with those linked to these."""
    b, c = case("DE-1", "DE"), case("PH-1", "PH")
    first, second = alert(OLD, b), alert(b, c)
    said = verdict(second, "PH", Verdict.CONFIRMED)
    chosen = selection(OLD, NEW, b, c, alerts=(first, second), verdicts=(said,))
    found = narrow(chosen, Asked(references=("FR-1",)))
    assert references(found) == ["DE-1", "FR-1"]
    assert (found.alerts, found.verdicts) == ((first,), ())
