"""Double signatures: Ed25519 (RFC 8032) and ML-DSA-65 (FIPS 204); both must verify.

The one adapter for the signature schemes of ``cryptography``.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey

from schemas.errors import VerificationFailed
from schemas.members import SigningKeys

ED25519_SIGNATURE_BYTES = 64
ML_DSA_SIGNATURE_BYTES = 3309
SIGNATURES_BYTES = ED25519_SIGNATURE_BYTES + ML_DSA_SIGNATURE_BYTES


@dataclass(frozen=True, slots=True)
class Signatures:
    """One signature by each of a member's two signing keys, over the same bytes."""

    ed25519: bytes
    ml_dsa: bytes

    def to_bytes(self) -> bytes:
        """Ed25519 (64 bytes), then ML-DSA-65 (3,309 bytes)."""
        return self.ed25519 + self.ml_dsa

    @classmethod
    def from_bytes(cls, data: bytes) -> Signatures:
        """The reverse of :meth:`to_bytes`.

        Raises:
            VerificationFailed: not 3,373 bytes.
        """
        if len(data) != SIGNATURES_BYTES:
            raise VerificationFailed(f"two signatures have {SIGNATURES_BYTES} bytes")
        return cls(data[:ED25519_SIGNATURE_BYTES], data[ED25519_SIGNATURE_BYTES:])


class Signer:
    """The private halves of a member's signing keys."""

    def __init__(self, ed25519: Ed25519PrivateKey, ml_dsa: MLDSA65PrivateKey) -> None:
        self._ed25519 = ed25519
        self._ml_dsa = ml_dsa
        self.public = SigningKeys(
            ed25519.public_key().public_bytes_raw(), ml_dsa.public_key().public_bytes_raw()
        )

    @classmethod
    def generate(cls) -> Signer:
        """New keys from the system's random source."""
        return cls(Ed25519PrivateKey.generate(), MLDSA65PrivateKey.generate())

    @classmethod
    def from_seeds(cls, ed25519: bytes, ml_dsa: bytes) -> Signer:
        """From the 32-byte seeds that :attr:`seeds` gives.

        Raises:
            ValueError: a seed has another length.
        """
        return cls(
            Ed25519PrivateKey.from_private_bytes(ed25519), MLDSA65PrivateKey.from_seed_bytes(ml_dsa)
        )

    @property
    def seeds(self) -> tuple[bytes, bytes]:
        """The two secrets, 32 bytes each: Ed25519, ML-DSA-65."""
        return self._ed25519.private_bytes_raw(), self._ml_dsa.private_bytes_raw()

    def sign(self, message: bytes) -> Signatures:
        """Both signatures over ``message``; ML-DSA in its hedged form with an empty context."""
        return Signatures(self._ed25519.sign(message), self._ml_dsa.sign(message))


def verify(keys: SigningKeys, message: bytes, signatures: Signatures) -> None:
    """Returns when both signatures are by ``keys`` over ``message``.

    Raises:
        VerificationFailed: either is not, or a key is not one.
    """
    try:
        Ed25519PublicKey.from_public_bytes(keys.ed25519).verify(signatures.ed25519, message)
        MLDSA65PublicKey.from_public_bytes(keys.ml_dsa).verify(signatures.ml_dsa, message)
    except (InvalidSignature, ValueError) as error:
        raise VerificationFailed("a signature does not verify") from error
