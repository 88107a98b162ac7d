"""``liaison doctor``: checks everything this node needs."""

from __future__ import annotations

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, output_option


@click.command()
@output_option
@pass_node
def doctor(node: Node, output: str) -> None:
    """Check keys, certificate, directory, disk, database, Kafka, this node, clock and every peer.

    Each is green or red, red with what to do. Exit 0 only if all are green.
    """
    from liaison.doctor import examine

    findings = examine(node.configuration)
    rows = [
        {
            "check": finding.check,
            "state": "green" if finding.ok else "red",
            "found": finding.found,
            "remedy": None if finding.ok else finding.remedy,
        }
        for finding in findings
    ]
    emit(rows, output)
    if not all(finding.ok for finding in findings):
        raise click.exceptions.Exit(1)
