"""Ways out of what cannot go on by itself (docs/relay-protocol.md, sections 7.3 and 7.4)."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest

from gateway import sealer
from gateway.block import Channel, Place
from gateway.ledger import outgoing, retention
from gateway.ledger.audit import verify_ledger
from gateway.ledger.tables import blocks, incidents
from gateway.receiver import OwnKeys
from gateway.sealing import Opener
from gateway.signing import Signer
from gateway.wire import Lane
from schemas.errors import Unreachable
from tests.gateway import crafting
from tests.gateway.federation import Federation, identification, keys_of


def references(federation: Federation) -> list[str]:
    """What DE holds, in order."""
    return [one.head.reference for one in federation["DE"].arrived()]


async def test_a_block_sealed_to_lost_keys_is_sealed_anew(federation: Federation) -> None:
    """DE lost its keys while a block was on its way: refused, halted, resumed, delivered."""
    sender = federation["FR"]
    sender.publish(identification(reference="FR-1"))
    await sender.drain("DE")
    sender.wire.lose_requests = 1
    sender.publish(identification(reference="FR-2"))
    await attempt(federation)
    former = federation["DE"].keys
    federation.rotate("DE", OwnKeys("DE", former.signer, (Opener.generate(),)))
    await attempt(federation)
    assert sender.destination("DE").halted == "refused"
    with sender.database.begin() as connection:
        outgoing.resume(connection, "DE", Lane.ROUTINE)
    await sender.drain("DE")
    assert references(federation) == ["FR-1", "FR-2"]
    assert federation["DE"].position_from("FR") == Place(2, 1)
    assert not flaws(federation)


async def test_a_block_from_a_clock_far_ahead_is_sealed_anew(federation: Federation) -> None:
    """A block dated years ahead would wait for years; once our clock is set it does not."""
    sender = federation["FR"]
    federation.now_ms += 10**12
    sender.publish(identification(reference="FR-1"))
    with sender.database.begin() as connection:
        member = federation.directory.member("DE")
        assert member is not None
        sender.sealer.next_block(connection, member, Lane.ROUTINE, federation.now_ms)
    federation.now_ms -= 10**12
    await sender.drain("DE")
    assert federation["DE"].position_from("FR") == Place(2, 1)
    assert references(federation) == ["FR-1"]


async def test_a_recipient_that_lost_ledger_and_keys_gets_what_is_kept(
    federation: Federation,
) -> None:
    """It refuses old blocks; the sender begins an epoch from its position and offers all again."""
    sender = federation["FR"]
    empty = federation.backup("DE", "empty.db")
    for number in range(3):
        sender.publish(identification(reference=f"FR-{number}"))
        await sender.drain("DE")
    federation.rotate("DE", OwnKeys("DE", Signer.generate(), (Opener.generate(),)))
    federation.restore("DE", empty)
    sender.publish(identification(reference="FR-new"))
    await sender.drain("DE")
    assert sorted(references(federation)) == ["FR-0", "FR-1", "FR-2", "FR-new"]
    kinds = {row.kind for row in sender.rows(incidents)}
    assert kinds == {"gap-resend", "refused-raise-epoch"}


async def test_a_recipient_on_blocks_of_another_past_is_not_sent_kept_ones(
    federation: Federation,
) -> None:
    """Both were restored, to pasts that differ: the hashes tell, and an epoch mends it."""
    sender, recipient = federation["FR"], federation["DE"]
    sender.publish(identification(reference="FR-0"))
    await sender.drain("DE")
    sender_before = federation.backup("FR", "sender.db")
    recipient_before = federation.backup("DE", "recipient.db")
    lost = [identification(reference="FR-lost-1"), identification(reference="FR-lost-2")]
    for one in lost:
        sender.publish(one)
        await sender.drain("DE")
    other_past = federation.backup("DE", "other.db")
    sender = federation.restore("FR", sender_before)
    federation.restore("DE", recipient_before)
    for number in range(4):
        sender.publish(identification(reference=f"FR-{number + 1}"))
        await sender.drain("DE")
    recipient = federation.restore("DE", other_past)
    sender.publish(identification(reference="FR-last"))
    await sender.drain("DE")
    assert sender.destination("DE").halted is None
    assert recipient.position_from("FR").epoch == 2
    found = references(federation)
    assert {"FR-1", "FR-2", "FR-3", "FR-4", "FR-last"} <= {*found}
    assert len(found) == len({*found})


async def test_what_waits_for_an_upgrade_outlives_the_horizon(federation: Federation) -> None:
    """A held item is in its sealed block only: that stays when the time of others is over."""
    recipient = federation["DE"]
    unknown = b"\xc3\x01" + bytes(8) + b"in a schema to come"
    held = crafting.frame(unknown)
    federation.deliver("FR", "DE", Lane.ROUTINE, held.to_bytes())
    read = crafting.frame(place=Place(1, 2), previous=held.block.hash)
    federation.deliver("FR", "DE", Lane.ROUTINE, read.to_bytes())
    with recipient.database.begin() as connection:
        retention.prune(connection, federation.now_ms + 1)
    assert [row.body is None for row in recipient.rows(blocks)] == [False, True]


async def test_a_new_key_does_not_halt_a_recipient_with_an_older_directory(
    federation: Federation,
) -> None:
    """FR signs with a key that DE's directory does not have yet: DE asks to wait, FR does."""
    sender, older = federation["FR"], federation.directory.member("FR")
    assert older is not None
    version = federation.directory.version
    federation.rotate("FR", OwnKeys("FR", Signer.generate(), sender.keys.openers))
    newer = federation.directory.member("FR")
    assert newer is not None
    sender = federation["FR"]
    sender.publish(identification(reference="FR-1"))
    with sender.database.begin() as connection:
        recipient = federation.directory.member("DE")
        assert recipient is not None
        sender.sealer.next_block(connection, recipient, Lane.ROUTINE, federation.now_ms)
    federation.directory.change("FR", signing=older.signing)
    federation.directory.version = version
    await sender.step("DE")
    assert sender.destination("DE").halted is None
    assert sender.destination("DE").attempts == 1
    federation.directory.change("FR", signing=newer.signing)
    with sender.database.begin() as connection:
        outgoing.clear_back_offs(connection)
    await sender.drain("DE")
    assert references(federation) == ["FR-1"]


async def attempt(federation: Federation) -> None:
    """One step that may find the wire cut."""
    with contextlib.suppress(Unreachable):
        await federation["FR"].step("DE")


def flaws(federation: Federation) -> list[str]:
    """What is wrong with FR's chains."""
    gateway = federation["FR"]
    with gateway.database.read() as connection:
        keys = gateway.keys.signing_keys
        reports = list(verify_ledger(connection, "FR", keys, federation.directory))
    return [flaw for report in reports for flaw in report.flaws]


async def test_a_quiet_channel_shows_what_a_recipient_lost(federation: Federation) -> None:
    """Nothing new is sent, and yet a restored recipient gets back what it had."""
    sender = federation["FR"]
    backup = federation.backup("DE", "empty.db")
    sender.publish(identification())
    await sender.drain("DE")
    recipient = federation.restore("DE", backup)
    assert recipient.arrived() == []
    await sender.courier._ask_progress(Channel("FR", "DE", Lane.ROUTINE))
    assert len(recipient.arrived()) == 1
    assert {row.kind for row in recipient.rows(incidents)} == {"restored"}


async def test_a_restored_sender_that_forgot_its_recipients_loss_offers_all_again(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recipient is in an epoch that the sender knows nothing of: it says not what it lacks."""
    monkeypatch.setattr(sealer, "MAX_ITEMS", 1)
    sender, sent = federation["FR"], [identification(reference=f"FR-{i}") for i in range(4)]
    empty = federation.backup("DE", "empty.db")
    sender.publish(*sent[:3])
    await sender.drain("DE")
    backup = federation.backup("FR", "backup.db")
    federation.restore("DE", empty)
    federation.rotate("DE", replace(keys_of("DE"), openers=(Opener.generate(),)))
    sender.publish(sent[3])
    while federation["DE"].position_from("FR").epoch < 2:
        await sender.step("DE")
    assert federation["DE"].arrived() == sent[:1]
    sender = federation.restore("FR", backup)
    sender.publish(sent[3])
    await sender.drain("DE")
    assert federation["DE"].arrived() == sent


async def test_a_receipt_that_shows_a_loss_has_what_was_lost_offered_again(
    federation: Federation,
) -> None:
    """Restored without its keys while a block was on its way: only the next receipt tells."""
    sender, sent = federation["FR"], [identification(reference=f"FR-{i}") for i in range(4)]
    sender.publish(sent[0])
    await sender.drain("DE")
    backup = federation.backup("DE", "backup.db")
    sender.publish(sent[1])
    await sender.drain("DE")
    sender.publish(sent[2])
    sender.wire.lose_requests = 1
    await attempt(federation)
    federation.restore("DE", backup)
    federation.rotate("DE", replace(keys_of("DE"), openers=(Opener.generate(),)))
    await attempt(federation)
    assert sender.destination("DE").halted == "refused"
    with sender.database.begin() as connection:
        outgoing.resume(connection, "DE", Lane.ROUTINE)
    sender.publish(sent[3])
    await sender.drain("DE")
    assert sorted(references(federation)) == ["FR-0", "FR-1", "FR-2", "FR-3"]
    assert not flaws(federation)
