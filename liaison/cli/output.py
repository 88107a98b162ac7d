"""How commands speak: data on standard output, everything else on standard error."""

from __future__ import annotations

import itertools
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
Row = Mapping[str, Any]

FORMATS = ("table", "json", "jsonl")
TABLE_CHUNK = 200
"""Rows whose widths are looked at together: a table of any length is written as it comes."""


def output_option(command: F) -> F:
    """``--output table|json|jsonl``, handed to the command as ``output``."""
    return click.option(
        "--output",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How the result is written.",
    )(command)


def say(text: str) -> None:
    """One line of progress, on standard error."""
    click.echo(text, err=True)


def emit(result: Row | Iterable[Row], output: str, *, columns: Sequence[str] | None = None) -> None:
    """Writes one object, or rows.

    ``json`` is one object or one array; ``jsonl`` one line per row, written as they come;
    ``table`` shows ``columns`` (default: those of the first row), an object as key and value.
    """
    if isinstance(result, Mapping):
        if output == "table":
            _table(({"": key, " ": value} for key, value in result.items()), None)
        else:
            click.echo(_json(result, indent=2 if output == "json" else None))
    elif output == "jsonl":
        for row in result:
            click.echo(_json(row))
    elif output == "json":
        click.echo(_json(list(result), indent=2))
    else:
        _table(result, columns)


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def newest(rows: Iterable[Row], limit: int) -> Iterator[Row]:
    """``rows``, of which only ``limit`` were asked for to spare the eyes; says so at the end."""
    count = 0
    for row in rows:
        count += 1
        yield row
    if count == limit:
        say(f"these are the newest {limit}; --limit gives more, --output jsonl all of them")


def _table(rows: Iterable[Row], columns: Sequence[str] | None) -> None:
    source = iter(rows)
    headed = False
    while chunk := list(itertools.islice(source, TABLE_CHUNK)):
        names = list(columns or chunk[0])
        cells = [[_cell(row.get(name)) for name in names] for row in chunk]
        if not headed and any(name.strip() for name in names):
            cells.insert(0, [name.replace("_", " ").upper() for name in names])
        headed = True
        widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
        for line in cells:
            padded = (text + " " * (w - _width(text)) for text, w in zip(line, widths, strict=True))
            click.echo("  ".join(padded).rstrip())


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value)) or "-"
    if isinstance(value, Mapping):
        return _json(value)
    return plain(str(value))


def plain(text: str) -> str:
    """A text from elsewhere must not steer the terminal (escape sequences, direction marks)."""
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cf") else "·" for c in text)


def _width(text: str) -> int:
    """Columns on a terminal: wide characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
