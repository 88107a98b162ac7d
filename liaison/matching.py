"""A file of identifications through the matching engine, without Kafka and without a node.

Every line goes through as if it had come alone and been answered before the next; what is found
is written as JSON Lines when the file is at its end.
"""

from __future__ import annotations

import gc
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from consumers.deduplication import EVIDENCE_VERSION, names
from consumers.deduplication.company import Certainty
from consumers.deduplication.deduplicator import subject_of
from consumers.deduplication.engine import Engine
from consumers.deduplication.evidence import Evidence, strength_of
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.keys import keys_of
from consumers.deduplication.links import Subject
from consumers.deduplication.rocks import RocksStore
from consumers.deduplication.store import MemoryStore
from liaison.clusters import Clusters
from liaison.files import write_lines
from producers.intake.lines import decode_line
from producers.intake.parser import Defaults, Intake
from producers.intake.report import Problem
from schemas.errors import ConfigurationInvalid, InputRefused
from schemas.markings import MatchDecision, Relation
from schemas.members import is_code
from schemas.notifications import Identification

WRITTEN_TOGETHER = 500
"""Notifications whose changes of an index on disk are one write."""
DECODED = 200_000
"""Subjects that are kept decoded beside an index in memory, twice as many at most."""

_CODE = "write two capital letters"
_KNOWN = Problem(
    "reference",
    "is known with other content",
    "say with relation what the line is: update, supersede or cancel",
)

Say = Callable[[str], None]


class Reader:
    """Turns lines of all jurisdictions into identifications; keeps what it refuses."""

    def __init__(self) -> None:
        self._intakes: dict[str, Intake] = {}
        self._now_ms = time.time_ns() // 1_000_000
        self.refused: list[dict[str, Any]] = []

    def read(self, number: int, line: bytes) -> Identification | None:
        """The identification in a line; a case chain is known by its jurisdiction and reference."""
        content = decode_line(line)
        if isinstance(content, Problem):
            self.refuse(number, content)
            return None
        own = content.get("jurisdiction")
        own = own if isinstance(own, str) else ""
        intake = self._intakes.get(own)
        if intake is None:
            if own and not is_code(own):
                self.refuse(number, Problem("jurisdiction", "is no jurisdiction", _CODE))
                return None
            intake = self._intakes[own] = Intake(Defaults(own))
        chain = f"{own}/{content.get('reference')}"
        parsed = intake.parse(content, id=chain, now_ms=self._now_ms)
        if isinstance(parsed, list):
            self.refuse(number, *parsed)
            return None
        if isinstance(parsed.notification, Identification):
            return parsed.notification
        self.refuse(number, Problem("type", "is no identification", "leave the line out"))
        return None

    def refuse(self, number: int, *problems: Problem) -> None:
        """Keeps what is wrong with a line."""
        self.refused += [
            {"line": number, "field": p.field, "problem": p.problem, "remedy": p.remedy}
            for p in problems
        ]


def read_subjects(lines: Iterable[bytes]) -> Iterator[Subject]:
    """The subjects in lines that are known to be good."""
    reader = Reader()
    for number, line in enumerate(lines, 1):
        found = reader.read(number, line)
        if found is None:
            raise ValueError(f"line {number} is not in the intake format")
        yield subject_of(found, 0)


@dataclass(slots=True)
class Run:
    """What came of a file."""

    seconds: array[float] = field(default_factory=lambda: array("d"))
    alerts: int = 0
    compared: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)


def run(
    source: Path,
    *,
    links: Path,
    grouped: Path,
    alerts: Path,
    index: Path | None,
    say: Say,
) -> dict[str, Any]:
    """Feeds ``source`` through the engine, writes what was found, and tells how it went."""
    for path in (links, grouped, alerts):
        if not path.parent.is_dir():
            raise InputRefused(f"{path.parent} is no directory", remedy="make it, or name another")
    store = RocksStore(index) if index else MemoryStore()
    with closing(store):
        matched = KeyIndex(store) if index else KeyIndex(store, remembered=DECODED)
        if (held := matched.stats()).subjects and held.version != EVIDENCE_VERSION:
            raise ConfigurationInvalid(
                "the match index was made by the rules of another release",
                remedy="name another directory, and feed all files again",
            )
        names.load()  # not to be counted as time that the first notification takes
        found = Run()
        with _without_collection():
            write_lines(alerts, _feed(source, matched, found, say))
        clusters = Clusters(matched)
        counts = _write_links(links, matched, clusters, say)
        write_lines(grouped, clusters.rows())
    return {
        "notifications": len(found.seconds),
        **counts,
        "groups": clusters.count,
        "alerts": found.alerts,
        **_figures(found),
        "refused": found.refused,
    }


@contextmanager
def _without_collection() -> Iterator[None]:
    """The engine makes no cycles; looking for them costs more the more it remembers."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _feed(source: Path, index: KeyIndex, done: Run, say: Say) -> Iterator[dict[str, Any]]:
    """What is told on each arrival; how it goes is kept in ``done``."""
    reader, engine = Reader(), Engine(index)
    told = time.monotonic()
    with source.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            began = time.perf_counter()
            notification = reader.read(number, line)
            if notification is None:
                continue
            matches = _observe(notification, index, engine)
            if matches is None:
                reader.refuse(number, _KNOWN)
                continue
            if number % WRITTEN_TOGETHER == 0:
                index.flush()
            done.seconds.append(time.perf_counter() - began)
            if matches:
                done.alerts += 1
                yield {"reference": notification.head.reference, "matches": matches}
            if time.monotonic() - told > 2:
                told = time.monotonic()
                say(f"{number} notifications, {engine.compared} comparisons …")
    index.flush()
    done.compared, done.refused = engine.compared, reader.refused


def _observe(notification: Identification, index: KeyIndex, engine: Engine) -> Sequence[str] | None:
    """Takes in a line, and gives the earlier references that it met.

    None when its reference is known and it does not say what it is to it.

    A later word has the next number of its case chain, as the store of a node would give it.
    """
    head = notification.head
    age = index.age(head.root)
    revision = age[1] + 1 if age and head.relation is not Relation.NEW else 0
    if head.relation is Relation.CANCEL:
        list(engine.withdraw(head.root, head.origin, (head.created, revision, head.id)))
        return ()
    subject = subject_of(notification, 0, revision=revision)
    if age and head.relation is Relation.NEW:
        known = index.get(head.root)
        return () if known is not None and known.features == subject.features else None
    changes = engine.observe(subject, keys_of(subject.features, subject.mode.value))
    return [change.other.reference for change in changes if change.other and change.after.active]


def _write_links(path: Path, index: KeyIndex, clusters: Clusters, say: Say) -> dict[str, int]:
    counts = {decision.value: 0 for decision in MatchDecision}

    def rows() -> Iterator[dict[str, Any]]:
        told = time.monotonic()
        for one in clusters.pairs():
            if time.monotonic() - told > 2:
                told = time.monotonic()
                say(f"{sum(counts.values())} pairs written …")
            counts[one.decision.value] += 1
            a, b = index.get(one.first), index.get(one.second)
            if a and b:
                yield {
                    "a": a.reference,
                    "b": b.reference,
                    "score": one.total,
                    "decision": one.decision.value,
                    "evidence": [[e.kind, e.strength.value, e.weight] for e in _evidence(one)],
                }

    write_lines(path, rows())
    return counts


def _evidence(found: Certainty) -> Iterator[Evidence]:
    """What links the two, and what their company adds or takes away."""
    if found.link is not None:
        yield from found.link.evidence
    lent = found.total - (found.link.total if found.link else 0)
    if lent:
        yield Evidence("company", strength_of(lent), lent, "what others say of the two")


def _figures(found: Run) -> dict[str, Any]:
    ordered = sorted(found.seconds) or [0.0]
    total = sum(ordered)

    def quantile(share: float) -> float:
        return round(1000 * ordered[int(share * (len(ordered) - 1))], 3)

    return {
        "notifications_per_second": round(len(found.seconds) / total, 1) if total else 0.0,
        "p50_ms": quantile(0.5),
        "p99_ms": quantile(0.99),
        "candidates_per_notification": round(found.compared / max(len(found.seconds), 1), 2),
        "seconds": round(total, 3),
    }
