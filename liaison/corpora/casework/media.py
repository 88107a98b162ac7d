"""Pictures as hashes: exact copies, near copies, look-alikes, viral pictures, series."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from random import Random

PDQ_BITS = 256
NEAR = (1, 31)
"""Bits in which PDQ hashes of copies of one picture differ."""
LOOK_ALIKE = (32, 70)
"""Bits in which those of different pictures of one scene differ."""
_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture by its hashes; the exact ones follow from ``seed``."""

    seed: int
    pdq: int

    def exact(self, algorithm: str, copy: int = 0) -> str:
        """The hash of a copy: 0 is the original, every other is a file of its own."""
        digest = hashlib.sha512(f"{algorithm}/{self.seed}/{copy}".encode()).hexdigest()
        return digest[: _DIGITS[algorithm]]


def picture(random: Random) -> Picture:
    """A new one. A PDQ hash has about as many ones as zeros."""
    return Picture(random.getrandbits(62), random.getrandbits(PDQ_BITS))


def flipped(pdq: int, bits: tuple[int, int], random: Random) -> int:
    """``pdq`` with as many bits inverted as drawn from the range."""
    for position in random.sample(range(PDQ_BITS), random.randint(*bits)):
        pdq ^= 1 << position
    return pdq


def look_alike(other: Picture, random: Random) -> Picture:
    """Another picture of a scene like that of ``other``: near, and not the same."""
    return Picture(random.getrandbits(62), flipped(other.pdq, LOOK_ALIKE, random))


def hashes(shown: Picture, random: Random) -> tuple[list[dict[str, str]], str]:
    """Entries of ``media_hashes`` for one sighting of a picture, and the family of its error."""
    near = random.random() < 0.3
    copy = random.randint(1, 4) if near else 0
    pdq = (
        flipped(shown.pdq, (1, 12) if random.random() < 0.7 else NEAR, random)
        if near
        else shown.pdq
    )
    kinds = random.choices(
        (
            ("md5",),
            ("sha1", "pdq"),
            ("sha256", "pdq"),
            ("md5", "sha1", "pdq"),
            ("pdq",),
            ("sha256",),
        ),
        (3, 4, 4, 3, 2, 1),
    )[0]
    found = []
    for kind in kinds:
        value = f"{pdq:064x}" if kind == "pdq" else shown.exact(kind, copy)
        found.append(
            {"algorithm": kind, "value": value.upper() if random.random() < 0.1 else value}
        )
    return found, "picture-near" if near else ""
