"""Validators of the parts that have fields of their own: identifiers, hashes, marking, … ."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from producers.intake import values, wallets
from producers.intake.countries import COUNTRIES, JURISDICTIONS
from producers.intake.report import Report
from producers.intake.values import MAX_SHORT_TEXT, MAX_URL, read_fields, require
from schemas.markings import Handling
from schemas.notifications import Identifier, LastSeen, MediaHash, TakedownStatus

IDENTIFIER_TYPES = ("email", "phone", "username", "wallet", "device", "ip", "national-id")
HASH_DIGITS = {"sha256": 64, "sha1": 40, "md5": 32, "pdq": 64, "photodna": 288}
"""Hexadecimal digits that a hash of each algorithm has."""
TAKEDOWN_STATUSES = ("reported", "notified", "removed", "moved", "refused", "reappeared")

_HEXADECIMAL = re.compile(r"[0-9a-f]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE = re.compile(
    r"(?:tel:)?\+?[\d\s().\-/\u2010-\u2015]+(?:(?:;?ext[.=]?|x|#)\s*\d{1,6})?", re.IGNORECASE
)
_PHONE_DIGITS = range(6, 20)
_GRADING = re.compile(r"[A-EX][1-6X]")

_text = values.text(MAX_SHORT_TEXT)
_needed = values.text(MAX_SHORT_TEXT, required=True)

IDENTIFIER: values.Fields = {
    "type": values.choice(IDENTIFIER_TYPES),
    "value": values.text(MAX_URL),
    "platform": _text,
    "seen_at": values.instant,
}
MEDIA_HASH: values.Fields = {"algorithm": values.choice(tuple(HASH_DIGITS)), "value": _needed}
MARKING: values.Fields = {
    "tlp": values.tlp,
    "handling": values.choice(Handling),
    "purpose": _text,
    "legal_basis": _text,
    "grading": _text,
    "valid_until": values.valid_until,
}
LAST_SEEN: values.Fields = {"at": values.instant, "place": _text, "country": values.code(COUNTRIES)}
TAKEDOWN_STATUS: values.Fields = {
    "status": values.choice(TAKEDOWN_STATUSES),
    "at": values.instant,
    "by": values.code(JURISDICTIONS),
}


def _object(value: Any, path: str, fields: values.Fields, report: Report) -> Any:
    if type(value) is dict:
        return read_fields(value, fields, path + ".", report)
    return report.refuse(path, "is not an object", f"write {{…}} with: {', '.join(fields)}")


def identifier(value: Any, path: str, report: Report) -> Identifier | None:
    """An e-mail address, phone number, account, …; kept as written, however odd.

    One with an empty value says nothing: it is left out with a warning, and the case goes on.
    """
    found = _object(value, path, IDENTIFIER, report)
    if found is None:
        return None
    if "type" not in found or "value" not in found:
        require(value, ("type", "value"), path + ".", report)
        return None
    _look_at(found["type"], found["value"], path + ".value", report)
    return Identifier(found["type"], found["value"], found.get("platform"), found.get("seen_at"))


def _look_at(kind: str, value: str, path: str, report: Report) -> None:
    """Warns about a value that cannot be normalised, and will only match when spelled the same."""
    match kind:
        case "email":
            odd = None if _EMAIL.fullmatch(value.strip()) else "looks like no e-mail address"
        case "phone":
            odd = None if _is_phone(value) else "looks like no phone number"
        case "wallet":
            odd = _ODD_WALLET.get(wallets.checksum(value))
        case "ip":
            odd = None if _is_address(value) else "is not an IP address"
        case _:
            odd = None
    if odd:
        report.warn(path, f"{odd}; kept as written", "check it: it only matches the same spelling")


_ODD_WALLET = {
    wallets.Checksum.ABSENT: "carries no checksum",
    wallets.Checksum.BROKEN: "has a checksum that does not hold",
    wallets.Checksum.UNKNOWN_FORM: "is no known form of wallet address",
}


def _is_phone(value: str) -> bool:
    text = value.strip()
    return _PHONE.fullmatch(text) is not None and sum(map(str.isdigit, text)) in _PHONE_DIGITS


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value.strip())
    except ValueError:
        return False
    return True


def media_hash(value: Any, path: str, report: Report) -> Any:
    """A hash in hexadecimal, lower-cased; one of unusual length is kept with a warning."""
    found = _object(value, path, MEDIA_HASH, report)
    if found is None:
        return None
    if "algorithm" not in found or "value" not in found:
        require(value, ("algorithm", "value"), path + ".", report)
        return None
    digits = found["value"].strip().lower()
    if not _HEXADECIMAL.fullmatch(digits):
        return report.refuse(
            path + ".value", "is not hexadecimal", "write the hash in hexadecimal digits"
        )
    expected = HASH_DIGITS[found["algorithm"]]
    if len(digits) != expected:
        report.warn(
            path + ".value",
            f"has {len(digits)} hexadecimal digits, {found['algorithm']} has {expected}",
            "check it: it only matches the same spelling",
        )
    return MediaHash(found["algorithm"], digits)


def marking(value: Any, path: str, report: Report) -> Any:
    """The parts of a marking that the line gives; the rest comes from the configuration."""
    found = _object(value, path, MARKING, report)
    if found and "grading" in found and not _GRADING.fullmatch(found["grading"]):
        report.warn(path + ".grading", "is not a 4x4 or 6x6 grading", "write for example A1")
    return found


def last_seen(value: Any, path: str, report: Report) -> LastSeen | None:
    """When and where a missing child was last seen."""
    found = _object(value, path, LAST_SEEN, report)
    return LastSeen(**found) if found is not None else None


def takedown_status(value: Any, path: str, report: Report) -> TakedownStatus | None:
    """One step in the history of a takedown."""
    found = _object(value, path, TAKEDOWN_STATUS, report)
    if found is None:
        return None
    if "status" not in found or "at" not in found:
        require(value, ("status", "at"), path + ".", report)
        return None
    return TakedownStatus(**found)
