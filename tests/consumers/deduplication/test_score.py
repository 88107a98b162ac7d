"""What is decided about two subjects, and why."""

from __future__ import annotations

from typing import Any

import pytest

from consumers.deduplication.features import extract
from consumers.deduplication.score import Score, score
from schemas.markings import MatchDecision, Role, Strength
from tests.consumers.deduplication.support import ANNA, ANNA_ABROAD, offender, subject

SAME, ASK = MatchDecision.SAME, MatchDecision.COMPARE
NAME = {"names": ("Aurélie Quincampoix",)}
MAIL = {"identifiers": (("email", "somebody@courrier.example"),)}
PHONE = {"identifiers": (("phone", "+33639980001"),)}
WALLET = {"identifiers": (("wallet", "mz123456789"),)}
PICTURE = {"media": (("sha256", "ab" * 32),), "series": "Lune noire"}


def of(one: dict[str, Any], other: dict[str, Any]) -> Score:
    a, b = (extract(subject("X", **about)) for about in (one, other))
    assert score(a, b) == score(b, a)
    return score(a, b)


@pytest.mark.parametrize(
    ("one", "other", "decision"),
    [
        (ANNA, ANNA_ABROAD, SAME),
        (NAME, NAME, ASK),
        ({"birth_date": "2012-05-17"}, {"birth_date": "2012-05-17"}, None),
        ({**NAME, "birth_date": "2012-05-07"}, {**NAME, "birth_date": "2012-07-05"}, SAME),
        ({**NAME, "birth_date": "2012-05-17"}, {**NAME, "birth_date": "2012-05-18"}, ASK),
        ({**NAME, "birth_date": "2012-05-17"}, {**NAME, "birth_date": "2012-05"}, SAME),
        ({**NAME, "birth_date": "2012-05-17"}, {**NAME, "birth_date": "2012"}, ASK),
        ({**NAME, "birth_date": "2012-05-17"}, {**NAME, "birth_date": "2013-05-17"}, SAME),
        ({**NAME, "birth_date": "2012-05-17"}, {**NAME, "birth_date": "1982-05-17"}, None),
        (ANNA, {**ANNA_ABROAD, "sex": "m"}, ASK),
        (MAIL, MAIL, ASK),
        ({**MAIL, **NAME}, {**MAIL, **NAME}, SAME),
        ({**PHONE, **ANNA}, {**PHONE, **ANNA, "birth_date": "2015-11-02"}, None),
        (WALLET, WALLET, None),
        (PICTURE, PICTURE, None),
        ({**PICTURE, **WALLET}, {**PICTURE, **WALLET}, None),
        ({}, {}, None),
    ],
)
def test_decision(one: dict[str, Any], other: dict[str, Any], decision: object) -> None:
    """Two pillars or one that is a person's own; nothing that cannot be one person's."""
    assert of(one, other).decision is decision


def test_a_victim_is_never_an_offender() -> None:
    """Whatever they have in common, the roles contradict."""
    a = extract(subject("FR-1", **ANNA, **MAIL))
    b = extract(offender("DE-1", **ANNA, **MAIL))
    assert score(a, b).decision is not SAME
    assert score(a, b).total < score(a, a).total


def test_an_offender_uses_other_names() -> None:
    """His mailbox under an alias is worth a comparison; a child's would be a family's."""
    alias = {**MAIL, "names": ("Mr Walker",), "role": Role.OFFENDER}
    civil = {**MAIL, "names": ("Aurèle Quincampoix",), "role": Role.OFFENDER}
    assert of(alias, civil).decision is ASK


def test_the_evidence_says_which_values_met_and_why() -> None:
    """Strongest first, in words, without a value; what speaks against it too."""
    found = of({**ANNA, "nationalities": ("FR",)}, {**ANNA_ABROAD, "nationalities": ("DE",)})
    assert [(e.kind, e.strength, e.why) for e in found.evidence] == [
        ("name", Strength.STRONG, "the names agree"),
        ("birth-date", Strength.MODERATE, "the birth dates agree"),
        ("sex", Strength.WEAK, "the same sex"),
        ("nationality", Strength.STRONG, "no nationality in common"),
    ]


def test_support_never_links_alone() -> None:
    """However many pictures, wallets and devices two share: several persons may."""
    many = {
        "media": tuple(("sha256", f"{n:064x}") for n in range(9)),
        "identifiers": (("wallet", "mz123456789"), ("device", "aabbccdd"), ("ip", "198.51.100.1")),
        "series": "Lune noire",
    }
    assert of(many, many).decision is None
