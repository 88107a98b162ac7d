"""``liaison bench``: measures this machine, always beside a limit or a peer in the same run."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

import click

from liaison.cli.output import emit, output_option, say

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def bench() -> None:
    """Measure this machine."""


@bench.command("relay")
@click.option("--notifications", type=click.IntRange(1000), default=20_000, show_default=True)
@output_option
def relay(notifications: int, output: str) -> None:
    """From one node's outbound topic to the other's inbound topic, next to a bare loop."""
    from liaison.bench import relay as bench_relay

    # Ended from outside, too, it takes its nodes along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="liaison-bench-") as home:
        emit(bench_relay.measure(Path(home), notifications, say), output)


@bench.command("crypto")
@output_option
def crypto(output: str) -> None:
    """Seal, open, sign and verify by block size, against the bare primitives."""
    from liaison.bench import crypto as bench_crypto

    emit(bench_crypto.measure(), output)


@bench.command("pdq")
@click.option("--hashes", type=click.IntRange(1000), default=1_000_000, show_default=True)
@click.option("--queries", type=click.IntRange(10), default=10_000, show_default=True)
@output_option
def pdq(hashes: int, queries: int, output: str) -> None:
    """Near pictures among so many, next to faiss and a plain dictionary."""
    from liaison.bench import pdq as bench_pdq

    emit(bench_pdq.measure(hashes, queries, say), output)


@bench.command("dedup")
@click.option("--notifications", type=click.IntRange(100), default=35_000, show_default=True)
@click.option("--generator", default="registry", show_default=True, help="Or casework, fieldwork.")
@click.option("--seed", type=int, default=3, show_default=True, help="Same seed, same corpus.")
@click.option("--larger", type=click.IntRange(100), help="And the engine on so many.")
@click.option("--input", "source", type=_FILE, help="A corpus of your own instead, in order.")
@click.option("--truth", type=_FILE, help="Who is who in it.")
@output_option
def dedup(
    notifications: int, generator: str, seed: int, larger: int | None,
    source: Path | None, truth: Path | None, output: str,
) -> None:  # fmt: skip
    """Who is known elsewhere, next to splink and a plain dictionary. Takes minutes.

    Makes a corpus that the weights were not learned from, feeds it through the engine in the order
    of arrival, on one core, and judges everybody by the truth. Then in another order, to show what
    that changes.
    """
    from liaison.bench.dedup import measure as bench_dedup
    from liaison.bench.dedup.measure import Corpus, generated

    if (source is None) != (truth is None):
        raise click.UsageError("--input and --truth go together")
    with tempfile.TemporaryDirectory(prefix="liaison-bench-") as directory:
        home = Path(directory)
        if source and truth:
            corpus = Corpus(source, truth)
        else:
            corpus = generated(generator, notifications, seed, home / "corpus", say)
        found = bench_dedup.measure(corpus, say)
        if larger:
            more = generated(generator, larger, seed, home / "larger", say)
            found["larger"] = bench_dedup.lost(found, more, say)
    if output != "table":
        emit(found, output)
        return
    for table in bench_dedup.tables(found):
        emit(table, output)
        click.echo()
