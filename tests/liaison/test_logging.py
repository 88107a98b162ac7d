"""Logs say nothing that is not on the list."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from liaison.logging import AllowList, configure

MARKER = "Zsófia-Ångström-7f3a"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Logging of the test process is as before afterwards."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook = hook


def test_keys_not_on_the_list_are_dropped_and_counted() -> None:
    """An unknown key loses its value, and the line says that something was dropped."""
    keep = AllowList()
    event = keep(None, "info", {"event": "published", "count": 2, "name": MARKER, "ref": MARKER})
    assert event == {"event": "published", "count": 2, "dropped_keys": 2}
    assert keep.dropped == 2


def test_exceptions_lose_their_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Of an exception stay its class and places: its text can quote anything."""
    configure()
    try:
        raise ValueError(MARKER)
    except ValueError:
        structlog.get_logger().warning("failed", part="casebook", exc_info=True)
    line = json.loads(capsys.readouterr().err)
    assert line["error"] == "ValueError"
    assert line["places"][-1].startswith("test_logging.py:")
    assert MARKER not in json.dumps(line)


def test_libraries_lose_their_text(capsys: pytest.CaptureFixture[str]) -> None:
    """What a library logs is reduced to its name and where it said it."""
    configure()
    logging.getLogger("aiokafka.producer").warning("could not send %s", MARKER)
    logging.getLogger("aiokafka.producer").info("not even mentioned")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["part"]) == ("library_message", "aiokafka.producer")
    assert MARKER not in json.dumps(line)


def test_uncaught_exceptions_lose_their_text(capsys: pytest.CaptureFixture[str]) -> None:
    """An exception that ends the process is logged like the others."""
    configure()
    try:
        raise RuntimeError(MARKER)
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    written = capsys.readouterr().err
    assert json.loads(written)["event"] == "uncaught_exception"
    assert MARKER not in written
