"""``python -m liaison.corpora.casework``: writes notifications and their truth into a directory."""

from __future__ import annotations

from pathlib import Path

import click

from liaison.corpora.casework.corpus import generate
from liaison.corpora.writing import write


@click.command()
@click.option("--notifications", type=click.IntRange(min=1), default=35_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def main(notifications: int, seed: int, out: Path) -> None:
    """Write notifications.jsonl, in order of arrival, and truth.jsonl beside it."""
    write(generate(notifications, seed), out)


if __name__ == "__main__":
    main()
