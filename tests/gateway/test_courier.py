"""The workers: back-off, halts, cancellation, and nobody's trouble is another's."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from gateway import courier as courier_module
from gateway.answer import Answer
from gateway.channel import Halt
from gateway.courier import FIRST_BACK_OFF_S, LONGEST_BACK_OFF_S, Courier, Peer
from gateway.ledger import outgoing
from gateway.ledger.tables import channels_out, deliveries
from gateway.wire import Lane
from schemas.errors import Unreachable
from schemas.markings import Urgency
from schemas.members import Member
from tests.gateway.federation import Federation, Gateway, identification


def courier_of(federation: Federation, peer: Peer | None = None) -> Courier:
    """FR's courier by the real clock."""
    sender = federation["FR"]
    return Courier(
        "FR",
        sender.database,
        lambda: federation.directory,
        sender.sealer,
        peer or sender.wire,
        lambda: time.time_ns() // 1_000_000,
    )


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds takes hundredths."""
    monkeypatch.setattr(courier_module, "LOOK_EVERY_S", 0.03)
    monkeypatch.setattr(courier_module, "FIRST_BACK_OFF_S", 0.02)


@contextlib.asynccontextmanager
async def running(courier: Courier) -> AsyncIterator[None]:
    """Ends without anything but the cancellation."""
    task = asyncio.create_task(courier.run())
    try:
        yield
        assert not task.done()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(what: Callable[[], bool]) -> None:
    """Waits for it."""
    async with asyncio.timeout(10):
        while not what():
            await asyncio.sleep(0.01)


def waiting(gateway: Gateway) -> list[tuple[str, str]]:
    """Recipient and state of what is not settled."""
    rows = gateway.rows(deliveries)
    return [(row.recipient, row.state) for row in rows if row.state != "done"]


class Faulty:
    """A peer that is told how to fail: by recipient, a callable that raises, or waits."""

    def __init__(self, wire: Any, **faults: Callable[[], Any]) -> None:
        self._wire = wire
        self.faults = faults
        self.asked: list[str] = []

    async def send(self, member: Member, lane: Lane, frame: bytes) -> Answer:
        self.asked.append(member.code)
        if member.code in self.faults:
            await self.faults[member.code]()
        return await self._wire.send(member, lane, frame)

    async def position(self, member: Member, lane: Lane) -> Answer:
        return await self._wire.position(member, lane)


async def gone() -> None:
    """Nobody there."""
    raise Unreachable("told to be gone")


async def test_delivers_and_learns_how_far_it_was_processed(federation: Federation) -> None:
    """To each recipient, in both lanes, without being told when."""
    federation["FR"].publish(
        identification(reference="FR-1", recipients=("DE", "PH", "XI")),
        identification(reference="FR-2", urgency=Urgency.URGENT),
    )
    async with running(courier_of(federation)):
        await until(lambda: not waiting(federation["FR"]))
    assert len(federation["DE"].arrived()) == 2
    assert len(federation["PH"].arrived()) == len(federation["XI"].arrived()) == 1


async def test_what_is_published_later_goes_when_woken(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a channel that exists and in one that does not yet."""
    monkeypatch.setattr(courier_module, "LOOK_EVERY_S", 60.0)
    courier = courier_of(federation)
    async with running(courier):
        for code in ("DE", "PH", "DE"):
            await asyncio.sleep(0.02)
            federation["FR"].publish(identification(recipients=(code,)))
            courier.wake()
            await until(lambda: not waiting(federation["FR"]))


async def test_back_off_doubles_with_jitter(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To a bound, never all at once, and kept in the ledger."""
    monkeypatch.setattr(courier_module, "FIRST_BACK_OFF_S", FIRST_BACK_OFF_S)
    sender, key = federation["FR"], ("DE", Lane.ROUTINE)
    sender.publish(identification())
    for attempt in range(12):
        pause = await sender.courier._back_off(key, Unreachable("gone"))
        longest = min(FIRST_BACK_OFF_S * 2**attempt, LONGEST_BACK_OFF_S)
        assert 0.7 * longest <= pause <= longest
        destination = sender.destination("DE")
        assert destination.attempts == attempt + 1
        assert destination.next_attempt_at == federation.now_ms + int(pause * 1000)
    pauses = {await sender.courier._back_off(key, Unreachable("gone")) for _ in range(5)}
    assert len(pauses) > 1
    [row] = sender.rows(channels_out)
    assert row.last_error == "Unreachable"


async def test_one_away_costs_the_others_nothing(federation: Federation) -> None:
    """The others get theirs at once; the one gets its own when it is back."""
    peer = Faulty(federation["FR"].wire, DE=gone)
    federation["FR"].publish(
        *(identification(reference=f"FR-{i}", recipients=("DE", "PH")) for i in range(3))
    )
    async with running(courier_of(federation, peer)):
        await until(lambda: {code for code, _ in waiting(federation["FR"])} == {"DE"})
        assert len(federation["PH"].arrived()) == 3
        await until(lambda: federation["FR"].destination("DE").attempts >= 2)
        peer.faults.clear()
        await until(lambda: not waiting(federation["FR"]))
    assert federation["FR"].destination("DE").attempts == 0
    assert len(federation["DE"].arrived()) == 3


async def test_one_that_does_not_answer_costs_the_others_nothing(federation: Federation) -> None:
    """It hangs; everybody else, and its other direction, goes on."""
    peer = Faulty(federation["FR"].wire, DE=asyncio.Event().wait)
    federation["FR"].publish(identification(recipients=("DE", "PH")))
    async with running(courier_of(federation, peer)):
        await until(lambda: waiting(federation["FR"]) == [("DE", "sealed")])


async def test_a_halted_lane_leaves_the_other_alone(federation: Federation) -> None:
    """And goes on when the operator says so."""
    sender = federation["FR"]
    sender.publish(
        identification(reference="FR-1"), identification(reference="FR-2", urgency=Urgency.URGENT)
    )
    with sender.database.begin() as connection:
        outgoing.halt(connection, "DE", Lane.ROUTINE, Halt.REFUSED, "why", b"", 0)
    async with running(courier_of(federation)):
        await until(lambda: waiting(sender) == [("DE", "queued")])
        await asyncio.sleep(0.1)
        assert waiting(sender) == [("DE", "queued")]
        with sender.database.begin() as connection:
            outgoing.resume(connection, "DE", Lane.ROUTINE)
        await until(lambda: not waiting(sender))


async def test_a_member_that_is_not_listed_waits(federation: Federation) -> None:
    """Nothing is dropped: it goes when the directory lists it again."""
    sender, listed = federation["FR"], federation.directory.member("DE")
    assert listed is not None
    sender.publish(identification(recipients=("DE", "PH")))
    federation.directory.remove("DE")
    async with running(courier_of(federation)):
        await until(lambda: waiting(sender) == [("DE", "queued")])
        federation.directory.add(listed)
        await until(lambda: not waiting(sender))


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_cancellation_loses_nothing(federation: Federation, moment: str) -> None:
    """Killed while a block is on its way: the next start sends the same bytes, once effective."""
    sender, reached = federation["FR"], asyncio.Event()

    class Cut:
        async def send(self, member: Member, lane: Lane, frame: bytes) -> Answer:
            if moment == "after":
                await sender.wire.send(member, lane, frame)
            else:
                sender.wire.sent.append(frame)
            reached.set()
            await asyncio.Event().wait()
            raise AssertionError

        async def position(self, member: Member, lane: Lane) -> Answer:
            raise Unreachable("no")

    sent = [identification(reference=f"FR-{i}") for i in range(3)]
    sender.publish(*sent)
    async with running(courier_of(federation, Cut())):
        await reached.wait()
    async with running(courier_of(federation)):
        await until(lambda: not waiting(sender))
    assert sender.wire.sent[0] == sender.wire.sent[1]
    assert federation["DE"].arrived() == sent


async def test_greets_on_start(federation: Federation) -> None:
    """Whoever backed off from us while we were away tries again at once."""
    away = federation["DE"]
    away.publish(identification(origin="DE", recipients=("FR",)))
    await away.courier._back_off(("FR", Lane.ROUTINE), Unreachable("gone"))
    assert away.destination("FR").attempts == 1
    async with running(courier_of(federation)):
        await until(lambda: away.destination("FR").attempts == 0)


async def test_a_start_forgets_back_offs(federation: Federation) -> None:
    """Whatever was wrong, everyone is tried at once."""
    sender = federation["FR"]
    sender.publish(identification())
    later = time.time_ns() // 1_000_000 + 3_600_000
    with sender.database.begin() as connection:
        outgoing.back_off(connection, "DE", Lane.ROUTINE, until_ms=later, error="x")
    async with running(courier_of(federation)):
        await until(lambda: not waiting(sender))


async def test_a_wake_up_does_not_hide_a_cancellation() -> None:
    """Both in the same moment: the worker ends all the same, and with it the node."""
    for turns in range(4):
        event = asyncio.Event()
        waiting = asyncio.create_task(courier_module._wait(event, 60))
        for _ in range(3):
            await asyncio.sleep(0)
        event.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        if not waiting.done():
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting


async def test_greets_after_standing_still(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was stopped and goes on shows itself to those who backed off meanwhile."""
    away, started = federation["DE"], time.time_ns() // 1_000_000
    skipped_ms = [0]
    courier = courier_of(federation)
    monkeypatch.setattr(courier, "_now_ms", lambda: started + skipped_ms[0])
    away.publish(identification(origin="DE", recipients=("FR",)))
    await away.courier._back_off(("FR", Lane.ROUTINE), Unreachable("gone"))
    async with running(courier):
        await until(lambda: away.destination("FR").attempts == 0)
        await away.courier._back_off(("FR", Lane.ROUTINE), Unreachable("gone"))
        await asyncio.sleep(0.1)
        assert away.destination("FR").attempts == 1
        skipped_ms[0] = courier_module.AWAY_MS + 1
        await until(lambda: away.destination("FR").attempts == 0)


async def test_a_receipt_in_one_lane_ends_the_back_off_of_the_other(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An urgent notification does not sit out a pause while routine ones are delivered."""
    monkeypatch.setattr(courier_module, "FIRST_BACK_OFF_S", 3600.0)
    monkeypatch.setattr(courier_module, "LONGEST_BACK_OFF_S", 3600.0)
    sender = federation["FR"]
    peer = Faulty(sender.wire, DE=gone)
    sender.publish(identification(reference="FR-1", urgency=Urgency.URGENT))
    courier = courier_of(federation, peer)
    async with running(courier):
        await until(lambda: sender.destination("DE", Lane.URGENT).attempts == 1)
        peer.faults.clear()
        sender.publish(identification(reference="FR-2"))
        courier._look.set()
        await until(lambda: not waiting(sender))
