"""What is remembered is what was used last, and not more than twice the room."""

from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication.recent import Recent

ROOM = 4


def test_what_is_used_stays() -> None:
    """What is asked for again and again outlives any number of others."""
    recent: Recent[int, str] = Recent(ROOM)
    recent[0] = "kept"
    for number in range(1, 50):
        recent[number] = "passing"
        assert recent.get(0) == "kept"
    assert recent.get(1) is None


@given(st.lists(st.integers(0, 20)))
def test_bounds(used: list[int]) -> None:
    """The last few different keys are known; never more than twice as many; never a wrong value."""
    recent: Recent[int, int] = Recent(ROOM)
    for moment, key in enumerate(used):
        recent[key] = moment
    last = {key: moment for moment, key in enumerate(used)}
    newest = sorted(last, key=lambda key: -last[key])
    known = [key for key in newest if key in recent]
    assert set(newest[: ROOM - 1]) <= set(known)
    assert len(known) <= 2 * ROOM
    assert all(recent.get(key) == last[key] for key in known[:ROOM])


def test_pop() -> None:
    """What is taken out is gone, wherever it was; what was never there may be taken out."""
    recent: Recent[int, str] = Recent(ROOM)
    for number in range(ROOM + 1):
        recent[number] = "x"
    for number in (0, ROOM, 99):
        recent.pop(number)
    assert [number for number in range(100) if number in recent] == [1, 2, 3]
