"""``liaison dedup``: the matching engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, output_option, say
from schemas.errors import InputRefused

if TYPE_CHECKING:
    from consumers.deduplication.index import CappedKey

_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group()
def dedup() -> None:
    """Who is known elsewhere: the matching engine."""


@dedup.command("run")
@click.option(
    "--input",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Identifications in the intake format, in the order of their arrival.",
)
@click.option(
    "--links", type=_OUT, required=True, help="Every pair found, with score and evidence."
)
@click.option("--groups", type=_OUT, required=True, help="The group of each reference.")
@click.option("--alerts", type=_OUT, required=True, help="What was told on each arrival.")
@click.option(
    "--index",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the index here, so that a next run continues this one.",
)
@output_option
def run(
    source: Path, links: Path, groups: Path, alerts: Path, index: Path | None, output: str
) -> None:
    """Feed a file through the engine, line by line, as if each had come alone.

    Needs no node, no Kafka and no configuration. A line that is not in the intake format is
    refused with its reason, the others go through, and the exit code is 2.
    """
    from liaison import matching

    result = matching.run(source, links=links, grouped=groups, alerts=alerts, index=index, say=say)
    emit(result, output)
    if result["refused"]:
        first = result["refused"][0]
        count = len(result["refused"])
        raise InputRefused(
            f"{count} problem{'s' if count > 1 else ''}, the first in line {first['line']}: "
            f"{first['field']} {first['problem']}",
            remedy=first["remedy"],
        )


@dedup.command("status")
@output_option
@pass_node
def status(node: Node, /, output: str) -> None:
    """How much is in this node's match index, and how far the deduplication came."""
    from consumers.deduplication import EVIDENCE_VERSION
    from consumers.deduplication.overview import overview
    from liaison.deduplication import TYPES

    with node.database().read() as connection:
        found = overview(connection, TYPES)
    stats = found.stats
    emit(
        {
            "subjects": stats.subjects,
            "keys": stats.keys,
            "links": stats.links,
            "retracted": stats.retracted,
            "capped": stats.capped,
            "evidence_version": stats.version,
            "release_version": EVIDENCE_VERSION,
            "replay_due": found.replay_due,
            "replay_begun": found.replay_begun,
            "read": found.read,
            "behind_casebook": found.behind,
            "ahead_of_casebook": found.ahead,
        },
        output,
    )
    if found.replay_due:
        say("the index was made by other rules than this release has: `liaison dedup replay`")
    if found.replay_begun:
        say("a replay is at work, or was ended: `liaison dedup replay` goes on with it")
    if stats.capped:
        say("some keys are capped: `liaison dedup quarantine`")


@dedup.command("quarantine")
@click.argument("key", required=False)
@output_option
@pass_node
def quarantine(node: Node, /, key: str | None, output: str) -> None:
    """The keys that too many cases have, those that met most cases since first.

    A key is a digest of a value of some kind. A capped one finds nobody any more, and stays so;
    what was found through it before still holds. With KEY: the cases that have it.
    """
    from consumers.deduplication.overview import reading

    home = node.configuration.index_home
    with node.database().read() as connection, reading(connection, home) as index:
        if key is None:
            _show_capped(index.quarantine(), output)
            return
        holders = ({"jurisdiction": s.origin, "reference": s.reference, "id": s.root}
                   for s in index.holders(key.lower()))  # fmt: skip
        emit(holders, output, columns=("jurisdiction", "reference", "id"))


def _show_capped(found: Sequence[CappedKey], output: str) -> None:
    from consumers.deduplication.index import MAX_SUBJECTS_PER_KEY
    from producers.intake.moments import iso

    emit(
        (
            {"kind": k.kind, "key": k.key, "since": iso(k.since), "refused": k.refused}
            for k in found
        ),
        output,
        columns=("kind", "key", "since", "refused"),
    )
    if found:
        say(
            f"each is had by more than {MAX_SUBJECTS_PER_KEY} cases, or fewer of a name or of near"
            " copies of a picture, and finds nobody since then; cases that share another key are"
            " still compared\n"
            "what to do: an e-mail, phone or account of so many persons is a placeholder; look at"
            " cases that have it (`liaison dedup quarantine KEY`), find out what your system writes"
            " where a value is unknown, and leave the field out instead."
            " A name is a frequent one, a picture one that went around: nothing to do"
        )


@dedup.command("replay")
@output_option
@pass_node
def replay(node: Node, /, output: str) -> None:
    """Make the match index anew from the casebook, by the rules of this release.

    Needed after an upgrade that says so. The node may run meanwhile. Can be ended and repeated at
    any time: it goes on where it was. What is found only now is told to both sides; what was told
    before is not told again.
    """
    from liaison import deduplication

    found = deduplication.replay(node.configuration, node.database(), say)
    changed = [
        {"change": one.change, "a": one.a, "b": one.b, "pair": one.pair} for one in found.changed
    ]
    result = {
        "evidence_version_before": found.version_before,
        "evidence_version": found.version,
        "replayed": found.replayed,
        "erased_meanwhile": found.erased,
        "left_to_the_node": found.left,
        "subjects": found.subjects,
        "capped": found.capped,
        "links_kept": found.kept,
        **{
            f"links_{change}": found.count(change)
            for change in ("added", "removed", "stronger", "weaker", "erased")
        },
    }
    if output == "table":
        emit(result, output)
        if changed:
            click.echo()
            emit(changed, output, columns=("change", "a", "b", "pair"))
    else:
        emit({**result, "changed": changed}, output)


@dedup.command("explain")
@click.argument("a")
@click.argument("b")
@output_option
@pass_node
def explain(node: Node, /, a: str, b: str, output: str) -> None:
    """Why the cases A and B are linked, or not.

    Each is a reference of yours, CODE/REFERENCE for another jurisdiction's, or an id. Shows what
    comparing each field gave, what it weighs in hundredths of a bit, and never a value.
    """
    from liaison.explaining import explain_pair

    with node.database().read() as connection:
        found = explain_pair(connection, node.configuration, a, b)
    if output == "table":
        _tell(found)
    else:
        emit(found, output)


def _tell(found: dict[str, Any]) -> None:
    """For the eyes: the fields as a table, then the sum and what follows from it."""
    emit(found["fields"], "table", columns=("field", "level", "weight", "words"))
    click.echo()
    sides = [f"{found[side]['jurisdiction']} {found[side]['reference']}" for side in "ab"]
    link = found["link"]
    summary = {
        "cases": sides,
        "before any field": found["prior"],
        "for the size of the index": found["chance"],
        "sum": found["sum"],
        "thresholds": f"compare from {found['compare_from']}, same from {found['same_from']}",
        "decision": found["decision"] or "no link",
        "rules": "; ".join(found["rules"]),
        "keys in common": [
            f"{key['kind']} (capped since {key['capped_since']})"
            if key["capped_since"]
            else key["kind"]
            for key in found["keys"]
        ],
        "stored link": link
        and f"{link['decision']}, {link['score']}, rules {link['version']}"
        + (f", no longer counts: {link['retracted']}" if link["retracted"] else ""),
        "with what others say": found["company"]
        and f"{found['company']['decision']}, {found['company']['score']}",
        "verdicts": [f"{one['jurisdiction']}: {one['verdict']}" for one in found["verdicts"]],
        "notes": "; ".join(found["notes"]),
    }
    emit({name: value for name, value in summary.items() if value not in ([], "")}, "table")
