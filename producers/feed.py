"""Publishes lines of files: in batches, with bounded memory, keeping what is refused."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

from producers import publications, refused
from producers.chains import Link
from producers.database import Connection, Database
from producers.intake import MAX_LINE_BYTES, Intake, Problem, decode_line
from producers.publications import Stored
from producers.publisher import BATCH, Publisher
from producers.submission import Prepared, prepare


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source; numbers begin with 1."""

    source: str
    number: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Remark:
    """A problem or a warning, and where it was found."""

    source: str
    line: int
    problem: Problem


@dataclass(slots=True)
class Tally:
    """What became of the lines so far."""

    accepted: int = 0
    lines: int = 0
    ids: dict[str, str] = field(default_factory=dict)
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def refuse(self, line: Line, problems: Iterable[Problem]) -> None:
        """Notes why ``line`` was refused."""
        self.refused += (Remark(line.source, line.number, problem) for problem in problems)

    def warn(self, line: Line, problems: Iterable[Problem]) -> None:
        """Notes what was odd about ``line``."""
        self.warnings += (Remark(line.source, line.number, problem) for problem in problems)


Prepare = list[tuple[Line, Prepared]]
Inspect = Callable[[Prepared], Iterable[Problem]]
"""Looks at an acceptable line once more; what it finds are warnings."""


def read_lines(source: str, stream: IO[bytes]) -> Iterator[Line]:
    """The lines of ``stream`` that are not blank; of an oversized one only the beginning."""
    for number in itertools.count(1):
        data = stream.readline(MAX_LINE_BYTES + 1)
        if not data:
            return
        rest = data
        while rest and not rest.endswith(b"\n") and len(data) > MAX_LINE_BYTES:
            rest = stream.readline(MAX_LINE_BYTES)
        if stripped := data.strip():
            yield Line(source, number, data if len(data) > MAX_LINE_BYTES else stripped)


class Feed:
    """Turns lines into publications."""

    def __init__(
        self, database: Database, intake: Intake, *, inspect: Inspect = lambda _: ()
    ) -> None:
        self.tally = Tally()
        self._database = database
        self._intake = intake
        self._inspect = inspect

    async def publish(
        self,
        lines: Iterable[Line],
        publisher: Publisher,
        progress: Callable[[Tally], None] = lambda _: None,
    ) -> None:
        """Publishes ``lines``; when this returns, what was accepted is in the log.

        Raises:
            Unreachable: :attr:`tally` tells how far it came; the same lines again complete it.
        """
        await publisher.connect()
        source = iter(lines)
        while batch := list(itertools.islice(source, BATCH)):
            prepared, problems = self._prepare(batch)
            outcomes = await publisher.publish([one.candidate for _, one in prepared])
            done = self._account(prepared, outcomes, problems)
            await self._database.transact(_keep, problems, done)
            self.tally.lines += len(batch)
            progress(self.tally)

    def rehearse(self, lines: Iterable[Line]) -> Iterator[tuple[Line, Prepared]]:
        """The lines that would be accepted; writes nothing."""
        source, chains = iter(lines), dict[str, list[Link]]()
        while batch := list(itertools.islice(source, BATCH)):
            prepared, problems = self._prepare(batch)
            with self._database.read() as connection:
                outcomes = publications.rehearse_all(
                    connection, [one.candidate for _, one in prepared], chains
                )
            self._account(prepared, outcomes, problems)
            self.tally.lines += len(batch)
            refused_lines = {id(line) for line, _ in problems}
            yield from (pair for pair in prepared if id(pair[0]) not in refused_lines)

    def _prepare(self, batch: list[Line]) -> tuple[Prepare, list[tuple[Line, list[Problem]]]]:
        prepared: Prepare = []
        problems: list[tuple[Line, list[Problem]]] = []
        now_ms = _now()
        for line in batch:
            content = decode_line(line.data)
            if isinstance(content, Problem):
                problems.append((line, [content]))
                continue
            found = prepare(self._intake, content, now_ms=now_ms)
            if isinstance(found, Prepared):
                prepared.append((line, found))
            else:
                problems.append((line, found))
        return prepared, problems

    def _account(
        self,
        prepared: Prepare,
        outcomes: list[Stored | Problem],
        problems: list[tuple[Line, list[Problem]]],
    ) -> list[str]:
        """Adds to the tally, moves refusals of the store to ``problems``; ids of lines done."""
        done = []
        for (line, one), outcome in zip(prepared, outcomes, strict=True):
            if isinstance(outcome, Problem):
                problems.append((line, [outcome]))
                continue
            self.tally.accepted += 1
            self.tally.ids[one.candidate.notification.head.reference] = outcome.id
            self.tally.warn(line, (*one.warnings, *outcome.warnings, *self._inspect(one)))
            done.append(line.data)
        for line, found in sorted(problems, key=lambda pair: pair[0].number):
            self.tally.refuse(line, found)
        return [refused.line_id(data) for data in done]


def _keep(
    connection: Connection, problems: list[tuple[Line, list[Problem]]], done: list[str]
) -> None:
    if refused.any_kept(connection):
        refused.forget(connection, done)
    for line, found in problems:
        refused.keep(
            connection,
            source=line.source,
            line=line.number,
            data=line.data,
            problems=found,
            now_ms=_now(),
        )


def _now() -> int:
    return time.time_ns() // 1_000_000
