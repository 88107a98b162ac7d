"""The intake format: what becomes of each field, and what is said when it does not fit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.intake import Defaults, Intake, Parsed, Problem
from producers.intake.parser import FIELDS
from schemas.codec import decode, encode
from schemas.markings import Handling, Mode, Relation, Role, SubjectStatus, Tlp, Urgency
from schemas.notifications import (
    CASE_TYPES,
    TYPES,
    DutyContact,
    Identification,
    Identifier,
    LastSeen,
    Marking,
    MediaHash,
    MissingChild,
    Takedown,
    TakedownStatus,
)

NOW = 1_790_000_000_000
"""2026-09-21T14:13:20Z."""
ID = "01920000-0000-7000-8000-0123456789ab"
EXAMPLES = Path(__file__).parents[3] / "examples"
DEFAULTS = Defaults(
    "FR",
    marking=Marking(Tlp.AMBER, Handling.H1, purpose="usual purpose"),
    review_ms=1000,
    contact=DutyContact(unit="Example unit"),
)
LEAST: dict[str, Any] = {
    "type": "identification",
    "reference": "FR-1",
    "jurisdiction": "FR",
    "role": "victim",
    "recipients": ["DE"],
}


def parse(**fields: Any) -> Parsed | list[Problem]:
    """What becomes of the smallest identification with ``fields`` over it."""
    return Intake(DEFAULTS).parse({**LEAST, **fields}, id=ID, now_ms=NOW)


def accepted(**fields: Any) -> Parsed:
    """The same, of a line that is acceptable and can be encoded."""
    found = parse(**fields)
    assert isinstance(found, Parsed), found
    assert decode(encode(found.notification)) == found.notification
    return found


def subject(**fields: Any) -> Identification:
    """The notification of :func:`accepted`."""
    found = accepted(**fields).notification
    assert isinstance(found, Identification)
    return found


def refused(**fields: Any) -> Problem:
    """The one problem of a line that is refused."""
    found = parse(**fields)
    assert isinstance(found, list)
    assert len(found) == 1, found
    return found[0]


def warned(**fields: Any) -> Problem:
    """The one warning about a line that is accepted."""
    (warning,) = accepted(**fields).warnings
    return warning


def test_least() -> None:
    """The required fields are enough; the rest comes from the configuration."""
    found = subject()
    assert found.role is Role.VICTIM
    assert found.head.id == found.head.root == ID
    assert found.head.origin == "FR"
    assert found.head.recipients == ("DE",)
    assert found.head.marking == DEFAULTS.marking
    assert found.head.created == NOW
    assert found.head.review_at == NOW + 1000
    assert found.head.contact == DutyContact(unit="Example unit")
    assert found.head.relation is Relation.NEW


def test_everything() -> None:
    """Every field of an identification arrives."""
    found = subject(
        status="safeguarded",
        names=["Élodie Example", "إلودي"],
        birth_date="2012-03",
        sex="f",
        nationalities=["FR", "LB"],
        identifiers=[
            {"type": "username", "value": "elo_12", "platform": "chat"},
            {"type": "ip", "value": "2001:db8::1", "seen_at": "2026-02-11T09:30:00+01:00"},
        ],
        media_hashes=[{"algorithm": "sha256", "value": "AB" * 32}],
        series="Blue",
        marking={
            "tlp": "TLP:AMBER+STRICT",
            "handling": "H2",
            "purpose": "p",
            "legal_basis": "l",
            "grading": "A1",
            "valid_until": "2031-12-31",
        },
        urgency="urgent",
        relation="update",
        created="2026-09-01T00:00:00Z",
        operation="OP-1",
        mode="exercise",
    )
    assert found.status is SubjectStatus.SAFEGUARDED
    assert found.names == ("Élodie Example", "إلودي")
    assert found.birth_date == "2012-03"
    assert found.nationalities == ("FR", "LB")
    assert found.identifiers == (
        Identifier("username", "elo_12", "chat"),
        Identifier("ip", "2001:db8::1", seen_at=1_770_798_600_000),
    )
    assert found.media_hashes == (MediaHash("sha256", "ab" * 32),)
    assert found.head.marking == Marking(Tlp.AMBER_STRICT, Handling.H2, "p", "l", "A1")
    assert found.head.valid_until == 1_956_528_000_000
    assert found.head.review_at is None
    assert found.head.urgency is Urgency.URGENT
    assert found.head.relation is Relation.UPDATE
    assert found.head.created == 1_788_220_800_000
    assert found.head.mode is Mode.EXERCISE
    assert found.head.operation == "OP-1"


def test_null_is_missing() -> None:
    """Null everywhere but in the required fields is the same as nothing."""
    names = FIELDS["identification"].keys() - LEAST.keys()
    assert accepted(**dict.fromkeys(names)).notification == accepted().notification


def test_absent_marking_parts() -> None:
    """A marking given in part is completed from the configuration."""
    assert subject(marking={"tlp": "RED"}).head.marking == Marking(
        Tlp.RED, Handling.H1, "usual purpose"
    )


def test_takedown() -> None:
    """Every field of a takedown arrives."""
    found = Intake(DEFAULTS).parse(
        {
            "type": "takedown",
            "reference": "T-1",
            "jurisdiction": "FR",
            "recipients": ["DE"],
            "url": "https://bad.example/a.jpg",
            "domain": "bad.example",
            "host": "192.0.2.7",
            "hosting_country": "DE",
            "provider": "Example Hosting",
            "commercial": True,
            "payment_methods": ["card"],
            "evidence_hashes": [{"algorithm": "md5", "value": "0" * 32}],
            "requested_action": "remove",
            "history": [{"status": "reported", "at": "2026-09-01T00:00:00Z", "by": "XI"}],
        },
        id=ID,
        now_ms=NOW,
    )
    assert isinstance(found, Parsed), found
    takedown = found.notification
    assert isinstance(takedown, Takedown)
    assert takedown.commercial is True
    assert takedown.requested_action == "remove"
    assert takedown.evidence_hashes == (MediaHash("md5", "0" * 32),)
    assert takedown.history == (TakedownStatus("reported", 1_788_220_800_000, "XI"),)
    assert found.warnings == ()


def test_missing_child() -> None:
    """Every field of an alert for a missing child arrives."""
    found = Intake(DEFAULTS).parse(
        {
            "type": "missing-child",
            "reference": "M-1",
            "jurisdiction": "FR",
            "recipients": ["circle:eu"],
            "names": ["Élodie Example"],
            "birth_date": "2012",
            "sex": "f",
            "nationalities": ["FR"],
            "description": "blue jacket\nred bag",
            "last_seen": {"at": "2026-09-01T00:00:00Z", "place": "Lille", "country": "FR"},
            "circumstances": "on the way to school",
            "vehicle": "white van",
            "companion": "an adult",
            "areas": ["FR-59", "BE"],
            "languages": ["fr", "nl-BE"],
            "broadcast": ["names", "description"],
        },
        id=ID,
        now_ms=NOW,
    )
    assert isinstance(found, Parsed), found
    child = found.notification
    assert isinstance(child, MissingChild)
    assert child.last_seen == LastSeen(1_788_220_800_000, "Lille", "FR")
    assert child.areas == ("FR-59", "BE")
    assert child.broadcast == ("names", "description")


@pytest.mark.parametrize("name", CASE_TYPES)
def test_every_field_of_the_schema(name: str) -> None:
    """Each field of the notification can be given, and nothing else."""
    own = {field for field in TYPES[name].__dataclass_fields__ if field != "head"}  # type: ignore[attr-defined]
    common = set.intersection(*(set(fields) for fields in FIELDS.values()))
    assert set(FIELDS[name]) - (common - own) == own


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.jsonl")), ids=lambda path: path.name)
def test_examples(path: Path) -> None:
    """The example case files are accepted as they are."""
    for line in path.read_text("utf-8").splitlines():
        content = json.loads(line)
        intake = Intake(Defaults(content["jurisdiction"]))
        assert isinstance(intake.parse(content, id=ID, now_ms=NOW), Parsed)


@pytest.mark.parametrize(
    ("fields", "field", "problem", "remedy"),
    [
        ({"type": None}, "type", "is missing", "must be given"),
        ({"type": "match-alert"}, "type", "is not one of the values known here", "takedown"),
        ({"reference": None}, "reference", "is missing", "must be given"),
        ({"reference": " "}, "reference", "is empty", "give it a value"),
        ({"reference": 7}, "reference", "is a number, not text", "write text"),
        ({"role": None}, "role", "is missing", "must be given"),
        ({"role": "child"}, "role", "is not one of", "victim, offender"),
        ({"role": "unknown"}, "role", "is not one of", "victim, offender"),
        ({"recipients": None}, "recipients", "is missing", "must be given"),
        ({"recipients": "DE"}, "recipients", "is text, not a list", "write a list"),
        ({"recipients": ["de"]}, "recipients[0]", "neither a jurisdiction", "two capital letters"),
        ({"recipients": [None]}, "recipients[0]", "is null", "leave the entry out"),
        ({"jurisdiction": "DE"}, "jurisdiction", "is not this node's own", "write FR"),
        ({"birthdate": "2010"}, "birthdate", "unknown field", "did you mean birth_date?"),
        ({"Names": []}, "Names", "unknown field", "did you mean names?"),
        ({"zzz": 1}, "zzz", "unknown field", "known here are: birth_date, created"),
        ({"birth_date": "2010-13-45"}, "birth_date", "no such date", "YYYY-MM or YYYY"),
        ({"birth_date": "2011-02-29"}, "birth_date", "no such date", "only what is known"),
        ({"birth_date": "12.03.2010"}, "birth_date", "is not YYYY-MM-DD", "2010-07"),
        ({"birth_date": "2100"}, "birth_date", "lies in the future", "correct the year"),
        ({"birth_date": "0012"}, "birth_date", "lies before 1880", "correct the year"),
        ({"birth_date": 2010}, "birth_date", "is a number, not text", "write text"),
        ({"sex": "w"}, "sex", "is not one of", "f, m, x"),
        ({"status": "saved"}, "status", "is not one of", "safeguarded"),
        ({"nationalities": ["ZZ"]}, "nationalities[0]", "is not a known country", "alpha-2"),
        ({"nationalities": ["fr"]}, "nationalities[0]", "is not a known country", "write FR"),
        ({"nationalities": ["UK"]}, "nationalities[0]", "is not a known country", "write GB"),
        ({"names": ["a\x00b"]}, "names[0]", "control characters", "this is no text"),
        ({"names": ["\ud800"]}, "names[0]", "half a character", "this is no text"),
        ({"names": ["a" * 501]}, "names[0]", "more than 500 characters", "shorten it"),
        ({"names": ["a"] * 4001}, "names", "more than 4000 entries", "split it"),
        ({"identifiers": ["a"]}, "identifiers[0]", "is not an object", "type, value"),
        (
            {"identifiers": [{"type": "fax", "value": "1"}]},
            "identifiers[0].type",
            "is not",
            "phone",
        ),
        ({"identifiers": [{"type": "email"}]}, "identifiers[0].value", "is missing", "must be"),
        (
            {"identifiers": [{"type": "ip", "value": "::1", "seen_at": "2026-01-01T00:00:00"}]},
            "identifiers[0].seen_at",
            "has no time zone",
            "add Z",
        ),
        (
            {"media_hashes": [{"algorithm": "md5", "value": "xyz"}]},
            "media_hashes[0].value",
            "is not hexadecimal",
            "hexadecimal digits",
        ),
        (
            {"media_hashes": [{"algorithm": "crc", "value": "00"}]},
            "media_hashes[0].algorithm",
            "is not one of",
            "sha256, sha1, md5, pdq, photodna",
        ),
        (
            {"media_hashes": [{"algorithm": "md5", "hash": "00", "value": "0" * 32}]},
            "media_hashes[0].hash",
            "unknown field",
            "known here are",
        ),
        ({"marking": {"tlp": "PINK"}}, "marking.tlp", "not a TLP 2.0 label", "AMBER+STRICT"),
        ({"marking": {"handling": "H9"}}, "marking.handling", "is not one of", "H0, H1, H2, H3"),
        ({"marking": {"valid_until": "soon"}}, "marking.valid_until", "is not an ISO", "2026-01"),
        ({"marking": []}, "marking", "is not an object", "tlp"),
        ({"urgency": "high"}, "urgency", "is not one of", "urgent, routine"),
        ({"relation": "delete"}, "relation", "is not one of", "cancel"),
        ({"created": "2027-01-01T00:00:00Z"}, "created", "lies in the future", "or the clock"),
        ({"mode": "real"}, "mode", "is not one of", "actual, exercise, test"),
    ],
)
def test_refusals(fields: Mapping[str, Any], field: str, problem: str, remedy: str) -> None:
    """What does not fit is refused with its field, the problem and a remedy."""
    found = refused(**fields)
    assert found.field == field
    assert problem in found.problem
    assert remedy in found.remedy


def test_all_problems_at_once() -> None:
    """Whoever corrects a line sees everything that is wrong with it."""
    found = parse(birth_date="2010-13-45", sex="w", names=[1, 2], nme="a")
    assert isinstance(found, list)
    assert [one.field for one in found] == ["birth_date", "sex", "names[0]", "names[1]", "nme"]


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        ({"recipients": []}, "recipients", "reaches nobody"),
        ({"recipients": ["FR"]}, "recipients", "reaches nobody"),
        ({"identifiers": [{"type": "phone", "value": "12"}]}, "identifiers[0].value", "phone"),
        ({"identifiers": [{"type": "email", "value": "a at b"}]}, "identifiers[0].value", "e-mail"),
        ({"identifiers": [{"type": "ip", "value": "999.1"}]}, "identifiers[0].value", "IP"),
        (
            {"identifiers": [{"type": "wallet", "value": "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3"}]},
            "identifiers[0].value",
            "has a checksum that does not hold",
        ),
        (
            {"identifiers": [{"type": "wallet", "value": "0x" + "ab" * 20}]},
            "identifiers[0].value",
            "carries no checksum",
        ),
        (
            {"media_hashes": [{"algorithm": "sha256", "value": "abc"}]},
            "media_hashes[0].value",
            "has 3 hexadecimal digits, sha256 has 64",
        ),
        ({"series": ""}, "series", "is empty and was left out"),
        (
            {"identifiers": [{"type": "phone", "value": " "}]},
            "identifiers[0].value",
            "is empty and was left out",
        ),
        ({"role": "offender", "status": "safeguarded"}, "status", "cannot be safeguarded"),
        ({"marking": {"valid_until": "2020-01-01"}}, "marking.valid_until", "reaches nobody"),
        ({"marking": {"grading": "good"}}, "marking.grading", "is not a 4x4"),
    ],
)
def test_warnings(fields: Mapping[str, Any], field: str, problem: str) -> None:
    """What is odd is kept as written, and warned about."""
    found = warned(**fields)
    assert found.field == field
    assert problem in found.problem
    assert found.remedy


@pytest.mark.parametrize(
    "value",
    ["+33 6 12 34 56 78", "0033-612345678", "06.12.34.56.78", "(0171) 39200/42", "٠٦١٢٣٤٥٦٧٨",
     "tel:+33-6-1234-5678", "+44 20 7946 0958 ext. 12"],
)  # fmt: skip
def test_phones_in_any_notation(value: str) -> None:
    """No usual notation of a phone number is odd."""
    found = accepted(identifiers=[{"type": "phone", "value": value}])
    assert found.warnings == ()


def test_kept_as_written() -> None:
    """An odd value arrives letter by letter."""
    assert subject(identifiers=[{"type": "phone", "value": " 12 / ?"}]).identifiers == (
        Identifier("phone", " 12 / ?"),
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(sorted({n for fields in FIELDS.values() for n in fields})) | st.text(),
        json_values,
        max_size=8,
    ),
    st.sampled_from(["identification", "takedown", "missing-child", None]),
)
def test_nothing_escapes(fields: dict[str, Any], kind: str | None) -> None:
    """Whatever a line holds, it becomes a notification that can be encoded, or problems."""
    content = {**LEAST, **fields, **({"type": kind} if kind else {})}
    found = Intake(DEFAULTS).parse(content, id=ID, now_ms=NOW)
    if isinstance(found, Parsed):
        encode(found.notification)
    else:
        assert found
        assert all(one.problem and one.remedy for one in found)
