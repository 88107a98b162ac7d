"""``liaison cancel``: withdraw a case that was published."""

from __future__ import annotations

import time

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import output_option


@click.command()
@click.argument("reference")
@output_option
@pass_node
def cancel(node: Node, reference: str, output: str) -> None:
    """Withdraw the case published under REFERENCE.

    The cancellation goes to everybody whom any notification of the case was addressed to, and
    carries no case data. Repeating it changes nothing.
    """
    from liaison.cli.publish import report
    from liaison.cli.submitting import defaults_of, run_with_publisher
    from producers import publications
    from producers.cancellation import cancellation
    from producers.feed import Tally
    from producers.publications import Stored
    from schemas.errors import InputRefused
    from schemas.markings import Relation

    defaults = defaults_of(node.configuration)
    with node.database().read() as connection:
        envelope = publications.envelope_of(connection, defaults.jurisdiction, reference)
    if envelope is None:
        raise InputRefused(
            "nothing was published under this reference",
            remedy="`liaison cases list --direction out` shows what was",
        )
    if envelope.latest is Relation.CANCEL:
        run_with_publisher(node, lambda publisher: publisher.complete([reference]))
        id = envelope.latest_id
    else:
        candidate = cancellation(envelope, defaults, reference, now_ms=time.time_ns() // 1_000_000)
        outcomes = run_with_publisher(node, lambda publisher: publisher.publish([candidate]))
        if not isinstance(outcomes[0], Stored):
            raise InputRefused(outcomes[0].problem, remedy=outcomes[0].remedy)
        id = outcomes[0].id
    report(Tally(accepted=1, ids={reference: id}), output)
