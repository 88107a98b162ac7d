"""From notifications back to the intake format."""

from __future__ import annotations

from typing import Any

from producers.intake import Defaults, Intake, Parsed, content_digest
from producers.intake.unparser import to_content
from tests.producers.intake.test_parser import ID, LEAST, NOW


def test_there_and_back() -> None:
    """A notification says the same after it went through the intake format."""
    lines: list[dict[str, Any]] = [
        {
            **LEAST,
            "status": "identified",
            "names": ["Élodie Example"],
            "identifiers": [{"type": "ip", "value": "::1", "seen_at": "2026-01-01T00:00:00Z"}],
            "media_hashes": [{"algorithm": "md5", "value": "0" * 32}],
            "marking": {"tlp": "AMBER+STRICT", "valid_until": "2031-01-01", "grading": "A1"},
            "created": "2026-01-02T03:04:05Z",
            "operation": "OP",
        },
        {
            "type": "takedown",
            "reference": "T",
            "jurisdiction": "FR",
            "recipients": ["DE"],
            "url": "https://bad.example/",
            "commercial": False,
            "history": [{"status": "reported", "at": "2026-01-01T00:00:00Z"}],
        },
        {
            "type": "missing-child",
            "reference": "M",
            "jurisdiction": "FR",
            "recipients": ["DE"],
            "last_seen": {"at": "2026-01-01T00:00:00Z", "country": "FR"},
        },
    ]
    intake = Intake(Defaults("FR"))
    for line in lines:
        first = intake.parse(line, id=ID, now_ms=NOW)
        assert isinstance(first, Parsed), first
        second = intake.parse(to_content(first.notification), id=ID, now_ms=NOW)
        assert isinstance(second, Parsed), second
        assert second.notification == first.notification
        third = intake.parse(to_content(second.notification), id=ID, now_ms=NOW + 5000)
        assert isinstance(third, Parsed)
        assert content_digest(third.stated) == content_digest(second.stated)
