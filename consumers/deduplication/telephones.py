"""The one adapter for phonenumbers: telephone numbers as E.164 (ITU-T)."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers


@lru_cache(maxsize=4096)
def to_e164(text: str, region: str) -> str | None:
    """``text`` as ``+33612345678``, read as dialled in ``region`` (ISO 3166-1 alpha-2).

    None when it is not a possible number: nothing is guessed.
    """
    known = region if region in phonenumbers.SUPPORTED_REGIONS else None
    try:
        number = phonenumbers.parse(text, known)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
