"""How good scored pairs are, in the figures that the bench prints of everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from liaison.corpora.closure import best_closure, measure, pairs, recall_at
from liaison.corpora.evaluation import DIGITS, PRECISION, of_alerts
from liaison.corpora.outputs import Link, Truth


def of_links(links: Iterable[Link], truth: Truth) -> dict[str, Any]:
    """Of scored pairs: what no threshold could better, and what was decided."""
    ordered = sorted(links, key=lambda link: (-link.score, link.a, link.b))
    persons = truth.persons
    same = [link for link in ordered if link.same]
    right = sum(persons[link.a] == persons[link.b] for link in same)
    decided = measure(right, len(same), pairs(Counter(persons).values()))
    figures = {
        "closure_f1": best_closure(ordered, persons)[1].f1,
        "recall_at_precision_99": recall_at(PRECISION, ordered, persons),
        "same_precision": decided.precision,
        "same_recall": decided.recall,
    }
    return {name: round(value, DIGITS) for name, value in figures.items()}


def of_arrivals(links: Iterable[Link], truth: Truth) -> dict[str, Any]:
    """Of who is told: on each arrival, all earlier ones that it makes a pair with."""
    told: dict[int, set[int]] = {}
    for link in links:
        told.setdefault(link.b, set()).add(link.a)
    found = of_alerts({at: frozenset(earlier) for at, earlier in told.items()}, truth)
    return {
        "alerts_recall": round(found["recall"], DIGITS),
        "false_alerts_per_1000": round(found["false_alerts_per_1000"], DIGITS),
    }


def of_report(report: dict[str, Any]) -> dict[str, Any]:
    """The same figures out of :func:`liaison.corpora.evaluation.evaluate`, alerts included."""
    return {
        "closure_f1": report["closure"]["f1"],
        "recall_at_precision_99": report["recall_at_precision_99"],
        "same_precision": report["same"]["precision"],
        "same_recall": report["same"]["recall"],
        "alerts_recall": report["alerts"]["recall"],
        "false_alerts_per_1000": report["alerts"]["false_alerts_per_1000"],
    }
