"""``liaison publish``: the way in from files and standard input."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, output_option, say

if TYPE_CHECKING:
    from producers.feed import Feed, Line, Remark, Tally

INTERRUPTED = 128 + signal.SIGINT
PROGRESS_S = 2.0
SHOWN = 20
"""Problems and warnings shown on the screen; the json output has all of them."""


@click.command()
@click.argument("files", type=click.File("rb"), nargs=-1)
@click.option("--dry-run", is_flag=True, help="Write nothing; show who would get what, and why.")
@click.option("--resume", is_flag=True, help="Send what an interrupted run has left.")
@output_option
@pass_node
def publish(
    node: Node, files: tuple[IO[bytes], ...], dry_run: bool, resume: bool, output: str
) -> None:
    """Publish notifications from FILES in JSON Lines (docs/intake.md), `-` for standard input.

    Safe to repeat and to interrupt: the same content is the same notification. Exit code 0 only
    if every line was accepted; what was refused is kept, see `liaison refused list`.
    """
    if resume and not files and not dry_run:
        _resume(node, output)
        return
    if not files or resume:
        raise click.UsageError("give FILES or - for standard input; --resume alone, without FILES")
    from liaison.cli.submitting import open_feed

    feed = open_feed(node)
    lines = _lines(files)
    if dry_run:
        _rehearse(node, feed, lines, output, several=len(files) > 1)
    else:
        _publish(node, feed, lines, output, several=len(files) > 1)


def _lines(files: tuple[IO[bytes], ...]) -> Iterator[Line]:
    from producers.feed import read_lines

    for file in files:
        name = getattr(file, "name", "<stdin>")
        yield from read_lines("-" if name == "<stdin>" else name, file)


def _publish(node: Node, feed: Feed, lines: Iterator[Line], output: str, *, several: bool) -> None:
    from liaison.cli.submitting import run_with_publisher

    interrupted = False
    # asyncio's own handler waits for the loop's turn, which a quiet standard input never gives.
    before = signal.signal(signal.SIGINT, _interrupt)
    try:
        run_with_publisher(node, lambda publisher: feed.publish(lines, publisher, _progress()))
    except KeyboardInterrupt:
        interrupted = True
        say("interrupted; the same command again, or `liaison publish --resume`, completes it")
    finally:
        signal.signal(signal.SIGINT, before)
        # Whatever happened: who reads this must know how far it came.
        report(feed.tally, output, several=several)
    if interrupted:
        sys.exit(INTERRUPTED)
    if feed.tally.refused:
        sys.exit(1)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _rehearse(node: Node, feed: Feed, lines: Iterator[Line], output: str, *, several: bool) -> None:
    from liaison.assembly import open_policy
    from liaison.cli.submitting import preview

    policy = open_policy(node.configuration)
    rows = (row for line, one in feed.rehearse(lines) for row in preview(policy, line, one))
    if output == "json":
        would = list(rows)
        emit({**summary(feed.tally, several=several, ids=False), "would_release": would}, output)
    else:
        emit(rows, output, columns=("line", "reference", "recipient", "released", "withheld"))
        _say_remarks(feed.tally, several=several)
    if feed.tally.refused:
        sys.exit(1)


def _resume(node: Node, output: str) -> None:
    from liaison.cli.submitting import run_with_publisher

    node.database()
    count = run_with_publisher(node, lambda publisher: publisher.resume())
    emit({"sent": count}, output)


def report(tally: Tally, output: str, *, several: bool = False) -> None:
    """Writes what became of the lines."""
    if output != "table":
        emit(summary(tally, several=several), output)
        return
    refused = len({(remark.source, remark.line) for remark in tally.refused})
    emit({"accepted": tally.accepted, "refused": refused}, output)
    _say_remarks(tally, several=several)
    if refused:
        say("refused lines are kept: `liaison refused list`")


def summary(tally: Tally, *, several: bool = False, ids: bool = True) -> dict[str, Any]:
    """The result for programs."""
    return {
        "accepted": tally.accepted,
        "refused": [_row(remark, several=several) for remark in tally.refused],
        "warnings": [_row(remark, several=several) for remark in tally.warnings],
        **({"ids": tally.ids} if ids else {}),
    }


def _row(remark: Remark, *, several: bool) -> dict[str, Any]:
    found = remark.problem
    row = {
        "line": remark.line,
        "field": found.field,
        "problem": found.problem,
        "remedy": found.remedy,
    }
    return {"file": remark.source, **row} if several else row


def _say_remarks(tally: Tally, *, several: bool) -> None:
    for kind, remarks in (("refused", tally.refused), ("warning", tally.warnings)):
        for remark in remarks[:SHOWN]:
            found = remark.problem
            where = f"{remark.source}, line {remark.line}" if several else f"line {remark.line}"
            what = f"{found.field} {found.problem}" if found.field else found.problem
            say(f"{kind}: {where}: {what}; {found.remedy}")
        if len(remarks) > SHOWN:
            say(f"{kind}: {len(remarks) - SHOWN} more; --output json has all of them")


def _progress() -> Any:
    last = time.monotonic()

    def show(tally: Tally) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_S:
            last = time.monotonic()
            with contextlib.suppress(OSError):
                say(f"{tally.lines} lines, {tally.accepted} accepted")

    return show
