"""``liaison status``: what this node is doing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, output_option

if TYPE_CHECKING:
    from gateway.ledger.health import ChannelHealth


@click.command()
@output_option
@pass_node
def status(node: Node, output: str) -> None:
    """Whether this node runs and which of its parts are ready. Exit 0 only if all of it is."""
    from consumers import alerts
    from consumers.deduplication import overview
    from gateway.ledger import health
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
    with node.database().read() as connection:
        channels = [_lane(channel) for channel in health.channels(connection)]
        quarantined = health.quarantined(connection)
        matched = overview.stats(connection)
        overdue = alerts.count_overdue(connection, time.time_ns() // 1_000_000)
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
            "lanes": channels if output != "table" else [_in_words(lane) for lane in channels],
            "quarantined": quarantined,
            "capped_keys": matched.capped,
            "replay_due": overview.is_replay_due(matched),
            "verdicts_overdue": overdue,
        },
        output,
    )
    if not found.get("ready"):
        raise click.exceptions.Exit(1)


def _lane(channel: ChannelHealth) -> dict[str, Any]:
    return {
        "peer": channel.peer,
        "lane": channel.lane.label,
        "queued": channel.queued,
        "attempts": channel.attempts,
        "last_error": channel.last_error,
        "halted": channel.halt,
    }


def _in_words(lane: dict[str, Any]) -> str:
    words = f"{lane['peer']} {lane['lane']}: {lane['queued']} under way"
    if lane["halted"]:
        return f"{words}, HALTED ({lane['halted']})"
    return f"{words}, {lane['attempts']} failed attempts" if lane["attempts"] else words
