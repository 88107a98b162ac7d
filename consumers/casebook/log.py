"""The casebook read as the log it was written from, for a consumer that begins anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from consumers import inbox
from consumers.casebook.reading import Entry
from consumers.casebook.tables import casebook
from producers.database import Connection

_FIELDS = tuple(column for column in casebook.c if column.name not in ("n", "latest", "data"))
_IDENTITY = (casebook.c.origin, casebook.c.id, casebook.c.revision)


@dataclass(frozen=True, slots=True)
class Held:
    """One row: ``n`` rises in the order of the log; ``taken`` says if the consumer had it."""

    n: int
    taken: bool
    entry: Entry


def held(
    connection: Connection,
    consumer: str,
    types: Collection[str],
    *,
    after: int = 0,
    among: Collection[int] | None = None,
    limit: int,
) -> list[Held]:
    """The next ``limit`` notifications of ``types``, every view of them, erased ones empty.

    Args:
        connection: any.
        consumer: whose inbox tells what was taken.
        types: of notifications.
        after: only rows after this one.
        among: only these rows; at most some hundreds.
        limit: at most so many.
    """
    taken = sa.exists().where(inbox.took(consumer, *_IDENTITY)).label("taken")
    chosen = sa.select(casebook.c.n, taken, *_FIELDS, casebook.c.data).where(
        casebook.c.type.in_(types), casebook.c.n > after
    )
    if among is not None:
        chosen = chosen.where(casebook.c.n.in_(among))
    rows = connection.execute(chosen.order_by(casebook.c.n).limit(limit))
    return [Held(row[0], bool(row[1]), Entry(*row[2:])) for row in rows]


def count_untaken(connection: Connection, consumer: str, types: Collection[str]) -> int:
    """How many notifications of ``types`` are here and have not reached ``consumer`` yet."""
    untaken = sa.not_(sa.exists().where(inbox.took(consumer, *_IDENTITY)))
    chosen = sa.select(sa.func.count()).select_from(casebook)
    return connection.scalar(chosen.where(casebook.c.type.in_(types), untaken)) or 0
