"""``liaison briefing`` on a real node's files: configuration, directory and database."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consumers import casebook
from consumers.incoming import Incoming
from liaison import federation, setup
from liaison.cli import cli
from liaison.configuration import Configuration, load
from producers.database import Database
from schemas.codec import encode
from tests.fakes.notifications import CREATED, identification

MEMBERS = ("FR", "DE", "PH")


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nodes of one federation, set up as operators do."""
    base = tmp_path_factory.mktemp("federation")
    nodes = [_node(base / code, code) for code in MEMBERS]
    root = base / "root"
    federation.create(root)
    for node in nodes:
        request = federation.own_request(node)
        federation.change(root, lambda listing, request=request: federation.admit(listing, request))
    for node in nodes:
        shutil.copy(root / federation.ROOT_FILE, node.federation_root)
        shutil.copy(root / federation.DIRECTORY_FILE, node.directory_file)
    return base


def _node(home: Path, code: str) -> Configuration:
    chosen = {"node": {"jurisdiction": code}, "contact": {"unit": f"Duty desk {code}"}}
    node = setup.write_configuration(home / "liaison.toml", chosen)
    setup.make_keys(node, tls_request=False)
    return node


@pytest.fixture
def home(homes: Path) -> Iterator[Path]:
    """FR's node with three cases: for DE, for PH, and one received from DE."""
    path = homes / "FR"
    node = load(path)
    database = Database(node.database_url)
    database.create()
    made = [
        replace(identification("FR-1", recipients=("DE",)), names=("Élodie Exemple",)),
        replace(identification("FR-2", recipients=("PH",)), names=("Secret Name",)),
        identification("DE-1", origin="DE", recipients=("FR",)),
    ]
    with database.begin() as connection:
        batch = [Incoming(one.head, encode(one), "outbound", 0, 0, CREATED) for one in made]
        casebook.record_batch(connection, batch)
    yield path
    with database.begin() as connection:
        casebook.erase(connection, [one.head.id for one in made], now_ms=CREATED)
    database.close()


def run(home: Path, *arguments: str) -> Result:
    command = ["--config", str(home), "briefing", "export", *arguments]
    return CliRunner().invoke(cli, command)


def test_a_paper_for_each_participant(home: Path, tmp_path: Path) -> None:
    """One file each, with what is in it and what was left out by which rule."""
    result = run(
        home,
        *("--for", "DE", "--for", "PH", "--for", "FR", "--out", str(tmp_path)),
        *("--format", "json", "--output", "json", "--meeting", "Lyon"),
    )
    assert result.exit_code == 0, result.output
    told = {row["for"]: row for row in json.loads(result.stdout)}
    assert {code: (row["cases"], row["left_out"]) for code, row in told.items()} == {
        "DE": (2, {"not-listed": 1}),
        "PH": (1, {"not-listed": 1, "received-handling-code": 1}),
        "FR": (3, {}),
    }
    paper = Path(told["DE"]["path"]).read_text("utf-8")
    assert "Élodie Exemple" in paper
    assert "Lyon" in paper
    assert "Secret" not in paper
    assert "FR-2" not in paper


def test_pdf_twice_is_one_file(home: Path, tmp_path: Path) -> None:
    """The same content is the same file."""
    for _ in range(2):
        result = run(home, "--for", "de", "--out", str(tmp_path), "--output", "jsonl")
        assert result.exit_code == 0, result.output
        row = json.loads(result.stdout)
        assert row["pages"] == 1
        assert row["tlp"] == "TLP:AMBER"
        assert [str(path) for path in tmp_path.iterdir()] == [row["path"]]


def test_one_case(home: Path, tmp_path: Path) -> None:
    """Only the cases asked for."""
    result = run(home, *("--for", "FR", "--case", "FR-2", "--out", str(tmp_path)), "--output=json")
    assert [row["cases"] for row in json.loads(result.stdout)] == [1]


def test_since_and_as_of(home: Path, tmp_path: Path) -> None:
    """Dates are days in UTC; as of a date is as of its end."""
    both = ("--for", "FR", "--out", str(tmp_path), "--output", "json")
    dated = json.loads(run(home, *both, "--as-of", "2025-10-08").stdout)
    assert [row["cases"] for row in dated] == [0]
    later = json.loads(run(home, *both, "--since", "2025-10-10").stdout)
    assert [row["cases"] for row in later] == [0]
    assert run(home, *both, "--since", "yesterday").exit_code == 2


def test_modes_never_mix(home: Path, tmp_path: Path) -> None:
    """Papers of an exercise have none of the actual cases."""
    arguments = ("--for", "FR", "--out", str(tmp_path), "--mode", "exercise", "--output", "json")
    assert [row["cases"] for row in json.loads(run(home, *arguments).stdout)] == [0]


def test_nobody_of_that_name(home: Path, tmp_path: Path) -> None:
    """A participant who is not a member is refused, and nothing is written."""
    result = run(home, "--for", "QQ", "--out", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "QQ is not a member of the federation" in result.output
    assert not (tmp_path / "out").exists()


def test_table_is_for_eyes(home: Path, tmp_path: Path) -> None:
    """Without --output the result is a table with the path."""
    result = run(home, "--for", "DE", "--out", str(tmp_path), "--format", "json")
    assert "1 not-listed" in result.stdout
    assert str(tmp_path) in result.stdout
