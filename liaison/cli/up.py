"""``liaison up``: starts this node."""

from __future__ import annotations

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import say


@click.command()
@click.option("--detach", is_flag=True, help="Return when the node is ready, and leave it running.")
@pass_node
def up(node: Node, detach: bool) -> None:
    """Start this node: gateway, consumers, and the embedded Kafka if no other is configured.

    Runs in the foreground and logs JSON lines to standard error until Ctrl-C or `liaison down`.
    """
    from liaison import lifecycle, logging

    configuration = node.configuration
    if detach:
        running = lifecycle.detach(configuration)
        say(f"{configuration.jurisdiction} is up (process {running.pid}), log in "
            f"{lifecycle.log_file(configuration)}")  # fmt: skip
        return
    logging.configure()
    lifecycle.run(configuration)
