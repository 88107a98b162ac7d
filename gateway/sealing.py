"""Sealing to one recipient: HPKE base mode (RFC 9180), single shot.

Suite 1: KEM ML-KEM-768+X25519 (X-Wing; code point 0x647a of draft-ietf-hpke-pq), KDF
HKDF-SHA256, AEAD AES-256-GCM. The context is bound through ``info``; ``aad`` stays empty. The
one adapter for ``cryptography``'s HPKE.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from schemas.errors import ConfigurationInvalid, VerificationFailed
from schemas.members import SealingKeys

SUITE = 1
"""Number of the suite in block headers."""

_suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Opener:
    """The private halves of a member's sealing keys."""

    def __init__(self, ml_kem: MLKEM768PrivateKey, x25519: X25519PrivateKey) -> None:
        self._ml_kem = ml_kem
        self._x25519 = x25519
        self._key = MLKEM768X25519PrivateKey(ml_kem, x25519)
        self.public = SealingKeys(
            ml_kem.public_key().public_bytes_raw(), x25519.public_key().public_bytes_raw()
        )

    @classmethod
    def generate(cls) -> Opener:
        """New keys from the system's random source."""
        return cls(MLKEM768PrivateKey.generate(), X25519PrivateKey.generate())

    @classmethod
    def from_seeds(cls, ml_kem: bytes, x25519: bytes) -> Opener:
        """From the seeds that :attr:`seeds` gives: 64 bytes and 32 bytes.

        Raises:
            ValueError: a seed has another length.
        """
        return cls(
            MLKEM768PrivateKey.from_seed_bytes(ml_kem), X25519PrivateKey.from_private_bytes(x25519)
        )

    @property
    def seeds(self) -> tuple[bytes, bytes]:
        """The two secrets: ML-KEM-768 seed (64 bytes, FIPS 203 ``d ‖ z``), X25519 key (32)."""
        return self._ml_kem.private_bytes_raw(), self._x25519.private_bytes_raw()

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """The plaintext of ``sealed``.

        Raises:
            VerificationFailed: not sealed to this key with this ``info``, or changed since.
        """
        try:
            return _suite.decrypt(sealed, self._key, info=info)
        except (InvalidTag, ValueError) as error:
            raise VerificationFailed("the body does not open with the key it names") from error


def seal(keys: SealingKeys, plaintext: bytes, info: bytes) -> bytes:
    """``plaintext`` sealed to ``keys``: encapsulated key (1,120 bytes), ciphertext, tag (16).

    Raises:
        ConfigurationInvalid: the recipient's keys in the directory are not keys.
    """
    try:
        public = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(keys.ml_kem),
            X25519PublicKey.from_public_bytes(keys.x25519),
        )
        return _suite.encrypt(plaintext, public, info=info)
    except ValueError as error:
        raise ConfigurationInvalid(
            "the recipient's sealing keys in the directory are not usable",
            remedy="ask the recipient for a new member request and sign the directory again",
        ) from error
