"""Checksums of wallet addresses; the addresses are the published examples of their standards."""

from __future__ import annotations

import pytest

from producers.intake.wallets import Checksum, checksum


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", Checksum.HOLDS),
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", Checksum.BROKEN),
        ("1111111111111111111114oLvT2", Checksum.HOLDS),
        ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", Checksum.HOLDS),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", Checksum.BROKEN),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", Checksum.HOLDS),
        ("0x52908400098527886E0F7030069857D2E4169EE7", Checksum.ABSENT),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", Checksum.HOLDS),
        ("0x" + "ab" * 20, Checksum.ABSENT),
        ("paypal: somebody", Checksum.UNKNOWN_FORM),
        ("", Checksum.UNKNOWN_FORM),
    ],
)
def test_checksum(address: str, expected: Checksum) -> None:
    """Whether an address can be trusted to be typed rightly."""
    assert checksum(address) is expected
    assert checksum(f" {address}\n") is expected
