"""Members of the federation, as the directory lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from schemas.notifications import DutyContact

_CODE = re.compile(r"[A-Z]{2}")


def is_code(text: str) -> bool:
    """Whether ``text`` has the form of a jurisdiction code: two capital Latin letters."""
    return _CODE.fullmatch(text) is not None


class MemberRole(StrEnum):
    """What a member does beside publishing and receiving."""

    CONTACT_POINT = "contact-point"
    HUB = "hub"


class MemberStatus(StrEnum):
    """Only an active member is sent anything or heard."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The pair of public keys a member signs with; both signatures must verify.

    Attributes:
        ed25519: 32 bytes (RFC 8032).
        ml_dsa: 1,952 bytes, ML-DSA-65 (FIPS 204).
    """

    ed25519: bytes
    ml_dsa: bytes


@dataclass(frozen=True, slots=True)
class SealingKeys:
    """The pair of public keys that is sealed to.

    Attributes:
        ml_kem: 1,184 bytes, ML-KEM-768 (FIPS 203).
        x25519: 32 bytes (RFC 7748).
    """

    ml_kem: bytes
    x25519: bytes


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the federation.

    ``signing`` and ``sealing`` list the current keys first; earlier ones follow for as long as
    something signed with or sealed to them may still have to be verified. ``certificates``
    are the DER bytes of the TLS certificates it may present.
    """

    code: str
    name: str
    roles: frozenset[MemberRole]
    status: MemberStatus
    endpoint: str
    contact: DutyContact
    signing: tuple[SigningKeys, ...]
    sealing: tuple[SealingKeys, ...]
    certificates: tuple[bytes, ...]

    @property
    def active(self) -> bool:
        """Whether it may be sent to and heard."""
        return self.status is MemberStatus.ACTIVE

    @property
    def is_hub(self) -> bool:
        """Whether it deduplicates for others."""
        return MemberRole.HUB in self.roles
