"""What authority is judged by, asked of the ledger within the receiver's transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import sqlalchemy as sa

from gateway.ledger import incoming, outgoing
from gateway.ledger.tables import outbound
from producers.database import Connection

PartiesOf = Callable[[Connection, str], Collection[str]]
"""The two jurisdictions of a match by its pair id; the alerts know."""


def originated(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those of ``ids`` that are ours."""
    found = connection.scalars(
        sa.select(outbound.c.notification).where(outbound.c.notification.in_(ids))
    )
    return set(found)


class LedgerKnowledge:
    """A :class:`gateway.items.Knowledge` over one open connection."""

    def __init__(self, connection: Connection, own: str, parties_of: PartiesOf) -> None:
        self._connection = connection
        self._own = own
        self._parties_of = parties_of

    def origins(self, ids: Collection[str]) -> Mapping[str, str]:
        """See :class:`gateway.items.Knowledge`; two questions, however many ids."""
        if not ids:
            return {}
        ours = dict.fromkeys(originated(self._connection, ids), self._own)
        return incoming.origins(self._connection, ids) | ours

    def was_released(self, notification: str, jurisdictions: Collection[str]) -> bool:
        """See :class:`gateway.items.Knowledge`."""
        return any(
            outgoing.is_released(self._connection, notification, code)
            for code in sorted(jurisdictions)
        )

    def parties(self, pair: str) -> Collection[str]:
        """See :class:`gateway.items.Knowledge`."""
        accepted = incoming.alerted(self._connection, pair)
        return {*accepted, *self._parties_of(self._connection, pair)}
