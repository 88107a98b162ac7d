"""Sets up a node: its configuration file, keys, TLS certificate and request to join.

Everything can be repeated: what is there stays, above all keys.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from liaison import certificates
from liaison.configuration import Configuration, load
from liaison.federation import now_ms, own_request
from liaison.keys import Keyring, check_private, locked_directory
from liaison.processes import write_atomically
from liaison.settings import SECTIONS
from schemas.errors import InputRefused

REQUEST_FILE = "member-request.json"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised, not bound
WRITTEN = {("marking", "tlp"), ("marking", "handling")}
"""Defaults that stand in a new file as they are: whoever runs the node must have read them."""

Chosen = Mapping[str, Mapping[str, Any]]


def write_configuration(path: Path, chosen: Chosen) -> Configuration:
    """Writes a commented configuration with the values ``chosen``; one that exists stays.

    Raises:
        ConfigurationInvalid: a value does not fit.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.new")
        write_atomically(temporary, render(chosen))
        try:
            load(temporary, {})
            temporary.rename(path)
        finally:
            temporary.unlink(missing_ok=True)
    return load(path)


def render(chosen: Chosen) -> str:
    """The text of a configuration file: every setting, those not chosen as comments."""
    lines = [
        "# Configuration of a liaison node. Relative paths are relative to this file.",
        "# [section] key can be overridden by the environment variable LIAISON_SECTION__KEY.",
    ]
    for section, settings in SECTIONS.items():
        lines += ["", f"[{section}]"]
        for key, setting in settings.items():
            value = chosen.get(section, {}).get(key)
            given = value is not None or (section, key) in WRITTEN
            shown = json.dumps(setting.default if value is None else value, ensure_ascii=False)
            lines += [f"# {setting.meaning}", f"{key} = {shown}" if given else f"# {key} = {shown}"]
    return "\n".join(lines) + "\n"


def make_keys(configuration: Configuration, *, tls_request: bool) -> list[Path]:
    """Makes the keys that are missing and returns the files an operator has to do with.

    With ``tls_request`` an authority has to answer ``tls.csr`` before the node can join;
    otherwise the node certifies itself, which is as good where certificates are pinned.
    """
    Keyring.create(configuration.keys)
    configuration.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_file = configuration.gateway.private_key
    certificate_file = configuration.gateway.certificate
    with locked_directory(configuration.keys):
        if not key_file.exists():
            _write_private(key_file, certificates.key_pem(certificates.new_key()))
    check_private(key_file)
    key = certificates.load_key(key_file)
    hosts = _hosts(configuration)
    if tls_request:
        request_file = configuration.keys / "tls.csr"
        request_file.write_bytes(
            certificates.signing_request(key, configuration.jurisdiction, hosts)
        )
        return [request_file]
    if not certificate_file.exists():
        pem = certificates.self_signed(key, configuration.jurisdiction, hosts, now_ms())
        certificate_file.write_bytes(pem)
    return [certificate_file]


def write_member_request(configuration: Configuration) -> Path:
    """Writes the node's request to join; it holds nothing secret.

    Raises:
        ConfigurationInvalid: keys or certificate are missing.
    """
    path = configuration.home / REQUEST_FILE
    write_atomically(path, own_request(configuration).decode(), mode=0o644)
    return path


def _hosts(configuration: Configuration) -> list[str]:
    hosts = [urlsplit(configuration.gateway.public_url).hostname, configuration.gateway.listen[0]]
    named = [host for host in hosts if host and host not in EVERYWHERE]
    if not named:
        raise InputRefused(
            "the gateway has no name that peers could use",
            remedy="set [gateway] public_url to the https:// address they reach it at",
        )
    return list(dict.fromkeys(named))


def _write_private(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
