"""``liaison status``: what this node is doing."""

from __future__ import annotations

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, output_option


@click.command()
@output_option
@pass_node
def status(node: Node, output: str) -> None:
    """Whether this node runs and which of its parts are ready. Exit 0 only if all of it is."""
    from liaison import assembly, lifecycle
    from liaison.processes import Process
    from schemas.errors import Unreachable

    configuration = node.configuration
    running = Process.read(lifecycle.pid_file(configuration))
    found = lifecycle.readiness(configuration) if running else {}
    try:
        kafka = assembly.kafka_settings(configuration).bootstrap_servers
    except Unreachable:
        kafka = None
    emit(
        {
            "jurisdiction": configuration.jurisdiction,
            "running": running is not None,
            "ready": bool(found.get("ready")),
            "pid": running.pid if running else None,
            "parts": found.get("parts", {}),
            "url": configuration.gateway.public_url,
            "kafka": kafka,
            "topics": configuration.topics.prefix,
            "data": str(configuration.data),
        },
        output,
    )
    if not found.get("ready"):
        raise click.exceptions.Exit(1)
