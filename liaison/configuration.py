"""The node's configuration: one TOML file, overridden by environment variables.

``[section] key`` in the file is ``LIAISON_SECTION__KEY`` in the environment; lists are separated
by commas there. Relative paths are relative to the file. A key that is not known is an error: a
misspelt safeguard must not be one that is silently absent.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liaison.settings import SECTIONS, Setting, setting
from producers.topics import Topics
from schemas.errors import ConfigurationInvalid
from schemas.markings import Mode, Sensitivity
from schemas.members import MemberRole, is_code
from schemas.notifications import DutyContact, Marking

if TYPE_CHECKING:
    from producers.kafka import KafkaSettings

FILE_NAME = "liaison.toml"
ENVIRONMENT_PREFIX = "LIAISON_"

Values = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Gateway:
    """The HTTPS side of a node.

    Attributes:
        listen: host and port the receiver binds.
        public_url: where peers reach it; goes into the member request.
        certificate, private_key: PEM files; the chain is not sent, peers pin the certificate.
    """

    listen: tuple[str, int]
    public_url: str
    certificate: Path
    private_key: Path


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept, in days.

    Attributes:
        review_days: a notification that names no end of its own is reviewed after this.
        backup_days: block bytes, receipts and old private keys stay this long for restores.
    """

    review_days: int
    backup_days: int


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything a node is told; paths are absolute.

    ``kafka`` is None when the node runs its embedded broker. ``release`` tells for each role of
    a recipient (``contact-point``, ``hub``), and for members by code where they differ, which
    sensitivities it may be shown.
    """

    path: Path
    home: Path
    jurisdiction: str
    name: str
    roles: frozenset[MemberRole]
    mode: Mode
    consumers: tuple[str, ...]
    data: Path
    database_url: str
    keys: Path
    contact: DutyContact
    marking: Marking
    topics: Topics
    kafka: KafkaSettings | None
    partitions: int
    replication: int
    gateway: Gateway
    admin_listen: tuple[str, int]
    directory_file: Path
    directory_version: int
    federation_root: Path
    release: Mapping[str, frozenset[Sensitivity]]
    retention: Retention

    @property
    def is_hub(self) -> bool:
        """Whether this node deduplicates for others."""
        return MemberRole.HUB in self.roles

    @property
    def index_home(self) -> Path:
        """Where the match index lies, on the machine that runs the deduplication."""
        return self.data / "match"

    @property
    def broker_home(self) -> Path:
        """Where the embedded broker keeps its files."""
        return self.data / "kafka"


def locate(given: Path | None) -> Path:
    """The file to use: ``given``, else ``LIAISON_CONFIG``, else ``liaison.toml`` here.

    Raises:
        ConfigurationInvalid: there is none.
    """
    path = given or Path(os.environ.get("LIAISON_CONFIG") or FILE_NAME)
    if path.is_dir():
        path = path / FILE_NAME
    if not path.is_file():
        raise ConfigurationInvalid(
            f"there is no configuration file {path}",
            remedy="give --config PATH or set LIAISON_CONFIG; `liaison init` writes a new one",
        )
    return path.resolve()


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Configuration:
    """The configuration in ``path`` (see :func:`locate`), overridden by ``environment``.

    Raises:
        ConfigurationInvalid: unreadable, an unknown key, or a value that does not fit.
    """
    file = locate(path)
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationInvalid(
            f"{file} is not a readable TOML file: {error}", remedy="correct it"
        ) from error
    merged = _merge(document, os.environ if environment is None else environment)
    return _build(file, {name: _section(name, merged.get(name, {})) for name in SECTIONS})


def _merge(document: Mapping[str, Any], environment: Mapping[str, str]) -> Values:
    """The file's values with the environment's over them; refuses what is not known."""
    merged: Values = {}
    for section, entries in document.items():
        if section not in SECTIONS or not isinstance(entries, dict):
            raise _unknown(f"[{section}]", section, list(SECTIONS))
        merged[section] = dict(entries)
    for variable, text in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX) or "__" not in variable:
            continue
        section, key = variable.removeprefix(ENVIRONMENT_PREFIX).lower().split("__", 1)
        if section not in SECTIONS:
            raise _unknown(f"the environment variable {variable}", section, list(SECTIONS))
        found = setting(section, key)
        if found is None:
            raise _unknown(f"the environment variable {variable}", key, list(SECTIONS[section]))
        merged.setdefault(section, {})[key] = found.kind.from_text(text)
    return merged


def _section(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The checked values of one section, defaults filled in."""
    known = dict(SECTIONS[name])
    for key in given:
        found = setting(name, key)
        if found is None:
            raise _unknown(f"[{name}] {key}", key, list(known))
        known[key] = found
    return {key: _value(name, key, entry, given) for key, entry in known.items()}


def _value(section: str, key: str, entry: Setting, given: Mapping[str, Any]) -> Any:
    value = given.get(key, entry.default)
    if value is None:
        raise ConfigurationInvalid(
            f"[{section}] {key} is missing", remedy=f"set it: {entry.meaning}"
        )
    try:
        return entry.kind.check(value)
    except (ValueError, TypeError) as error:
        raise ConfigurationInvalid(
            f"[{section}] {key} is not valid: {error}", remedy=f"it is {entry.meaning}"
        ) from error


def _unknown(what: str, name: str, known: list[str]) -> ConfigurationInvalid:
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
    return ConfigurationInvalid(f"{what} is not a setting of this version", remedy=hint)


def _build(file: Path, values: Values) -> Configuration:
    home = file.parent
    node, gateway, federation = values["node"], values["gateway"], values["federation"]
    data = home / node["data"]
    keys = home / node["keys"]
    return Configuration(
        path=file,
        home=home,
        jurisdiction=node["jurisdiction"],
        name=node["name"] or node["jurisdiction"],
        roles=node["roles"],
        mode=node["mode"],
        consumers=node["consumers"],
        data=data,
        database_url=node["database_url"] or f"sqlite:///{data / 'node.db'}",
        keys=keys,
        contact=DutyContact(**values["contact"]),
        marking=Marking(**values["marking"]),
        topics=Topics(values["kafka"]["topic_prefix"]),
        kafka=_kafka(home, values["kafka"]),
        partitions=values["kafka"]["partitions"],
        replication=values["kafka"]["replication"],
        gateway=Gateway(
            listen=gateway["listen"],
            public_url=gateway["public_url"] or _url(gateway["listen"]),
            certificate=home / (gateway["certificate"] or keys / "tls.pem"),
            private_key=home / (gateway["private_key"] or keys / "tls.key"),
        ),
        admin_listen=values["admin"]["listen"],
        directory_file=home / federation["directory"],
        directory_version=federation["minimum_version"],
        federation_root=home / federation["root"],
        release={_role(name): seen for name, seen in values["release"].items()},
        retention=Retention(**values["retention"]),
    )


def _role(name: str) -> str:
    """``contact-point`` for the key ``contact_point``, ``DE`` for the member's key ``DE``."""
    return name.upper() if is_code(name.upper()) else name.replace("_", "-")


def _url(listen: tuple[str, int]) -> str:
    host, port = listen
    return f"https://{f'[{host}]' if ':' in host else host}:{port}"


def _kafka(home: Path, values: Mapping[str, Any]) -> KafkaSettings | None:
    """Settings of the cluster to use; None without bootstrap servers: the embedded one."""
    if not values["bootstrap_servers"]:
        return None
    # Imported here: aiokafka takes a quarter of a second, and most commands do without.
    from producers.kafka import KafkaSettings

    def file(key: str) -> str | None:
        return str(home / values[key]) if values[key] else None

    return KafkaSettings(
        bootstrap_servers=values["bootstrap_servers"],
        security_protocol=values["security_protocol"],
        cafile=file("cafile"),
        certfile=file("certfile"),
        keyfile=file("keyfile"),
        sasl_mechanism=values["sasl_mechanism"],
        sasl_username=values["sasl_username"] or None,
        sasl_password_file=file("sasl_password_file"),
    )
