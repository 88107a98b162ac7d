"""``liaison demo``: a federation of four on this machine, and what it does."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liaison.cli.output import emit, output_option, say

if TYPE_CHECKING:
    from liaison.demo import Outcome
    from liaison.expectations import Alert


@click.command()
@click.option("--keep", is_flag=True, help="Leave it running, and say how to talk to it.")
@click.option(
    "--dir",
    "home",
    type=click.Path(file_okay=False, path_type=Path),
    help="An empty directory for its files.  [default: a new temporary one]",
)
@output_option
def demo(keep: bool, home: Path | None, output: str) -> None:
    """Run a federation of four on this machine and show what it does.

    Exit 0 only if everything was delivered where it may go and nowhere else, both contact points
    of every planted pair were alerted, no lookalike was, and the briefings were written.
    """
    from liaison.demo import run

    directory = (home or Path(tempfile.mkdtemp(prefix="liaison-demo-"))).resolve()
    outcome = run(directory, keep=keep, say=_progress())
    if output == "table":
        _show(outcome)
    else:
        emit(outcome.facts(), output)
    for problem in outcome.judgement.problems:
        say(f"not as it must be: {problem}")
    if keep:
        _tell(directory, outcome)
    if not outcome.ok:
        sys.exit(1)


def _progress() -> Callable[[str], None]:
    """Lines on standard error; on a terminal one that changes overwrites the last one."""
    last = ""
    terminal = sys.stderr.isatty()

    def show(text: str) -> None:
        nonlocal last
        if text == last:
            return
        counting = text.startswith("delivered") and last.startswith("delivered")
        if terminal and counting:
            click.echo(f"\r\x1b[K{text}", err=True, nl=False)
        else:
            ended = terminal and last.startswith("delivered")
            click.echo(f"\n{text}" if ended else text, err=True, nl=not _counts(text, terminal))
        last = text

    return show


def _counts(text: str, terminal: bool) -> bool:
    return terminal and text.startswith("delivered")


def _show(outcome: Outcome) -> None:
    facts = outcome.facts()
    _section("Published and delivered (notifications, with the recipient's signed receipts)")
    emit(_deliveries(outcome), "table")
    _section("Match alerts: the same person, told to both contact points")
    emit(_pairs(outcome), "table")
    _section("Lookalikes: two persons, nobody told")
    emit(_lookalikes(outcome), "table")
    _section("Briefings for an operational meeting")
    for path in facts["briefings"]:
        click.echo(path)
    click.echo()
    click.echo(
        f"{'All of it happened' if outcome.ok else 'Something is not as it must be'}: "
        f"{facts['published']} published, {facts['delivered']} delivered, "
        f"{facts['receipts']} receipts, {facts['pairs_alerted_both_sides']} of "
        f"{facts['pairs_planted']} pairs alerted on both sides "
        f"(median {outcome.median_delay_ms} ms, slowest {facts['publish_to_alert_ms']} ms after "
        f"publishing), {facts['lookalikes_alerted']} of {facts['lookalikes']} lookalikes alerted, "
        f"in {facts['seconds']} s."
    )


def _section(title: str) -> None:
    click.echo()
    click.echo(click.style(title, bold=True))


def _deliveries(outcome: Outcome) -> Iterator[dict[str, Any]]:
    homes = outcome.expected.homes
    for code in outcome.expected.files:
        row: dict[str, Any] = {"from": code, "published": sum(outcome.observed[code].sent.values())}
        receipts = Counter(d.recipient for d in outcome.observed[code].deliveries if d.receipted)
        for recipient, node in outcome.observed.items():
            came = sum(n for one, n in node.received.items() if homes.get(one) == code)
            row[f"to {recipient}"] = (
                None if recipient == code else f"{came} ({receipts[recipient]} receipts)"
            )
        yield row


def _pairs(outcome: Outcome) -> Iterator[dict[str, Any]]:
    for pair in outcome.expected.pairs:
        told = {code: _alert(outcome, code, *side) for code, side in _homes(outcome, pair)}
        any_one = next((alert for alert in told.values() if alert), None)
        yield {
            "first": pair.first,
            "second": pair.second,
            "told": [code for code, alert in told.items() if alert],
            "strength": any_one.strength if any_one else None,
            "evidence": list(any_one.evidence) if any_one else None,
            "raised by": sorted({by for alert in told.values() if alert for by in alert.raised_by}),
        }


def _lookalikes(outcome: Outcome) -> Iterator[dict[str, Any]]:
    for pair in outcome.expected.lookalikes:
        told = [code for code, side in _homes(outcome, pair) if _alert(outcome, code, *side)]
        yield {"first": pair.first, "second": pair.second, "in common": pair.why, "told": told}


def _homes(outcome: Outcome, pair: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    for side in pair.sides:
        yield outcome.expected.homes[side[0]], side


def _alert(outcome: Outcome, code: str, own: str, theirs: str) -> Alert | None:
    alerts = outcome.observed[code].alerts
    return next((a for a in alerts if (a.reference, a.their_reference) == (own, theirs)), None)


def _tell(directory: Path, outcome: Outcome) -> None:
    first = outcome.expected.pairs[0].first
    say("")
    say(f"It is still running. Talk to it, for example (other members: {directory}/DE, PH, XI):")
    for words in ("cases list", "alerts list", f"alerts show {first}", "deliveries list", "status"):
        say(f"  liaison --config {directory}/FR/liaison.toml {words}")
    say(f"Stop it: liaison sandbox down --dir {directory}")
