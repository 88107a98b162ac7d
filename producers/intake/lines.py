"""From the bytes of a line to a dictionary, strictly (RFC 8259; I-JSON, RFC 7493)."""

from __future__ import annotations

import json
from typing import Any

import orjson

from producers.intake.report import Problem

MAX_LINE_BYTES = 1024 * 1024
"""Four times what an encoded notification may have: room for JSON's escapes of characters."""

_BEGINNING = 64
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _DuplicateKeyError(Exception):
    def __init__(self, key: str) -> None:
        self.key = key


class _NotANumberError(Exception):
    pass


def decode_line(line: bytes) -> dict[str, Any] | Problem:
    """The JSON object in ``line``, or what is wrong with it. Nothing escapes as an exception."""
    if len(line) > MAX_LINE_BYTES:
        return Problem(
            "", f"the line has more than {MAX_LINE_BYTES} bytes", "split it, or send fewer hashes"
        )
    if (plain := _at_once(line)) is not None:
        return plain
    try:
        found = _DECODER.decode(line.removeprefix(_BYTE_ORDER_MARK).decode("utf-8"))
    except UnicodeDecodeError as error:
        return Problem("", f"byte {error.start + 1} is not UTF-8", "export the file as UTF-8")
    except _DuplicateKeyError as error:
        return Problem(shown(error.key), "the field is given twice", "keep one of the two")
    except _NotANumberError:
        return Problem("", "NaN and Infinity are not JSON", "write null, or leave the field out")
    except json.JSONDecodeError as error:
        return Problem(
            "",
            f"not JSON: {error.msg} at column {error.colno}",
            "one JSON object a line (RFC 8259)",
        )
    except (RecursionError, ValueError):
        return Problem("", "nested too deeply, or a number too long", "see docs/intake.md")
    if not isinstance(found, dict):
        return Problem("", "the line is not a JSON object", "write {…}, one object a line")
    return found


def _at_once(line: bytes) -> dict[str, Any] | None:
    """The object in a line as most are written; None where only the strict decoder can tell.

    orjson takes more than is taken here: the last of two equal names, numbers that it rounds,
    and any depth. Where what it writes of the object is the line again, there was none of that.
    """
    if line.find(b'": ', 0, _BEGINNING) >= 0:  # written with spaces, which it does not write
        return None
    try:
        found = orjson.loads(line)
        is_whole = type(found) is dict and orjson.dumps(found) == line.rstrip()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return found if is_whole else None


def shown(name: str) -> str:
    """A field's name as it may appear in a message: short, and printable."""
    cut = name[:60] + "…" if len(name) > 60 else name
    return cut if cut.isprintable() else ascii(cut)[1:-1]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _DuplicateKeyError(key)
            seen.add(key)
    return found


def _refuse_constant(_name: str) -> Any:
    raise _NotANumberError


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)
