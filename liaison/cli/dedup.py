"""``liaison dedup``: the matching engine."""

from __future__ import annotations

from pathlib import Path

import click

from liaison.cli.output import emit, output_option, say
from schemas.errors import InputRefused

_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group()
def dedup() -> None:
    """Who is known elsewhere: the matching engine."""


@dedup.command("run")
@click.option(
    "--input",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Identifications in the intake format, in the order of their arrival.",
)
@click.option(
    "--links", type=_OUT, required=True, help="Every pair found, with score and evidence."
)
@click.option("--groups", type=_OUT, required=True, help="The group of each reference.")
@click.option("--alerts", type=_OUT, required=True, help="What was told on each arrival.")
@click.option(
    "--index",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the index here, so that a next run continues this one.",
)
@output_option
def run(
    source: Path, links: Path, groups: Path, alerts: Path, index: Path | None, output: str
) -> None:
    """Feed a file through the engine, line by line, as if each had come alone.

    Needs no node, no Kafka and no configuration. A line that is not in the intake format is
    refused with its reason, the others go through, and the exit code is 2.
    """
    from liaison import matching

    result = matching.run(source, links=links, grouped=groups, alerts=alerts, index=index, say=say)
    emit(result, output)
    if result["refused"]:
        first = result["refused"][0]
        raise InputRefused(
            f"{len(result['refused'])} problems, the first in line {first['line']}: "
            f"{first['field']} {first['problem']}",
            remedy=first["remedy"],
        )
