"""Chains verified offline: every kind of flaw is found, and what is no flaw is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.block import Place
from gateway.ledger import outgoing
from gateway.ledger.audit import Report, verify_ledger
from gateway.ledger.blocks import erase_body
from gateway.ledger.tables import IN, OUT, blocks
from gateway.receipt import Disposition
from gateway.signing import Signer
from gateway.wire import Lane
from schemas.errors import Unreachable
from schemas.markings import Urgency
from tests.gateway.crafting import frame, receipt_for
from tests.gateway.federation import Federation, identification, keys_of

pytestmark = pytest.mark.parametrize("code", ["FR", "DE"])


async def chain(federation: Federation, count: int = 3) -> None:
    """So many blocks from FR to DE, each with its receipt."""
    for i in range(count):
        federation["FR"].publish(identification(reference=f"FR-{i}"))
        await federation["FR"].drain("DE")


def audit(federation: Federation, code: str, *wanted: str) -> list[Report]:
    """What ``code`` finds in its ledger."""
    gateway = federation[code]
    with gateway.database.read() as connection:
        return list(
            verify_ledger(connection, code, gateway.keys.signing_keys, federation.directory, wanted)
        )


def change(federation: Federation, code: str, of: int, **values: Any) -> None:
    """As somebody with the database file could."""
    with federation[code].database.begin() as connection:
        connection.execute(blocks.update().where(blocks.c.sequence == of).values(**values))


def column(federation: Federation, code: str, sequence: int, name: str) -> bytes:
    """A value of a block's row."""
    with federation[code].database.read() as connection:
        query = sa.select(blocks.c[name]).where(blocks.c.sequence == sequence)
        return bytes(connection.scalar(query))


def flip(data: bytes, at: int) -> bytes:
    """One bit."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


async def test_whole(federation: Federation, code: str) -> None:
    """Nothing to find; what was counted is told."""
    await chain(federation)
    federation["FR"].publish(identification(urgency=Urgency.URGENT))
    await federation["FR"].drain("DE", Lane.URGENT)
    urgent, routine = audit(federation, code)
    assert (urgent.ok, routine.ok) == (True, True)
    assert (routine.blocks, routine.items, routine.receipts) == (3, 3, 3)
    assert (routine.last, routine.direction) == (Place(1, 3), OUT if code == "FR" else IN)
    [only] = audit(federation, code, "FR-DE-urgent")
    assert str(only.channel) == "FR-DE-urgent"
    assert audit(federation, code, "FR-PH-urgent") == []


Spoil = Callable[[Federation, str], None]
FLAWS: dict[str, tuple[Spoil, str]] = {
    "changed header": (
        lambda f, c: change(f, c, 2, header=flip(column(f, c, 2, "header"), 59)),
        "block 1/2: the header or the body's hash was changed",
    ),
    "changed header and hash": (
        lambda f, c: change(f, c, 2, body_hash=bytes(32), body=None),
        "block 1/2: the header or the body's hash was changed",
    ),
    "unreadable header": (
        lambda f, c: change(f, c, 2, header=b"\2"),
        "block 1/2: protocol version 2, this gateway speaks 1",
    ),
    "changed body": (
        lambda f, c: change(f, c, 2, body=flip(column(f, c, 2, "body"), 5)),
        "block 1/2: the sealed body is not the one that was signed",
    ),
    "moved block": (
        lambda f, c: change(f, c, 3, sequence=4),
        "block 1/4: the header names another place than the block is kept at",
    ),
    "changed signature": (
        lambda f, c: change(f, c, 2, signatures=flip(column(f, c, 2, "signatures"), 100)),
        "block 1/2: a signature does not verify",
    ),
    "cut signature": (
        lambda f, c: change(f, c, 2, signatures=b"short"),
        "block 1/2: two signatures have 3373 bytes",
    ),
    "swapped receipt": (
        lambda f, c: change(f, c, 2, receipt=column(f, c, 1, "receipt")),
        "block 1/2: its receipt is for another block",
    ),
    "changed receipt": (
        lambda f, c: change(f, c, 2, receipt=flip(column(f, c, 2, "receipt"), 80)),
        "block 1/2: a signature does not verify",
    ),
    "no receipt at all": (
        lambda f, c: change(f, c, 2, receipt=b"receipt"),
        "block 1/2: the bytes end before the form does",
    ),
}


@pytest.mark.parametrize("flaw", FLAWS)
async def test_flaws(federation: Federation, code: str, flaw: str) -> None:
    """Each is found at its place, by either end."""
    await chain(federation)
    spoil, found = FLAWS[flaw]
    spoil(federation, code)
    [report] = audit(federation, code)
    assert not report.ok
    assert report.flaws[0] == found


async def test_missing_block(federation: Federation, code: str) -> None:
    """In the middle or at the beginning."""
    await chain(federation)
    for sequence, following in ((2, 3), (1, 3)):
        with federation[code].database.begin() as connection:
            connection.execute(blocks.delete().where(blocks.c.sequence == sequence))
        [report] = audit(federation, code)
        assert report.flaws[0] == f"block 1/{following}: blocks before it are missing"


async def test_missing_receipt(federation: Federation, code: str) -> None:
    """A later block shows that there was one; who accepts always gives one."""
    await chain(federation)
    change(federation, code, 2, receipt=None)
    [report] = audit(federation, code)
    assert (
        report.flaws[0]
        == {
            "FR": "block 1/2: its receipt is missing",
            "DE": "block 1/2: it was accepted without a receipt",
        }[code]
    )


async def test_foreign_keys(federation: Federation, code: str) -> None:
    """Rightly signed by somebody: not by one whom the directory lists."""
    await chain(federation, 1)
    stranger = Signer.generate()
    made = frame(signer=stranger)
    block = made.block
    change(
        federation,
        code,
        1,
        header=block.header,
        body=block.body,
        body_hash=block.body_hash,
        block_hash=block.hash,
        signatures=block.signatures.to_bytes(),
    )
    [report] = audit(federation, code)
    assert report.flaws == ["block 1/1: it is signed with keys that are not known here"]


async def test_foreign_receipt(federation: Federation, code: str) -> None:
    """Right in all but who signed it."""
    await chain(federation, 1)
    gateway = federation["FR"]
    with gateway.database.read() as connection:
        sent = outgoing.frame_at(connection, "DE", Lane.ROUTINE, Place(1, 1))
    change(federation, code, 1, receipt=receipt_for(sent, keys_of("PH").signer))
    [report] = audit(federation, code)
    assert report.flaws == [
        "block 1/1: the statement is signed with keys that are not its signer's"
    ]


async def test_a_receipt_with_too_few_dispositions(federation: Federation, code: str) -> None:
    """Signed by the right one, of the right block, and yet not its receipt."""
    await chain(federation, 1)
    with federation["FR"].database.read() as connection:
        sent = outgoing.frame_at(connection, "DE", Lane.ROUTINE, Place(1, 1))
    two = receipt_for(sent, dispositions=(Disposition.ACCEPTED,) * 2)
    change(federation, code, 1, receipt=two)
    [report] = audit(federation, code)
    assert report.flaws == ["block 1/1: its receipt is for another block"]


async def test_a_receipt_out_of_its_chain(federation: Federation, code: str) -> None:
    """It names another receipt before it."""
    await chain(federation, 2)
    with federation["FR"].database.read() as connection:
        sent = outgoing.frame_at(connection, "DE", Lane.ROUTINE, Place(1, 2))
    change(federation, code, 2, receipt=receipt_for(sent, previous_receipt=bytes([9]) * 32))
    [report] = audit(federation, code)
    assert report.flaws == ["block 1/2: its receipt does not name the receipt before it"]


async def test_an_epoch_from_nowhere(federation: Federation, code: str) -> None:
    """It begins from a receipt that nobody knows."""
    await chain(federation, 2)
    with federation[code].database.begin() as connection:
        connection.execute(blocks.delete().where(blocks.c.sequence == 2))
    made = frame(place=Place(2, 1), previous=bytes([9]) * 32)
    change(
        federation,
        code,
        1,
        epoch=2,
        header=made.block.header,
        body=made.block.body,
        body_hash=made.block.body_hash,
        block_hash=made.block.hash,
        signatures=made.block.signatures.to_bytes(),
        receipt=receipt_for(made),
    )
    [report] = audit(federation, code)
    assert report.flaws == ["block 2/1: its epoch begins from a receipt that is not known here"]


async def test_erased_is_no_flaw(federation: Federation, code: str) -> None:
    """The content goes, the chain stays, and it is told."""
    await chain(federation)
    peer, direction = ("DE", OUT) if code == "FR" else ("FR", IN)
    with federation[code].database.begin() as connection:
        erase_body(connection, direction, peer, Lane.ROUTINE, Place(1, 2))
    [report] = audit(federation, code)
    assert (report.ok, report.erased, report.blocks) == (True, 1, 3)


async def test_in_flight_is_no_flaw(federation: Federation, code: str) -> None:
    """One newest block without receipt."""
    await chain(federation)
    federation["FR"].wire.lose_answers = 1
    federation["FR"].publish(identification(reference="FR-last"))
    with pytest.raises(Unreachable):
        await federation["FR"].step("DE")
    [report] = audit(federation, code)
    assert (report.ok, report.in_flight) == (True, 1 if code == "FR" else 0)


async def test_abandoned_and_restored_are_no_flaws(federation: Federation, code: str) -> None:
    """A fork, a new epoch, a restored recipient: both chains hang together."""
    await chain(federation, 1)
    backups = {one: federation.backup(one, f"{one}-backup.db") for one in ("FR", "DE")}
    await chain(federation, 2)
    federation.restore("FR", backups["FR"])
    await chain(federation, 1)
    federation.restore("DE", backups["DE"])
    await chain(federation, 1)
    reports = audit(federation, code)
    assert [report.flaws for report in reports] == [[]]
    assert reports[0].abandoned == (0 if code == "DE" else reports[0].abandoned)
    assert reports[0].last.epoch > 1
