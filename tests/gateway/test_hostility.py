"""What one hostile member may cost the others: nothing (design, I9)."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import replace

import pytest

from gateway.answer import Answer
from gateway.block import Channel, Header, Place
from gateway.ledger.tables import arrivals, quarantine
from gateway.receipt import Disposition, Position, signed, signer_key_ids, verify_signed
from gateway.sealing import Opener
from gateway.signing import Signer
from gateway.wire import ZERO_HASH, Lane
from schemas import catalogue
from schemas.codec import encode
from schemas.errors import VerificationFailed
from schemas.markings import Relation
from schemas.members import Member
from tests.gateway import crafting
from tests.gateway.federation import NOW, Federation, identification, keys_of

CHANNEL = Channel("FR", "DE", Lane.ROUTINE)
GOOD = {
    "type": "urn:liaison:problem:gap",
    "title": "blocks are missing",
    "status": 409,
    "detail": "send them",
    "kind": "gap",
    "time": 1,
    "statement": "",
    "receipt": "",
}


def position(place: Place, processed: Place) -> bytes:
    """A position that DE signs, whatever it says."""
    signer = keys_of("DE").signer
    keys = signer_key_ids(signer.public)
    said = Position(CHANNEL, place, ZERO_HASH, ZERO_HASH, processed, NOW, keys)
    return signed(said, signer)


@pytest.mark.parametrize(
    ("place", "processed"),
    [
        (Place(1, 2**63), Place()),
        (Place(1, 1), Place(1, 2**64 - 1)),
        (Place(0, 1), Place()),
        (Place(1, 0), Place()),
        (Place(1, 1), Place(1, 0)),
    ],
)
def test_a_place_that_no_database_keeps_is_malformed(place: Place, processed: Place) -> None:
    """A signed position with such a place does not verify, so nobody tries to store it."""
    with pytest.raises(VerificationFailed, match="counted"):
        verify_signed(Position, position(place, processed), [keys_of("DE").signer.public])


@pytest.mark.parametrize("place", [Place(1, 2**63), Place(0, 1), Place(1, 0), Place()])
def test_a_header_with_such_a_place_does_not_parse(place: Place) -> None:
    """A block is refused in step 4 before anything of it reaches the database."""
    made = crafting.frame(place=place)
    with pytest.raises(VerificationFailed, match="counted"):
        Header.parse(made.block.header)


@pytest.mark.parametrize("time", ["1e999", "Infinity", "NaN", "null", '"x"', "[]"])
def test_a_clock_that_is_no_number_is_no_answer(time: str) -> None:
    """Only the refusal to read it escapes: the workers of other channels go on."""
    body = json.dumps(GOOD).replace('"time": 1', f'"time": {time}')
    with pytest.raises(VerificationFailed, match="no answer"):
        Answer.parse(409, body.encode(), None)


@pytest.mark.parametrize("member", ["type", "title", "detail"])
def test_a_peers_words_are_fit_for_terminal_and_database(member: str) -> None:
    """Control characters, lone surrogates and overlong texts do not come through."""
    answer = Answer.parse(
        409, json.dumps(GOOD | {member: "\x1b[2J\ud800\x00" + "x" * 5000}).encode(), None
    )
    for text in (answer.code, answer.problem, answer.remedy):
        assert text.isprintable()
        assert len(text.encode()) <= 2000


async def test_an_id_of_another_jurisdiction_is_refused(federation: Federation) -> None:
    """Who takes another's id cannot pass as its origin later: it is refused as a conflict."""
    original = identification(recipients=("DE", "PH"))
    federation["FR"].publish(original)
    await federation["FR"].drain("DE")
    stolen = identification(origin="PH", reference="PH-1", id=original.head.id)
    cancel = identification(
        origin="PH", reference="PH-2", root=original.head.id, relation=Relation.CANCEL
    )
    federation["PH"].publish(stolen, cancel)
    await federation["PH"].drain("DE")
    assert federation["DE"].arrived() == [original]
    assert [row.disposition for row in federation["DE"].rows(quarantine)] == [
        Disposition.ID_CONFLICT,
        Disposition.NOT_OWN_CHAIN,
    ]


async def test_an_id_of_our_own_is_refused(federation: Federation) -> None:
    """Nobody sends us a notification under an id that we gave."""
    ours = identification(origin="DE", reference="DE-1", recipients=("FR",))
    federation["DE"].publish(ours)
    federation["FR"].publish(identification(id=ours.head.id))
    await federation["FR"].drain("DE")
    assert federation["DE"].arrived() == []
    assert [row.disposition for row in federation["DE"].rows(quarantine)] == [
        Disposition.ID_CONFLICT
    ]


async def test_a_held_item_without_its_key_holds_up_no_other(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key was destroyed: it stays held, and what can be read after an upgrade is released."""
    known, former = identification(), Opener.generate()
    recipient = federation.rotate("DE", replace(keys_of("DE"), openers=(former,)))
    lost = crafting.frame(b"\xc3\x01" + bytes(8) + b"body", to=former.public)
    federation.deliver("FR", "DE", Lane.ROUTINE, lost.to_bytes())
    recipient = federation.rotate("DE", keys_of("DE"))
    sent = crafting.frame(encode(known), place=Place(1, 2), previous=lost.block.hash)
    monkeypatch.setattr(catalogue, "by_prefix", dict)
    federation.deliver("FR", "DE", Lane.ROUTINE, sent.to_bytes())
    monkeypatch.undo()
    with recipient.database.begin() as connection:
        assert recipient.receiver.release_held(connection, federation.now_ms) == 1
    assert recipient.arrived() == [known]
    assert [row.released_at for row in recipient.rows(quarantine)] == [None, NOW]


def test_held_items_are_released_by_the_block_whatever_became_of_its_senders_keys(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each block is opened once; its signatures were verified when it came."""
    recipient = federation["DE"]
    sent = [identification(reference=f"FR-{i}") for i in range(8)]
    monkeypatch.setattr(catalogue, "by_prefix", dict)
    federation.deliver("FR", "DE", Lane.ROUTINE, crafting.frame(*map(encode, sent)).to_bytes())
    monkeypatch.undo()
    federation.directory.change("FR", signing=(Signer.generate().public,))
    opened = []
    opener = keys_of("DE").openers[0]
    monkeypatch.setattr(
        type(opener), "open", lambda *said, real=Opener.open: opened.append(1) or real(*said)
    )
    with recipient.database.begin() as connection:
        assert recipient.receiver.release_held(connection, federation.now_ms) == len(sent)
    assert recipient.arrived() == sent
    assert len(opened) == 1
    assert [row.item for row in recipient.rows(arrivals)] == list(range(8))


async def test_an_error_nobody_thought_of_ends_one_channel_only(federation: Federation) -> None:
    """What one peer leads its worker into does not take the others down with it."""
    sender = federation["FR"]
    sender.publish(identification(recipients=("DE", "PH")))
    send = sender.wire.send

    async def misled(member: Member, lane: Lane, frame: bytes) -> Answer:
        if member.code == "DE":
            raise RuntimeError("not one of our errors")
        return await send(member, lane, frame)

    sender.wire.send = misled  # type: ignore[method-assign]
    running = asyncio.create_task(sender.courier.run())
    async with asyncio.timeout(10):
        while not federation["PH"].arrived():
            await asyncio.sleep(0.01)
    assert not running.done()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
