"""The directory as it stands now: one value everybody asks, replaced when a newer one comes."""

from __future__ import annotations

from collections.abc import Callable

from schemas.ports import Directory


class CurrentDirectory:
    """Calling it gives the directory; :meth:`replace` is refused a step back."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._replaced: list[Callable[[], None]] = []

    def __call__(self) -> Directory:
        """The newest verified directory."""
        return self._directory

    def notify(self, replaced: Callable[[], None]) -> None:
        """Have ``replaced`` called after each change."""
        self._replaced.append(replaced)

    def replace(self, directory: Directory) -> bool:
        """Takes a verified directory if it is newer; whether it did."""
        if directory.version <= self._directory.version:
            return False
        self._directory = directory
        for replaced in self._replaced:
            replaced()
        return True
