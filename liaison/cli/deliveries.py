"""``liaison deliveries``: for each notification and recipient, where it is. Works while down."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, newest, output_option

if TYPE_CHECKING:
    from gateway.ledger.deliveries import Delivery

COLUMNS = ("reference", "type", "recipient", "status", "age", "reason")
TABLE_LIMIT = 200
STATUSES = (
    "queued",
    "sent",
    "unknown",
    "received",
    "processed",
    "held",
    "refused",
    "withheld",
)


@click.group()
def deliveries() -> None:
    """Who got what, who did not, and why."""


@deliveries.command("list")
@click.option("--recipient", help="Only to this jurisdiction.")
@click.option("--status", type=click.Choice(STATUSES), help="Only in this state.")
@click.option("--limit", type=click.IntRange(1), help="At most so many, the newest first.")
@output_option
@pass_node
def list_(
    node: Node, /, output: str, recipient: str | None, status: str | None, limit: int | None
) -> None:
    """List deliveries, newest first.

    \b
    queued     waits here to be sealed
    sent       on its way; no receipt yet
    unknown    on its way for over a minute: it may or may not have arrived
    received   durably stored there, by a signed receipt
    processed  also took effect there
    held       stored there, to be read after an upgrade
    refused    kept out there, and why
    withheld   not released by our policy, and by which rule
    """
    from gateway.ledger.deliveries import Status, search

    cut = limit is None and output == "table"
    now_ms = _now_ms()
    with node.database().read() as connection:
        found = search(
            connection,
            now_ms=now_ms,
            recipient=recipient,
            status=Status(status) if status else None,
            limit=TABLE_LIMIT if cut else limit,
        )
        rows = _rows(found, now_ms)
        emit(newest(rows, TABLE_LIMIT) if cut else rows, output, columns=COLUMNS)


@deliveries.command("show")
@click.argument("case")
@output_option
@pass_node
def show(node: Node, /, case: str, output: str) -> None:
    """Show every delivery of a notification, by REFERENCE or id, with its receipt."""
    from gateway.ledger.deliveries import receipt_of, search
    from schemas.errors import InputRefused

    now_ms = _now_ms()
    with node.database().read() as connection:
        found = list(search(connection, now_ms=now_ms, name=case))
        if not found:
            raise InputRefused(
                f"no delivery of {case} is known here",
                remedy="`liaison deliveries list` shows them; an empty recipient list has none",
            )
        rows = [
            {**row, "receipt": _receipt(receipt_of(connection, one))}
            for row, one in zip(_rows(found, now_ms), found, strict=True)
        ]
    emit(rows, output, columns=(*COLUMNS, "lane", "block", "receipt"))


def _rows(found: Iterator[Delivery] | list[Delivery], now_ms: int) -> Iterator[dict[str, Any]]:
    for one in found:
        yield {
            "id": one.id,
            "reference": one.reference,
            "type": one.type,
            "recipient": one.recipient,
            "revision": one.revision,
            "lane": one.lane.label,
            "status": one.status.value,
            "reason": one.reason or None,
            "since": _instant(one.since),
            "age_seconds": max(0, (now_ms - one.since) // 1000),
            "age": _age(now_ms - one.since),
            "queued_at": _instant(one.queued_at),
            "block": f"{one.block.epoch}/{one.block.sequence}" if one.block else None,
        }


def _receipt(signed: bytes | None) -> str | None:
    """The receipt's hash: what both ends can compare on the telephone."""
    from gateway.receipt import receipt_hash

    return receipt_hash(signed).hex() if signed else None


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _instant(milliseconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(milliseconds / 1000))


def _age(milliseconds: int) -> str:
    seconds = max(0, milliseconds // 1000)
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
