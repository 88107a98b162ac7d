"""From bytes to a dictionary."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.intake.lines import MAX_LINE_BYTES, decode_line
from producers.intake.report import Problem


def test_an_object() -> None:
    """A JSON object is read, with or without a byte order mark."""
    assert decode_line(b'{"a": "\xc3\xa9"}') == {"a": "é"}
    assert decode_line(b'\xef\xbb\xbf{"a": 1}\r\n') == {"a": 1}


@pytest.mark.parametrize(
    ("line", "problem", "remedy"),
    [
        (b"[1]", "the line is not a JSON object", "one object a line"),
        (b"null", "the line is not a JSON object", "one object a line"),
        (b'{"a": NaN}', "NaN and Infinity are not JSON", "write null"),
        (b'{"a": -Infinity}', "NaN and Infinity are not JSON", "write null"),
        (b'{"a": "\xff"}', "byte 8 is not UTF-8", "export the file as UTF-8"),
        (b'{"a": 1', "not JSON: Expecting ',' delimiter at column 8", "RFC 8259"),
        (b'{"a": 1} {"b": 2}', "not JSON: Extra data at column 10", "one JSON object a line"),
        (b'{"a":' * 50_000, "nested too deeply", "docs/intake.md"),
        (b'{"a":' + b"1" * 5000 + b"}", "a number too long", "docs/intake.md"),
        (b" " * (MAX_LINE_BYTES + 1), "the line has more than 1048576 bytes", "split it"),
    ],
)
def test_refusals(line: bytes, problem: str, remedy: str) -> None:
    """What is not one JSON object in UTF-8 is refused with the reason."""
    found = decode_line(line)
    assert isinstance(found, Problem)
    assert problem in found.problem
    assert remedy in found.remedy


def test_duplicate_field() -> None:
    """Of two values of one field nobody can say which was meant, at any depth."""
    twice = Problem("b", "the field is given twice", "keep one of the two")
    assert decode_line(b'{"a": [{"b": 1, "b": 1}]}') == twice
    assert decode_line(b'{"a":[{"b":1,"b":1}]}') == twice
    assert decode_line(b'{"b":1,"b":1}\n') == twice


@pytest.mark.parametrize("line", [b'{"a":18446744073709551616}', b'{"a":[1e2,"\\ud800"]}'])
def test_what_is_written_closely_is_read_exactly(line: bytes) -> None:
    """The quick way, for lines without spaces, neither rounds nor refuses anything."""
    assert decode_line(line) == json.loads(line)


def test_depth_is_refused_however_it_is_written() -> None:
    """The quick way goes no deeper than the other."""
    deep = b'{"a":' + b"[" * 1010 + b"]" * 1010 + b"}"
    assert isinstance(decode_line(deep), Problem)


@given(st.binary())
def test_nothing_escapes(line: bytes) -> None:
    """Whatever the bytes, there is an object or a problem."""
    assert isinstance(decode_line(line), dict | Problem)
