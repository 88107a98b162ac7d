"""``liaison ledger``: the proof of what left and what came. Works while the node is down."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, output_option

if TYPE_CHECKING:
    from gateway.ledger.audit import Report

COLUMNS = ("channel", "ok", "blocks", "items", "receipts", "in_flight", "erased", "abandoned")


@click.group()
def ledger() -> None:
    """The ledger: blocks, receipts, incidents."""


@ledger.command("verify")
@click.argument("channels", nargs=-1)
@output_option
@pass_node
def verify(node: Node, /, channels: tuple[str, ...], output: str) -> None:
    """Verify whole chains offline: hashes, links, signatures, receipts.

    CHANNELS are names such as FR-DE-routine; all when none is given. Exit code 6 on any flaw.
    A newest block without receipt is in flight, not a flaw.
    """
    from gateway.ledger.audit import verify_ledger
    from liaison.assembly import open_directory, open_keyring
    from schemas.errors import InputRefused, VerificationFailed

    configuration = node.configuration
    own_keys = tuple(one.public for one in open_keyring(configuration).signers)
    # Whose keys are whose stays true when the directory has expired.
    directory = open_directory(configuration, at_ms=0)
    with node.database().read() as connection:
        reports = list(
            verify_ledger(connection, configuration.jurisdiction, own_keys, directory, channels)
        )
    unknown = sorted(set(channels) - {str(report.channel) for report in reports})
    if unknown:
        raise InputRefused(
            f"there is no channel {unknown[0]} here",
            remedy="`liaison ledger verify` without names shows them all",
        )
    flaws = [f"{report.channel}: {flaw}" for report in reports for flaw in report.flaws]
    rows = [_row(report) for report in reports]
    if output == "json":
        emit({"ok": not flaws, "channels": rows, "flaws": flaws}, output)
    else:
        emit(rows, output, columns=COLUMNS)
    if flaws:
        raise VerificationFailed(
            f"{len(flaws)} flaws, the first: {flaws[0]}",
            remedy="keep the database as it is; compare with the peer's ledger and a backup",
        )


@ledger.command("incidents")
@click.option("--peer", help="Only with this member.")
@output_option
@pass_node
def incidents(node: Node, /, peer: str | None, output: str) -> None:
    """List refusals, forks, gaps, losses and halts, newest first."""
    from gateway.ledger.health import incidents as found
    from gateway.wire import Lane

    with node.database().read() as connection:
        rows = [
            {
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(row.at / 1000)),
                "direction": row.direction,
                "peer": row.peer,
                "lane": Lane(row.lane).label,
                "block": f"{row.epoch}/{row.sequence}",
                "kind": row.kind,
                "detail": row.detail,
            }
            for row in found(connection, peer)
        ]
    emit(rows, output, columns=("at", "direction", "peer", "lane", "block", "kind", "detail"))


@ledger.command("resume")
@click.argument("peer")
@click.argument("lane", type=click.Choice(["urgent", "routine"]))
@pass_node
def resume(node: Node, /, peer: str, lane: str) -> None:
    """Let a halted lane go on, once its cause is mended."""
    from gateway.ledger import outgoing
    from gateway.wire import Lane
    from schemas.errors import InputRefused

    with node.database().begin() as connection:
        if outgoing.destination(connection, peer, Lane.named(lane)).halted is None:
            raise InputRefused(
                f"the {lane} lane to {peer} is not halted",
                remedy="`liaison status` shows the lanes that are",
            )
        outgoing.resume(connection, peer, Lane.named(lane))


@ledger.command("quarantine")
@output_option
@pass_node
def quarantine(node: Node, /, output: str) -> None:
    """List what came and was refused or held here, with its reason, newest first."""
    from gateway.ledger.health import quarantine_rows
    from gateway.receipt import Disposition
    from gateway.wire import Lane

    with node.database().read() as connection:
        rows = [
            {
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(row.at / 1000)),
                "sender": row.sender,
                "lane": Lane(row.lane).label,
                "block": f"{row.epoch}/{row.sequence}",
                "item": row.item,
                "disposition": Disposition(row.disposition).label,
                "detail": row.detail,
                "released": row.released_at is not None,
            }
            for row in quarantine_rows(connection)
        ]
    emit(rows, output, columns=("at", "sender", "block", "item", "disposition", "detail"))


def _row(report: Report) -> dict[str, Any]:
    return {
        "channel": str(report.channel),
        "direction": report.direction,
        "ok": report.ok,
        "blocks": report.blocks,
        "items": report.items,
        "receipts": report.receipts,
        "in_flight": report.in_flight,
        "erased": report.erased,
        "abandoned": report.abandoned,
        "last": f"{report.last.epoch}/{report.last.sequence}",
        "flaws": report.flaws,
    }
