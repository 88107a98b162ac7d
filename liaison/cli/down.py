"""``liaison down``: stops this node."""

from __future__ import annotations

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import say


@click.command()
@pass_node
def down(node: Node) -> None:
    """Stop this node and its embedded Kafka. Does nothing when they do not run."""
    from liaison import lifecycle

    stopped = lifecycle.stop(node.configuration)
    say(f"{node.configuration.jurisdiction} {'is down' if stopped else 'was not running'}")
