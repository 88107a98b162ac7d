"""What identifies an account: made once for a person, written anew by each channel."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from random import Random
from typing import Any

from liaison.corpora.casework.places import Place

PLATFORMS = (
    "pixelplauderei", "chatterbay", "kidzroom", "lumigram", "tubbel", "snapnest", "whirlcast",
    "gamehall", "odnodom", "vchate", "lineup", "paperboat", "nightforum", "harbourboard",
)  # fmt: skip
GENERIC = (
    "admin", "anonymous", "guest", "user1", "mod", "king", "shadow", "alex123", "mike", "newuser",
    "wolf", "dragon", "test", "sunny", "lucky7", "ghost", "noname", "player1",
)  # fmt: skip
"""Names that many people use on every forum."""


@dataclass(frozen=True, slots=True)
class Account:
    """One identifier. ``value`` is canonical: digits with calling code, lower-case address, … .

    ``shared`` identifiers belong to several people; they never prove who somebody is.
    """

    kind: str
    value: str
    platform: str = ""
    shared: bool = False
    place: Place | None = None


def phone(place: Place, random: Random) -> Account:
    """A mobile number of ``place``."""
    rest = "".join(random.choices("0123456789", k=place.digits - 1))
    number = random.choice(place.prefixes) + random.choice("23456789") + rest
    return Account("phone", number, place=place)


_DOMAINS = (
    "gmail.com", "gmail.com", "gmail.com", "outlook.com", "yandex.ru", "proton.me", "gmx.de",
    "icloud.com", "post.example", "mail.example", "webmail.example.org",
)  # fmt: skip
_ALIASES = {
    "gmail.com": "googlemail.com", "yandex.ru": "ya.ru", "proton.me": "protonmail.com",
    "icloud.com": "me.com",
}  # fmt: skip


def handle(stem: str, random: Random) -> str:
    """A user name as people make them, from a Latin ``stem`` or from a word of two."""
    words = "blue red star river moon cat fox tiger sky storm pixel ninja sugar cloud leaf echo"
    chosen = random.random()
    base = stem if stem and chosen < 0.6 else "".join(random.sample(words.split(), 2))
    joint = random.choice(("", "", "_", ".", "-"))
    ending = random.choice(
        ("", str(random.randint(1, 99)), str(random.randint(1960, 2014)), "x", "xx")
    )
    tail = random.choice(words.split()) if chosen > 0.45 else ""
    number = random.randint(0, 999) if random.random() < 0.8 or not tail else ""
    return f"{base}{joint}{tail}{joint if tail and ending else ''}{ending}{number}"


def email(stem: str, random: Random) -> Account:
    """An address at one of the usual providers."""
    return Account("email", f"{handle(stem, random).strip('.-_')}@{random.choice(_DOMAINS)}")


def username(stem: str, random: Random, *, platform: str = "") -> Account:
    """An account on a platform."""
    return Account("username", handle(stem, random), platform or random.choice(PLATFORMS))


_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def wallet(random: Random) -> Account:
    """An address with a checksum that holds: Bitcoin (Base58Check), Ethereum or Monero by form."""
    kind = random.random()
    if kind < 0.3:
        return Account("wallet", f"0x{random.getrandbits(160):040x}")
    if kind < 0.4:
        return Account("wallet", "4" + "".join(random.choices(_BASE58, k=94)))
    data = b"\x00" + random.getrandbits(160).to_bytes(20)
    data += hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]
    number, text = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return Account("wallet", "1" * (len(data) - len(data.lstrip(b"\x00"))) + text)


def device(random: Random) -> Account:
    """An IMEI with its check digit, a MAC address or an installation id."""
    kind = random.random()
    if kind < 0.4:
        digits = [3, 5, *(random.randint(0, 9) for _ in range(12))]
        doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)]
        return Account("device", "".join(map(str, digits)) + str(-sum(doubled) % 10))
    return Account(
        "device", f"{random.getrandbits(48 if kind < 0.6 else 64):0{12 if kind < 0.6 else 16}x}"
    )


def address(random: Random) -> Account:
    """An IP address out of the blocks for tests and documentation."""
    if random.random() < 0.2:
        block = ":".join(f"{random.getrandbits(16):x}" for _ in range(3))
        return Account("ip", f"2001:db8:{block}::{random.randint(1, 99):x}", shared=True)
    low = random.getrandbits(17)
    return Account("ip", f"198.{18 + (low >> 16)}.{low >> 8 & 255}.{low & 255}", shared=True)


def national_id(random: Random) -> Account:
    """A number of nine to eleven digits, some with a letter."""
    digits = "".join(random.choices("0123456789", k=random.choice((9, 10, 11))))
    return Account("national-id", digits + random.choice(("", "", random.choice("ABCDEFGHJKLMNP"))))


def written(account: Account, random: Random, *, at: Place, seen_at: str) -> dict[str, Any]:
    """The entry of ``identifiers``, in a spelling that a report made ``at`` a place may have."""
    value = account.value
    if account.kind == "phone":
        value = _phone(account, random, at)
    elif random.random() < 0.55:
        value = _SPELLINGS[account.kind](account, random)
    entry: dict[str, Any] = {"type": account.kind, "value": value}
    if account.platform and random.random() < 0.93:
        entry["platform"] = account.platform if random.random() < 0.85 else account.platform.title()
    if account.kind == "ip":
        entry["seen_at"] = seen_at
    return entry


def _phone(account: Account, random: Random, at: Place) -> str:
    """As dialled anywhere, or as dialled in the country itself."""
    place, number = account.place, account.value
    if place is None:
        return number
    groups = re.findall(r"\d{1,3}", number)
    match random.randrange(6 if place == at else 5):
        case 0 | 1:
            return f"+{place.calling}{number}"
        case 2:
            return f"00{place.calling}{number}"
        case 3:
            return f"+{place.calling} {' '.join(groups)}"
        case 4:
            return (
                f"+{place.calling} (0){number}"
                if place.trunk == "0"
                else f"+{place.calling}-{number}"
            )
    return f"{place.trunk}{random.choice((' ', '-', '', '.')).join(groups)}"


def _email(account: Account, random: Random) -> str:
    local, _, domain = account.value.partition("@")
    kind = random.random()
    if kind < 0.25 and domain == "gmail.com" and len(local) > 4:
        at = random.randint(1, len(local) - 1)
        local = (local[:at] + "." + local[at:]).replace("..", ".")
    elif kind < 0.4 and domain != "yandex.ru":
        local += "+" + random.choice(("chat", "new", "games", "1"))
    elif kind < 0.55:
        domain = _ALIASES.get(domain, domain)
    elif kind < 0.7:
        return account.value.title()
    return f"{local}@{domain}"


_CONFUSED = str.maketrans("aeoci", "аеосі")


def _username(account: Account, random: Random) -> str:
    value, kind = account.value, random.random()
    if kind < 0.35:
        return random.choice((value.upper(), value.title()))
    if kind < 0.5:
        return value.replace("_", "").replace(".", "").replace("-", "")
    if kind < 0.6:
        return "@" + value
    if kind < 0.66:
        return value.translate(_CONFUSED)
    if kind < 0.71 and len(value) > 7:
        at = random.randrange(1, len(value) - 1)
        return value[:at] + random.choice(("", value[at] * 2, "l", "0")) + value[at + 1 :]
    return value


def _device(account: Account, random: Random) -> str:
    value = account.value
    if len(value) == 12:
        joint = random.choice((":", "-"))
        return joint.join(re.findall("..", value.upper()))
    if len(value) == 15:
        return f"{value[:2]}-{value[2:8]}-{value[8:14]}-{value[14]}"
    return value.upper()


def _plain(account: Account, random: Random) -> str:
    return account.value + random.choice(("", "", " "))


def _wallet(account: Account, random: Random) -> str:
    hexadecimal = account.value.startswith("0x") and random.random() < 0.3
    return "0x" + account.value[2:].upper() if hexadecimal else account.value


def _national(account: Account, random: Random) -> str:
    value = account.value
    return random.choice((f"{value[:6]}-{value[6:]}", f"{value[:3]} {value[3:]}", value.lower()))


_SPELLINGS = {
    "email": _email, "username": _username, "device": _device,
    "wallet": _wallet, "ip": _plain, "national-id": _national,
}  # fmt: skip
