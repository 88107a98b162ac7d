"""Identifiers and hashes as a reporter writes them."""

from __future__ import annotations

import hashlib
from random import Random
from typing import Any

from liaison.corpora.fieldwork.belongings import altered
from liaison.corpora.fieldwork.person import Identifier, Picture
from liaison.corpora.fieldwork.places import PLACES, Place, digits
from liaison.corpora.fieldwork.slips import mistyped, wrong_digit

Written = tuple[str, str]
"""A value, and the family of what was done to it."""

_CONFUSABLE = dict(zip("aeocpxil01", "аеосрхіIOl", strict=True))
"""Cyrillic letters that look Latin, and letters that look like digits."""


def identifier(
    rng: Random, of: Identifier, place: Place, moment: str
) -> tuple[dict[str, Any], str]:
    """An entry of ``identifiers``, and the family of what was done to the value."""
    value, family = _WRITERS.get(of.kind, _plain)(rng, of, place)
    entry: dict[str, Any] = {"type": of.kind, "value": value}
    if of.kind == "username" and rng.random() < 0.9:
        entry["platform"] = of.place
    if of.kind == "ip":
        entry["seen_at"] = moment
    return entry, family


def _email(rng: Random, of: Identifier, place: Place) -> Written:
    local, _, domain = of.value.partition("@")
    kind = rng.random()
    if kind < 0.04:
        return f"{mistyped(rng, local)}@{domain}", "email-typo"
    if domain == "gmail.com" and kind < 0.14:
        return f"{local}@googlemail.com", "email-spelling"
    if domain == "gmail.com" and kind < 0.26:
        at = rng.randrange(1, len(local))
        dotted = local.replace(".", "") if "." in local else f"{local[:at]}.{local[at:]}"
        return f"{dotted}@{domain}", "email-spelling"
    if kind > 0.92 and domain in ("gmail.com", "outlook.com", "protonmail.com"):
        return f"{local}+{rng.choice(('x', 'game', 'chat', 'a1'))}@{domain}", "email-spelling"
    if kind > 0.84:
        return rng.choice((of.value.upper(), local.capitalize() + "@" + domain)), "email-spelling"
    return of.value, ""


def _phone(rng: Random, of: Identifier, place: Place) -> Written:
    owner, number, family = PLACES[of.place], of.value, ""
    if rng.random() < 0.04:
        number, family = wrong_digit(rng, number, 2), "phone-typo"
    grouped = number if rng.random() < 0.5 else _grouped(number, rng.choice(" -. "))
    if owner.code == place.code and rng.random() < 0.55:
        return f"{owner.trunk}{grouped}", family or "phone-national"
    forms = ("+{0}{1}", "+{0}{1}", "+{0} {1}", "00{0}{1}", "00 {0} {1}", "+{0} (0){1}")
    form = rng.choice(forms if owner.trunk == "0" else forms[:5])
    return form.format(owner.calling, number if form == forms[0] else grouped), family


def _grouped(number: str, mark: str) -> str:
    cut = 3 if len(number) > 9 else 2
    parts = [number[:cut], number[cut : cut + 3], number[cut + 3 :]]
    return mark.join(part for part in parts if part)


def _username(rng: Random, of: Identifier, place: Place) -> Written:
    value, kind = of.value, rng.random()
    if kind < 0.04:
        return mistyped(rng, value), "username-typo"
    if kind < 0.08:
        places = [i for i, c in enumerate(value) if c in _CONFUSABLE]
        if places:
            at = rng.choice(places)
            return value[:at] + _CONFUSABLE[value[at]] + value[at + 1 :], "username-confusable"
    if kind < 0.16:
        return rng.choice((value.upper(), value.title(), "@" + value)), "username-spelling"
    if kind < 0.22 and any(mark in value for mark in "._"):
        old = "_" if "_" in value else "."
        return value.replace(
            old, rng.choice(("", "-", "." if old == "_" else "_"))
        ), "username-spelling"
    return value, ""


def _wallet(rng: Random, of: Identifier, place: Place) -> Written:
    if of.value.startswith(("bc1", "0x")) and rng.random() < 0.2:
        upper = of.value.upper()
        return "0x" + upper[2:] if upper.startswith("0X") else upper, "wallet-case"
    return of.value, ""


def _device(rng: Random, of: Identifier, place: Place) -> Written:
    if rng.random() > 0.35:
        return of.value, ""
    if ":" in of.value:
        return rng.choice((of.value.upper(), of.value.replace(":", "-").upper())), "device-spelling"
    v = of.value
    return f"{v[:2]}-{v[2:8]}-{v[8:14]}-{v[14]}", "device-spelling"


def _national(rng: Random, of: Identifier, place: Place) -> Written:
    if rng.random() < 0.04:
        return wrong_digit(rng, of.value), "national-id-typo"
    if rng.random() < 0.25:
        return f"{of.value[:-4]}{rng.choice(' -/')}{of.value[-4:]}", "national-id-spelling"
    return of.value, ""


def _plain(rng: Random, of: Identifier, place: Place) -> Written:
    return of.value, ""


_WRITERS = {"email": _email, "phone": _phone, "username": _username, "wallet": _wallet,
            "device": _device, "national-id": _national}  # fmt: skip

_ALGORITHMS = (
    (("sha256", "pdq"), 4),
    (("md5", "sha1", "pdq"), 3),
    (("sha256", "md5", "pdq"), 3),
    (("sha1",), 1),
    (("md5", "sha256"), 2),
    (("sha256",), 1),
    (("sha256", "sha1", "md5", "pdq"), 4),
)
_SETS, _WEIGHTS = zip(*_ALGORITHMS, strict=True)


def algorithms(rng: Random) -> tuple[str, ...]:
    """What a reporter's tool computes."""
    found: tuple[str, ...] = rng.choices(_SETS, _WEIGHTS)[0]
    return found


def hashes(
    rng: Random, of: Picture, kinds: tuple[str, ...], copies: float
) -> tuple[list[dict[str, str]], str]:
    """Entries of ``media_hashes`` for one picture; a copy has other files and a near PDQ hash."""
    number, pdq, family = of.number, of.pdq, ""
    if rng.random() < copies:
        number, pdq, family = rng.getrandbits(64), altered(rng, pdq, 1, 28), "media-copy"
    content = number.to_bytes(8)
    out = []
    for kind in kinds:
        if kind == "pdq":
            out.append({"algorithm": kind, "value": f"{pdq:064x}"})
        else:
            digest = hashlib.new(kind, content, usedforsecurity=False).hexdigest()
            out.append({"algorithm": kind, "value": digest})
    return out, family


def placeholder(rng: Random) -> dict[str, str]:
    """What forms are filled with where nothing is known."""
    return rng.choice((
        {"type": "email", "value": "unknown@example.com"},
        {"type": "phone", "value": "+10000000000"},
        {"type": "username", "value": "guest", "platform": "Chatterbox"},
        {"type": "username", "value": f"user{digits(rng, 1)}", "platform": "Telegraf"},
        {"type": "device", "value": "000000000000000"},
    ))  # fmt: skip
