"""``liaison bench crypto``: seal, open, sign, verify by block size, against the bare primitives.

The bare side of sealing is AES-256-GCM over the same bytes, which is what remains of HPKE when the
key is already there; of signing, each of the two schemes alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.block import Item, pack, seal_info, unpack
from gateway.sealing import Opener, seal
from gateway.signing import Signer, verify

SIZES = (1, 8, 64, 512)
NOTIFICATION_BYTES = 1000
SECONDS = 0.4


def measure() -> dict[str, Any]:
    """Figures by number of items in a block, and of the signatures, which do not depend on it."""
    return {
        "notification_bytes": NOTIFICATION_BYTES,
        "blocks": [_block(items) for items in SIZES],
        "signatures": _signatures(),
    }


def _block(count: int) -> dict[str, Any]:
    opener, info = Opener.generate(), seal_info(b"header")
    items = [Item(os.urandom(32), os.urandom(NOTIFICATION_BYTES)) for _ in range(count)]
    commitments = [item.commitment for item in items]
    content = pack(items)
    sealed = seal(opener.public, content, info)
    bare, nonce = AESGCM(os.urandom(32)), os.urandom(12)
    encrypted = bare.encrypt(nonce, content, info)
    seal_us = _us(lambda: seal(opener.public, pack(items), info))
    open_us = _us(lambda: unpack(opener.open(sealed, info), commitments))
    bare_seal_us = _us(lambda: bare.encrypt(nonce, content, info))
    bare_open_us = _us(lambda: bare.decrypt(nonce, encrypted, info))
    return {
        "items": count,
        "bytes": len(sealed),
        "seal_us": seal_us,
        "open_us": open_us,
        "seal_us_per_item": round(seal_us / count, 2),
        "open_us_per_item": round(open_us / count, 2),
        "bare_aes_gcm_encrypt_us": bare_seal_us,
        "bare_aes_gcm_decrypt_us": bare_open_us,
        "seal_ratio": round(seal_us / bare_seal_us, 2),
        "open_ratio": round(open_us / bare_open_us, 2),
    }


def _signatures() -> dict[str, Any]:
    signer, message = Signer.generate(), os.urandom(64)
    both = signer.sign(message)
    ed25519, ml_dsa = Ed25519PrivateKey.generate(), MLDSA65PrivateKey.generate()
    one, other = ed25519.sign(message), ml_dsa.sign(message)
    ed25519_public, ml_dsa_public = ed25519.public_key(), ml_dsa.public_key()
    sign_us = _us(lambda: signer.sign(message))
    verify_us = _us(lambda: verify(signer.public, message, both))
    bare_sign = _us(lambda: ed25519.sign(message)), _us(lambda: ml_dsa.sign(message))
    bare_verify = (
        _us(lambda: ed25519_public.verify(one, message)),
        _us(lambda: ml_dsa_public.verify(other, message)),
    )
    return {
        "sign_us": sign_us,
        "verify_us": verify_us,
        "bare_ed25519_sign_us": bare_sign[0],
        "bare_ml_dsa_65_sign_us": bare_sign[1],
        "bare_ed25519_verify_us": bare_verify[0],
        "bare_ml_dsa_65_verify_us": bare_verify[1],
        "sign_ratio": round(sign_us / sum(bare_sign), 2),
        "verify_ratio": round(verify_us / sum(bare_verify), 2),
    }


def _us(work: Callable[[], Any]) -> float:
    """Mean microseconds of wall time over about half a second of repetitions."""
    work()
    count, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < SECONDS:
        work()
        count += 1
    return round(took / count * 1e6, 2)
