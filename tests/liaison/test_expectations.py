"""What the demo must see, and how a difference is worded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from liaison import expectations
from liaison.demo import examples
from liaison.expectations import Alert, Delivery, Expected, Observed, judge

EXPECTED = expectations.load(examples())


def alert(own: str, theirs: str) -> Alert:
    return Alert(own, theirs, EXPECTED.homes[theirs], "strong")


def perfect(expected: Expected = EXPECTED) -> dict[str, Observed]:
    """Every node as it is when everything happened as it must."""
    nodes = {}
    for code in (*expected.files, expected.hub):
        own = {one for one, home in expected.homes.items() if home == code}
        nodes[code] = Observed(
            sent={one: expected.lines[one] for one in own},
            received={
                one: expected.lines[one] for one, to in expected.recipients.items() if code in to
            },
            deliveries=tuple(
                Delivery(one, to, "done", receipted=True)
                for one in sorted(own)
                for to in expected.recipients[one]
                for _ in range(expected.lines[one])
            ),
            alerts=tuple(
                alert(*side) for pair in expected.pairs for side in pair.sides if side[0] in own
            ),
        )
    return nodes


def test_when_everything_happened_nothing_is_wrong() -> None:
    """All counts are full and there is no problem."""
    judged = judge(EXPECTED, perfect())
    assert judged.problems == ()
    assert judged.settled
    assert judged.delivered == judged.receipts == EXPECTED.deliveries > 100
    assert judged.pairs_alerted == len(EXPECTED.pairs) == 12
    assert judged.lookalikes_alerted == 0


PAIR = EXPECTED.pairs[0]
LOOK = EXPECTED.lookalikes[0]
HOME = EXPECTED.homes[PAIR.first]
SECRET = next(one for one, to in EXPECTED.recipients.items() if to == ("PH",))


def _without_alert(node: Observed) -> Observed:
    return replace(node, alerts=tuple(a for a in node.alerts if a.reference != PAIR.first))


def _with_lookalike(node: Observed) -> Observed:
    return replace(node, alerts=(*node.alerts, alert(LOOK.first, LOOK.second)))


def _twice_alerted(node: Observed) -> Observed:
    return replace(node, alerts=(*node.alerts, alert(PAIR.first, PAIR.second)))


def _leaked(node: Observed) -> Observed:
    return replace(node, received={**node.received, SECRET: 1})


def _lost(node: Observed) -> Observed:
    return replace(node, received={**node.received, PAIR.first: 0})


def _unsent(node: Observed) -> Observed:
    return replace(node, sent={**node.sent, PAIR.first: 0})


def _no_receipt(node: Observed) -> Observed:
    kept = (d for d in node.deliveries if (d.reference, d.recipient) != (PAIR.first, "XI"))
    return replace(node, deliveries=tuple(kept))


@pytest.mark.parametrize(
    ("code", "change", "problem"),
    [
        (HOME, _without_alert, f"{HOME}: no alert for {PAIR.first} with {PAIR.second}"),
        (
            EXPECTED.homes[LOOK.first],
            _with_lookalike,
            (
                f"{EXPECTED.homes[LOOK.first]}: an alert for {LOOK.first} with {LOOK.second}, "
                "who are two persons"
            ),
        ),
        (HOME, _twice_alerted, f"{HOME}: 2 alerts for {PAIR.first} with {PAIR.second}"),
        ("XI", _leaked, f"XI: received {SECRET} 1 times, not 0"),
        ("XI", _lost, f"XI: received {PAIR.first} 0 times, not 1"),
        (HOME, _unsent, f"{HOME}: {PAIR.first} was published 0 times, not 1"),
        (HOME, _no_receipt, f"{HOME}: 0 of 1 receipts of XI for {PAIR.first}"),
    ],
)
def test_each_difference_is_told(
    code: str, change: Callable[[Observed], Observed], problem: str
) -> None:
    """One thing that is not as it must be is one problem, in words."""
    nodes = perfect()
    nodes[code] = change(nodes[code])
    judged = judge(EXPECTED, nodes)
    assert judged.problems == (problem,)
    assert not judged.settled


def test_one_side_told_is_not_enough() -> None:
    """A pair counts when both contact points know."""
    nodes = perfect()
    nodes[HOME] = _without_alert(nodes[HOME])
    assert judge(EXPECTED, nodes).pairs_alerted == len(EXPECTED.pairs) - 1


def test_a_lookalike_counts_once_however_often_it_was_alerted() -> None:
    """It is the pair of persons that was mistaken, not the alert."""
    nodes = perfect()
    for side in LOOK.sides:
        code = EXPECTED.homes[side[0]]
        nodes[code] = replace(nodes[code], alerts=(*nodes[code].alerts, alert(*side)))
    assert judge(EXPECTED, nodes).lookalikes_alerted == 1
