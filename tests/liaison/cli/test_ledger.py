"""``liaison ledger`` on a node that does not run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from liaison import federation
from liaison.cli import cli
from liaison.configuration import Configuration
from tests.liaison.nodes import join, make_node


@pytest.fixture
def node(tmp_path: Path) -> Configuration:
    """FR in a federation of its own."""
    fr = make_node(tmp_path, "FR")
    join(tmp_path, fr)
    return fr


def run(node: Configuration, *words: str) -> Result:
    """One command of the command line."""
    return CliRunner().invoke(cli, ["--config", str(node.path), "ledger", *words])


def test_the_past_is_verified_whatever_the_day(node: Configuration, tmp_path: Path) -> None:
    """A directory that has expired is no flaw of the chains; one that is another's still is."""
    home = tmp_path / "federation"
    federation.change(home, lambda document: document, days=0)
    shutil.copyfile(home / federation.DIRECTORY_FILE, node.directory_file)
    shown = CliRunner().invoke(cli, ["--config", str(node.path), "federation", "show"])
    assert (shown.exit_code, "the directory expired at" in shown.stderr) == (6, True)
    verified = run(node, "verify", "--output", "json")
    assert verified.exit_code == 0
    assert json.loads(verified.stdout) == {"ok": True, "channels": [], "flaws": []}
    node.directory_file.write_bytes((node.home / federation.ROOT_FILE).read_bytes())
    assert run(node, "verify").exit_code == 6


def test_names_that_are_none(node: Configuration) -> None:
    """A channel that is not there, and a lane that goes, are told with what to look at."""
    unknown = run(node, "verify", "FR-DE-routine")
    assert unknown.exit_code == 2
    assert "there is no channel FR-DE-routine here" in unknown.stderr
    going = run(node, "resume", "DE", "routine")
    assert going.exit_code == 2
    assert "the routine lane to DE is not halted" in going.stderr
