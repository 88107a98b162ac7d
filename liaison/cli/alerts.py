"""``liaison alerts``: who else knows our subjects. Works while the node is down."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, output_option, plain, say

if TYPE_CHECKING:
    from consumers.alerts import Alert
    from producers.database import Connection

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
@click.option("--overdue", is_flag=True, help="Only those whose verdict we owe for too long.")
@click.option("--follow", is_flag=True, help="Go on, and show new ones as they come.")
@output_option
@pass_node
def list_(
    node: Node,
    /,
    state: str | None,
    reference: str | None,
    overdue: bool,
    follow: bool,
    output: str,
) -> None:
    """List alerts as they came in."""
    if follow:
        _follow(node, state, reference, overdue, output)
        return
    _, rows = _found(node, 0, state, reference, overdue)
    emit(rows, output, columns=COLUMNS)


@alerts.command("show")
@click.argument("name", metavar="PAIR|REFERENCE")
@output_option
@pass_node
def show(node: Node, /, name: str, output: str) -> None:
    """Show one pair in full, or all of one case."""
    with node.database().read() as connection:
        rows = [_row(alert) for alert in _named(connection, name)]
    if output == "table":
        for row in rows:
            emit(_flat(row), output)
            click.echo()
    else:
        emit(rows, output)


@alerts.command("explain")
@click.argument("name", metavar="PAIR|REFERENCE")
@output_option
@pass_node
def explain(node: Node, /, name: str, output: str) -> None:
    """Say in words why a pair was alerted, and what to do next; or all pairs of one case.

    What speaks against it is shown where this node holds both sides.
    """
    from consumers.deduplication.overview import reading
    from liaison.alert_words import explain_alert

    home = node.configuration.index_home
    with node.database().read() as connection, reading(connection, home) as index:
        found = [explain_alert(index, one, _now_ms()) for one in _named(connection, name)]
    if output == "table":
        for one in found:
            _tell(one)
    else:
        emit(found, output)


@alerts.command("digest")
@click.option(
    "--since", help="Only what came at this time or later: ISO 8601 with zone, or a date."
)
@output_option
@pass_node
def digest(node: Node, /, since: str | None, output: str) -> None:
    """Sum up alerts by jurisdiction and state, what is urgent first."""
    from consumers import alerts as store
    from consumers.digests import digest as summed
    from liaison.cli.moments import since_option
    from producers.intake.moments import iso

    after_ms = since_option(since) or 0
    with node.database().read() as connection:
        found = (one for one in store.search(connection) if one.received_at >= after_ms)
        lines = summed(found, _now_ms())
    emit(
        (
            {
                "jurisdiction": line.jurisdiction,
                "state": line.state,
                "count": line.count,
                "urgent": line.urgent,
                "overdue": line.overdue,
                "oldest": None if line.oldest is None else iso(line.oldest),
            }
            for line in lines
        ),
        output,
        columns=("jurisdiction", "state", "count", "urgent", "overdue", "oldest"),
    )


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
        made = store.give_verdict(connection, pair, Verdict(found.replace("-", "_")), _now_ms())
        (alert,) = store.show(connection, pair)
    row = {**_row(alert), "told_to": list(made.head.recipients)}
    emit(_flat(row) if output == "table" else row, output)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _named(connection: Connection, name: str) -> tuple[Alert, ...]:
    from consumers import alerts as store
    from schemas.errors import InputRefused

    found = store.show(connection, name)
    if not found:
        raise InputRefused(
            "there is no alert with this pair id or reference",
            remedy="`liaison alerts list` shows all of them",
        )
    return found


def _found(
    node: Node, after: int, state: str | None, reference: str | None, overdue: bool
) -> tuple[int, list[dict[str, Any]]]:
    """The number of the last alert, and the rows of those after number ``after`` that fit."""
    from consumers import alerts as store

    rows = []
    now_ms = _now_ms()
    with node.database().read() as connection:
        for alert in store.search(connection, reference=reference, after=after):
            after = alert.n
            if state in (None, alert.state) and (not overdue or alert.overdue(now_ms)):
                rows.append(_row(alert))
    return after, rows


def _follow(
    node: Node, state: str | None, reference: str | None, overdue: bool, output: str
) -> None:
    """One line per alert, for ever; Ctrl-C ends it as it should."""
    after = 0
    say("new alerts are shown as they come; Ctrl-C ends")
    try:
        while True:
            after, rows = _found(node, after, state, reference, overdue)
            if rows and output == "table":
                emit(rows, output, columns=COLUMNS)
            elif rows:
                emit(rows, "jsonl")
            time.sleep(LOOK_EVERY_S)
    except KeyboardInterrupt:
        say("")


def _row(alert: Alert) -> dict[str, Any]:
    from producers.intake.moments import iso

    now_ms = _now_ms()
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


def _tell(found: dict[str, Any]) -> None:
    """An explanation for an officer, as sentences."""
    sides = f"{found['reference']} and {found['jurisdiction']} {found['their_reference']}"
    by = ", ".join(found["raised_by"])
    lines = [f"{sides}: {found['means']} ({found['strength']}), found by {by}"]
    for title, name in (("for it", "for"), ("against it", "against")):
        lines += [f"  {title}: {e['words']} ({e['strength']})" for e in found[name] or ()]
    if found["against"] is None:
        lines.append("  against it: not known here, where only one of the two sides is held")
    elif not found["against"]:
        lines.append("  against it: nothing")
    for jurisdiction, words in found["verdicts"].items():
        lines.append(f"  {jurisdiction} says: {words or 'nothing yet'}")
    lines += [f"  next: {step}" for step in found["next"]]
    click.echo("\n".join(map(plain, [*lines, f"  pair {found['pair']}"])))
