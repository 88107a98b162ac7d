"""``liaison alerts``: who else knows our subjects. Works while the node is down."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, output_option, say

if TYPE_CHECKING:
    from consumers.alerts import Alert

COLUMNS = (
    "pair", "reference", "jurisdiction", "their_reference", "role", "strength", "decision",
    "state", "due", "marks",
)  # fmt: skip
STATES = ("open", "confirmed", "refuted", "needs_more")
VERDICTS = ("confirmed", "refuted", "needs-more")
LOOK_EVERY_S = 0.5
"""How often the database is asked for new alerts: a duty officer's seconds, not the disk's."""


@click.group()
def alerts() -> None:
    """Who else knows our subjects, and what we found."""


@alerts.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only alerts in this state.")
@click.option("--reference", help="Only alerts on this case of ours.")
@click.option("--follow", is_flag=True, help="Go on, and show new ones as they come.")
@output_option
@pass_node
def list_(
    node: Node, /, state: str | None, reference: str | None, follow: bool, output: str
) -> None:
    """List alerts as they came in."""
    if follow:
        _follow(node, state, reference, output)
        return
    _, rows = _found(node, 0, state, reference)
    emit(rows, output, columns=COLUMNS)


@alerts.command("show")
@click.argument("name", metavar="PAIR|REFERENCE")
@output_option
@pass_node
def show(node: Node, /, name: str, output: str) -> None:
    """Show one pair in full, or all of one case."""
    from consumers import alerts as store
    from schemas.errors import InputRefused

    with node.database().read() as connection:
        rows = [_row(alert) for alert in store.show(connection, name)]
    if not rows:
        raise InputRefused(
            "there is no alert with this pair id or reference",
            remedy="`liaison alerts list` shows all of them",
        )
    if output == "table":
        for row in rows:
            emit(_flat(row), output)
            click.echo()
    else:
        emit(rows, output)


@alerts.command("verdict")
@click.argument("pair")
@click.argument("found", metavar="|".join(VERDICTS), type=click.Choice(VERDICTS))
@output_option
@pass_node
def verdict(node: Node, /, pair: str, found: str, output: str) -> None:
    """Say what comparing PAIR showed; the other party and the hub that raised it are told."""
    from consumers import alerts as store
    from schemas.markings import Verdict

    with node.database().begin() as connection:
        made = store.give_verdict(
            connection, pair, Verdict(found.replace("-", "_")), time.time_ns() // 1_000_000
        )
        (alert,) = store.show(connection, pair)
    row = {**_row(alert), "told_to": list(made.head.recipients)}
    emit(_flat(row) if output == "table" else row, output)


def _found(
    node: Node, after: int, state: str | None, reference: str | None
) -> tuple[int, list[dict[str, Any]]]:
    """The number of the last alert, and the rows of those after number ``after`` that fit."""
    from consumers import alerts as store

    rows = []
    with node.database().read() as connection:
        for alert in store.search(connection, reference=reference, after=after):
            after = alert.n
            if state in (None, alert.state):
                rows.append(_row(alert))
    return after, rows


def _follow(node: Node, state: str | None, reference: str | None, output: str) -> None:
    """One line per alert, for ever; Ctrl-C ends it as it should."""
    after = 0
    say("new alerts are shown as they come; Ctrl-C ends")
    try:
        while True:
            after, rows = _found(node, after, state, reference)
            if rows and output == "table":
                emit(rows, output, columns=COLUMNS)
            elif rows:
                emit(rows, "jsonl")
            time.sleep(LOOK_EVERY_S)
    except KeyboardInterrupt:
        say("")


def _row(alert: Alert) -> dict[str, Any]:
    from producers.intake.moments import iso

    now_ms = time.time_ns() // 1_000_000
    return {
        "pair": alert.pair,
        "reference": alert.reference,
        "their_reference": alert.their_reference,
        "jurisdiction": alert.jurisdiction,
        "contact": alert.contact.to_record() if alert.contact else None,
        "role": alert.role,
        "strength": alert.strength.value,
        "decision": alert.decision.value,
        "evidence": [{"kind": kind, "strength": strength} for kind, strength in alert.evidence],
        "urgency": alert.urgency.value,
        "mode": alert.mode.value,
        "marking": {"tlp": alert.marking.tlp.label, "handling": alert.marking.handling.value},
        "received_at": iso(alert.received_at),
        "state": alert.state.value,
        "our_verdict": alert.our_verdict.value if alert.our_verdict else None,
        "their_verdict": alert.their_verdict.value if alert.their_verdict else None,
        "due": iso(alert.due),
        "overdue": alert.overdue(now_ms),
        "valid_until": None if alert.valid_until is None else iso(alert.valid_until),
        "raised_by": list(alert.raised_by),
        "their_side_told": alert.told.value == "yes",
        "remedy": alert.remedy,
        "retracted": alert.retracted,
        "marks": list(_marks(alert, now_ms)),
    }


def _marks(alert: Alert, now_ms: int) -> Iterator[str]:
    """What an officer should notice before anything else."""
    if alert.mode != "actual":
        yield alert.mode.value
    if alert.urgency == "urgent":
        yield "urgent"
    if alert.overdue(now_ms):
        yield "overdue"
    if alert.told == "no":
        yield "only we are told"
    if alert.retracted:
        yield f"no longer linked: {alert.retracted}"


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """For the table: one line per value."""
    contact = row["contact"] or {}
    evidence = [f"{one['kind']} ({one['strength']})" for one in row["evidence"]]
    marking = row["marking"]
    shown = {
        **row,
        "contact": ", ".join(text for text in contact.values() if text) or None,
        "evidence": evidence,
        "marking": f"{marking['tlp']} {marking['handling']}",
    }
    return {name: value for name, value in shown.items() if value not in (None, [])}
