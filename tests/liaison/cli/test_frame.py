"""The frame of the command line: nouns, exit codes, where the node is found."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from liaison.cli import NOUNS, cli, exit_code
from liaison.cli.output import FORMATS
from schemas.errors import (
    ConfigurationInvalid,
    InputRefused,
    LiaisonError,
    MalformedRecord,
    PolicyRefused,
    Unreachable,
    VerificationFailed,
)
from tests.liaison.nodes import make_node


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_is_there(noun: str) -> None:
    """Each noun of the help can be called and explains itself."""
    command = getattr(importlib.import_module(f"liaison.cli.{noun}"), noun)
    assert isinstance(command, click.Command)
    assert CliRunner().invoke(cli, [noun, "--help"]).exit_code == 0
    assert command.help


def test_every_output_has_the_same_formats() -> None:
    """Wherever a result can be chosen, it is a table, JSON or JSON lines."""
    found = [
        parameter.type.choices
        for noun in NOUNS
        for command in verbs(getattr(importlib.import_module(f"liaison.cli.{noun}"), noun))
        for parameter in command.params
        if parameter.name == "output" and isinstance(parameter.type, click.Choice)
    ]
    assert len(found) > 20
    assert set(found) == {FORMATS}


def verbs(command: click.Command) -> list[click.Command]:
    """The command, or the commands of a group."""
    return list(command.commands.values()) if isinstance(command, click.Group) else [command]


def test_help_loads_nothing() -> None:
    """Help is quick: it imports no noun, no database, no Kafka."""
    code = (
        "import sys; from liaison.cli import cli; cli(['--help'], standalone_mode=False); "
        "print([m for m in sys.modules if m.partition('.')[0] in "
        "('sqlalchemy', 'aiokafka', 'cryptography', 'structlog', 'httpx')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent.parent.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (InputRefused, 2),
        (ConfigurationInvalid, 3),
        (Unreachable, 4),
        (PolicyRefused, 5),
        (VerificationFailed, 6),
        (MalformedRecord, 1),
        (LiaisonError, 1),
    ],
)
def test_exit_codes(kind: type[LiaisonError], code: int) -> None:
    """A script can tell the kinds of errors apart."""
    assert exit_code(kind("a problem")) == code


def test_error_has_problem_and_remedy(tmp_path: Path) -> None:
    """An error is shown on standard error with what to do, and sets the exit code."""
    missing = tmp_path / "none.toml"
    result = CliRunner().invoke(cli, ["--config", str(missing), "status"])
    assert result.exit_code == 3
    assert result.stdout == ""
    assert f"there is no configuration file {missing}" in result.stderr
    assert "what to do: give --config PATH or set LIAISON_CONFIG" in result.stderr


def test_usage_errors() -> None:
    """What the command line does not know is a usage error."""
    assert CliRunner().invoke(cli, ["publsh"]).exit_code == 2
    assert CliRunner().invoke(cli, ["status", "--output", "xml"]).exit_code == 2


def test_node_by_environment(tmp_path: Path) -> None:
    """LIAISON_CONFIG names the node when no option does; a directory will do."""
    node = make_node(tmp_path, "FR")
    runner = CliRunner(env={"LIAISON_CONFIG": str(node.home)})
    result = runner.invoke(cli, ["status", "--output", "json"])
    assert result.exit_code == 1
    assert '"jurisdiction": "FR"' in result.stdout
