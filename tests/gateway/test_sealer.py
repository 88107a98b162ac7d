"""What goes into a block, and what policy keeps back at the last moment."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.block import (
    MAX_CONTENT_BYTES,
    MAX_ITEMS,
    SEALING_BYTES,
    Frame,
    Header,
    Place,
    padded_length,
)
from gateway.channel import Overtaken
from gateway.ledger import outgoing
from gateway.ledger.tables import blocks, deliveries, outbound
from gateway.receipt import receipt_hash
from gateway.wire import ZERO_HASH, Lane
from schemas.codec import encode
from schemas.members import MemberStatus
from tests.gateway.federation import Federation, Gateway, identification


def seal(federation: Federation, lane: Lane = Lane.ROUTINE) -> tuple[Place, Frame] | None:
    """FR's next block for DE."""
    sender, member = federation["FR"], federation.directory.member("DE")
    assert member is not None
    with sender.database.begin() as connection:
        return sender.sealer.next_block(connection, member, lane, federation.now_ms)


def states(gateway: Gateway) -> list[tuple[str, str | None]]:
    """State and reason of every delivery, in order."""
    return [(row.state, row.reason) for row in gateway.rows(deliveries)]


def sealed_count(made: Any) -> int:
    """Items in a block."""
    return len(Header.parse(made[1].block.header).commitments)


def test_nothing_to_send(federation: Federation) -> None:
    """No block is made of nothing; the other lane's queue is not ours."""
    assert seal(federation) is None
    federation["FR"].publish(identification())
    assert seal(federation, Lane.URGENT) is None


def test_a_block_tells_no_more_than_its_header(federation: Federation) -> None:
    """No id, reference or name in the frame; the body has a Padmé size."""
    sent = identification(reference="FR-SECRET-7", names=("Maëlle Example",))
    federation["FR"].publish(sent)
    made = seal(federation)
    assert made is not None
    data = made[1].to_bytes()
    for told in (sent.head.id, "FR-SECRET-7", "Maëlle", "identification", encode(sent).hex()):
        assert told.encode() not in data
    body = made[1].block.body
    assert body is not None
    content = len(body) - SEALING_BYTES
    assert content == padded_length(content)


def test_salts_differ(federation: Federation) -> None:
    """The same notification twice has two commitments: nobody can test a guess."""
    federation["FR"].publish(identification(recipients=("DE", "PH")))
    made = seal(federation)
    member = federation.directory.member("PH")
    assert made is not None
    assert member is not None
    with federation["FR"].database.begin() as connection:
        other = federation["FR"].sealer.next_block(connection, member, Lane.ROUTINE, 0)
    assert other is not None
    assert (
        Header.parse(made[1].block.header).commitments
        != Header.parse(other[1].block.header).commitments
    )


def test_at_most_512_items(federation: Federation) -> None:
    """The rest waits, in its order."""
    federation["FR"].publish(*(identification(reference=f"FR-{i}") for i in range(MAX_ITEMS + 1)))
    made = seal(federation)
    assert sealed_count(made) == MAX_ITEMS
    assert states(federation["FR"])[-2:] == [("sealed", None), ("queued", None)]


async def test_at_most_a_mebibyte(federation: Federation) -> None:
    """Large notifications go in several blocks; each arrives, in order."""
    sent = [identification(reference=f"FR-{i}", series="é漢" * 49_000) for i in range(9)]
    federation["FR"].publish(*sent)
    made = seal(federation)
    assert made is not None
    assert made[1].block.body is not None
    assert sealed_count(made) == 4
    assert len(made[1].block.body) <= MAX_CONTENT_BYTES + SEALING_BYTES
    await federation["FR"].drain("DE")
    assert federation["DE"].arrived() == sent


def test_policy_is_asked_at_sealing(federation: Federation) -> None:
    """Suspended since, erased since: withheld with the rule, and the rest goes."""
    sender = federation["FR"]
    erased, good = identification(reference="FR-1"), identification(reference="FR-2")
    sender.publish(erased, good)
    with sender.database.begin() as connection:
        connection.execute(
            outbound.update().where(outbound.c.notification == erased.head.id).values(data=None)
        )
    assert sealed_count(seal(federation)) == 1
    assert states(sender) == [("withheld", "erased"), ("sealed", None)]


def test_all_withheld(federation: Federation) -> None:
    """However many: no empty block, and nothing is left in the queue."""
    sender = federation["FR"]
    sender.publish(*(identification(reference=f"FR-{i}") for i in range(MAX_ITEMS + 5)))
    federation.directory.change("DE", status=MemberStatus.SUSPENDED)
    assert seal(federation) is None
    assert set(states(sender)) == {("withheld", "suspended")}
    assert sender.rows(blocks) == []


def test_blocks_are_chained(federation: Federation) -> None:
    """Each names the one before; a second is not sealed while one is in flight."""
    sender = federation["FR"]
    sender.publish(identification(reference="FR-1"))
    first = seal(federation)
    assert first is not None
    assert (first[0], Header.parse(first[1].block.header).previous) == (Place(1, 1), ZERO_HASH)
    sender.publish(identification(reference="FR-2"))
    with pytest.raises(AssertionError, match="at most one sealed block without receipt"):
        seal(federation)


async def test_an_epoch_begins_with_its_witness(federation: Federation) -> None:
    """Its first block carries the receipt that it names; no other block carries any."""
    sender = federation["FR"]
    sender.publish(identification(reference="FR-1"))
    await sender.drain("DE")
    [kept] = sender.rows(blocks)
    state = sender.destination("DE").state
    with sender.database.begin() as connection:
        raised = state.epoch_raised(Place(), receipt_hash(kept.receipt))
        outgoing.move(connection, "DE", Lane.ROUTINE, state, raised)
    sender.publish(identification(reference="FR-2"))
    made = seal(federation)
    assert made is not None
    assert made[0] == Place(2, 1)
    assert made[1].receipt == kept.receipt
    assert Header.parse(made[1].block.header).previous == receipt_hash(kept.receipt)


def test_a_channel_moves_for_one_process_only(federation: Federation) -> None:
    """What was decided on an old state is not stored."""
    sender = federation["FR"]
    sender.publish(identification())
    old = sender.destination("DE").state
    seal(federation)
    with (
        pytest.raises(Overtaken, match="moved by another process"),
        sender.database.begin() as connection,
    ):
        outgoing.move(connection, "DE", Lane.ROUTINE, old, old.sealed(Place(1, 1), bytes(32)))
