"""What a duty officer is told of each notification and recipient."""

from __future__ import annotations

import pytest

from gateway.block import Place
from gateway.channel import Halt
from gateway.ledger import outgoing
from gateway.ledger.deliveries import UNKNOWN_AFTER_MS, Delivery, Status, receipt_of, search
from gateway.ledger.tables import deliveries
from gateway.receipt import Disposition, Receipt, verify_signed
from gateway.wire import Lane
from schemas.errors import Unreachable
from schemas.members import MemberStatus
from tests.gateway.federation import NOW, Federation, identification, keys_of


def found(federation: Federation, **wanted: object) -> list[Delivery]:
    """What FR's officer sees now."""
    with federation["FR"].database.read() as connection:
        return list(search(connection, now_ms=federation.now_ms, **wanted))  # type: ignore[arg-type]


def status(federation: Federation) -> tuple[Status, str, int]:
    """Of the only delivery: status, reason, since when."""
    [one] = found(federation)
    return one.status, one.reason, one.since


async def test_queued(federation: Federation) -> None:
    """Waits, and why: nothing, the last failure, or a halt."""
    sender = federation["FR"]
    sender.publish(identification())
    federation.now_ms += 5
    assert status(federation) == (Status.QUEUED, "", NOW)
    with sender.database.begin() as connection:
        outgoing.back_off(connection, "DE", Lane.ROUTINE, until_ms=0, error="Unreachable")
    assert status(federation) == (Status.QUEUED, "Unreachable", NOW)
    with sender.database.begin() as connection:
        outgoing.halt(connection, "DE", Lane.ROUTINE, Halt.REFUSED, "why", b"", NOW)
    assert status(federation) == (Status.QUEUED, "refused", NOW)


async def test_sent_then_unknown(federation: Federation) -> None:
    """No receipt means unknown, never not delivered."""
    sender = federation["FR"]
    sender.publish(identification())
    federation.now_ms += 7
    sender.wire.lose_answers = 1
    with pytest.raises(Unreachable):
        await sender.step("DE")
    federation.now_ms = NOW + 7 + UNKNOWN_AFTER_MS
    assert status(federation) == (Status.SENT, "", NOW + 7)
    federation.now_ms += 1
    assert status(federation) == (Status.UNKNOWN, "", NOW + 7)


async def test_received_then_processed(federation: Federation) -> None:
    """Durably stored by the recipient's signed word; then in effect, by its signed position."""
    sender = federation["FR"]
    sender.publish(identification())
    federation.now_ms += 3
    await sender.drain("DE")
    assert status(federation) == (Status.RECEIVED, "", NOW + 3)
    with sender.database.begin() as connection:
        outgoing.note_processed(connection, "DE", Lane.ROUTINE, Place(1, 1))
    assert status(federation)[0] is Status.PROCESSED
    [one] = found(federation)
    with sender.database.read() as connection:
        receipt = receipt_of(connection, one)
    assert receipt is not None
    assert verify_signed(Receipt, receipt, keys_of("DE").signing_keys).place == one.block


@pytest.mark.parametrize("disposition", [d for d in Disposition if d.refused])
async def test_refused(federation: Federation, disposition: Disposition) -> None:
    """With the recipient's reason."""
    federation["FR"].publish(identification())
    await federation["FR"].drain("DE")
    with federation["FR"].database.begin() as connection:
        connection.execute(deliveries.update().values(disposition=disposition))
    assert status(federation) == (Status.REFUSED, disposition.label, NOW)


async def test_held(federation: Federation) -> None:
    """Stored, and not readable there yet."""
    federation["FR"].publish(identification())
    await federation["FR"].drain("DE")
    with federation["FR"].database.begin() as connection:
        connection.execute(deliveries.update().values(disposition=Disposition.HELD))
    reason = "the recipient's node does not know the schema yet"
    assert status(federation) == (Status.HELD, reason, NOW)


async def test_a_duplicate_was_received(federation: Federation) -> None:
    """It is there, whichever block brought it."""
    federation["FR"].publish(identification())
    await federation["FR"].drain("DE")
    with federation["FR"].database.begin() as connection:
        connection.execute(deliveries.update().values(disposition=Disposition.DUPLICATE))
    assert status(federation)[0] is Status.RECEIVED


async def test_withheld(federation: Federation) -> None:
    """By the rule of our own policy."""
    federation.directory.change("DE", status=MemberStatus.SUSPENDED)
    federation["FR"].publish(identification())
    assert status(federation) == (Status.WITHHELD, "suspended", NOW)
    [one] = found(federation)
    with federation["FR"].database.read() as connection:
        assert (one.block, receipt_of(connection, one)) == (None, None)


async def test_search(federation: Federation) -> None:
    """By id or reference, recipient, status, age; newest first, no more than asked for."""
    sender = federation["FR"]
    old = identification(reference="FR-old", recipients=("DE", "PH"))
    new = identification(reference="FR-new", recipients=("PH",))
    sender.publish(old)
    federation.now_ms += 10
    sender.publish(new)
    await sender.drain("PH")
    everything = found(federation)
    assert [(one.reference, one.recipient) for one in everything] == [
        ("FR-new", "PH"),
        ("FR-old", "PH"),
        ("FR-old", "DE"),
    ]
    assert found(federation, name="FR-old") == everything[1:]
    assert found(federation, name=new.head.id) == everything[:1]
    assert found(federation, recipient="DE") == everything[2:]
    assert found(federation, status=Status.QUEUED) == everything[2:]
    assert found(federation, since=NOW + 1) == everything[:1]
    assert found(federation, limit=2) == everything[:2]
    assert found(federation, status=Status.RECEIVED, limit=1) == everything[:1]
    assert found(federation, name="nothing") == []
