"""Whether a wallet address carries a checksum that holds.

Base58Check (Bitcoin and its relatives), Bech32 (BIP 173) and Bech32m (BIP 350). Ethereum's
EIP-55 and Monero use Keccak, which the standard library lacks: there the form alone is judged.
"""

from __future__ import annotations

import hashlib
import re
from enum import Enum

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_VALUES = {letter: value for value, letter in enumerate(_BASE58)}
_BECH32_VALUES = {letter: value for value, letter in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_CONSTANTS = (1, 0x2BC830A3)
_ETHEREUM = re.compile(r"0x[0-9A-Fa-f]{40}")
_MONERO = re.compile(r"[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?")
_BECH32 = re.compile(r"[a-z]{1,20}1[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{6,100}")
_BASE58CHECK = re.compile(r"[1-9A-HJ-NP-Za-km-z]{25,60}")


class Checksum(Enum):
    """What is known about the checksum of an address."""

    HOLDS = "holds"
    ABSENT = "absent"
    BROKEN = "broken"
    UNKNOWN_FORM = "unknown form"


def checksum(address: str) -> Checksum:
    """Judges ``address`` as written, surrounding white space aside."""
    text = address.strip()
    if _ETHEREUM.fullmatch(text):
        digits = text[2:]
        one_case = digits == digits.lower() or digits == digits.upper()
        return Checksum.ABSENT if one_case else Checksum.HOLDS
    lower = text.lower()
    if _BECH32.fullmatch(lower) and text in (lower, text.upper()):
        return Checksum.HOLDS if _bech32_holds(lower) else Checksum.BROKEN
    if _MONERO.fullmatch(text):
        return Checksum.HOLDS
    if _BASE58CHECK.fullmatch(text):
        return Checksum.HOLDS if _base58_holds(text) else Checksum.BROKEN
    return Checksum.UNKNOWN_FORM


def _base58_holds(text: str) -> bool:
    number = 0
    for letter in text:
        number = number * 58 + _BASE58_VALUES[letter]
    zeros = len(text) - len(text.lstrip("1"))
    data = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)
    digest = hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()
    return len(data) > 4 and digest[:4] == data[-4:]


def _bech32_holds(text: str) -> bool:
    prefix, _, data = text.rpartition("1")
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = 1
    for value in values + [_BECH32_VALUES[letter] for letter in data]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            if top >> bit & 1:
                check ^= generator
    return check in _BECH32_CONSTANTS
