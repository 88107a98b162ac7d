"""``docs/intake.md`` says what is so."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from types import ModuleType

import pytest

from producers.intake import Defaults, Intake, Parsed, parts
from producers.intake.lines import MAX_LINE_BYTES
from producers.intake.parser import FIELDS, REQUESTED_ACTIONS
from producers.intake.values import MAX_ITEMS, MAX_LONG_TEXT, MAX_REFERENCE, MAX_SHORT_TEXT, MAX_URL
from producers.kafka import KafkaSettings
from producers.kafka_admin import KafkaAdmin
from producers.topics import Topics
from schemas.codec import MAX_NOTIFICATION_BYTES
from schemas.identities import new_id
from tests.producers.intake.test_parser import ID, NOW

TEXT = (Path(__file__).parents[3] / "docs" / "intake.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)
LINES = [line for kind, block in BLOCKS if kind == "json" for line in block.splitlines()]


@pytest.mark.parametrize("line", LINES)
def test_examples(line: str) -> None:
    """Every example is accepted without a warning."""
    found = Intake(Defaults("FR")).parse(json.loads(line), id=ID, now_ms=NOW)
    assert isinstance(found, Parsed), found
    assert found.warnings == ()


def test_examples_show_every_type() -> None:
    """There is an example of each type, and together they show each of its own fields."""
    for name, fields in FIELDS.items():
        shown = {key for line in LINES if (o := json.loads(line))["type"] == name for key in o}
        assert set(fields) - shown <= {"relation", "created", "mode", "operation", "marking"}


def test_every_field_is_described() -> None:
    """No field and no value of a closed list is left out."""
    nested = (parts.IDENTIFIER, parts.MEDIA_HASH, parts.MARKING, parts.LAST_SEEN)
    names = {name for fields in (*FIELDS.values(), *nested) for name in fields}
    listed = (*parts.IDENTIFIER_TYPES, *parts.HASH_DIGITS, *parts.TAKEDOWN_STATUSES)
    for word in {*names, *listed, *REQUESTED_ACTIONS}:
        assert re.search(rf"`[^`]*\b{word}\b[^`]*`", TEXT), word


def test_limits() -> None:
    """The numbers in the text are those in the code."""
    assert f"at most {MAX_REFERENCE} characters" in TEXT
    assert f"at most {MAX_SHORT_TEXT} characters" in TEXT
    assert f"at most {MAX_URL:,} characters" in TEXT
    assert f"at most {MAX_LONG_TEXT:,} characters" in TEXT
    assert f"at most {MAX_ITEMS:,} entries" in TEXT
    assert f"{MAX_LINE_BYTES // 1024**2} MiB" in TEXT
    assert f"{MAX_NOTIFICATION_BYTES // 1024} KiB" in TEXT


@pytest.mark.kafka
async def test_sdk_example(
    tmp_path: Path, kafka: KafkaSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    """The example of the SDK runs as it stands, and a second time is the same id."""
    (code,) = (block for kind, block in BLOCKS if kind == "python")
    path = tmp_path / "example.py"
    path.write_text(code, "utf-8")
    module = ModuleType("example")
    module.__dict__.update(runpy.run_path(str(path)))
    prefix = f"{new_id()}."
    topics = Topics(prefix).all_outbound
    await KafkaAdmin(kafka).create(topics, partitions=1, replication=1, config={})
    for _ in range(2):
        await module.main(f"sqlite:///{tmp_path / 'node.db'}", kafka.bootstrap_servers, prefix)
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith(" new")
    assert second == first.replace(" new", " known")
