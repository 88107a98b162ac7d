"""Nodes set up on disk, as ``liaison init`` does it, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from liaison import federation, setup
from liaison.configuration import FILE_NAME, Configuration


def make_node(
    home: Path, code: str, *, hub: bool = False, sections: Mapping[str, Mapping[str, Any]] = {}
) -> Configuration:
    """A node in ``home``/CODE with keys and a certificate, not a member of anything yet."""
    chosen = {
        "node": {"jurisdiction": code, "roles": ["contact-point", "hub"] if hub else None},
        "contact": {"unit": f"Duty desk {code}"},
        **sections,
    }
    node = setup.write_configuration(home / code / FILE_NAME, chosen)
    setup.make_keys(node, tls_request=False)
    return node


def join(home: Path, *nodes: Configuration, **options: Any) -> None:
    """Admits ``nodes`` to the federation in ``home``/federation and hands the directory out."""
    place = home / "federation"
    federation.create(place)
    for node in nodes:
        request = federation.own_request(node)
        federation.change(
            place,
            lambda document, request=request: federation.admit(document, request, **options),
        )
    for node in nodes:
        for name in (federation.ROOT_FILE, federation.DIRECTORY_FILE):
            (node.home / name).write_bytes((place / name).read_bytes())
