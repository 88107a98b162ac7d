"""The judge: what a run of the matching engine found, against the truth of its corpus.

Nothing here knows how a corpus was made, except for the words of :data:`HOUSEHOLD` and
:data:`COMMON`, by which false pairs are sorted into kinds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from liaison.corpora.closure import best_closure, measure, of_groups, pairs, recall_at
from liaison.corpora.outputs import (
    Link,
    Truth,
    read_alerts,
    read_groups,
    read_links,
    read_truth,
)

PRECISION = 0.99
"""At which the recall of scored pairs is told."""
HOUSEHOLD = ("twins", "junior", "siblings", "generations", "couple")
"""Families of persons of one household who are easily taken for one another."""
COMMON = ("viral", "shared-picture", "pdq-lookalike", "generic", "shared-wallet", "shared-ip",
          "shared-device", "shared-phone", "shared-email", "series")  # fmt: skip
"""Families of lines that have a value in common with strangers."""
DIGITS = 4

Pair = tuple[int, int]


def evaluate(truth: Path, links: Path, groups: Path, alerts: Path) -> dict[str, Any]:
    """The whole report; shares are between 0 and 1. Raises :class:`InputRefused`."""
    known = read_truth(truth)
    scored = read_links(links, known)
    grouped = read_groups(groups, known)
    told = read_alerts(alerts, known)
    threshold, closure = best_closure(scored, known.persons)
    report = {
        "notifications": len(known.persons),
        "persons": len(set(known.persons)),
        "true_pairs": pairs(Counter(known.persons).values()),
        "scored_pairs": len(scored),
        "closure": {"threshold": threshold, **closure._asdict()},
        "groups": of_groups(grouped, known.persons)._asdict(),
        "recall_at_precision_99": recall_at(PRECISION, scored, known.persons),
        "same": _same(scored, known),
        "alerts": of_alerts(told, known),
        "families": _families(scored, grouped, told, known),
        "false_pairs": {
            "same": _kinds(((x.a, x.b) for x in scored if x.same), known),
            "compare": _kinds(((x.a, x.b) for x in scored if not x.same), known),
            "alerts": _kinds(((m, at) for at, ms in told.items() for m in ms), known),
        },
    }
    return {key: _rounded(value) for key, value in report.items()}


def true_pairs(truth: Truth) -> Iterator[Pair]:
    """Every pair of lines about one person, earlier line first."""
    earlier: dict[str, list[int]] = {}
    for position, person in enumerate(truth.persons):
        before = earlier.setdefault(person, [])
        yield from ((other, position) for other in before)
        before.append(position)


def _same(scored: list[Link], truth: Truth) -> dict[str, float]:
    decided = [x for x in scored if x.same]
    right = sum(truth.persons[x.a] == truth.persons[x.b] for x in decided)
    true = pairs(Counter(truth.persons).values())
    return {"pairs": len(decided), **measure(right, len(decided), true)._asdict()}


def of_alerts(told: Mapping[int, frozenset[int]], truth: Truth) -> dict[str, float]:
    """Of notifications with an earlier one about the same person, and of pairs of the two."""
    due: Counter[int] = Counter(later for _, later in true_pairs(truth))
    right = {
        at: sum(truth.persons[m] == truth.persons[at] for m in matches)
        for at, matches in told.items()
        if matches
    }
    false_pairs = sum(len(told[at]) - count for at, count in right.items())
    thousands = max(len(truth.persons), 1) / 1000
    return {
        "due": len(due),
        "told": len(right),
        "recall": sum(right.get(at, 0) > 0 for at in due) / max(len(due), 1),
        "pair_recall": sum(right.values()) / max(due.total(), 1),
        "false_alerts_per_1000": sum(count == 0 for count in right.values()) / thousands,
        "false_pairs_per_1000": false_pairs / thousands,
    }


def _families(
    scored: list[Link],
    grouped: list[str],
    told: dict[int, frozenset[int]],
    truth: Truth,
) -> dict[str, dict[str, float]]:
    """For each family the true pairs of which a side carries it, and the shares that were found."""
    decisions = {(x.a, x.b): x.same for x in scored}
    none: frozenset[int] = frozenset()
    counts: dict[str, list[int]] = {}
    for a, b in true_pairs(truth):
        same = decisions.get((a, b))
        outcome = (1, same is not None, same is True, grouped[a] == grouped[b],
                   a in told.get(b, none))  # fmt: skip
        for family in _carried(truth.families[a] | truth.families[b]):
            row = counts.setdefault(family, [0] * len(outcome))
            for column, value in enumerate(outcome):
                row[column] += value
    names = ("scored", "same", "grouped", "told")
    return {
        family: {
            "pairs": counts[family][0],
            **{n: c / counts[family][0] for n, c in zip(names, counts[family][1:], strict=True)},
        }
        for family in sorted(counts)
    }


def _carried(families: frozenset[str]) -> frozenset[str]:
    """``families``, and ``none`` where none of them is an error."""
    return families if any(":" not in f for f in families) else families | {"none"}


def _kinds(found: Iterable[Pair], truth: Truth) -> dict[str, int]:
    """How many false pairs there are of each kind, frequent kinds first."""
    wrong = ((a, b) for a, b in found if truth.persons[a] != truth.persons[b])
    return dict(Counter(_kind(a, b, truth) for a, b in wrong).most_common())


def _kind(a: int, b: int, truth: Truth) -> str:
    """Whom the two lines are about: members of a household, namesakes, or strangers."""
    both = truth.families[a] & truth.families[b]
    if truth.households[a] == truth.households[b]:
        return next((kind for kind in HOUSEHOLD if kind in both), "household")
    if "namesakes" in truth.families[a] | truth.families[b]:
        return "namesakes"
    return next((kind for kind in COMMON if kind in both), "strangers")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return round(value, DIGITS) if isinstance(value, float) else value
