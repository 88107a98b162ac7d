"""Transitions of both ends of a channel as tables: state and input, and what comes of it (7)."""

from __future__ import annotations

from itertools import product
from typing import Any

from gateway.block import Place
from gateway.channel import (
    MAX_EPOCH,
    MAX_FRUITLESS,
    Discontinuity,
    Inbound,
    Outbound,
    Resume,
    after_discontinuity,
    continuation,
)
from gateway.wire import ZERO_HASH
from tests.vectors.making import seed

_BLOCK, _RECEIPT, _OTHER = (seed("table", name) for name in ("block", "receipt", "other"))
_NAMES = {_BLOCK: "last block", _RECEIPT: "last receipt", _OTHER: "unknown", ZERO_HASH: "zeros"}


def recipient_cases() -> list[dict[str, Any]]:
    """A block at every kind of place, naming everything it can name."""
    states = [
        Inbound(),
        Inbound(Place(1, 4), _BLOCK, _RECEIPT),
        Inbound(Place(3, 1), _BLOCK, _RECEIPT),
    ]
    places = [
        Place(1, 1),
        Place(1, 4),
        Place(1, 5),
        Place(1, 6),
        Place(2, 1),
        Place(2, 2),
        Place(9, 1),
    ]
    named = [(previous, False, False) for previous in _NAMES]
    named += [(_OTHER, True, False), (_OTHER, False, True)]
    return [
        {
            "state": {
                "place": [state.place.epoch, state.place.sequence],
                "block_hash": state.block_hash.hex(),
                "receipt_hash": state.receipt_hash.hex(),
            },
            "block": {
                "place": [place.epoch, place.sequence],
                "previous": previous.hex(),
                "issued": issued,
                "vouched": vouched,
            },
            "expected": _continuation(state, place, previous, issued=issued, vouched=vouched),
        }
        for state, place, (previous, issued, vouched) in product(states, places, named)
    ]


def _continuation(
    state: Inbound, place: Place, previous: bytes, *, issued: bool, vouched: bool
) -> str:
    try:
        return continuation(state, place, previous, issued=issued, vouched=vouched).value
    except Discontinuity as broken:
        return broken.status


def sender_cases() -> list[dict[str, Any]]:
    """A fork or gap in every kind of state."""
    states = [
        Outbound(Place(1, 1), _BLOCK, ZERO_HASH, Place()),
        Outbound(Place(1, 6), _BLOCK, _RECEIPT, Place(1, 5)),
        Outbound(Place(4, 1), _BLOCK, _RECEIPT, Place(3, 9)),
        Outbound(Place(MAX_EPOCH, 1), _BLOCK, _RECEIPT, Place(3, 9)),
    ]
    positions = [Place(), Place(1, 2), Place(1, 5), Place(3, 9), Place(7, 3), Place(MAX_EPOCH, 1)]
    asked = product(states, ("fork", "gap"), positions, (False, True), (0, MAX_FRUITLESS))
    return [_after(*one) for one in asked]


def _after(
    state: Outbound, status: str, position: Place, kept: bool, fruitless: int
) -> dict[str, Any]:
    action = after_discontinuity(state, status, position, kept=kept, fruitless=fruitless)
    expected: dict[str, Any] = {"action": action.value}
    if action is Resume.RAISE_EPOCH:
        # The receipt held for the last receipted block is kept in all of these.
        named = _RECEIPT if position < state.receipted else _OTHER
        raised = state.epoch_raised(position, named)
        place, previous = raised.next_place()
        expected |= {"place": [place.epoch, place.sequence], "previous": previous.hex()}
    return {
        "state": {
            "place": [state.place.epoch, state.place.sequence],
            "receipted": [state.receipted.epoch, state.receipted.sequence],
            "receipt_hash": state.receipt_hash.hex(),
        },
        "answer": status,
        "position": {
            "place": [position.epoch, position.sequence],
            "receipt_hash": _OTHER.hex(),
        },
        "kept": kept,
        "fruitless": fruitless,
        "expected": expected,
    }
