"""The one adapter for phonenumbers: telephone numbers as E.164 (ITU-T)."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

_PLAIN = re.compile(r"\+[1-9]\d{0,2}(?:[ .-]?\d){7,11}")
"""International notation with nothing to interpret, which takes no library."""
_BETWEEN = str.maketrans("", "", " .-")


def to_e164(text: str, region: str) -> str | None:
    """``text`` as ``+33612345678``, read as dialled in ``region`` (ISO 3166-1 alpha-2).

    None when it is not a possible number: nothing is guessed.
    """
    if _PLAIN.fullmatch(text):
        return text.translate(_BETWEEN)
    return _interpreted(text, region)


@lru_cache(maxsize=4096)
def _interpreted(text: str, region: str) -> str | None:
    known = region if region in phonenumbers.SUPPORTED_REGIONS else None
    try:
        number = phonenumbers.parse(text, known)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
