"""A PDQ hash: 32 bytes, written as 64 hexadecimal digits."""

from __future__ import annotations

import re

from schemas.errors import InputRefused

BYTES = 32
BITS = 8 * BYTES
NEAR = 31
"""Two pictures whose hashes differ in at most this many bits are taken for the same."""

_DIGITS = re.compile(r"[0-9a-fA-F]{64}")


def is_near(picture: int, other: int) -> bool:
    """Whether two hashes, as numbers, are taken for those of the same picture."""
    return (picture ^ other).bit_count() <= NEAR


def parse_pdq(text: str) -> bytes:
    """The hash that ``text`` writes, in 64 hexadecimal digits of either case.

    Raises ``InputRefused`` for anything else; blanks and prefixes are not guessed away.
    """
    if not _DIGITS.fullmatch(text):
        raise InputRefused(
            f"a PDQ hash has 64 hexadecimal digits; this one has {len(text)} characters,"
            " or others among them",
            remedy="give the hash as the PDQ library prints it",
            field="media_hashes",
        )
    return bytes.fromhex(text)
