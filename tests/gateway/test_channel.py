"""The transitions of a channel, at either end, as tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.block import Place
from gateway.channel import (
    MAX_EPOCH,
    MAX_FRUITLESS,
    Continuation,
    Discontinuity,
    Fork,
    Gap,
    Inbound,
    Outbound,
    Overtaken,
    Resume,
    after_discontinuity,
    continuation,
)
from gateway.wire import ZERO_HASH

BLOCK, RECEIPT, OTHER = b"b" * 32, b"r" * 32, b"o" * 32
AT = Inbound(Place(2, 3), BLOCK, RECEIPT)
NEXT, EPOCH, LOSS = Continuation.NEXT, Continuation.EPOCH, Continuation.EPOCH_AFTER_LOSS


@pytest.mark.parametrize(
    ("state", "place", "previous", "issued", "vouched", "expected"),
    [
        (Inbound(), Place(1, 1), ZERO_HASH, False, False, EPOCH),
        (Inbound(), Place(7, 1), ZERO_HASH, False, False, EPOCH),
        (Inbound(), Place(1, 2), BLOCK, False, False, Gap),
        (Inbound(), Place(1, 1), OTHER, False, False, Gap),
        (Inbound(), Place(2, 1), OTHER, False, True, LOSS),
        (AT, Place(2, 4), BLOCK, False, False, NEXT),
        (AT, Place(2, 4), OTHER, False, False, Fork),
        (AT, Place(2, 4), RECEIPT, False, False, Fork),
        (AT, Place(2, 4), ZERO_HASH, True, True, Fork),
        (AT, Place(2, 5), BLOCK, False, False, Gap),
        (AT, Place(2, 3), BLOCK, False, False, Fork),
        (AT, Place(2, 1), ZERO_HASH, True, True, Fork),
        (AT, Place(1, 9), BLOCK, True, True, Fork),
        (AT, Place(3, 1), RECEIPT, False, False, EPOCH),
        (AT, Place(9, 1), RECEIPT, False, False, EPOCH),
        (AT, Place(3, 1), OTHER, True, False, EPOCH),
        (AT, Place(3, 1), OTHER, False, True, LOSS),
        (AT, Place(3, 1), OTHER, False, False, Gap),
        (AT, Place(3, 1), BLOCK, False, False, Gap),
        (AT, Place(3, 1), ZERO_HASH, False, False, Fork),
        (AT, Place(3, 2), RECEIPT, True, True, Gap),
    ],
)
def test_continuation(
    state: Inbound,
    place: Place,
    previous: bytes,
    issued: bool,
    vouched: bool,
    expected: Continuation | type[Discontinuity],
) -> None:
    """The recipient's table."""
    if isinstance(expected, Continuation):
        found = continuation(state, place, previous, issued=issued, vouched=vouched)
        assert found is expected
    else:
        with pytest.raises(expected) as caught:
            continuation(state, place, previous, issued=issued, vouched=vouched)
        assert caught.value.problem
        assert caught.value.remedy


@given(
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.sampled_from([BLOCK, RECEIPT, OTHER, ZERO_HASH]),
)
def test_a_channel_never_goes_back(place: tuple[int, int], previous: bytes) -> None:
    """Whatever continues the chain stands behind its last block."""
    try:
        continuation(AT, Place(*place), previous, issued=True, vouched=True)
    except Discontinuity:
        return
    assert Place(*place) > AT.place


def test_the_sender_counts() -> None:
    """Sealed, receipted, sealed: each block names the one before."""
    state = Outbound()
    assert (state.in_flight, state.next_place()) == (False, (Place(1, 1), ZERO_HASH))
    state = state.sealed(Place(1, 1), BLOCK)
    assert state.in_flight
    with pytest.raises(AssertionError, match="at most one sealed block without receipt"):
        state.sealed(Place(1, 2), OTHER)
    with pytest.raises(Overtaken, match="a receipt is for the block in flight"):
        state.received(Place(1, 2), RECEIPT)
    state = state.received(Place(1, 1), RECEIPT)
    assert (state.in_flight, state.next_place()) == (False, (Place(1, 2), BLOCK))
    with pytest.raises(AssertionError, match="in sequence"):
        state.sealed(Place(1, 3), OTHER)


def test_an_epoch_begins_from_a_receipt() -> None:
    """Above all that either end saw; what was receipted stays so."""
    state = Outbound(Place(2, 4), BLOCK, RECEIPT, Place(2, 3))
    for seen, epoch in ((Place(1, 9), 3), (Place(2, 9), 3), (Place(6, 1), 7)):
        raised = state.epoch_raised(seen, OTHER)
        assert not raised.in_flight
        assert raised.next_place() == (Place(epoch, 1), OTHER)
        assert raised.receipted == Place(2, 3)


SENT = Outbound(Place(2, 4), BLOCK, RECEIPT, Place(2, 3))


@pytest.mark.parametrize(
    ("status", "position", "kept", "fruitless", "expected"),
    [
        (Gap.status, Place(2, 1), True, 0, Resume.RESEND),
        (Gap.status, Place(), True, MAX_FRUITLESS, Resume.RESEND),
        (Gap.status, Place(2, 1), False, 0, Resume.RAISE_EPOCH),
        (Gap.status, Place(2, 3), True, 0, Resume.RAISE_EPOCH),
        (Fork.status, Place(2, 1), True, 0, Resume.RAISE_EPOCH),
        (Fork.status, Place(5, 1), False, MAX_FRUITLESS - 1, Resume.RAISE_EPOCH),
        (Fork.status, Place(5, 1), False, MAX_FRUITLESS, Resume.HALT),
        (Gap.status, Place(2, 1), False, MAX_FRUITLESS, Resume.HALT),
        (Fork.status, Place(MAX_EPOCH, 1), False, 0, Resume.HALT),
        (Fork.status, Place(MAX_EPOCH - 1, 1), False, 0, Resume.RAISE_EPOCH),
    ],
)
def test_after_a_discontinuity(
    status: str, position: Place, kept: bool, fruitless: int, expected: Resume
) -> None:
    """The sender's table."""
    found = after_discontinuity(SENT, status, position, kept=kept, fruitless=fruitless)
    assert found is expected
