"""Ids of notifications: UUIDv7 given by the originator, UUIDv8 for derived ones (RFC 9562)."""

from __future__ import annotations

import hashlib
import os
import re
import time

_CANONICAL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_id(now_ms: int | None = None) -> str:
    """A UUIDv7 (RFC 9562 section 5.7) in canonical text form: time-ordered, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    value = (milliseconds & ((1 << 48) - 1)) << 80 | int.from_bytes(os.urandom(10))
    return _stamped(value, version=7)


def derived_id(kind: str, *parts: str) -> str:
    """A UUIDv8 (RFC 9562 section 5.8) over ``kind`` and ``parts``, so that a replay makes it again.

    SHA-256 over the parts, each preceded by its length, cut to 122 bits.
    """
    digest = hashlib.sha256(b"liaison/v1/derived-id\0")
    for part in (kind, *parts):
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4) + encoded)
    return _stamped(int.from_bytes(digest.digest()[:16]), version=8)


def pair_id(first: str, second: str) -> str:
    """The id of the unordered pair of two notifications."""
    return derived_id("pair", *sorted((first, second)))


def is_id(text: str) -> bool:
    """Whether ``text`` is a UUID in canonical text form."""
    return _CANONICAL.fullmatch(text) is not None


def _stamped(value: int, *, version: int) -> str:
    value &= ~(0xF << 76) & ~(0x3 << 62)
    text = f"{value | version << 76 | 0x2 << 62:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
