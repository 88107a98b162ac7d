"""Both ends of a channel driven at random, through every fault and restore (design, section 6)."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gateway.ledger import outgoing
from gateway.ledger.audit import verify_ledger
from gateway.ledger.tables import arrivals, blocks
from gateway.sealing import Opener
from gateway.wire import Lane
from schemas.errors import Unreachable, VerificationFailed
from schemas.notifications import Identification
from tests.gateway.federation import Federation, Gateway, identification

STEPS_TO_REST = 60


class ChannelMachine(RuleBasedStateMachine):
    """FR publishes for DE; either is set back to a backup now and then, and messages are lost.

    A restored sender reads its topic again from the offset in its backup. Backups made after the
    one that is restored are thrown away: they are of a past that did not happen. A recipient may
    lose its sealing keys, too: what it cannot open comes again, perhaps behind what is newer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.federation = Federation(self.home, ("FR", "DE"))
        self.log: list[Identification] = []
        self.backups: dict[str, list[tuple[Path, int]]] = {"FR": [], "DE": []}
        self.receipts: dict[str, dict[bytes, bytes]] = {"FR": {}, "DE": {}}
        self.erased = False
        self.lost_keys = False
        self.made = 0
        self.back_up("FR")
        self.back_up("DE")

    @property
    def sender(self) -> Gateway:
        return self.federation["FR"]

    @property
    def recipient(self) -> Gateway:
        return self.federation["DE"]

    @rule(count=st.integers(1, 3))
    def publish(self, count: int) -> None:
        new = [identification(reference=f"FR-{len(self.log) + i}") for i in range(count)]
        self.log += new
        self.sender.publish(*new)

    @rule(times=st.integers(1, 3))
    def send(self, times: int) -> None:
        for _ in range(times):
            self.step()

    @rule()
    def lose_a_request(self) -> None:
        self.sender.wire.lose_requests = 1
        self.step()
        self.sender.wire.lose_requests = 0

    @rule()
    def lose_an_answer(self) -> None:
        self.sender.wire.lose_answers = 1
        self.step()
        self.sender.wire.lose_answers = 0

    @rule(code=st.sampled_from(("FR", "DE")))
    def back_up(self, code: str) -> None:
        self.made += 1
        path = self.federation.backup(code, f"backup-{self.made}.db")
        self.backups[code].append((path, len(self.log)))

    @rule(code=st.sampled_from(("FR", "DE")), data=st.data())
    def restore(self, code: str, data: Any) -> None:
        chosen = data.draw(st.integers(0, len(self.backups[code]) - 1))
        path, published = self.backups[code][chosen]
        del self.backups[code][chosen + 1 :]
        self.made += 1
        copy = self.home / f"{code}-{self.made}.db"
        shutil.copy(path, copy)
        self.federation.restore(code, copy)
        self.receipts[code] = {}
        if code == "FR":
            self.sender.publish(*self.log[published:])

    @rule(data=st.data())
    def restore_the_recipient_without_its_keys(self, data: Any) -> None:
        self.restore("DE", data)
        self.lost_keys = True
        own = self.recipient.keys
        self.federation.rotate("DE", replace(own, openers=(Opener.generate(),)))

    @rule()
    @precondition(lambda self: self.log)
    def erase_what_was_receipted(self) -> None:
        """The horizon: bodies go, the chain stays."""
        self.erased = True
        with self.sender.database.begin() as connection:
            connection.execute(
                blocks.update().where(blocks.c.receipt.is_not(None)).values(body=None)
            )

    @invariant()
    def receipts_stay(self) -> None:
        """In each ledger a block's receipt never changes, and both ledgers hold the same one."""
        held = {}
        for code in ("FR", "DE"):
            rows = self.federation[code].rows(blocks)
            held[code] = {row.block_hash: row.receipt for row in rows if row.receipt}
            assert self.receipts[code].items() <= held[code].items()
            self.receipts[code] = held[code]
        for block_hash in held["FR"].keys() & held["DE"].keys():
            assert held["FR"][block_hash] == held["DE"][block_hash]

    def step(self) -> bool:
        """One block, or one fault; nothing halts between honest members that have their keys."""
        if self.sender.destination("DE").halted is not None:
            assert self.lost_keys
            with self.sender.database.begin() as connection:
                outgoing.resume(connection, "DE", Lane.ROUTINE)
        try:
            return asyncio.run(self.sender.step("DE"))
        except (Unreachable, VerificationFailed):
            return True

    def teardown(self) -> None:
        """At rest everything has arrived, once and in order, and both chains verify."""
        try:
            self.publish(1)
            for _ in range(STEPS_TO_REST):
                if not self.step():
                    break
            else:
                raise AssertionError("the channel does not come to rest")
            self.receipts_stay()
            self.everything_arrived()
            self.chains_verify()
        finally:
            self.federation.close()
            shutil.rmtree(self.home)

    def everything_arrived(self) -> None:
        rows = sorted(self.recipient.rows(arrivals), key=lambda row: row.number)
        found = [row.notification for row in rows]
        assert len(found) == len(set(found))
        sent = [one.head.id for one in self.log]
        if self.lost_keys:
            found, sent = sorted(found), sorted(sent)
        if self.erased:
            assert found == [one for one in sent if one in set(found)]
        else:
            assert found == sent

    def chains_verify(self) -> None:
        for code in ("FR", "DE"):
            gateway = self.federation[code]
            with gateway.database.read() as connection:
                reports = list(
                    verify_ledger(
                        connection,
                        code,
                        gateway.keys.signing_keys,
                        self.federation.directory,
                    )
                )
            assert [report.flaws for report in reports] == [[]]


TestChannelMachine = ChannelMachine.TestCase
TestChannelMachine.settings = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
