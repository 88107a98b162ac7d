"""What the deduplication has to say, made when it compares and told to the database afterwards.

It is written with the index, in one batch, and from there into the database's tables of alerts,
links and publications. Every saying says what holds now, so that the order of sayings is the
order of what happened, and each takes effect once, in the transaction that notes its batch.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, assert_never

from consumers import alerts
from consumers.deduplication import records, sql_copy
from consumers.deduplication.links import Link, Ruling
from producers import publications
from producers.database import Connection
from schemas.codec import decode, encode
from schemas.markings import Verdict
from schemas.notifications import MatchAlert, Notification


@dataclass(frozen=True, slots=True)
class Alerted:
    """``source`` raised an alert for our side at ``moment``; with the verdicts known by then."""

    alert: MatchAlert
    source: str
    moment: int
    told: alerts.Told
    rulings: tuple[Ruling, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A notification of ours that is to go out."""

    notification: Notification


@dataclass(frozen=True, slots=True)
class Informed:
    """The other side of a pair has been told now."""

    pair: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A link that counts, and the jurisdictions of its first and second case."""

    link: Link
    origins: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Retracted:
    """A link that no longer counts."""

    pair: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """A party's verdict on a pair."""

    ruling: Ruling


Saying = Alerted | Sent | Informed | Linked | Retracted | Ruled


def tell(connection: Connection, sayings: Iterable[Saying]) -> None:
    """Writes ``sayings`` into the tables that people and the dispatcher read."""
    for saying in sayings:
        _tell(connection, saying)


def _tell(connection: Connection, saying: Saying) -> None:
    match saying:
        case Alerted(alert, source, moment, told, rulings):
            if alerts.record(connection, alert, source, moment, told=told):
                for ruling in rulings:
                    alerts.rule(connection, ruling)
        case Sent(notification):
            publications.enqueue(connection, notification)
        case Informed(pair):
            alerts.told(connection, pair)
        case Linked(link, origins):
            sql_copy.put_link(connection, link, origins)
        case Retracted(pair, reason):
            sql_copy.retract(connection, pair, reason)
            alerts.retract(connection, pair, reason)
        case Ruled(ruling):
            sql_copy.put_ruling(connection, ruling)
            alerts.rule(connection, ruling)
        case _:
            assert_never(saying)


def dump(saying: Saying) -> list[Any]:
    """All of it, for JSON."""
    match saying:
        case Alerted(alert, source, moment, told, rulings):
            said = [_text(alert), source, moment, told.value, [_plain(one) for one in rulings]]
        case Sent(notification):
            said = [_text(notification)]
        case Linked(link, origins):
            said = [records.dump_link(link), *origins]
        case Ruled(ruling):
            said = [_plain(ruling)]
        case Informed(pair):
            said = [pair]
        case Retracted(pair, reason):
            said = [pair, reason]
        case _:
            assert_never(saying)
    return [type(saying).__name__, *said]


def load(row: list[Any]) -> Saying:
    """What :func:`dump` gave."""
    match row:
        case ["Alerted", alert, source, moment, told, rulings]:
            found = decode(base64.b64decode(alert))
            assert isinstance(found, MatchAlert)
            known = tuple(map(_ruling, rulings))
            return Alerted(found, source, moment, alerts.Told(told), known)
        case ["Sent", notification]:
            return Sent(decode(base64.b64decode(notification)))
        case ["Linked", link, first, second]:
            return Linked(records.load_link(link), (first, second))
        case ["Ruled", ruling]:
            return Ruled(_ruling(ruling))
        case ["Informed", pair]:
            return Informed(pair)
        case ["Retracted", pair, reason]:
            return Retracted(pair, reason)
        case _:
            raise ValueError(f"no saying: {row[:1]}")


def _text(notification: Notification) -> str:
    return base64.b64encode(encode(notification)).decode()


def _plain(ruling: Ruling) -> dict[str, Any]:
    return {**asdict(ruling), "verdict": ruling.verdict.value}


def _ruling(row: dict[str, Any]) -> Ruling:
    return Ruling(**{**row, "verdict": Verdict(row["verdict"])})
