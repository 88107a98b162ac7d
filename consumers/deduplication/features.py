"""From an identification to its features: what can be compared, brought to one form.

Nothing is refused here: a value that cannot be normalised is left out of the comparison, and
the notification keeps it as written.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from consumers.deduplication import names
from consumers.deduplication.names import Name
from consumers.deduplication.pdq.hashes import is_near
from consumers.deduplication.telephones import to_e164
from schemas.notifications import Identification, Identifier, MediaHash

MAX_NAMES = 8
"""Names of one subject that are compared: every pair of names costs a comparison."""
MAX_READINGS = 16
"""Ways of reading them that are compared: either end of Gao Shi Lin may be the surname."""
MAX_IDENTIFIERS = 64
"""Identifiers of one subject that are compared and indexed."""
MAX_MEDIA = 256
"""Media hashes of one subject that are compared and indexed."""

PROVIDER_ALIASES = {
    "googlemail.com": "gmail.com", "ya.ru": "yandex.ru", "yandex.com": "yandex.ru",
    "pm.me": "proton.me", "protonmail.com": "proton.me", "protonmail.ch": "proton.me",
    "mac.com": "icloud.com", "me.com": "icloud.com",
}  # fmt: skip
"""Domains that deliver to the same mailbox."""

LOOKALIKES = str.maketrans("аеіјорсухѕһԁѵοαικνρτυ", "aeijopcyxshdvoaiknptu")
"""Cyrillic and Greek letters that look like Latin ones, in account names (UTS 39)."""

_PDQ = re.compile(r"[0-9a-fA-F]{64}")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
"""An address as it is compared already."""
_SEPARATORS = re.compile(r"[\W_]+")


class General(NamedTuple):
    """What very many subjects have in common."""

    role: str
    sex: str | None
    nationalities: tuple[str, ...]


class BirthDate(NamedTuple):
    """A birth date as far as it is known; month and day are 0 where they are not."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def is_full(self) -> bool:
        """Whether the day is known."""
        return self.day > 0


class Account(NamedTuple):
    """One canonical identifier; ``platform`` is empty where it was not said."""

    kind: str
    value: str
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Features:
    """What is compared of one subject; tuples are sorted, so equal subjects are equal.

    Attributes:
        media: exact hashes, as ``algorithm:value``.
        pictures: PDQ hashes, as numbers of 256 bits.
        values: of the accounts, by their kinds in order.
    """

    role: str
    names: tuple[Name, ...] = ()
    birth: BirthDate | None = None
    sex: str | None = None
    nationalities: tuple[str, ...] = ()
    accounts: tuple[Account, ...] = ()
    media: tuple[str, ...] = ()
    pictures: tuple[int, ...] = ()
    series: str = ""
    values: Mapping[str, frozenset[str]] = field(init=False, compare=False, repr=False)
    general: General = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Accounts are looked at in every comparison; they are sorted out once."""
        values: dict[str, list[str]] = {}
        for kind, value, _ in self.accounts:
            values.setdefault(kind, []).append(value)
        sets = {kind: frozenset(values[kind]) for kind in sorted(values)}
        object.__setattr__(self, "values", sets)
        object.__setattr__(self, "general", General(self.role, self.sex, self.nationalities))

    @property
    def counted(self) -> frozenset[str]:
        """What is counted, to know how frequent each word of a name and each value is."""
        found = [t.folds[0] for n in self.names for t in n.tokens if not t.is_initial]
        found += [f"{kind}:{value}" for kind, value, _ in self.accounts]
        found += self.media
        if self.pictures:
            found += [f"pdq:{picture:064x}" for picture in self.pictures]
        if self.series:
            found.append(f"series:{self.series}")
        return frozenset(found)

    def has_near(self, picture: int) -> bool:
        """Whether one of the pictures may be the same as ``picture``."""
        return any(is_near(picture, other) for other in self.pictures)


def extract(subject: Identification) -> Features:
    """The features of ``subject``; phone numbers are read as dialled where it was reported."""
    parsed = _read(subject.names[:MAX_NAMES])
    accounts = {
        account
        for identifier in subject.identifiers[:MAX_IDENTIFIERS]
        if (account := canonical(identifier, subject.head.origin))
    }
    exact, pictures = _hashes(subject.media_hashes[:MAX_MEDIA])
    return Features(
        role=subject.role.value,
        names=parsed if len(parsed) < 2 else tuple(dict.fromkeys(parsed)),
        birth=birth_date(subject.birth_date or ""),
        sex=subject.sex,
        nationalities=tuple(sorted({n.upper() for n in subject.nationalities})),
        accounts=tuple(sorted(accounts)),
        media=tuple(sorted(exact)),
        pictures=tuple(sorted(pictures)),
        series=_plain(subject.series or ""),
    )


def _read(written: Iterable[str]) -> tuple[Name, ...]:
    """All names as each is likeliest read, then the other ways to read them."""
    ways = [found for found in map(names.read, written) if found[0].tokens]
    first = [found[0] for found in ways]
    others = [name for found in ways for name in found[1:] if name.tokens]
    return (*first, *others)[:MAX_READINGS]


def _hashes(hashes: Iterable[MediaHash]) -> tuple[set[str], set[int]]:
    """Those that are compared exactly, and the pictures; what is no PDQ hash is no picture."""
    exact, pictures = set(), set()
    for one in hashes:
        if one.algorithm != "pdq":
            if one.value:
                exact.add(f"{one.algorithm}:{one.value.casefold()}")
        elif _PDQ.fullmatch(one.value) and (picture := int(one.value, 16)):
            pictures.add(picture)
    return exact, pictures


@lru_cache(maxsize=32768)
def birth_date(text: str) -> BirthDate | None:
    """``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; the first of January counts as the year alone.

    Offices without a known day write 01-01, so that day says no more than its year.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    return BirthDate(year) if (month, day) == (1, 1) else BirthDate(year, month, day)


def canonical(identifier: Identifier, region: str) -> Account | None:
    """``identifier`` in the form in which equal ones are equal; None when there is no value."""
    text = identifier.value
    text = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()
    platform = _plain(identifier.platform) if identifier.platform else ""
    match identifier.type:
        case "email":
            value = _email(text)
        case "phone":
            value = to_e164(text, region) or "".join(c for c in text if c.isdigit())
        case "username":
            value = _bare(text if text.isascii() else text.casefold().translate(LOOKALIKES))
        case "wallet":
            value = _wallet(text)
        case "ip":
            value = _address(text)
        case _:
            value = _bare(text)
    return Account(identifier.type, value, platform) if value else None


def _email(text: str) -> str:
    """Without tag, dots and aliases of the provider: nobody gives two persons such addresses."""
    local, at, domain = text.casefold().rpartition("@")
    if not at:
        return text.casefold()
    domain = PROVIDER_ALIASES.get(domain, domain)
    plain = local.split("+", 1)[0].replace(".", "")
    return f"{plain or local}@{domain}"


def _wallet(text: str) -> str:
    """Case carries no meaning in hexadecimal and bech32 addresses; in base58 it does."""
    lowered = text.casefold()
    return lowered if lowered.startswith(("0x", "bc1", "ltc1", "tb1")) else text


def _address(text: str) -> str:
    if _IPV4.fullmatch(text):
        return text
    try:
        return ipaddress.ip_address(text).compressed
    except ValueError:
        return text.casefold()


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return _bare(unicodedata.normalize("NFKC", text))


def _bare(text: str) -> str:
    folded = text.casefold()
    return folded if folded.isalnum() else _SEPARATORS.sub("", folded)
