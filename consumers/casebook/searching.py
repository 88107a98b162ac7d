"""Finding a text in encoded notifications, fast enough to look at every one of them."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from schemas.codec import decode_record
from schemas.errors import MalformedRecord

_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u065f]")
"""Combining marks of Latin, Greek and Cyrillic script, and the vowel marks of Arabic."""


class Needle:
    """A text to look for, whatever its case and accents, in any script."""

    def __init__(self, text: str) -> None:
        self._folded = fold(text)

    def occurs_in(self, data: bytes) -> bool:
        """Whether some text value of the encoded notification has it.

        Avro writes texts as plain UTF-8, so most notifications can be left out without decoding.
        """
        if self._folded not in fold(data.decode("utf-8", "replace")):
            return False
        try:
            return self._in(decode_record(data))
        except MalformedRecord:
            return False

    def _in(self, value: Any) -> bool:
        if isinstance(value, str):
            return self._folded in fold(value)
        if isinstance(value, dict):
            return any(map(self._in, value.values()))
        return isinstance(value, list) and any(map(self._in, value))


def fold(text: str) -> str:
    """``text`` as it is compared: compatibility forms, accents and case do not count."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed).casefold())
