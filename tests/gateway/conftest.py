"""Fixtures of the gateway's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.federation import Federation


@pytest.fixture
def federation(tmp_path: Path) -> Iterator[Federation]:
    """Four members, each with a ledger of its own, at rest."""
    made = Federation(tmp_path)
    yield made
    made.close()
