"""Notices a reader that fell silent: its position stands still although the log goes on."""

from __future__ import annotations

from collections.abc import Mapping

from producers.ports import Position

SILENT_AFTER = 2
"""Inspections in a row, without any progress on a partition, that make a reader silent."""
MOST_PATIENCE = 64
"""A partition whose last records can never be read (another client's transaction markers) looks
silent for ever: each rebuild that changed nothing doubles the patience, up to this."""


class Watch:
    """Pure state: told where the reader stands and where the log ends, says whether it is stuck."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._next_s: float | None = None
        self._waiting: dict[Position, tuple[int, int]] = {}
        self._patience = SILENT_AFTER

    def due(self, now_s: float) -> bool:
        """Whether it is time to look; the first look is one period after the first question."""
        if self._next_s is not None and now_s < self._next_s:
            return False
        first, self._next_s = self._next_s is None, now_s + self._every_s
        return not first

    def silent(self, at: Mapping[Position, int], ends: Mapping[Position, int]) -> bool:
        """Whether some partition with records left made no progress for several looks."""
        waiting = {}
        for place, offset in at.items():
            if ends.get(place, 0) > offset:
                seen, count = self._waiting.get(place, (offset, 0))
                waiting[place] = offset, count + 1 if seen == offset else 1
        stuck = any(count > self._patience for _, count in waiting.values())
        if stuck:
            self._patience = min(self._patience * 2, MOST_PATIENCE)
            waiting = {}
        elif not waiting:
            self._patience = SILENT_AFTER
        self._waiting = waiting
        return stuck
