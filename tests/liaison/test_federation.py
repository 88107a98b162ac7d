"""The federation's side: admitting, renewing, suspending; and what a node makes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from liaison import federation
from liaison.federation import admit, set_status
from liaison.keys import Keyring
from schemas.errors import ConfigurationInvalid, InputRefused, VerificationFailed
from schemas.members import MemberStatus
from tests.liaison.nodes import join, make_node


def test_create_is_repeatable(tmp_path: Path) -> None:
    """Creating a federation again keeps its root key and its directory."""
    root = federation.create(tmp_path)
    version = federation.change(tmp_path, lambda document: document).version
    assert federation.create(tmp_path) == root
    assert federation.change(tmp_path, lambda document: document).version == version + 1


def test_members_see_each_other(tmp_path: Path) -> None:
    """After both are admitted each node's directory lists both, with their keys."""
    fr, de = make_node(tmp_path, "FR"), make_node(tmp_path, "DE")
    join(tmp_path, fr, de)
    members = federation.open_member_file(fr)
    assert [member.code for member in members.members()] == ["DE", "FR"]
    listed = members.member("DE")
    assert listed is not None
    assert listed.signing == (Keyring.load(de.keys).signers[0].public,)


def test_a_hub_is_made_by_the_federation(tmp_path: Path) -> None:
    """Asking to be a hub is not enough."""
    hub = make_node(tmp_path, "XI", hub=True)
    with pytest.raises(InputRefused, match="XI asks to be a hub") as refusal:
        join(tmp_path, hub)
    assert refusal.value.remedy == "confirm it with --hub XI"
    join(tmp_path, hub, hubs=frozenset({"XI"}))
    listed = federation.open_member_file(hub).member("XI")
    assert listed is not None
    assert listed.is_hub


def test_renewal_keeps_the_keys_before(tmp_path: Path) -> None:
    """After a rotation the new keys stand first and the old ones go on being accepted."""
    node = make_node(tmp_path, "FR")
    join(tmp_path, node)
    old = Keyring.load(node.keys).signers[0].public
    new = Keyring.rotate(node.keys).signers[0].public
    join(tmp_path, node)
    listed = federation.open_member_file(node).member("FR")
    assert listed is not None
    assert listed.signing == (new, old)
    assert len(listed.certificates) == 1


def test_somebody_elses_renewal(tmp_path: Path) -> None:
    """A request under a member's code that its keys did not sign is refused, unless confirmed."""
    node = make_node(tmp_path, "FR")
    join(tmp_path, node)
    other = make_node(tmp_path / "other", "FR")
    with pytest.raises(InputRefused, match="not signed by the keys it replaces"):
        join(tmp_path, other)
    join(tmp_path, other, replace_keys=True)


def test_suspension(tmp_path: Path) -> None:
    """A suspended member stays listed, inactive, and stays suspended when it renews."""
    node = make_node(tmp_path, "FR")
    join(tmp_path, node)
    home = tmp_path / "federation"
    federation.change(home, lambda d: set_status(d, "FR", MemberStatus.SUSPENDED))
    request = federation.own_request(node)
    document = federation.change(home, lambda d: admit(d, request))
    assert document.members[0].status is MemberStatus.SUSPENDED
    with pytest.raises(InputRefused, match="PH is not in the directory"):
        federation.change(home, lambda d: set_status(d, "PH", MemberStatus.SUSPENDED))


def test_refused_change_changes_nothing(tmp_path: Path) -> None:
    """A directory that nobody would accept is not written."""
    federation.create(tmp_path)
    before = (tmp_path / "directory.json").read_bytes()
    with pytest.raises(VerificationFailed, match="a circle names somebody"):
        federation.change(tmp_path, lambda d: replace(d, circles={"eu": frozenset({"FR"})}))
    assert (tmp_path / "directory.json").read_bytes() == before


def test_rollback_is_remembered(tmp_path: Path) -> None:
    """A node refuses an older directory than one it saw, also in a new process."""
    node = make_node(tmp_path, "FR")
    join(tmp_path, node)
    old = node.directory_file.read_bytes()
    federation.change(tmp_path / "federation", lambda document: document)
    node.directory_file.write_bytes((tmp_path / "federation" / "directory.json").read_bytes())
    federation.open_member_file(node)
    node.directory_file.write_bytes(old)
    with pytest.raises(VerificationFailed, match="was seen before"):
        federation.open_member_file(node)


def test_minimum_from_configuration(tmp_path: Path) -> None:
    """A new machine can be told the version below which nothing is believed."""
    node = make_node(tmp_path, "FR")
    join(tmp_path, node)
    with pytest.raises(VerificationFailed, match="version 99 was seen before"):
        federation.open_member_file(replace(node, directory_version=99))


def test_damaged_memory(tmp_path: Path) -> None:
    """A damaged note of the newest version stops the node instead of being taken for zero."""
    node = make_node(tmp_path, "FR")
    join(tmp_path, node)
    (node.data / "directory-version").write_text("", "utf-8")
    with pytest.raises(ConfigurationInvalid, match="directory-version is damaged"):
        federation.open_member_file(node)


def test_no_root(tmp_path: Path) -> None:
    """Without the root's public keys nothing is verified, and the node says what it lacks."""
    node = make_node(tmp_path, "FR")
    with pytest.raises(ConfigurationInvalid, match=r"root keys .*federation-root\.json cannot"):
        federation.open_member_file(node)


def test_description_has_no_keys(tmp_path: Path) -> None:
    """What people are shown is who and where."""
    node = make_node(tmp_path, "FR")
    join(tmp_path, node)
    shown = federation.describe(federation.open_member_file(node).document)
    assert shown == [
        {
            "code": "FR",
            "name": "FR",
            "roles": ["contact-point"],
            "status": "active",
            "endpoint": "https://127.0.0.1:8443",
            "unit": "Duty desk FR",
            "circles": [],
        }
    ]
