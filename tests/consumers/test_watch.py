"""When a reader counts as silent."""

from __future__ import annotations

from consumers.watch import SILENT_AFTER, Watch

PLACE = ("topic", 0)


def test_a_reader_that_makes_progress_is_not_silent() -> None:
    """Each look finds another position: nothing is stuck, however far behind."""
    watch = Watch(1.0)
    assert not any(watch.silent({PLACE: n}, {PLACE: 1000}) for n in range(50))


def test_a_reader_at_the_end_is_not_silent() -> None:
    """Nothing to read is no silence."""
    watch = Watch(1.0)
    assert not any(watch.silent({PLACE: 5}, {PLACE: 5}) for _ in range(50))


def test_no_progress_with_records_left_is_silence() -> None:
    """After some looks without progress the reader is silent; the next time it takes longer."""
    watch = Watch(1.0)
    looks = [watch.silent({PLACE: 5}, {PLACE: 6}) for _ in range(10)]
    assert looks.index(True) == SILENT_AFTER
    assert looks[SILENT_AFTER + 1 :].index(True) == 2 * SILENT_AFTER


def test_it_is_time_to_look_once_a_period() -> None:
    """The first look is one period after the first question."""
    watch = Watch(5.0)
    assert [watch.due(now) for now in (0.0, 4.9, 5.0, 5.1, 10.0)] == [
        False,
        False,
        True,
        False,
        True,
    ]
