"""What ``/metrics`` shows: counts and ages by peer and lane, asked of the database at each scrape.

No label ever holds anything of a notification.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from consumers import alerts, inbox
from consumers.deduplication import overview
from gateway.ledger import health
from producers.database import Database
from schemas.ports import Directory


class NodeCollector(Collector):
    """Reads the ledger's state, and the directory in force, when Prometheus asks."""

    def __init__(self, database: Database, directory: Callable[[], Directory]) -> None:
        self._database = database
        self._directory = directory

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """See :class:`prometheus_client.registry.Collector`."""
        with self._database.read() as connection:
            channels = health.channels(connection)
            backlog = health.backlog(connection)
            unread = inbox.count_unread(connection)
            matched = overview.stats(connection)
            overdue = alerts.count_overdue(connection, time.time_ns() // 1_000_000)
        for name, meaning, values in (
            ("queued", "Deliveries that wait to be sealed", {c.key: c.queued for c in channels}),
            ("halted", "1 when a lane needs an operator", {c.key: c.halted for c in channels}),
            (
                "attempts",
                "Failed attempts since the last success",
                {c.key: c.attempts for c in channels},
            ),
        ):
            family = GaugeMetricFamily(f"liaison_channel_{name}", meaning, labels=["peer", "lane"])
            for key, value in values.items():
                family.add_metric(list(key), float(value))
            yield family
        yield GaugeMetricFamily("liaison_inbound_backlog", "Accepted, not yet published", backlog)
        yield GaugeMetricFamily(
            "liaison_directory_version", "Of the directory in force", self._directory().version
        )
        yield GaugeMetricFamily("liaison_unread", "Records in a schema not known here", unread)
        yield GaugeMetricFamily("liaison_match_subjects", "In the match index", matched.subjects)
        yield GaugeMetricFamily("liaison_match_links", "That count", matched.links)
        yield GaugeMetricFamily("liaison_capped_keys", "Match keys too many have", matched.capped)
        yield GaugeMetricFamily(
            "liaison_replay_due",
            "1 when the match index was made by other rules",
            overview.is_replay_due(matched),
        )
        yield GaugeMetricFamily("liaison_verdicts_overdue", "Verdicts we owe", overdue)
