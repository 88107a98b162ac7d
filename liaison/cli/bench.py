"""``liaison bench``: measures this machine, always beside a limit or a peer in the same run."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

import click

from liaison.cli.output import emit, output_option, say


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
