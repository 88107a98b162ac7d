"""Accounts, numbers, wallets, devices and pictures of a person."""

from __future__ import annotations

import hashlib
from random import Random

from liaison.corpora.fieldwork.person import Identifier, Person, Picture
from liaison.corpora.fieldwork.places import digits, national_id, phone
from liaison.corpora.fieldwork.words import bare, listed

PLATFORMS = ("Chatterbox", "Pixelplauderei", "Snapfold", "Instaframe", "Telegraf", "Discourse",
             "Kikka", "Bloxworld", "Vkontur", "Omegleap")  # fmt: skip
PROVIDERS = (
    *["gmail.com"] * 8,
    *listed("""
outlook.com hotmail.com yahoo.com icloud.com gmx.de web.de orange.fr libero.it wp.pl seznam.cz
ukr.net mail.ru abv.bg protonmail.com tutanota.com naver.com qq.com uol.com.br walla.co.il
"""),
)
_FIRST = listed("""
dark silent lucky little crazy sweet cool star moon night pixel shadow angel blue red wild happy
lonely magic frozen secret golden neon ghost lazy turbo cyber mister lord king
""")
_SECOND = listed("""
wolf rose fox panda gamer boy girl cat dragon rider hunter dream storm bird tiger heart rabbit
player master light river snake bear kid prince soul wave stone falcon witch
""")
_SERIES = listed("""
Amber Harbour Willow Meadow Lantern Garden Copper Silver Winter River Orchid Cedar Lagoon Velvet
Marble Saffron Juniper Canyon Prairie Lighthouse
""")
_ORDER = ("Blue", "Old", "North", "Quiet", "Seven", "Paper", "Glass", "Second", "Lost", "Broken")
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def handle(rng: Random, person: Person) -> str:
    """What somebody calls himself online: of the name, or of two words, with digits."""
    given, surname = (
        _ascii(person, person.given.latin[0]),
        _ascii(person, person.surname().latin[0]),
    )
    year = str(person.born.year)
    tail = rng.choice((year, year[2:], digits(rng, 2), digits(rng, 3), digits(rng, 4)))
    if rng.random() < 0.45 and given:
        return rng.choice((
            f"{given}.{surname}{tail}", f"{given}_{surname[:3]}{tail}",
            f"{surname}{given[:1]}{tail}", f"{given}{surname}{tail}", f"xx_{given}{tail}_xx",
        ))  # fmt: skip
    middle = rng.choice(("", "_", ".", ""))
    return f"{rng.choice(_FIRST)}{middle}{rng.choice(_SECOND)}{rng.choice((tail, digits(rng, 4)))}"


def _ascii(person: Person, text: str) -> str:
    return "".join(c for c in bare(text).lower() if c.isascii() and c.isalnum())


def alias(rng: Random) -> str:
    """A name under which an offender is known."""
    first, second = rng.choice(_FIRST).title(), rng.choice(_SECOND).title()
    number = rng.choice(("", "", digits(rng, 2)))
    return rng.choice((f"{first} {second}{number}", f"{first}{second}{digits(rng, 2)}"))


def username(rng: Random, person: Person) -> Identifier:
    """An account on a platform."""
    return Identifier("username", handle(rng, person), rng.choice(PLATFORMS))


def email(rng: Random, person: Person) -> Identifier:
    """An address."""
    return Identifier("email", f"{handle(rng, person).strip('_.')}@{rng.choice(PROVIDERS)}".lower())


def wallet(rng: Random) -> Identifier:
    """Bitcoin (Base58Check and Bech32), Ethereum or Monero."""
    kind = rng.random()
    if kind < 0.35:
        return Identifier("wallet", _base58check(rng.randbytes(20)))
    if kind < 0.6:
        return Identifier("wallet", _bech32([rng.randrange(32) for _ in range(32)]))
    if kind < 0.85:
        return Identifier("wallet", "0x" + rng.randbytes(20).hex())
    return Identifier("wallet", "4" + "".join(rng.choice(_BASE58) for _ in range(94)))


def _base58check(payload: bytes) -> str:
    body = b"\0" + payload
    body += hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    number, text = int.from_bytes(body), ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    return "1" * (len(body) - len(body.lstrip(b"\0"))) + text


def _bech32(values: list[int]) -> str:
    """Witness version 0 (BIP 173)."""
    prefix = [ord(c) >> 5 for c in "bc"] + [0] + [ord(c) & 31 for c in "bc"]
    check = 1
    for value in [*prefix, 0, *values, 0, 0, 0, 0, 0, 0]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, part in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= part if top >> bit & 1 else 0
    check ^= 1
    tail = [check >> 5 * (5 - i) & 31 for i in range(6)]
    return "bc1" + "".join(_BECH32[v] for v in [0, *values, *tail])


def device(rng: Random) -> Identifier:
    """The number of a telephone (IMEI, with its Luhn digit), or the address of a network card."""
    if rng.random() < 0.35:
        return Identifier("device", rng.randbytes(6).hex(":"))
    body = "35" + digits(rng, 12)
    total = sum(sum(divmod(int(c) * (1 + i % 2), 10)) for i, c in enumerate(body))
    return Identifier("device", f"{body}{-total % 10}")


def telephone(rng: Random, code: str) -> Identifier:
    """A mobile number of the jurisdiction."""
    place, number = phone(rng, code)
    return Identifier("phone", number, place)


def series_name(rng: Random) -> str:
    """A name that few series have."""
    return f"{rng.choice(_ORDER)} {rng.choice(_SERIES)} {rng.randint(1, 400)}"


def address(rng: Random) -> Identifier:
    """An address of the Internet: mostly IPv4."""
    if rng.random() < 0.2:
        return Identifier("ip", "2a02:" + rng.randbytes(14).hex(":", 2))
    first = rng.choice((5, 31, 46, 62, 78, 85, 91, 109, 151, 176, 188, 193, 213))
    return Identifier("ip", ".".join(map(str, (first, *(rng.randrange(1, 255) for _ in range(3))))))


def picture(rng: Random) -> Picture:
    """A picture unlike all others."""
    return Picture(rng.getrandbits(64), rng.getrandbits(256))


def altered(rng: Random, pdq: int, least: int, most: int) -> int:
    """A PDQ hash at a Hamming distance between the two."""
    for bit in rng.sample(range(256), rng.randint(least, most)):
        pdq ^= 1 << bit
    return pdq


def equip(rng: Random, person: Person, age: int) -> None:
    """Gives a person what people of the age and role have."""
    offender = person.role == "offender"

    def give(share: float, make: Identifier) -> None:
        if rng.random() < share:
            person.identifiers.append(make)

    young = age < 8
    give(0.08 if young else 0.75, username(rng, person))
    give(0.5 if offender else 0.15 if not young else 0, username(rng, person))
    give(0.7 if offender else 0.03 if young else 0.4, email(rng, person))
    give(0.25 if offender else 0, email(rng, person))
    give(
        0.6 if offender else 0.05 if young else 0.35,
        telephone(rng, person.home),
    )
    give(0.3 if offender else 0, wallet(rng))
    give(0.35 if offender else 0.2, device(rng))
    give(0.4 if offender else 0.15, address(rng))
    number = national_id(rng, person.nationality, person.born.isoformat(), person.sex)
    give(0.25 if offender else 0.2, Identifier("national-id", number))
    if rng.random() < (0.55 if offender else 0.8):
        count = rng.choice((1, 1, 2, 3, 4, 6))
        person.pictures += [(picture(rng), "") for _ in range(count)]
