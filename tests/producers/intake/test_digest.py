"""What makes two lines the same content."""

from __future__ import annotations

from typing import Any

import pytest

from producers.intake import Defaults, Intake, Parsed, content_digest
from schemas.markings import Tlp
from schemas.notifications import Marking
from tests.producers.intake.test_parser import ID, LEAST, NOW


def digest(defaults: Defaults | None = None, now_ms: int = NOW, **fields: Any) -> bytes:
    """The digest of the smallest identification with ``fields`` over it."""
    content = dict(reversed({**LEAST, **fields}.items()))
    found = Intake(defaults or Defaults("FR")).parse(content, id=ID, now_ms=now_ms)
    assert isinstance(found, Parsed), found
    return content_digest(found.stated)


HASH = {"algorithm": "md5", "value": "ab" * 16}


@pytest.mark.parametrize(
    "fields",
    [
        {"series": None},
        {"names": []},
        {"marking": {"tlp": None}},
        {"relation": "new", "urgency": "routine"},
        {"now_ms": NOW + 1},
        {"defaults": Defaults("FR", marking=Marking(tlp=Tlp.GREEN), review_ms=5)},
    ],
)
def test_same(fields: dict[str, Any]) -> None:
    """The time, null, empty lists and the configuration make no difference."""
    assert digest(**fields) == digest()


def test_same_hash() -> None:
    """The case of hexadecimal digits makes no difference."""
    upper = {**HASH, "value": "AB" * 16}
    assert digest(media_hashes=[upper]) == digest(media_hashes=[HASH])


@pytest.mark.parametrize(
    "fields",
    [
        {"names": ["A"]},
        {"recipients": ["DE", "PH"]},
        {"created": "2026-01-01T00:00:00Z"},
        {"marking": {"tlp": "RED"}},
        {"relation": "update"},
        {"media_hashes": [HASH]},
    ],
)
def test_other(fields: dict[str, Any]) -> None:
    """Whatever the line says counts."""
    assert digest(**fields) != digest()


def test_frozen() -> None:
    """The digest is stored, so no release may change it."""
    stated = {"reference": "FR-1", "relation": "update", "names": ("A",), "series": None}
    frozen = "daec6e45e85a1c223226d8112f62d512b5e582897d35137e5895d7dccbb8a562"
    assert content_digest(stated).hex() == frozen
