"""Lines that were refused, with the reason, until they are accepted or given up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from producers.database import metadata
from producers.guard import screen_bytes
from producers.intake import MAX_LINE_BYTES, Problem

ID_LENGTH = 16

_refused = sa.Table(
    "refused",
    metadata,
    sa.Column("id", sa.String(ID_LENGTH), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary),
    sa.Column("problems", sa.Text, nullable=False),
    sa.Column("refused_at", sa.BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused line. ``content`` is None where keeping it could mean keeping a picture."""

    id: str
    source: str
    line: int
    content: bytes | None
    problems: tuple[Problem, ...]
    refused_at: int


def line_id(data: bytes) -> str:
    """The same for the same bytes, wherever they stand."""
    return hashlib.sha256(data.strip()).hexdigest()[:ID_LENGTH]


def keep(
    connection: Connection,
    *,
    source: str,
    line: int,
    data: bytes,
    problems: Sequence[Problem],
    now_ms: int,
) -> str:
    """Keeps a line with the reason; one that is there already has its reason renewed.

    What the fast guard suspects, and what is too long to be looked at, is kept without content.
    """
    id = line_id(data)
    safe = len(data) <= MAX_LINE_BYTES and not screen_bytes(data)
    connection.execute(_refused.delete().where(_refused.c.id == id))
    connection.execute(
        _refused.insert().values(
            id=id,
            source=source,
            line=line,
            content=data if safe else None,
            problems=json.dumps([asdict(problem) for problem in problems]),
            refused_at=now_ms,
        )
    )
    return id


def list_all(connection: Connection) -> Iterator[Refused]:
    """Every refused line, by file and line number."""
    rows = connection.execute(sa.select(_refused).order_by(_refused.c.source, _refused.c.line))
    for row in rows:
        problems = tuple(Problem(**problem) for problem in json.loads(row.problems))
        yield Refused(row.id, row.source, row.line, row.content, problems, row.refused_at)


def find(connection: Connection, prefix: str) -> list[Refused]:
    """Those whose id begins with ``prefix``."""
    return [one for one in list_all(connection) if one.id.startswith(prefix)]


def any_kept(connection: Connection) -> bool:
    """Whether there is one at all."""
    return connection.scalar(sa.select(_refused.c.id).limit(1)) is not None


def forget(connection: Connection, ids: Sequence[str]) -> int:
    """Lets go of refused lines; returns how many there were."""
    if not ids:
        return 0
    return connection.execute(_refused.delete().where(_refused.c.id.in_(list(ids)))).rowcount
