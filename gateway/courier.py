"""The sending end of the relay: one worker a channel, one block in flight in each.

A worker goes on from what the ledger says, so that killing it at any point loses nothing: a block
that was sealed and has no receipt is sent again, byte for byte. A destination that does not answer
costs the others nothing; its back-off is kept in the ledger and cleared when it calls us.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import structlog

from gateway import answer as answers
from gateway.answer import Answer
from gateway.block import Channel, Frame, Header, Place
from gateway.channel import Overtaken
from gateway.ledger import outgoing, recovery
from gateway.receipt import RefusalCode
from gateway.sealer import Sealer
from gateway.settlement import Settlement
from gateway.wire import Lane
from producers.database import Database
from schemas.errors import LiaisonError, VerificationFailed
from schemas.members import Member
from schemas.ports import Directory

FIRST_BACK_OFF_S = 0.5
LONGEST_BACK_OFF_S = 60.0
LOOK_EVERY_S = 5.0
"""How often channels are looked up in the ledger without being woken."""
AWAY_MS = 15_000
"""Who has not looked for so long was stopped, or is new: others may have backed off from us."""
FIRST_ASK_S = 0.3
"""When the recipient is first asked how far it processed what it received."""
LONGEST_ASK_S = 15.0
QUIET_ASK_S = 60.0
"""How often a recipient that processed everything is asked whether it still has it."""
RESUMES_AT_ONCE = 3
"""Forks and gaps in a row that are answered without waiting; restores in any order need no more."""

CREATED_AHEAD = RefusalCode.CREATED_AHEAD.label

Key = tuple[str, Lane]

_log = structlog.get_logger()


class Peer(Protocol):
    """Another member's gateway."""

    async def send(self, member: Member, lane: Lane, frame: bytes) -> Answer:
        """Its answer to a block; raises :class:`~schemas.errors.Unreachable`."""

    async def position(self, member: Member, lane: Lane) -> Answer:
        """Its signed position; raises :class:`~schemas.errors.Unreachable`."""


class Courier:
    """Sends what the router queued, to everyone at once and to each in order."""

    def __init__(
        self,
        own: str,
        database: Database,
        directory: Callable[[], Directory],
        sealer: Sealer,
        peer: Peer,
        now_ms: Callable[[], int],
    ) -> None:
        self._own = own
        self._database = database
        self._directory = directory
        self._sealer = sealer
        self._settlement = Settlement(directory)
        self._peer = peer
        self._now_ms = now_ms
        self._wakeups: dict[Key, asyncio.Event] = {}
        self._failing: set[Key] = set()
        self._resumed: dict[Key, int] = {}
        self._look = asyncio.Event()

    def wake(self, peer: str | None = None) -> None:
        """Something was queued, or ``peer`` called us: look again now."""
        self._look.set()
        for (recipient, _), event in self._wakeups.items():
            if peer in (None, recipient):
                event.set()

    async def run(self) -> None:
        """Until cancelled."""
        await self._database.transact(outgoing.clear_back_offs)
        looked_at = 0
        async with asyncio.TaskGroup() as workers:
            while True:
                now_ms = self._now_ms()
                if now_ms - looked_at > AWAY_MS:
                    for member in self._directory().members():
                        if member.active and member.code != self._own:
                            workers.create_task(self._greet(member))
                looked_at = now_ms
                for key in await self._database.query(outgoing.open_channels):
                    if key not in self._wakeups:
                        self._wakeups[key] = asyncio.Event()
                        workers.create_task(self._work(key))
                await _wait(self._look, LOOK_EVERY_S)

    async def _work(self, key: Key) -> None:
        """One channel, forever."""
        recipient, lane = key
        log = _log.bind(peer=recipient, lane=lane.label)
        ask_after = FIRST_ASK_S
        while True:
            try:
                worked = await self._step(key)
                ask_after = FIRST_ASK_S if worked else await self._idle(key, ask_after)
            except Overtaken:
                continue
            except LiaisonError as error:
                pause = await self._back_off(key, error)
                log.warning("delivery_failed", error=type(error).__name__, seconds=pause)
                self._failing.add(key)
                await _wait(self._wakeups[key], pause)
                self._failing.discard(key)
            except Exception as error:
                # Whatever one channel's peer led us into, it must not end the others.
                log.exception("delivery_broken", error=type(error).__name__)
                await asyncio.sleep(LONGEST_BACK_OFF_S)

    async def _step(self, key: Key) -> bool:
        """One block on its way, or nothing to do (False)."""
        recipient, lane = key
        channel = Channel(self._own, recipient, lane)
        destination = await self._database.query(outgoing.destination, recipient, lane)
        member = self._directory().member(recipient)
        if destination.halted or member is None or not member.active:
            await _wait(self._wakeups[key], LOOK_EVERY_S)
            return True
        pause = (destination.next_attempt_at - self._now_ms()) / 1000
        if pause > 0:
            await _wait(self._wakeups[key], min(pause, LOOK_EVERY_S))
            return True
        place, frame = destination.state.place, None
        if destination.state.in_flight:
            frame = await self._database.query(outgoing.frame_at, recipient, lane, place)
        else:
            sealed = await self._database.transact(
                self._sealer.next_block, member, lane, self._now_ms()
            )
            if sealed is None:
                return False
            place, frame = sealed
        await self._deliver(member, channel, place, frame)
        return True

    async def _deliver(self, member: Member, channel: Channel, place: Place, frame: Frame) -> None:
        answer = await self._peer.send(member, channel.lane, frame.to_bytes())
        now_ms = self._now_ms()
        if answer.kind == answers.OK:
            self._resumed.pop((channel.recipient, channel.lane), None)
            await self._database.transact(
                self._settlement.receipt, channel, place, frame.block.hash, answer.statement, now_ms
            )
            for key in self._failing:
                if key[0] == channel.recipient:  # it is there again, for its other lane too
                    self._wakeups[key].set()
        elif answer.code == CREATED_AHEAD and Header.parse(frame.block.header).created > now_ms:
            # Our clock was ahead and was set since: the same bytes would wait for that instant.
            await self._database.transact(outgoing.resume, channel.recipient, channel.lane)
        elif answer.retry_after_s is not None:
            seconds = max(1, min(answer.retry_after_s, int(LONGEST_BACK_OFF_S)))
            await self._database.transact(
                outgoing.back_off,
                channel.recipient,
                channel.lane,
                until_ms=now_ms + 1000 * seconds,
                error=answer.code,
            )
        elif answer.kind == answers.REFUSED:
            await self._database.transact(self._settlement.refused, channel, place, answer, now_ms)
        else:
            await self._resume(member, channel, answer)

    async def _resume(self, member: Member, channel: Channel, answer: Answer) -> None:
        """After a fork or gap: send kept blocks again, or begin a new epoch."""
        key = channel.recipient, channel.lane
        self._resumed[key] = self._resumed.get(key, 0) + 1
        position = await self._database.transact(
            self._settlement.discontinuity, channel, answer, self._now_ms()
        )
        while position is not None:
            kept = await self._database.query(
                recovery.receipted_after, channel.recipient, channel.lane, position, 1
            )
            if not kept:
                break
            position, block, receipt = kept[0]
            again = await self._peer.send(member, channel.lane, Frame(block, receipt).to_bytes())
            if again.kind == answers.REFUSED and again.retry_after_s is None:
                await self._database.transact(
                    self._settlement.not_taken_back, channel, answer, again, self._now_ms()
                )
                break
            if again.kind != answers.OK or again.statement != receipt:
                raise VerificationFailed("a block sent again was not answered with its receipt")
        if self._resumed[key] > RESUMES_AT_ONCE:
            raise VerificationFailed("the recipient accepts no continuation; it is given time")

    async def _idle(self, key: Key, ask_after: float) -> float:
        """Waits for work; meanwhile asks how far the recipient processed what it received."""
        recipient, lane = key
        destination = await self._database.query(outgoing.destination, recipient, lane)
        done = destination.processed >= destination.state.receipted
        if await _wait(self._wakeups[key], QUIET_ASK_S if done else ask_after):
            return FIRST_ASK_S if done else ask_after
        with contextlib.suppress(LiaisonError):
            await self._ask_progress(Channel(self._own, recipient, lane))
        return min(ask_after * 2, LONGEST_ASK_S)

    async def _ask_progress(self, channel: Channel) -> None:
        member = self._directory().member(channel.recipient)
        if member is not None and member.active:
            answer = await self._peer.position(member, channel.lane)
            if await self._database.transact(self._settlement.progress, channel, answer):
                await self._resume(member, channel, replace(answer, kind=answers.GAP))

    async def _greet(self, member: Member) -> None:
        """Shows a member that we are back, so that it does not wait out its back-off."""
        with contextlib.suppress(LiaisonError):
            await self._peer.position(member, Lane.ROUTINE)

    async def _back_off(self, key: Key, error: LiaisonError) -> float:
        """Notes the failure; gives how long to wait, doubling with every attempt, with jitter."""
        recipient, lane = key
        destination = await self._database.query(outgoing.destination, recipient, lane)
        longest: float = min(
            FIRST_BACK_OFF_S * 2 ** min(destination.attempts, 10), LONGEST_BACK_OFF_S
        )
        pause = longest * random.uniform(0.7, 1.0)
        await self._database.transact(
            outgoing.back_off,
            recipient,
            lane,
            until_ms=self._now_ms() + int(pause * 1000),
            error=type(error).__name__,
        )
        return pause


async def _wait(event: asyncio.Event, seconds: float) -> bool:
    """Whether ``event`` came within ``seconds``; it is then cleared."""
    try:
        # ``wait_for`` of Python 3.11 loses a cancellation that comes together with the event.
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    event.clear()
    return True
