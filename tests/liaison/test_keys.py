"""The keyring on disk."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gateway.signing import Signer
from liaison.keys import Keyring, load_signer, save_signer
from schemas.errors import ConfigurationInvalid
from tests.gateway.test_directory import member


def mode(path: Path) -> int:
    """Permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def test_created_private_and_kept(tmp_path: Path) -> None:
    """Keys are made once, readable by their owner only, and loaded again as they are."""
    first = Keyring.create(tmp_path / "keys")
    second = Keyring.create(tmp_path / "keys")
    assert second.signers[0].seeds == first.signers[0].seeds
    assert second.openers[0].seeds == first.openers[0].seeds
    assert mode(tmp_path / "keys") == 0o700
    assert {mode(file) for file in (tmp_path / "keys").glob("*.json")} == {0o600}


@pytest.mark.parametrize("name", [".", "signing-0001.json", "sealing-0001.json"])
def test_readable_by_others(tmp_path: Path, name: str) -> None:
    """Keys that others may read are refused with the command that closes them."""
    directory = tmp_path / "keys"
    Keyring.create(directory)
    path = directory / name
    path.chmod(mode(path) | 0o040)
    with pytest.raises(ConfigurationInvalid, match="others on this machine may read") as refusal:
        Keyring.load(directory)
    assert refusal.value.remedy.startswith(f"chmod {'700' if name == '.' else '600'}")


def test_rotation(tmp_path: Path) -> None:
    """A new generation stands first; the old one is still there to open and to sign."""
    before = Keyring.create(tmp_path / "keys")
    after = Keyring.rotate(tmp_path / "keys")
    assert [signer.seeds for signer in after.signers[1:]] == [s.seeds for s in before.signers]
    assert [opener.seeds for opener in after.openers[1:]] == [o.seeds for o in before.openers]
    assert after.signers[0].seeds != before.signers[0].seeds


def test_current_is_the_newest_listed(tmp_path: Path) -> None:
    """New keys sign only once the directory lists them; peers would refuse them before."""
    old = Keyring.create(tmp_path / "keys").signers[0]
    ring = Keyring.rotate(tmp_path / "keys")
    new = ring.signers[0]
    assert ring.current(member("FR", signing=(old.public,))).public == old.public
    assert ring.current(member("FR", signing=(new.public, old.public))).public == new.public
    assert ring.current(None).public == new.public


def test_damaged(tmp_path: Path) -> None:
    """A damaged key file is refused by name, and never replaced."""
    Keyring.create(tmp_path / "keys")
    file = tmp_path / "keys" / "signing-0001.json"
    file.write_text('{"ed25519": "AA=="', "utf-8")
    with pytest.raises(ConfigurationInvalid, match=r"signing-0001\.json is damaged"):
        Keyring.create(tmp_path / "keys")
    assert file.read_text("utf-8").startswith('{"ed25519": "AA=="')


def test_wrong_length(tmp_path: Path) -> None:
    """A seed of another length is refused, too."""
    Keyring.create(tmp_path / "keys")
    file = tmp_path / "keys" / "sealing-0001.json"
    file.write_text('{"ml_kem": "AA==", "x25519": "AA=="}', "utf-8")
    with pytest.raises(ConfigurationInvalid, match=r"sealing-0001\.json is damaged"):
        Keyring.load(tmp_path / "keys")


def test_none(tmp_path: Path) -> None:
    """Without keys the remedy says how to make them."""
    with pytest.raises(ConfigurationInvalid, match="there are no keys") as refusal:
        Keyring.load(tmp_path / "keys")
    assert refusal.value.remedy == "`liaison init` makes them"


def test_never_replaced(tmp_path: Path) -> None:
    """Writing over a key is an error and leaves nothing half-written behind."""
    signer = Signer.generate()
    save_signer(tmp_path / "key.json", signer)
    with pytest.raises(FileExistsError):
        save_signer(tmp_path / "key.json", Signer.generate())
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]
    assert load_signer(tmp_path / "key.json").seeds == signer.seeds
