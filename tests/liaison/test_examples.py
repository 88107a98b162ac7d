"""The example case files are valid, decent and what ``expected.json`` says they are."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from producers.intake import Defaults, Intake, Parsed, decode_line
from schemas.codec import encode
from schemas.identities import new_id

EXAMPLES = Path(__file__).parents[2] / "examples"
EXPECTED: dict[str, Any] = json.loads((EXAMPLES / "expected.json").read_text("utf-8"))
NOW_MS = 1_790_000_000_000
COUNTRIES = ("FR", "DE", "PH")


def lines(code: str) -> list[dict[str, Any]]:
    text = (EXAMPLES / EXPECTED["files"][code]).read_text("utf-8")
    return [dict(decode_line(line.encode())) for line in text.splitlines()]  # type: ignore[arg-type]


def everything() -> dict[str, dict[str, Any]]:
    """The first line of every reference."""
    found: dict[str, dict[str, Any]] = {}
    for code in COUNTRIES:
        for line in lines(code):
            found.setdefault(line["reference"], line)
    return found


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_line_is_accepted_by_the_intake(code: str) -> None:
    """A line is refused by nothing, and warned about only where it reaches nobody."""
    intake = Intake(Defaults(code))
    for line in lines(code):
        parsed = intake.parse(line, id=new_id(NOW_MS), now_ms=NOW_MS)
        assert isinstance(parsed, Parsed), parsed
        assert encode(parsed.notification)
        assert {warning.field for warning in parsed.warnings} <= {"recipients"}


@pytest.mark.parametrize("code", COUNTRIES)
def test_each_file_has_what_its_header_promises(code: str) -> None:
    """Between 25 and 40 lines, of all three types, for several kinds of recipient."""
    found = lines(code)
    assert len(found) == EXPECTED["notifications"][code]
    assert 25 <= len(found) <= 40
    assert {line["type"] for line in found} == {"identification", "takedown", "missing-child"}
    named = Counter(to for line in found for to in line["recipients"])
    assert named["XI"] > 10
    assert named["circle:eu"] > 0


def test_expected_recipients_are_those_of_the_lines() -> None:
    """What must be delivered follows from the recipients of each line, circles resolved."""
    for code in COUNTRIES:
        for line in lines(code):
            named: set[str] = set()
            for recipient in line["recipients"]:
                named |= set(EXPECTED["circles"].get(recipient, [recipient]))
            assert EXPECTED["recipients"][line["reference"]] == sorted(named - {code})


def test_pairs_and_lookalikes_are_in_two_jurisdictions() -> None:
    """Each names two identifications of different jurisdictions, and no case is in two pairs."""
    known = everything()
    named: Counter[str] = Counter()
    for entry in (*EXPECTED["pairs"], *EXPECTED["lookalikes"]):
        first, second = (known[reference] for reference in entry["references"])
        assert first["jurisdiction"] != second["jurisdiction"]
        assert (first["type"], second["type"]) == ("identification", "identification")
        named.update(entry["references"])
    assert set(named.values()) == {1}


def test_both_sides_of_each_pair_can_be_told() -> None:
    """The hub has both sides, or each side has the other's."""
    known = everything()
    for entry in EXPECTED["pairs"]:
        first, second = entry["references"]
        reached = [set(EXPECTED["recipients"][one]) for one in (first, second)]
        homes = [known[one]["jurisdiction"] for one in (second, first)]
        both = all(home in to for home, to in zip(homes, reached, strict=True))
        assert both or all("XI" in to for to in reached)


def test_the_examples_are_synthetic() -> None:
    """Domains, addresses and telephone numbers are out of ranges that belong to nobody."""
    text = "".join((EXAMPLES / name).read_text("utf-8") for name in EXPECTED["files"].values())
    for domain in re.findall(r"@([\w.-]+)|https?://([\w.-]+)", text):
        assert "".join(domain).casefold().endswith(".example")
    addresses = re.findall(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", text)
    assert all(a.startswith(("192.0.2.", "198.51.100.", "203.0.113.")) for a in addresses)
    free = r"\+?(0044|44)7700900|3998|0199002|17139200|03023125|12025550"
    for number in re.findall(r'"type": "phone", "value": "([^"]+)"', text):
        assert re.search(free, re.sub(r"[^\d+]", "", number)), number


def test_three_scripts_are_used() -> None:
    """Names are in Latin, Cyrillic and Arabic script."""
    names = "".join(name for line in everything().values() for name in line.get("names") or [])
    assert re.search("[A-Za-z]", names)
    assert re.search("[\u0400-\u04ff]", names)
    assert re.search("[\u0600-\u06ff]", names)
