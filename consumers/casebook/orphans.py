"""Orphans: what came before the notification that it updates, supersedes or cancels."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from consumers.casebook.tables import awaited, casebook
from consumers.incoming import Incoming
from producers.database import Connection, insert_new


def mark(connection: Connection, batch: Sequence[Incoming]) -> set[str]:
    """Notes predecessors that are neither here nor in ``batch``; returns who waits for one."""
    wanted = {
        (predecessor, one.head.origin, one.head.id)
        for one in batch
        for predecessor in one.head.predecessors
    }
    if not wanted:
        return set()
    here = sa.select(casebook.c.id, casebook.c.origin).where(
        casebook.c.id.in_({predecessor for predecessor, _, _ in wanted})
    )
    known = {(row.id, row.origin) for row in connection.execute(here)}
    known |= {(one.head.id, one.head.origin) for one in batch}
    missing = [
        {"predecessor": predecessor, "origin": origin, "orphan": orphan}
        for predecessor, origin, orphan in sorted(wanted)
        if (predecessor, origin) not in known
    ]
    insert_new(connection, awaited, missing)
    return {row["orphan"] for row in missing}


def unmark(connection: Connection, batch: Sequence[Incoming]) -> None:
    """Takes the mark from orphans whose last missing predecessor is in ``batch``."""
    if connection.scalar(sa.select(awaited.c.orphan).limit(1)) is None:
        return
    arrived = {(one.head.id, one.head.origin) for one in batch}
    waiting = connection.execute(
        sa.select(awaited).where(awaited.c.predecessor.in_({found for found, _ in arrived}))
    )
    for row in waiting.all():
        if (row.predecessor, row.origin) not in arrived:
            continue
        connection.execute(
            awaited.delete().where(
                awaited.c.predecessor == row.predecessor,
                awaited.c.origin == row.origin,
                awaited.c.orphan == row.orphan,
            )
        )
        still = sa.exists().where(awaited.c.orphan == row.orphan, awaited.c.origin == row.origin)
        connection.execute(
            casebook.update()
            .where(casebook.c.id == row.orphan, casebook.c.origin == row.origin, ~still)
            .values(orphan=False)
        )
