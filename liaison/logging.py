"""Logs: JSON lines on standard error, with an allow-list of keys.

What a notification says must not reach a log, whoever wrote the line. So keys that are not on
the list are dropped and counted; messages of libraries, which can quote anything, are reduced to
the library's name; of an exception stay its class and the places it passed, not its text.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

_KEYS = """
event level timestamp
jurisdiction peer lane topic partition offset epoch sequence
count seconds bytes error reason part pid port state version attempt path
places dropped_keys
"""
ALLOWED = frozenset(_KEYS.split())
PLACES = 8
"""How many of the innermost places of an exception are kept."""

Event = MutableMapping[str, Any]


class AllowList:
    """A structlog processor that keeps :data:`ALLOWED` keys; ``dropped`` counts the others."""

    def __init__(self) -> None:
        self.dropped = 0

    def __call__(self, _logger: Any, _method: str, event: Event) -> Event:
        """The event without what is not allowed, and with the number of keys it lost."""
        kept = {key: value for key, value in event.items() if key in ALLOWED}
        if lost := len(event) - len(kept):
            self.dropped += lost
            kept["dropped_keys"] = lost
        return kept


allow_list = AllowList()
"""The one in use; its count is a metric of the node."""


def configure(*, level: int = logging.INFO) -> None:
    """Sets up logging of this process. Called once, by a command that runs a long-lived part."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception,
            allow_list,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Libraries(logging.WARNING)]
    root.setLevel(logging.WARNING)
    sys.excepthook = _uncaught


class _Libraries(logging.Handler):
    """Turns what libraries log into one event without its text."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().warning(
            "library_message",
            part=record.name,
            state=record.levelname.lower(),
            reason=f"{Path(record.pathname).name}:{record.lineno}",
            exc_info=record.exc_info,
        )


def _uncaught(kind: type[BaseException], error: BaseException, _trace: Any) -> None:
    structlog.get_logger().critical("uncaught_exception", exc_info=(kind, error, _trace))


def _exception(_logger: Any, _method: str, event: Event) -> Event:
    """Replaces ``exc_info`` by the exception's class and places."""
    given = event.pop("exc_info", None)
    if isinstance(given, BaseException):
        error: BaseException | None = given
    else:
        error = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given else None
    if error is not None:
        event["error"] = type(error).__name__
        event["places"] = [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-PLACES:]
        ]
    return event
