"""The parts of a node from its configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from liaison import assembly
from liaison.configuration import load
from schemas.errors import Unreachable
from tests.liaison.nodes import join, make_node

ROOT = Path(__file__).parent.parent.parent


def test_all_tables_are_made(tmp_path: Path) -> None:
    """Every module that declares a table is known, so that no command finds one missing."""
    declaring = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in ("producers", "consumers", "gateway", "liaison")
        for path in (ROOT / package).rglob("*.py")
        if "sa.Table(" in path.read_text("utf-8")
    }
    assert set(assembly.TABLES) == declaring - {"producers.database"}
    database = assembly.open_database(make_node(tmp_path, "FR"))
    with database.read() as connection:
        assert sa.inspect(connection).has_table("casebook")
    database.close()


def test_kafka_settings(tmp_path: Path) -> None:
    """A configured cluster is used; an embedded one that never ran is told how to start."""
    node = make_node(tmp_path, "FR")
    with pytest.raises(Unreachable, match="has not been started yet") as refusal:
        assembly.kafka_settings(node)
    assert refusal.value.remedy == "start it: `liaison up`"
    other = load(node.path, {"LIAISON_KAFKA__BOOTSTRAP_SERVERS": "k1:9092"})
    assert assembly.kafka_settings(other).bootstrap_servers == "k1:9092"


def test_policy_reads_the_directory(tmp_path: Path) -> None:
    """Policy, keyring and directory of a node that has joined belong together."""
    fr, de = make_node(tmp_path, "FR"), make_node(tmp_path, "DE")
    join(tmp_path, fr, de)
    assert assembly.open_policy(fr) is not None
    listed = assembly.open_directory(de).member("FR")
    assert assembly.open_keyring(fr).current(listed).public == listed.signing[0]  # type: ignore[union-attr]
