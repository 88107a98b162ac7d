"""How results are written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from liaison.cli.output import emit

ROWS = [{"reference": "a", "their_reference": None}, {"reference": "b", "their_reference": "児童"}]


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Rows are one array, an object is itself, in UTF-8 as it is."""
    emit(ROWS, "json")
    written = capsys.readouterr().out
    assert json.loads(written) == ROWS
    assert "児童" in written
    emit({"ok": True}, "json")
    assert json.loads(capsys.readouterr().out) == {"ok": True}


def test_json_lines_come_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Each row is a line, written before the next one is asked for."""

    def rows() -> Iterator[dict[str, Any]]:
        yield {"n": 1}
        assert capsys.readouterr().out == '{"n": 1}\n'
        yield {"n": 2}

    emit(rows(), "jsonl")
    assert capsys.readouterr().out == '{"n": 2}\n'


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Columns line up on a terminal, whatever the script; None is a dash."""
    emit(ROWS, "table")
    assert capsys.readouterr().out == (
        "REFERENCE  THEIR REFERENCE\na          -\nb          児童\n"
    )
    emit([{"name": "児童", "n": 1}, {"name": "e\u0301", "n": 2}], "table")
    assert capsys.readouterr().out.splitlines()[1:] == ["児童  1", "e\u0301     2"]


def test_table_of_some_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """The columns asked for, in that order; lists and truth values in words."""
    emit([{"a": 1, "ok": True, "kinds": ["x", "y"]}], "table", columns=("kinds", "ok"))
    assert capsys.readouterr().out.splitlines()[1] == "x, y   yes"


def test_object_as_table(capsys: pytest.CaptureFixture[str]) -> None:
    """An object is shown as names and values."""
    emit({"running": False, "pid": None}, "table")
    assert capsys.readouterr().out == "running  no\npid      -\n"


def test_terminal_cannot_be_steered(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences and direction marks in a value from elsewhere do nothing."""
    emit([{"a": "x\x1b[2Jy\u202ez"}], "table")
    assert capsys.readouterr().out == "A\nx·[2Jy·z\n"


def test_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """No rows are an empty array for a program and nothing for people."""
    emit([], "json")
    emit([], "table")
    assert capsys.readouterr().out == "[]\n"
