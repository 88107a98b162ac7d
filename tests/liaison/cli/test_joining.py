"""``init`` and ``federation`` from the first command to a verified directory."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from liaison.cli import cli


def run(*words: object) -> Result:
    """One command."""
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def joined(tmp_path: Path) -> Path:
    """FR and the hub XI in a federation; FR has the directory."""
    fr, xi, home = tmp_path / "fr", tmp_path / "xi", tmp_path / "federation"
    assert run("init", fr, "--jurisdiction", "FR", "--unit", "Duty desk").exit_code == 0
    assert run("init", xi, "--jurisdiction", "XI", "--unit", "Centre", "--hub").exit_code == 0
    assert run("federation", "create", home).exit_code == 0
    requests = (fr / "member-request.json", xi / "member-request.json")
    refused = run("federation", "admit", home, *requests)
    assert refused.exit_code == 2
    assert "XI asks to be a hub" in refused.stderr
    admitted = run("federation", "admit", home, *requests, "--hub", "XI")
    assert admitted.exit_code == 0
    assert "SHA-256" in admitted.stderr
    for name in ("directory.json", "federation-root.json"):
        shutil.copyfile(home / name, fr / name)
    return tmp_path


def test_show(joined: Path) -> None:
    """A member that has the directory sees who is in it."""
    shown = run("--config", joined / "fr", "federation", "show", "--output", "json")
    assert [row["code"] for row in json.loads(shown.stdout)] == ["FR", "XI"]
    assert "directory version 2" in shown.stderr


def test_sign_with_changes(joined: Path) -> None:
    """Circles and suspensions are signed into the next version; removing clears circles, too."""
    home = joined / "federation"
    signed = run("federation", "sign", home, "--circle", "all=FR,XI", "--suspend", "FR",
                 "--output", "json")  # fmt: skip
    assert [(row["status"], row["circles"]) for row in json.loads(signed.stdout)] == [
        ("suspended", ["all"]),
        ("active", ["all"]),
    ]
    removed = run("federation", "sign", home, "--remove", "FR", "--output", "json")
    assert [row["code"] for row in json.loads(removed.stdout)] == ["XI"]
    assert run("federation", "sign", home, "--circle", "nonsense").exit_code == 2
    assert run("federation", "sign", home, "--reinstate", "FR").exit_code == 2


def test_an_empty_directory_is_closed(tmp_path: Path) -> None:
    """A directory made beforehand for keys is closed to others, unless something is in it."""
    home = tmp_path / "federation"
    home.mkdir(mode=0o755)
    assert run("federation", "create", home).exit_code == 0
    assert home.stat().st_mode & 0o777 == 0o700
    home.chmod(0o755)
    assert "others on this machine may read" in run("federation", "create", home).stderr


def test_what_the_federation_cannot_do(joined: Path) -> None:
    """Wrong places, files, codes and days are refused with what to do, and change nothing."""
    home, nowhere = joined / "federation", joined / "nowhere"
    before = (home / "directory.json").read_bytes()
    for words, said in (
        (("sign", nowhere), "`liaison federation create` makes one"),
        (("sign", home, "--days", "0"), "--days"),
        (("sign", home, "--circle", "all=FR,SE"), "admit the member first"),
        (("admit", home, joined / "fr" / "liaison.toml"), "ask the member for its"),
    ):
        result = run("federation", *words)
        assert result.exit_code != 0
        assert said in result.stderr
    assert not nowhere.exists()
    assert (home / "directory.json").read_bytes() == before


def test_new_keys(joined: Path) -> None:
    """A member renews its keys by a request that its old keys vouch for."""
    written = run("--config", joined / "fr", "federation", "request", "--new-keys")
    assert written.stdout.strip() == str(joined / "fr" / "member-request.json")
    home = joined / "federation"
    assert run("federation", "admit", home, written.stdout.strip()).exit_code == 0


def test_changed_directory(joined: Path) -> None:
    """A directory that the root did not sign is a failed verification."""
    (joined / "fr" / "directory.json").write_bytes(
        (joined / "fr" / "member-request.json").read_bytes()
    )
    shown = run("--config", joined / "fr", "federation", "show")
    assert shown.exit_code == 6
    assert "not signed by this federation's root" in shown.stderr


def test_init_is_repeatable(tmp_path: Path) -> None:
    """Setting up twice keeps the files and says where they are."""
    first = run("init", tmp_path, "--jurisdiction", "FR", "--unit", "Desk", "--output", "json")
    again = run("--config", tmp_path / "liaison.toml", "init", "--output", "json")
    assert json.loads(first.stdout) == json.loads(again.stdout)
    assert json.loads(first.stdout)["config"] == str(tmp_path / "liaison.toml")
    assert "warning" not in again.stderr
    other = run("init", tmp_path, "--unit", "Another desk")
    assert "exists and stays as it is" in other.stderr


def test_init_needs_to_know_who(tmp_path: Path) -> None:
    """Without a jurisdiction nothing is made."""
    result = run("init", tmp_path / "new")
    assert result.exit_code == 3
    assert "[node] jurisdiction is missing" in result.stderr
    assert list((tmp_path / "new").iterdir()) == []


def test_init_with_an_authority(tmp_path: Path) -> None:
    """With --tls-request the way goes by way of the authority's answer."""
    result = run("init", tmp_path, "--jurisdiction", "FR", "--unit", "Desk", "--tls-request")
    assert result.exit_code == 0
    assert "next: have tls.csr answered" in result.stderr
    assert not (tmp_path / "member-request.json").exists()
