"""The doctor finds what is wrong and names the fix."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.channel import Halt
from gateway.ledger import outgoing
from gateway.ledger.outgoing import Routed
from gateway.wire import Lane
from liaison import assembly, doctor, federation
from liaison.cli import cli
from liaison.configuration import Configuration
from liaison.doctor import Finding
from liaison.federation import set_status
from liaison.keys import Keyring
from schemas.identities import new_id
from schemas.members import MemberRole, MemberStatus
from tests.liaison.nodes import join, make_node


@pytest.fixture
def node(tmp_path: Path) -> Configuration:
    """FR in a federation with DE, which does not run; neither does FR."""
    fr = make_node(tmp_path, "FR")
    de = make_node(tmp_path, "DE", sections={"gateway": {"listen": "127.0.0.1:1"}})
    join(tmp_path, fr, de)
    return fr


def found(node: Configuration) -> dict[str, Finding]:
    """Findings by check."""
    return {finding.check: finding for finding in doctor.examine(node)}


def test_node_that_does_not_run(node: Configuration) -> None:
    """What is on disk is green; what is not running is red and says how to start it."""
    findings = found(node)
    assert {check for check, finding in findings.items() if finding.ok} == {
        "keys",
        "directory",
        "certificate",
        "disk",
        "database",
        "channels",
        "matching",
    }
    assert findings["node"].remedy == "start it: `liaison up`"
    assert findings["kafka"].remedy == "start it: `liaison up`"
    assert findings["peer DE"].found.startswith("https://127.0.0.1:1 does not answer")
    assert findings["clock"].found == "no peer answers, so it is not known"


def test_readable_keys(node: Configuration) -> None:
    """Keys that others may read are red, with the command that closes them."""
    node.keys.chmod(0o750)
    finding = found(node)["keys"]
    assert not finding.ok
    assert finding.remedy.startswith("chmod 700")


def test_damaged_database(node: Configuration) -> None:
    """A file that is no database is red, with the way out, and no command falls over it."""
    (node.data / "node.db").write_bytes(b"this is something else\n" * 100)
    finding = found(node)["database"]
    assert not finding.ok
    assert finding.found == "the database cannot be read: file is not a database"
    assert "restore a backup" in finding.remedy
    listed = CliRunner().invoke(cli, ["--config", str(node.path), "cases", "list"])
    assert listed.exit_code == 3
    assert "file is not a database" in listed.stderr


@pytest.mark.parametrize(
    ("url", "code", "problem"),
    [
        ("nonsense", 3, "the URL of the database is not one that can be used here"),
        ("nonsense://host/name", 3, "the URL of the database is not one that can be used here"),
        ("sqlite:////proc/none/node.db", 4, "the database /proc/none/node.db cannot be opened"),
    ],
)
def test_no_database(
    node: Configuration, url: str, code: int, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that leads nowhere is red, and told by every command that needs the database."""
    finding = found(replace(node, database_url=url))["database"]
    assert not finding.ok
    assert problem in finding.found
    monkeypatch.setenv("LIAISON_NODE__DATABASE_URL", url)
    listed = CliRunner().invoke(cli, ["--config", str(node.path), "cases", "list"])
    assert listed.exit_code == code
    assert problem in listed.stderr


@pytest.mark.parametrize("ahead_s", [-120.0, 120.0])
def test_clock(node: Configuration, ahead_s: float) -> None:
    """A clock that is off against most of the peers is red, with the fix."""
    directory = assembly.open_directory(node)
    finding = doctor._clock(directory, [ahead_s, ahead_s, 0.0], alone=False)
    assert not finding.ok
    assert finding.found.startswith("120 s behind" if ahead_s > 0 else "120 s ahead of")
    assert "NTP" in finding.remedy
    assert doctor._clock(directory, [0.4, 1.0, ahead_s], alone=False).ok


def test_no_directory(node: Configuration) -> None:
    """Without a directory no peer is asked."""
    node.directory_file.unlink()
    findings = found(node)
    assert not findings["directory"].ok
    assert "peer DE" not in findings


def test_suspended(node: Configuration, tmp_path: Path) -> None:
    """A member that is suspended learns it from the doctor."""
    home = tmp_path / "federation"
    federation.change(home, lambda d: set_status(d, "FR", MemberStatus.SUSPENDED))
    node.directory_file.write_bytes((home / "directory.json").read_bytes())
    assert "we are suspended in it" in found(node)["directory"].found


def test_keys_that_are_not_listed(node: Configuration) -> None:
    """New keys that the federation has not listed yet are red until it has."""
    Keyring.rotate(node.keys)
    finding = found(node)["directory"]
    assert "our newest keys are not in it" in finding.found
    assert "liaison federation request" in finding.remedy


def test_role_that_is_not_listed(node: Configuration) -> None:
    """A node that takes itself for a hub while the federation does not is red."""
    hub = frozenset({*node.roles, MemberRole.HUB})
    assert "does not list us as a hub" in found(replace(node, roles=hub))["directory"].found


def test_certificate_of_another(node: Configuration, tmp_path: Path) -> None:
    """A certificate that is not ours in the directory is red."""
    other = make_node(tmp_path / "other", "FR")
    node.gateway.certificate.write_bytes(other.gateway.certificate.read_bytes())
    assert "cannot be used" in found(node)["certificate"].found
    node.gateway.private_key.write_bytes(other.gateway.private_key.read_bytes())
    assert found(node)["certificate"].found == "the directory lists another one for us"


def test_little_time_left(node: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificate and directory turn red while there is time left to renew them."""
    monkeypatch.setattr(doctor, "CERTIFICATE_DAYS", 1000)
    monkeypatch.setattr(doctor, "DIRECTORY_DAYS", 1000)
    findings = found(node)
    assert findings["certificate"].found == "397 days left"
    assert findings["directory"].found == "version 3, 30 days left"
    assert not findings["certificate"].ok
    assert not findings["directory"].ok


def test_a_halted_lane(node: Configuration) -> None:
    """A lane that needs an operator is red, with the command that lets it go on."""
    assert found(node)["channels"].found == "0 lanes, 0 deliveries under way"
    database = assembly.open_database(node)
    routed = Routed(new_id(), "DE", 1, Lane.ROUTINE, new_id(), None)
    with database.begin() as connection:
        outgoing.queue(connection, [routed], 1)
        outgoing.halt(connection, "DE", Lane.ROUTINE, Halt.REFUSED, "unknown-key", b"", 1)
    database.close()
    finding = found(node)["channels"]
    assert (finding.ok, finding.found) == (False, "the routine lane to DE is halted: refused")
    assert finding.remedy.endswith("`liaison ledger resume DE routine`")
    shown = CliRunner().invoke(cli, ["--config", str(node.path), "status"])
    assert "DE routine: 1 under way, HALTED (refused)" in shown.stdout
