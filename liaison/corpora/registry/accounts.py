"""Identifiers and pictures as one office writes them."""

from __future__ import annotations

import random

from liaison.corpora.registry import belongings, slips
from liaison.corpora.registry.belongings import Account, Picture
from liaison.corpora.registry.habits import Habits, jurisdictions
from liaison.corpora.registry.person import Person
from liaison.corpora.registry.population import Population

GENERIC = (
    Account("email", "info@mail.example"), Account("email", "unknown@unknown.example"),
    Account("email", "noreply@post.example"), Account("phone", "0000000", "US"),
    Account("phone", "123456789", "US"), Account("username", "admin", "chat.example"),
    Account("username", "unknown"), Account("username", "user", "tinyforum"),
    Account("national-id", "000000000"), Account("device", "0"), Account("ip", "127.0.0.1"),
)  # fmt: skip
"""What is written where nothing is known."""

_SEEN = {"email": 0.58, "phone": 0.58, "username": 0.58, "national-id": 0.5, "wallet": 0.5,
         "device": 0.45, "ip": 0.3}  # fmt: skip
_ALIASES = {"gmail.com": ("googlemail.com",), "yandex.ru": ("ya.ru", "yandex.com"),
            "icloud.com": ("me.com", "mac.com"),
            "proton.me": ("pm.me", "protonmail.com")}  # fmt: skip
_ABROAD = {"US": "011", "CA": "011", "JP": "010", "AU": "0011", "RU": "810", "TH": "001",
           "KR": "002", "BR": "0014"}  # fmt: skip
"""What is dialled before a calling code, where it is not 00."""

Families = set[str]


def seen(person: Person, habits: Habits, rng: random.Random, families: Families) -> list[Account]:
    """The identifiers on a report, in its notation; what was done is added to ``families``."""
    found = [_noted(a, habits, rng, families) for a in person.accounts if _has(a, rng)]
    for account in person.shared:
        if _has(account, rng):
            families.add(f"shared-{account.kind}")
            found.append(_noted(account, habits, rng, families))
    if rng.random() < 0.015:
        families.add("generic")
        found.append(rng.choice(GENERIC))
    return found


def _has(account: Account, rng: random.Random) -> bool:
    return rng.random() < _SEEN[account.kind]


def _noted(account: Account, habits: Habits, rng: random.Random, families: Families) -> Account:
    match account.kind:
        case "phone":
            return Account("phone", _phone(account, habits, rng, families))
        case "email":
            return Account("email", _email(account.value, rng, families))
        case "username":
            return _username(account, rng, families)
        case "national-id":
            families.add("national-id")
            return Account("national-id", _number(account.value, rng, families))
        case "device":
            families.add("device")
            raw = account.value.replace("-", "")
            return Account("device", rng.choice((account.value, account.value, raw, raw.upper())))
        case "wallet":
            families.add("wallet")
            shout = account.value.startswith("0x") and rng.random() < 0.2
            return Account("wallet", "0x" + account.value[2:].upper() if shout else account.value)
    return account


def _phone(account: Account, habits: Habits, rng: random.Random, families: Families) -> str:
    """National notation only at home, where it can be read."""
    own, digits = jurisdictions()[account.place], account.value
    grouped = " ".join(digits[i : i + 2] for i in range(0, len(digits), 2))
    abroad = _ABROAD.get(habits.code, "00")
    plain = f"+{own.calling}{digits}"
    notations = [
        plain,
        plain,
        f"+{own.calling} {grouped}",
        f"+{own.calling}-{digits[:2]}-{digits[2:]}",
        f"{abroad}{own.calling}{digits}",
        f"{abroad} {own.calling} {grouped}",
    ]
    if habits.code == account.place:
        notations += [
            own.trunk + digits,
            f"{own.trunk}{grouped}",
            f"({own.trunk}{digits[:2]}) {digits[2:]}",
        ]
    text = rng.choice(notations)
    if text != plain:
        families.add("phone-notation")
    return text


def _email(value: str, rng: random.Random, families: Families) -> str:
    local, _, domain = value.partition("@")
    chance = rng.random()
    if chance > 0.3:
        return value
    if chance < 0.08:
        local, slipped = local + "+" + rng.choice(("a", "chat", "x2", "news")), True
    elif chance < 0.14 and domain in _ALIASES:
        domain, slipped = rng.choice(_ALIASES[domain]), True
    elif chance < 0.22 and domain == "gmail.com":
        at = rng.randrange(1, len(local))
        local, slipped = (
            local.replace(".", "") if "." in local else f"{local[:at]}.{local[at:]}",
            True,
        )
    elif chance < 0.26:
        local, slipped = local.title(), True
    elif chance < 0.275:
        families.add("email-typo")
        return slips.typo(local, rng) + "@" + domain
    else:
        slipped = False
    if slipped:
        families.add("email-variant")
    return f"{local}@{domain}"


def _username(account: Account, rng: random.Random, families: Families) -> Account:
    value, platform, chance = account.value, account.place, rng.random()
    if chance < 0.06:
        value = rng.choice((value.upper(), value.title(), "@" + value))
    elif chance < 0.12:
        value = value.replace("_", rng.choice((".", "-", ""))) if "_" in value else value + "_"
    elif chance < 0.16:
        value = slips.confusable(value, rng)
    elif chance < 0.20:
        value = slips.typo(value, rng)
    if value != account.value:
        index = (chance >= 0.12) + (chance >= 0.16)
        families.add(("username-variant", "username-confusable", "username-typo")[index])
    if rng.random() < 0.12:
        families.add("other-platform")
        platform = rng.choice(("", *belongings.PLATFORMS))
    return Account("username", value, platform)


def _number(value: str, rng: random.Random, families: Families) -> str:
    bare = "".join(c for c in value if c.isalnum())
    chance = rng.random()
    if chance < 0.06:
        families.add("national-id-typo")
        return slips.typo(value, rng)
    text = value if chance < 0.5 else bare if chance < 0.9 else bare.lower()
    if text != value:
        families.add("national-id-format")
    return text


def pictures(
    person: Person, population: Population, rng: random.Random, families: Families
) -> list[tuple[str, str]]:
    """The hashes on a report as (algorithm, value)."""
    found = [h for p in person.pictures if rng.random() < 0.4 for h in _hashes(p, rng, families)]
    if rng.random() < 0.035:
        families.add("viral")
        at = min(int(rng.expovariate(0.5)), len(population.viral) - 1)
        found += _hashes(population.viral[at], rng, families)
    if rng.random() < 0.01:
        families.add("pdq-lookalike")
        like = rng.choice(population.viral).pdq
        found.append(("pdq", f"{belongings.flipped(like, rng.randrange(32, 71), rng):064x}"))
    return found


def _hashes(picture: Picture, rng: random.Random, families: Families) -> list[tuple[str, str]]:
    """The file that went around, a near copy of it, or both facts about one file."""
    if picture.shared:
        families.add("shared-picture")
    chance = rng.random()
    algorithm = rng.choice(("sha256", "sha256", "md5", "sha1"))
    if chance < 0.35:
        families.add("same-file")
        return [(algorithm, picture.digest(algorithm))]
    if chance < 0.6:
        families.add("same-file")
        return [(algorithm, picture.digest(algorithm)), ("pdq", f"{picture.pdq:064x}")]
    far = chance > 0.95
    families.add("pdq-far" if far else "pdq-near")
    copy = Picture(
        rng.getrandbits(60),
        belongings.flipped(picture.pdq, rng.randrange(32, 61) if far else rng.randrange(32), rng),
    )
    hashes = [("pdq", f"{copy.pdq:064x}")]
    return [*hashes, (algorithm, copy.digest(algorithm))] if rng.random() < 0.5 else hashes
