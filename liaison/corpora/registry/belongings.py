"""What identifies a person besides the name: accounts, numbers, devices, pictures. All invented."""

from __future__ import annotations

import hashlib
import random
from typing import NamedTuple

from liaison.corpora.registry.alphabets import unmarked
from liaison.corpora.registry.habits import Habits

PLATFORMS = ("pixelplauderei", "chat.example", "Lanterna", "tinyforum", "blockworld", "Funkloch",
             "snapdoodle", "Ватрушка")  # fmt: skip
PROVIDERS = ("gmail.com",) * 8 + ("outlook.com", "icloud.com", "yandex.ru", "proton.me") + (
    "post.example", "correo.example", "mail.example", "webmail.example")  # fmt: skip
SERIES = ("Blue Lighthouse", "Paper Boat", "Green Door", "Winter Garden", "Red Kite", "Old Mill",
          "Glass Bridge", "Silver Birch", "North Pier", "Yellow Tent", "Stone Well",
          "Long Meadow")  # fmt: skip
_NICKS = ("fox", "wolf", "star", "moon", "pixel", "ninja", "panda", "storm", "shadow", "cookie",
          "dragon", "tiger", "luna", "nova", "rider", "ghost", "kitty", "frost", "ember", "raven",
          "otter", "comet", "maple", "pepper", "bolt", "echo", "mango", "blaze", "daisy",
          "robot")  # fmt: skip
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Account(NamedTuple):
    """An identifier of the intake format; a telephone number is ``(jurisdiction, digits)``."""

    kind: str
    value: str
    place: str = ""


class Picture(NamedTuple):
    """One picture as hashes see it: a serial number for the file, a perceptual hash of 256 bits.

    ``shared`` says that it shows several persons.
    """

    serial: int
    pdq: int
    shared: bool = False

    def digest(self, algorithm: str) -> str:
        """The hash of the file that went around; near copies have others."""
        return hashlib.new(algorithm, str(self.serial).encode(), usedforsecurity=False).hexdigest()


def picture(rng: random.Random, *, shared: bool = False) -> Picture:
    """A new picture."""
    return Picture(rng.getrandbits(60), rng.getrandbits(256), shared)


def flipped(pdq: int, bits: int, rng: random.Random) -> int:
    """``pdq`` with ``bits`` of its 256 bits changed."""
    for position in rng.sample(range(256), bits):
        pdq ^= 1 << position
    return pdq


def digits(count: int, rng: random.Random) -> str:
    """So many digits."""
    return str(rng.randrange(10**count)).zfill(count)


def masked(mask: str, rng: random.Random) -> str:
    """``#`` becomes a digit, ``A`` a letter."""
    return "".join(
        rng.choice("0123456789") if c == "#" else rng.choice("ABCDEFGHKLMNPRSTUVWXYZ")
        if c == "A" else c for c in mask
    )  # fmt: skip


def phone(habits: Habits, rng: random.Random) -> Account:
    """A mobile number of a jurisdiction, without trunk prefix and calling code."""
    return Account("phone", habits.mobile + digits(habits.digits, rng), habits.code)


def national_number(habits: Habits, rng: random.Random) -> Account:
    """A number as the jurisdiction's register has them; without its check digits."""
    return Account("national-id", masked(habits.number, rng), habits.code)


def username(given: str, surname: str, birth_year: int, rng: random.Random) -> Account:
    """An account on some platform."""
    value = _handle(given, surname, birth_year, rng)
    return Account("username", value, rng.choice(PLATFORMS))


def _handle(given: str, surname: str, birth_year: int, rng: random.Random) -> str:
    """A name for an account, made of a name, of words, or of both."""
    first, last = _letters(given), _letters(surname)
    number = str(birth_year)[rng.choice((0, 2)) :] if rng.random() < 0.4 else digits(3, rng)
    word = rng.choice(_NICKS)
    return rng.choice(
        (f"{first}_{last}", f"{first}.{word}", f"{word}_{first}{number}", f"{word}{number}",
         f"{first}{number}{rng.choice(_NICKS)}", f"{word}_{rng.choice(_NICKS)}{number}",
         f"{first[:1]}{last}{number}")
    )  # fmt: skip


def email(given: str, surname: str, rng: random.Random) -> Account:
    """An address made of the name, or of words."""
    first, last, number = _letters(given), _letters(surname), digits(rng.choice((2, 4)), rng)
    local = rng.choice(
        (f"{first}.{last}{number}", f"{first}{last[:1]}{number}", f"{last}.{first}.{number}",
         f"{rng.choice(_NICKS)}.{rng.choice(_NICKS)}{number}",
         f"{first}.{rng.choice(_NICKS)}{number}")
    )  # fmt: skip
    return Account("email", f"{local}@{rng.choice(PROVIDERS)}")


def _letters(name: str) -> str:
    return "".join(c for c in unmarked(name).lower() if c.isascii() and c.isalnum()) or "user"


def wallet(rng: random.Random) -> Account:
    """An Ethereum address, or a Bitcoin address whose checksum holds."""
    if rng.random() < 0.5:
        return Account("wallet", f"0x{rng.getrandbits(160):040x}")
    payload = b"\x00" + rng.randbytes(20)
    data = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, text = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    return Account("wallet", "1" * (len(data) - len(data.lstrip(b"\x00"))) + text)


def device(rng: random.Random) -> Account:
    """A serial number of a device."""
    raw = f"{rng.getrandbits(128):032x}"
    return Account("device", "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:])))


def address(rng: random.Random) -> Account:
    """An IP address out of the range for tests of networks (RFC 2544), or a documentation one."""
    if rng.random() < 0.2:
        return Account("ip", f"2001:db8:{rng.getrandbits(16):x}:{rng.getrandbits(16):x}::1")
    return Account("ip", f"198.{rng.choice((18, 19))}.{rng.randrange(256)}.{rng.randrange(1, 255)}")
