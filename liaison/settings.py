"""What can be configured: every section and key with its kind, default and meaning.

:mod:`liaison.configuration` reads files by this table, ``liaison init`` writes them by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from schemas.markings import Handling, Mode, Sensitivity, Tlp
from schemas.members import MemberRole, is_code

EVERYTHING = tuple(sensitivity.value for sensitivity in Sensitivity)
HUB_NEEDS = ("public", "case", "identity", "contact", "match")
"""Whom and what a hub compares, and whom it alerts; not where a child is."""

CONSUMERS = ("casebook", "deduplication")

_PREFIX = re.compile(r"[a-z0-9._-]{0,64}")


@dataclass(frozen=True, slots=True)
class Kind:
    """How a value is checked: ``check`` takes what TOML gives, ``from_text`` an environment's."""

    check: Callable[[Any], Any]
    from_text: Callable[[str], Any] = str


@dataclass(frozen=True, slots=True)
class Setting:
    """One key. A default of None makes it required."""

    kind: Kind
    default: Any
    meaning: str


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text in quotes is expected")
    return value


def _names(value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise TypeError("a list of texts is expected")
    return [_text(item) for item in value]


def _split(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _whole(low: int, high: int) -> Kind:
    def check(value: Any) -> int:
        if isinstance(value, str) and value.isdecimal():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high} is expected")
        return value

    return Kind(check)


def _one_of(*choices: str) -> Kind:
    def check(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)} is expected")
        return _text(value)

    return Kind(check)


def _jurisdiction(value: Any) -> str:
    if not is_code(_text(value)):
        raise ValueError("two capital letters are expected")
    return str(value)


def _listen(value: Any) -> tuple[str, int]:
    parts = urlsplit(f"//{_text(value)}")
    if not parts.hostname or parts.port is None:
        raise ValueError("host:port is expected")
    return parts.hostname, parts.port


def _loopback(value: Any) -> tuple[str, int]:
    host, port = _listen(value)
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError("it has no authentication and stays on the loopback address")
    return host, port


def _https(value: Any) -> str:
    url = urlsplit(_text(value))
    if value and (url.scheme != "https" or not url.hostname):
        raise ValueError("an https:// address is expected")
    return str(value).rstrip("/")


def _prefix(value: Any) -> str:
    if not _PREFIX.fullmatch(_text(value)):
        raise ValueError("small letters, digits, '.', '_' and '-' are expected")
    return str(value)


def _sensitivities(value: Any) -> frozenset[Sensitivity]:
    return frozenset(map(Sensitivity, _names(value)))


def _roles(value: Any) -> frozenset[MemberRole]:
    return frozenset(map(MemberRole, _names(value)))


def _consumers(value: Any) -> tuple[str, ...]:
    if unknown := set(_names(value)) - set(CONSUMERS):
        raise ValueError(f"some of {', '.join(CONSUMERS)} are expected, not {min(unknown)}")
    return tuple(_names(value))


TEXT = Kind(_text)

SECTIONS: Mapping[str, Mapping[str, Setting]] = {
    "node": {
        "jurisdiction": Setting(
            Kind(_jurisdiction), None, "the code of your jurisdiction, such as FR"
        ),
        "name": Setting(TEXT, "", "the name of the contact point, for people"),
        "roles": Setting(
            Kind(_roles, _split), ["contact-point"], "a list of contact-point and hub"
        ),
        "mode": Setting(
            Kind(Mode), "actual", "actual, exercise or test: what is published here is marked so"
        ),
        "consumers": Setting(
            Kind(_consumers, _split),
            list(CONSUMERS),
            "what reads the topics here: some of casebook, deduplication",
        ),
        "data": Setting(TEXT, "data", "the directory of the database and the embedded Kafka"),
        "keys": Setting(TEXT, "keys", "the directory of the private keys, mode 0700"),
        "database_url": Setting(
            TEXT, "", "an SQLAlchemy URL; empty for a SQLite file in the data directory"
        ),
    },
    "contact": {
        "unit": Setting(TEXT, None, "the unit on duty: a function, never a person"),
        "email": Setting(TEXT, "", "its functional mailbox"),
        "phone": Setting(TEXT, "", "its telephone, with country code"),
    },
    "marking": {
        "tlp": Setting(Kind(lambda value: Tlp.parse(_text(value))), "TLP:AMBER", "a TLP 2.0 label"),
        "handling": Setting(Kind(Handling), "H1", "a handling code, H0 to H3"),
        "purpose": Setting(TEXT, "", "what the information may be used for"),
        "legal_basis": Setting(TEXT, "", "the law or agreement it is sent under"),
        "grading": Setting(TEXT, "", "source and information grading, such as A1"),
    },
    "kafka": {
        "bootstrap_servers": Setting(
            TEXT, "", "host:port,host:port; empty to run the embedded Kafka"
        ),
        "topic_prefix": Setting(Kind(_prefix), "", "what the names of all topics begin with"),
        "partitions": Setting(_whole(1, 1024), 4, "partitions of the topics made here"),
        "replication": Setting(_whole(1, 9), 1, "replicas of the topics; 3 on a real cluster"),
        "security_protocol": Setting(
            _one_of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
            "PLAINTEXT",
            "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL",
        ),
        "cafile": Setting(TEXT, "", "PEM file of the authorities to trust; empty: the system's"),
        "certfile": Setting(TEXT, "", "PEM file of our client certificate"),
        "keyfile": Setting(TEXT, "", "PEM file of its key"),
        "sasl_mechanism": Setting(
            _one_of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"),
            "SCRAM-SHA-512",
            "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512",
        ),
        "sasl_username": Setting(TEXT, "", "the user name for SASL"),
        "sasl_password_file": Setting(TEXT, "", "the file that holds the password, mode 0600"),
    },
    "gateway": {
        "listen": Setting(Kind(_listen), "127.0.0.1:8443", "host:port the gateway binds"),
        "public_url": Setting(
            Kind(_https), "", "the https:// address peers use; empty: that of listen"
        ),
        "certificate": Setting(TEXT, "", "PEM file; empty: tls.pem among the keys"),
        "private_key": Setting(TEXT, "", "PEM file; empty: tls.key among the keys"),
    },
    "admin": {
        "listen": Setting(
            Kind(_loopback), "127.0.0.1:8081", "loopback host:port of /livez, /readyz, /metrics"
        ),
    },
    "federation": {
        "directory": Setting(TEXT, "directory.json", "the signed list of members"),
        "root": Setting(TEXT, "federation-root.json", "the public keys that must have signed it"),
        "minimum_version": Setting(
            _whole(0, 2**31), 0, "an older directory is refused (the newest seen counts too)"
        ),
    },
    "release": {
        "contact_point": Setting(
            Kind(_sensitivities, _split),
            list(EVERYTHING),
            f"what a contact point on the recipient list may see: some of {', '.join(EVERYTHING)}",
        ),
        "hub": Setting(
            Kind(_sensitivities, _split), list(HUB_NEEDS), "what a hub on the list may see"
        ),
    },
    "retention": {
        "review_days": Setting(
            _whole(1, 36_500), 365, "days until a notification without an end is reviewed"
        ),
        "backup_days": Setting(
            _whole(1, 3650), 30, "days that blocks, receipts and old keys are kept for restores"
        ),
    },
}


def setting(section: str, key: str) -> Setting | None:
    """The setting; ``[release]`` also takes the code of one member, who gets more or less."""
    if section == "release" and is_code(key.upper()):
        return Setting(
            Kind(_sensitivities, _split), None, f"what {key.upper()} may see when it is listed"
        )
    return SECTIONS[section].get(key)
