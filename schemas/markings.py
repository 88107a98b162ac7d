"""Closed lists of the vocabulary, and how they are written for people.

TLP 2.0 is FIRST's Traffic Light Protocol; H0 to H3 are the handling codes of European
police cooperation.
"""

from __future__ import annotations

from enum import StrEnum

ORGANISATIONS = {"XI": "INTERPOL General Secretariat", "XE": "Europol"}
"""User-assigned ISO 3166-1 codes for members that are not states."""

CIRCLE_PREFIX = "circle:"


class Sensitivity(StrEnum):
    """What a field tells; a view is a set of these."""

    PUBLIC = "public"
    CASE = "case"
    IDENTITY = "identity"
    LOCATION = "location"
    CONTACT = "contact"
    MATCH = "match"


class Relation(StrEnum):
    """How a notification relates to what came before in its case chain."""

    NEW = "new"
    UPDATE = "update"
    SUPERSEDE = "supersede"
    CANCEL = "cancel"


class Mode(StrEnum):
    """Actual data never mixes with exercise or test data."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    TEST = "test"


class Urgency(StrEnum):
    """Names the lane, too."""

    URGENT = "urgent"
    ROUTINE = "routine"


class Tlp(StrEnum):
    """Traffic Light Protocol 2.0, least to most restrictive."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    AMBER_STRICT = "AMBER_STRICT"
    RED = "RED"

    @property
    def label(self) -> str:
        """As TLP 2.0 wants it written: ``TLP:AMBER+STRICT``."""
        return "TLP:" + self.value.replace("_", "+")

    @classmethod
    def parse(cls, text: str) -> Tlp:
        """From ``TLP:AMBER+STRICT``, ``amber+strict`` or ``AMBER_STRICT``.

        Raises:
            ValueError: not a TLP 2.0 label.
        """
        return cls(text.strip().upper().removeprefix("TLP:").replace("+", "_"))


class Handling(StrEnum):
    """Handling codes."""

    H0 = "H0"
    H1 = "H1"
    H2 = "H2"
    H3 = "H3"


class Role(StrEnum):
    """A child is a victim, never an offender."""

    VICTIM = "victim"
    OFFENDER = "offender"
    UNKNOWN = "unknown"


class SubjectStatus(StrEnum):
    """How far the identification of a subject has come."""

    SUSPECTED = "suspected"
    IDENTIFIED = "identified"
    SAFEGUARDED = "safeguarded"


class MatchDecision(StrEnum):
    """Which threshold a pair reached."""

    SAME = "same"
    COMPARE = "compare"


class Strength(StrEnum):
    """How strong a match or one piece of its evidence is, in words for a duty officer."""

    STRONG = "strong"
    MODERATE = "moderate"
    WEAK = "weak"


class Verdict(StrEnum):
    """What a party found after comparing."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    NEEDS_MORE = "needs_more"
