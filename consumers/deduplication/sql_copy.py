"""What of the match index is in the database: where it lies, its counts, links and verdicts.

A copy for people and for other processes. The index on disk is ahead of it by one batch at most,
and can be made anew from the casebook; what was told and what officers found is never lost with
it, because it is here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from consumers.deduplication import EVIDENCE_VERSION, records
from consumers.deduplication.index import Stats
from consumers.deduplication.links import Link, Ruling
from producers.database import Connection, metadata, put_all
from schemas.errors import Unreachable
from schemas.markings import Verdict

PAGE = 1000
"""Links read at a time."""
_COUNTS = ("subjects", "keys", "links", "retracted", "capped", "version")

_state = sa.Table(
    "match_state",
    metadata,
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False, comment="always 1"),
    sa.Column("generation", sa.String(32), nullable=False, comment="directory of the index"),
    sa.Column("coming", sa.String(32), comment="directory of the one that a replay makes"),
    sa.Column("sequence", sa.BigInteger, nullable=False, comment="batches that are in here"),
    *(sa.Column(name, sa.BigInteger, nullable=False) for name in _COUNTS),
)

_links = sa.Table(
    "match_links",
    metadata,
    sa.Column("pair", sa.String(36), primary_key=True),
    sa.Column("first", sa.String(36), nullable=False, comment="roots of the case chains"),
    sa.Column("second", sa.String(36), nullable=False),
    sa.Column("score", sa.Integer, nullable=False, comment="hundredths of a bit"),
    sa.Column("decision", sa.String(8), nullable=False),
    sa.Column("strength", sa.String(8), nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("retracted", sa.String(16), comment="why it no longer counts"),
    sa.Column("first_origin", sa.String(2), nullable=False),
    sa.Column("second_origin", sa.String(2), nullable=False),
)

_rulings = sa.Table(
    "match_rulings",
    metadata,
    sa.Column("first", sa.String(36), primary_key=True),
    sa.Column("second", sa.String(36), primary_key=True),
    sa.Column("jurisdiction", sa.String(2), primary_key=True),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("id", sa.String(36), nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
)


@dataclass(frozen=True, slots=True)
class State:
    """Which index the database belongs with, and how far it has followed it.

    Attributes:
        generation: name of its directory; another one after each replay.
        coming: name of the directory of a replay that was begun.
        sequence: of the last batch of the index that is in the database, too.
        stats: how much was in the index then.
    """

    generation: str
    coming: str | None
    sequence: int
    stats: Stats


def state(connection: Connection) -> State | None:
    """None where nothing was compared yet."""
    row = next(map(dict, connection.execute(sa.select(_state)).mappings()), None)
    if row is None:
        return None
    stats = Stats(**{name: row[name] for name in _COUNTS})
    return State(row["generation"], row["coming"], row["sequence"], stats)


def begin(connection: Connection, generation: str) -> None:
    """Says that the index is ``generation``, which is empty."""
    row = {"n": 1, "generation": generation, "sequence": 0, **dict.fromkeys(_COUNTS, 0)}
    connection.execute(_state.insert().values({**row, "version": EVIDENCE_VERSION}))


def advance(connection: Connection, generation: str, sequence: int, stats: Stats) -> None:
    """Notes that the database has batch ``sequence`` of ``generation``.

    Raises:
        Unreachable: it is not the next one; nothing of this transaction may stay.
    """
    moved = connection.execute(
        _state.update()
        .where(_state.c.generation == generation, _state.c.sequence == sequence - 1)
        .values(sequence=sequence, **asdict(stats))
    )
    if moved.rowcount != 1:
        raise Unreachable("another process moved the match index on")


def announce(connection: Connection, coming: str) -> None:
    """Notes that a replay makes ``coming``."""
    connection.execute(_state.update().values(coming=coming))


def change(connection: Connection, generation: str, sequence: int, stats: Stats) -> None:
    """Puts ``generation`` in the place of the index in use."""
    connection.execute(
        _state.update().values(
            generation=generation, coming=None, sequence=sequence, **asdict(stats)
        )
    )


# links


def put_link(connection: Connection, link: Link, origins: tuple[str, str]) -> None:
    """Keeps a link; ``origins`` are the jurisdictions of its first and its second case."""
    row = {"first_origin": origins[0], "second_origin": origins[1], **_row(link)}
    put_all(connection, _links, [row])


def update(connection: Connection, link: Link) -> None:
    """Keeps what is new about a link that is there."""
    connection.execute(_links.update().where(_links.c.pair == link.pair).values(**_row(link)))


def _row(link: Link) -> dict[str, Any]:
    pair, first, second, *judged, evidence, version, retracted = records.dump_link(link)
    names = [column.name for column in _links.c]
    values = [pair, first, second, *judged, json.dumps(evidence), version, retracted]
    return dict(zip(names, values, strict=False))


def forget(connection: Connection, pair: str) -> None:
    """Takes the link of ``pair`` away; a case of it is not held any more."""
    connection.execute(_links.delete().where(_links.c.pair == pair))


def retract(connection: Connection, pair: str, reason: str) -> None:
    """The link of ``pair`` no longer counts."""
    connection.execute(_links.update().where(_links.c.pair == pair).values(retracted=reason))


def links(connection: Connection) -> Iterator[Link]:
    """All that count, ordered by pair; what is changed behind the last one does no harm."""
    last = ""
    while True:
        chosen = sa.select(_links).where(_links.c.retracted.is_(None), _links.c.pair > last)
        rows = connection.execute(chosen.order_by(_links.c.pair).limit(PAGE)).all()
        yield from map(_link, rows)
        if len(rows) < PAGE:
            return
        last = rows[-1].pair


def _link(row: Any) -> Link:
    pair, first, second, score, decision, strength, evidence, version, retracted = row[:9]
    rest = (score, decision, strength, json.loads(evidence), version, retracted)
    return records.load_link([pair, first, second, *rest])


def parties(connection: Connection, pair: str) -> Collection[str]:
    """The jurisdictions of the two sides of a link; empty when there is none."""
    chosen = sa.select(_links.c.first_origin, _links.c.second_origin).where(_links.c.pair == pair)
    return next((tuple(row) for row in connection.execute(chosen)), ())


# verdicts


def put_ruling(connection: Connection, ruling: Ruling) -> None:
    """Keeps a verdict, unless there is a later one of the same party on the same pair."""
    mine = _ruling_of(ruling.first, ruling.second, ruling.jurisdiction)
    known = next(iter(connection.execute(sa.select(_rulings).where(mine))), None)
    if known is None or (known.created, known.id) < (ruling.created, ruling.id):
        put_all(connection, _rulings, [{**asdict(ruling), "verdict": ruling.verdict.value}])


def _ruling_of(first: str, second: str, jurisdiction: str) -> sa.ColumnElement[bool]:
    column = _rulings.c
    return sa.and_(
        column.first == first, column.second == second, column.jurisdiction == jurisdiction
    )


def rulings(connection: Connection) -> Iterator[Ruling]:
    """All verdicts that count."""
    for row in connection.execute(sa.select(_rulings).order_by(*_rulings.primary_key)):
        yield Ruling(
            row.first, row.second, row.jurisdiction, Verdict(row.verdict), row.created, row.id
        )
