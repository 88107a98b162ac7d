"""``liaison cases``: everything this node sent and received. Works while the node is down."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.moments import since_option
from liaison.cli.output import emit, newest, output_option

if TYPE_CHECKING:
    from consumers.casebook import Entry

COLUMNS = ("received_at", "direction", "origin", "type", "reference", "relation", "marks")
TABLE_LIMIT = 200
"""A table for the eyes ends here unless told otherwise; json and jsonl have no limit."""

_INSTANTS = frozenset({"created", "valid_until", "review_at", "at", "seen_at", "verdict_due"})
"""Names of the fields of notifications that hold milliseconds since 1970 UTC."""


@click.group()
def cases() -> None:
    """Everything sent and received."""


@cases.command("list")
@click.option("--direction", type=click.Choice(["in", "out"]), help="Received or sent.")
@click.option("--type", "kind", help="Type of the notification, for example identification.")
@click.option("--origin", help="Jurisdiction of the originator.")
@click.option("--since", help="Received at this time or later: ISO 8601 with zone, or a date.")
@click.option("--reference", help="The originator's case number, whole.")
@click.option("--search", "text", help="Text anywhere in the notification, in any script.")
@click.option("--limit", type=click.IntRange(1), help="At most so many, the newest, newest first.")
@output_option
@pass_node
def list_(
    node: Node,
    /,
    output: str,
    kind: str | None,
    since: str | None,
    limit: int | None,
    **filters: Any,
) -> None:
    """List notifications as they came in."""
    from consumers import casebook

    cut = limit is None and output == "table"
    now_ms = time.time_ns() // 1_000_000
    with node.database().read() as connection:
        found = casebook.search(
            connection,
            **filters,
            type=kind,
            since=since_option(since),
            limit=TABLE_LIMIT if cut else limit,
            now_ms=now_ms,
            content=False,
        )
        rows = _rows(found)
        emit(newest(rows, TABLE_LIMIT) if cut else rows, output, columns=COLUMNS)


@cases.command("show")
@click.argument("case")
@click.option("--origin", help="Whose reference it is, where two jurisdictions use the same.")
@output_option
@pass_node
def show(node: Node, case: str, origin: str | None, output: str) -> None:
    """Show one case chain in full, by REFERENCE or id."""
    from consumers import casebook
    from schemas.errors import InputRefused

    with node.database().read() as connection:
        entry = casebook.get(connection, case, origin)
        if entry is None:
            raise InputRefused(
                "no notification with this reference or id is in the casebook",
                remedy="`liaison cases list --search TEXT` looks into all of them",
            )
        chain = casebook.chain(connection, entry.root, entry.origin)
    shown = [_full(one) for one in chain]
    if output == "table":
        for row in shown:
            emit(_flat(row), output)
            click.echo()
    else:
        emit(shown, output)


def _rows(found: Iterator[Entry]) -> Iterator[dict[str, Any]]:
    from producers.intake.moments import iso

    for entry in found:
        yield {
            "id": entry.id,
            "reference": entry.reference,
            "origin": entry.origin,
            "type": entry.type,
            "direction": entry.direction,
            "received_at": iso(entry.received_at),
            "created": iso(entry.created),
            "relation": entry.relation,
            "root": entry.root,
            "revision": entry.revision,
            "urgency": entry.urgency,
            "mode": entry.mode,
            "valid_until": None if entry.valid_until is None else iso(entry.valid_until),
            "orphan": entry.orphan,
            "marks": _marks(entry),
        }


def _marks(entry: Entry) -> list[str]:
    """What an officer should notice before anything else."""
    marks = [entry.mode] if entry.mode != "actual" else []
    marks += ["urgent"] if entry.urgency == "urgent" else []
    marks += ["orphan"] if entry.orphan else []
    return marks


def _full(entry: Entry) -> dict[str, Any]:
    """All that is known of a notification; what was withheld or erased is named."""
    row = next(_rows(iter([entry])))
    if entry.erased_at is not None:
        from producers.intake.moments import iso

        return {**row, "erased_at": iso(entry.erased_at)}
    record = _readable(entry.notification().to_record())
    head = record.pop("head")
    return {
        **row,
        "withheld": head["withheld"],
        **{name: head[name] for name in ("marking", "contact", "recipients", "operation")},
        "content": record,
    }


def _readable(value: Any, name: str = "") -> Any:
    """A record with its instants written as people and other programs read them."""
    from producers.intake.moments import iso

    if isinstance(value, Mapping):
        return {key: _readable(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_readable(inner) for inner in value]
    return iso(value) if name in _INSTANTS and isinstance(value, int) else value


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """For the table: one line per value, and what was left out is not an empty line."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, Mapping):
            flat.update({inner: text for inner, text in _flat(value).items() if text})
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, inner in enumerate(value, 1):
                words = (str(text) for text in inner.values() if text)
                flat[f"{key} {number}"] = " ".join(words)
        elif value not in (None, [], ""):
            flat[key] = value
    return flat
