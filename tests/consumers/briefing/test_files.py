"""Briefings as files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from consumers.briefing.files import write
from schemas.errors import ConfigurationInvalid
from tests.consumers.briefing.world import case, document


@pytest.mark.parametrize("form", ["pdf", "json"])
def test_name_says_nothing_about_a_case(tmp_path: Path, form: str) -> None:
    """For whom, as of when, and the beginning of the file's own hash."""
    path = write(document(case("FR-SECRET-1")), form, tmp_path / "out").path
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.name == f"briefing-FR-2025-10-09-{digest[:8]}.{form}"


def test_only_we_can_read_it(tmp_path: Path) -> None:
    """The file has mode 0600, the directory made for it 0700."""
    path = write(document(case("FR-1")), "json", tmp_path / "out").path
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_again_is_the_same_file(tmp_path: Path) -> None:
    """Written twice, there is one file, with nothing beside it."""
    first = write(document(), "pdf", tmp_path)
    assert write(document(), "pdf", tmp_path) == first
    assert list(tmp_path.iterdir()) == [first.path]
    assert first.pages == 1


def test_json_is_the_document(tmp_path: Path) -> None:
    """Other programs read the same that the pages show."""
    written = write(document(case("FR-1", names=("محمد",))), "json", tmp_path)
    read = json.loads(written.path.read_text("utf-8"))
    assert read["format"] == "liaison-briefing/1"
    assert read["subjects"][0]["names"] == ["محمد"]
    assert written.pages is None


def test_nowhere_to_write(tmp_path: Path) -> None:
    """A directory that cannot be is refused with what to do."""
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationInvalid, match="cannot be written to") as refused:
        write(document(), "json", tmp_path / "file" / "out")
    assert refused.value.remedy == "choose another directory with --out"
