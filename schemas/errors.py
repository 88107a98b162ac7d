"""Every error the product raises on purpose.

    LiaisonError
    ├── InputRefused          the caller's record or argument is not acceptable
    ├── MalformedRecord       bytes that are not what they claim to be
    │   └── UnknownSchema     well formed, but in a schema not known here (yet)
    ├── ConfigurationInvalid  our own configuration, keys or database
    ├── Unreachable           somebody we need does not answer (retriable)
    ├── PolicyRefused         policy does not release it
    └── VerificationFailed    a signature, hash, chain or trust rule does not hold

Whoever shows an error shows :attr:`LiaisonError.problem` and :attr:`LiaisonError.remedy`;
nobody compares strings. Neither text ever contains a value taken from a notification.
"""

from __future__ import annotations


class LiaisonError(Exception):
    """Base of all of them; ``retriable`` says whether waiting can help."""

    retriable = False

    def __init__(self, problem: str, *, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}; {self.remedy}" if self.remedy else self.problem


class InputRefused(LiaisonError):
    """The record or argument given is not acceptable; names its field where there is one."""

    def __init__(self, problem: str, *, remedy: str = "", field: str | None = None) -> None:
        super().__init__(problem, remedy=remedy)
        self.field = field


class MalformedRecord(LiaisonError):
    """The bytes are not a well-formed record of the schema they name."""


class UnknownSchema(MalformedRecord):
    """Well formed so far as can be told, but its schema is not known to this version."""

    def __init__(self, fingerprint: str) -> None:
        super().__init__(
            f"schema fingerprint {fingerprint} is not known here",
            remedy="upgrade this node; the record is kept and read then",
        )
        self.fingerprint = fingerprint


class ConfigurationInvalid(LiaisonError):
    """Configuration, keys or database of this node are not usable as they are."""


class Unreachable(LiaisonError):
    """Kafka, the database or another gateway does not answer."""

    retriable = True


class PolicyRefused(LiaisonError):
    """Policy does not release this to that recipient."""


class VerificationFailed(LiaisonError):
    """A signature, hash, chain link or trust rule does not hold."""
