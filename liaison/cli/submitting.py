"""What ``publish``, ``cancel`` and ``refused retry`` share: they all submit lines."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import Any, TypeVar

from liaison.assembly import kafka_settings, open_directory
from liaison.cli.context import Node
from liaison.cli.output import say
from liaison.configuration import Configuration
from producers.feed import Feed, Line
from producers.intake import Defaults, Intake, Problem
from producers.publisher import Publisher
from producers.submission import Prepared
from schemas.errors import LiaisonError
from schemas.markings import CIRCLE_PREFIX
from schemas.ports import Directory, Policy

T = TypeVar("T")

_DAY_MS = 24 * 60 * 60 * 1000


def defaults_of(configuration: Configuration) -> Defaults:
    """What the configuration says where a line is silent."""
    return Defaults(
        jurisdiction=configuration.jurisdiction,
        marking=configuration.marking,
        review_ms=configuration.retention.review_days * _DAY_MS,
        contact=configuration.contact,
        mode=configuration.mode,
    )


def open_feed(node: Node) -> Feed:
    """A feed into this node's database, which warns about recipients that are not members."""
    intake = Intake(defaults_of(node.configuration))
    try:
        directory = open_directory(node.configuration)
    except LiaisonError as error:
        say(f"warning: recipients are not checked: {error}")
        return Feed(node.database(), intake)
    return Feed(node.database(), intake, inspect=Membership(directory))


class Membership:
    """Warns about recipients that the directory does not list; policy will withhold from them."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._known: dict[str, Problem | None] = {}

    def __call__(self, prepared: Prepared) -> list[Problem]:
        """The warnings for one line."""
        found = []
        for recipient in prepared.candidate.notification.head.recipients:
            if recipient not in self._known:
                self._known[recipient] = self._judge(recipient)
            if problem := self._known[recipient]:
                found.append(problem)
        return found

    def _judge(self, recipient: str) -> Problem | None:
        if recipient.startswith(CIRCLE_PREFIX):
            listed = self._directory.circle(recipient.removeprefix(CIRCLE_PREFIX)) is not None
        else:
            member = self._directory.member(recipient)
            if member is not None and not member.active:
                return Problem(
                    "recipients", f"{recipient} is suspended", "it gets nothing while that lasts"
                )
            listed = member is not None
        if listed:
            return None
        return Problem(
            "recipients",
            f"{recipient} is not in the directory",
            "it gets nothing: `liaison federation show` lists the members",
        )


def run_with_publisher(node: Node, work: Callable[[Publisher], Coroutine[Any, Any, T]]) -> T:
    """Runs ``work`` with a publisher to this node's Kafka, and lets go of it."""
    # Imported here: the Kafka clients take a quarter of a second to load.
    from producers.kafka import KafkaSender
    from producers.kafka_admin import KafkaAdmin

    settings = kafka_settings(node.configuration)
    database = node.database()

    async def run() -> T:
        sender = KafkaSender(settings)
        try:
            return await work(
                Publisher(database, sender, KafkaAdmin(settings), node.configuration.topics)
            )
        finally:
            await sender.close()

    return asyncio.run(run())


def preview(policy: Policy, line: Line, prepared: Prepared) -> Iterator[dict[str, Any]]:
    """For each recipient of a line what it would be shown, and the rules that say so."""
    notification = prepared.candidate.notification
    head = notification.head
    recipients = policy.recipients(head)
    if not recipients:
        yield _preview(line, head.reference, None, [], ["everything (reaches nobody)"], {})
    for recipient in recipients:
        decision = policy.decide(head, recipient, time.time_ns() // 1_000_000)
        released = sorted(decision.released)
        withheld: Iterable[str] = (
            [f"everything ({decision.refusal})"]
            if decision.refusal
            else (
                f"{sensitivity} ({rule})"
                for sensitivity, rule in sorted(decision.rules.items())
                if sensitivity not in decision.released
            )
        )
        rules = {str(sensitivity): rule for sensitivity, rule in decision.rules.items()}
        yield _preview(
            line,
            head.reference,
            recipient,
            [] if decision.refusal else [str(one) for one in released],
            list(withheld),
            rules,
        )


def _preview(
    line: Line,
    reference: str,
    recipient: str | None,
    released: list[str],
    withheld: list[str],
    rules: dict[str, str],
) -> dict[str, Any]:
    return {
        "line": line.number,
        "reference": reference,
        "recipient": recipient,
        "released": released,
        "withheld": withheld,
        "rules": rules,
    }
