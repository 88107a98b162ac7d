"""``liaison refused``: lines that were refused, and sending them again."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, output_option, say

if TYPE_CHECKING:
    from producers.refused import Refused

COLUMNS = ("id", "file", "line", "field", "problem", "remedy")


@click.group()
def refused() -> None:
    """Lines that were refused: kept with the reason until they are accepted or forgotten."""


@refused.command("list")
@output_option
@pass_node
def list_(node: Node, output: str) -> None:
    """List refused lines, one row per problem, without their content."""
    from producers.refused import list_all

    with node.database().read() as connection:
        emit(_rows(list_all(connection)), output, columns=COLUMNS)


@refused.command("show")
@click.argument("id")
@output_option
@pass_node
def show(node: Node, id: str, output: str) -> None:
    """Show one refused line with its content."""
    for one in _chosen(node, (id,)):
        content = None if one.content is None else one.content.decode("utf-8", "replace")
        rows = [{"field": p.field, "problem": p.problem, "remedy": p.remedy} for p in one.problems]
        emit({**_head(one), "problems": rows, "content": content}, output)


@refused.command("retry")
@click.argument("ids", nargs=-1)
@output_option
@pass_node
def retry(node: Node, ids: tuple[str, ...], output: str) -> None:
    """Publish refused lines again, all of them without IDS; those accepted are forgotten.

    Helps where the reason was not the line: a reference that was not known yet, a limit, an
    older version. A line that is wrong is corrected where it came from, and published from there.
    """
    from liaison.cli.publish import report
    from liaison.cli.submitting import open_feed, run_with_publisher
    from producers.feed import Line

    chosen = _chosen(node, ids)
    lines = [Line(one.source, one.line, one.content) for one in chosen if one.content is not None]
    if gone := len(chosen) - len(lines):
        say(f"{gone} refused lines were kept without content: correct and publish their files")
    feed = open_feed(node)
    try:
        if lines:
            run_with_publisher(node, lambda publisher: feed.publish(lines, publisher))
    finally:
        report(feed.tally, output, several=True)
    if feed.tally.refused or (len(lines) == 0 and ids):
        sys.exit(1)


@refused.command("forget")
@click.argument("ids", nargs=-1, required=True)
@pass_node
def forget(node: Node, ids: tuple[str, ...]) -> None:
    """Give refused lines up: IDS, or their beginnings."""
    from producers import refused as kept

    chosen = [one.id for one in _chosen(node, ids)]
    with node.database().begin() as connection:
        say(f"{kept.forget(connection, chosen)} forgotten")


def _chosen(node: Node, prefixes: Iterable[str]) -> list[Refused]:
    """The refused lines with these ids, each given in full or by a beginning; all without any."""
    from producers.refused import find, list_all
    from schemas.errors import InputRefused

    found: dict[str, Refused] = {}
    with node.database().read() as connection:
        for prefix in prefixes:
            matching = find(connection, prefix)
            if len(matching) != 1:
                number = "several refused lines have" if matching else "no refused line has"
                raise InputRefused(
                    f"{number} an id that begins so", remedy="`liaison refused list` shows the ids"
                )
            found[matching[0].id] = matching[0]
        return list(found.values()) if found else list(list_all(connection))


def _rows(lines: Iterable[Refused]) -> Iterator[dict[str, Any]]:
    for one in lines:
        for found in one.problems:
            yield {
                **_head(one),
                "field": found.field,
                "problem": found.problem,
                "remedy": found.remedy,
            }


def _head(one: Refused) -> dict[str, Any]:
    from producers.intake.moments import iso

    return {
        "id": one.id,
        "file": one.source,
        "line": one.line,
        "refused_at": iso(one.refused_at),
        "kept": one.content is not None,
    }
