"""What must come of the example case files, and whether it did. Pure.

``examples/expected.json`` names the pairs that were planted, the lookalikes that must raise no
alert, and who must receive each reference. :func:`judge` compares that with what was observed at
every node and words each difference.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Couple:
    """Two references, of two jurisdictions, and what they have in common."""

    first: str
    second: str
    why: str

    @property
    def sides(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """(own, their) reference as each contact point sees it."""
        return (self.first, self.second), (self.second, self.first)


@dataclass(frozen=True)
class Expected:
    """The contents of ``expected.json``.

    Attributes:
        files: case file of each jurisdiction that publishes.
        hub: the member that deduplicates for all.
        notifications: lines in each file.
        homes: jurisdiction of each reference.
        lines: lines that carry each reference.
        recipients: who must receive each reference.
        pairs: the same person twice.
        lookalikes: two persons.
    """

    files: Mapping[str, Path]
    hub: str
    notifications: Mapping[str, int]
    homes: Mapping[str, str]
    lines: Mapping[str, int]
    recipients: Mapping[str, tuple[str, ...]]
    pairs: tuple[Couple, ...]
    lookalikes: tuple[Couple, ...]

    @property
    def deliveries(self) -> int:
        """How many notifications must arrive somewhere, counted at each recipient."""
        return sum(self.lines[one] * len(to) for one, to in self.recipients.items())


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an originator knows of one notification and one recipient."""

    reference: str
    recipient: str
    state: str
    receipted: bool


@dataclass(frozen=True, slots=True)
class Alert:
    """A match alert as the contact point at one node sees it; no identity data in it."""

    reference: str
    their_reference: str
    jurisdiction: str
    strength: str
    evidence: tuple[str, ...] = ()
    raised_by: tuple[str, ...] = ()
    delay_ms: int = 0
    """From the later of the two publications until the alert was seen in the database."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What one node's database says.

    ``sent`` and ``received`` count the case notifications of each reference.
    """

    sent: Mapping[str, int] = field(default_factory=dict)
    received: Mapping[str, int] = field(default_factory=dict)
    deliveries: tuple[Delivery, ...] = ()
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The counts, and everything that is not as it must be, in words."""

    delivered: int
    receipts: int
    pairs_alerted: int
    lookalikes_alerted: int
    problems: tuple[str, ...]

    @property
    def settled(self) -> bool:
        """Whether everything happened as it must."""
        return not self.problems


def load(directory: Path) -> Expected:
    """Reads ``expected.json`` and the case files beside it."""
    document = json.loads((directory / "expected.json").read_text("utf-8"))
    files = {code: directory / name for code, name in document["files"].items()}
    homes: dict[str, str] = {}
    lines: Counter[str] = Counter()
    for code, path in files.items():
        for line in path.read_text("utf-8").splitlines():
            reference = json.loads(line)["reference"]
            homes[reference] = code
            lines[reference] += 1
    return Expected(
        files,
        document["hub"],
        document["notifications"],
        homes,
        lines,
        {one: tuple(to) for one, to in document["recipients"].items()},
        tuple(_couples(document["pairs"])),
        tuple(_couples(document["lookalikes"])),
    )


def judge(expected: Expected, observed: Mapping[str, Observed]) -> Judgement:
    """Compares what must be with what is; the order of the problems is always the same."""
    alerted = {
        code: Counter((alert.reference, alert.their_reference) for alert in node.alerts)
        for code, node in observed.items()
    }
    found = [both_told(expected, alerted, pair) for pair in expected.pairs]
    fooled = [one for one in expected.lookalikes if _any_told(alerted, one)]
    problems = (
        *_sending(expected, observed),
        *_receiving(expected, observed),
        *_receipts(expected, observed),
        *_alerting(expected, alerted),
    )
    return Judgement(
        delivered=sum(sum(node.received.values()) for node in observed.values()),
        receipts=sum(d.receipted for node in observed.values() for d in node.deliveries),
        pairs_alerted=sum(found),
        lookalikes_alerted=len(fooled),
        problems=problems,
    )


def both_told(
    expected: Expected, alerted: Mapping[str, Mapping[tuple[str, str], int]], pair: Couple
) -> bool:
    """Whether both contact points of ``pair`` have the alert that names both references."""
    return all(side in alerted.get(expected.homes[side[0]], {}) for side in pair.sides)


def _couples(document: Iterable[Mapping[str, Any]]) -> Iterator[Couple]:
    for entry in document:
        first, second = entry["references"]
        yield Couple(first, second, entry["why"])


def _any_told(alerted: Mapping[str, Mapping[tuple[str, str], int]], couple: Couple) -> bool:
    return any(side in told for told in alerted.values() for side in couple.sides)


def _sending(expected: Expected, observed: Mapping[str, Observed]) -> Iterator[str]:
    for reference, count in expected.lines.items():
        home = expected.homes[reference]
        sent = observed[home].sent.get(reference, 0)
        if sent != count:
            yield f"{home}: {reference} was published {sent} times, not {count}"


def _receiving(expected: Expected, observed: Mapping[str, Observed]) -> Iterator[str]:
    for code, node in observed.items():
        due = {one: expected.lines[one] for one, to in expected.recipients.items() if code in to}
        for reference in sorted(due.keys() | node.received.keys()):
            got, wanted = node.received.get(reference, 0), due.get(reference, 0)
            if got != wanted:
                yield f"{code}: received {reference} {got} times, not {wanted}"


def _receipts(expected: Expected, observed: Mapping[str, Observed]) -> Iterator[str]:
    for code, node in observed.items():
        proven = Counter((d.reference, d.recipient) for d in node.deliveries if d.receipted)
        for reference, to in expected.recipients.items():
            if expected.homes[reference] != code:
                continue
            for recipient in to:
                have, due = proven[reference, recipient], expected.lines[reference]
                if have != due:
                    yield f"{code}: {have} of {due} receipts of {recipient} for {reference}"


def _alerting(
    expected: Expected, alerted: Mapping[str, Mapping[tuple[str, str], int]]
) -> Iterator[str]:
    planted = {side for pair in expected.pairs for side in pair.sides}
    for pair in expected.pairs:
        for side in pair.sides:
            if side not in alerted.get(expected.homes[side[0]], {}):
                yield f"{expected.homes[side[0]]}: no alert for {side[0]} with {side[1]}"
    for code, told in alerted.items():
        for side, count in told.items():
            if side not in planted:
                yield f"{code}: an alert for {side[0]} with {side[1]}, who are two persons"
            elif count > 1:
                yield f"{code}: {count} alerts for {side[0]} with {side[1]}"
