"""``liaison briefing``: papers for an operational meeting. Works while the node is down."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, output_option

if TYPE_CHECKING:
    from consumers.briefing.files import Written
    from consumers.briefing.prepare import Briefing
    from consumers.briefing.selection import Asked


@click.group()
def briefing() -> None:
    """Papers for an operational meeting."""


@briefing.command("export")
@click.option(
    "--for",
    "participants",
    multiple=True,
    required=True,
    metavar="CODE",
    help="A participant, for example DE; one paper for each. Your own code gives everything.",
)
@click.option("--since", help="Only cases with news since then: ISO 8601 with zone, or a date.")
@click.option(
    "--case", "references", multiple=True, metavar="REFERENCE", help="Only this case and its links."
)
@click.option(
    "--as-of", help="The instant it describes (a date: its end). Without it: the newest entry."
)
@click.option(
    "--mode",
    type=click.Choice(["actual", "exercise", "test"]),
    help="Which data; they never mix. Without it: what this node works in.",
)
@click.option("--format", "form", type=click.Choice(["pdf", "json"]), default="pdf")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The directory to write to.",
)
@click.option("--meeting", metavar="TITLE", help="What stands at the top of the first page.")
@output_option
@pass_node
def export(
    node: Node,
    /,
    participants: tuple[str, ...],
    form: str,
    out: Path,
    meeting: str | None,
    output: str,
    **asked: Any,
) -> None:
    """Write a briefing for each participant: only what that participant may see.

    What was left out is counted here, by the rule that kept it back, and nowhere in the paper.
    """
    from consumers.briefing.files import write
    from consumers.briefing.prepare import prepare
    from consumers.briefing.select import attendees, select
    from liaison.assembly import open_directory, open_policy

    configuration = node.configuration
    own = configuration.jurisdiction
    wanted = _asked(node, **asked)
    now_ms = time.time_ns() // 1_000_000
    codes = tuple(dict.fromkeys(code.upper() for code in participants))
    members = attendees(open_directory(configuration), (*codes, own))
    policy = open_policy(configuration)
    with node.database().read() as connection:
        selection = select(connection, own, wanted, members, now_ms)
    rows = []
    for code in codes:
        made = prepare(selection, wanted, code, policy, now_ms, meeting=meeting)
        rows.append(_row(made, write(made.document, form, out), output))
    emit(rows, output)


def _asked(
    node: Node, since: str | None, as_of: str | None, references: tuple[str, ...], mode: str | None
) -> Asked:
    from consumers.briefing.selection import Asked
    from producers.intake.moments import end, instant
    from schemas.markings import Mode

    if since is not None and len(since) == len("2026-01-02"):
        since += "T00:00:00Z"
    return Asked(
        mode=Mode(mode) if mode else node.configuration.mode,
        since=_instant("--since", None if since is None else instant(since)),
        references=references,
        as_of=_instant("--as-of", None if as_of is None else end(as_of)),
    )


def _instant(option: str, found: int | tuple[str, str] | None) -> int | None:
    from schemas.errors import InputRefused

    if isinstance(found, tuple):
        problem, remedy = found
        raise InputRefused(f"{option} {problem}", remedy=remedy)
    return found


def _row(made: Briefing, written: Written, output: str) -> dict[str, Any]:
    left_out: Any = dict(made.left_out)
    if output == "table":
        left_out = [f"{count} {rule}" for rule, count in left_out.items()]
    return {
        "for": made.document.prepared_for,
        "cases": len(made.document.cases),
        "links": len(made.document.links),
        "pages": written.pages,
        "tlp": made.document.tlp,
        "left_out": left_out,
        "path": str(written.path),
    }
