"""What status, doctor and metrics see of the channels."""

from __future__ import annotations

import pytest

from gateway.block import Place
from gateway.channel import Halt
from gateway.ledger import health, outgoing
from gateway.ledger.blocks import incident
from gateway.ledger.tables import IN
from gateway.wire import Lane
from schemas.errors import Unreachable
from schemas.markings import Urgency
from tests.gateway.federation import NOW, Federation, identification


async def test_channels(federation: Federation) -> None:
    """What waits in each, since when, how often it was tried, and whether it needs somebody."""
    sender = federation["FR"]
    sender.publish(
        identification(reference="FR-1"),
        identification(reference="FR-2", recipients=("PH",), urgency=Urgency.URGENT),
    )
    federation.now_ms += 10
    sender.publish(identification(reference="FR-3"))
    await sender.drain("PH", Lane.URGENT)
    sender.wire.lose_requests = 1
    with pytest.raises(Unreachable):
        await sender.step("DE")
    await sender.courier._back_off(("DE", Lane.ROUTINE), Unreachable("gone"))
    with sender.database.begin() as connection:
        outgoing.halt(connection, "PH", Lane.URGENT, Halt.REFUSED, "why", b"", NOW)
        de, ph = health.channels(connection)
    assert (de.key, de.queued, de.oldest_queued_at) == (("DE", "routine"), 2, NOW)
    assert (de.attempts, de.last_error, de.halted) == (1, "Unreachable", False)
    assert (ph.key, ph.queued, ph.oldest_queued_at) == (("PH", "urgent"), 0, None)
    assert (ph.halted, ph.halt) == (True, "refused")


async def test_backlog_and_quarantine(federation: Federation) -> None:
    """What waits for its topic, and what was kept out; rows without bytes."""
    federation["PH"].publish(identification(origin="PH", reference="PH-1"))
    await federation["PH"].drain("DE")
    [theirs] = federation["DE"].arrived()
    federation["FR"].publish(identification(root=theirs.head.id))
    await federation["FR"].drain("DE")
    with federation["DE"].database.read() as connection:
        assert health.backlog(connection) == 1
        assert health.quarantined(connection) == 1
        [row] = health.quarantine_rows(connection)
    assert row.sender == "FR"
    assert "data" not in row._mapping


def test_incidents(federation: Federation) -> None:
    """Newest first, of one peer or of all; the same again moves its instant only."""
    with federation["DE"].database.begin() as connection:
        for at, peer in ((1, "FR"), (2, "PH"), (3, "FR")):
            incident(connection, IN, peer, Lane.ROUTINE, Place(1, 1), "gap", "detail", b"", at)
        assert [(row.peer, row.at) for row in health.incidents(connection)] == [
            ("FR", 3),
            ("PH", 2),
        ]
        assert [row.peer for row in health.incidents(connection, "PH")] == ["PH"]
