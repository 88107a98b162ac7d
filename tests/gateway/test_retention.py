"""What is kept for restores, and for how long."""

from __future__ import annotations

from gateway.ledger import audit, retention
from gateway.ledger.tables import blocks, outbound, quarantine
from gateway.receipt import Disposition
from gateway.wire import Lane
from schemas.codec import encode
from tests.gateway import crafting
from tests.gateway.federation import NOW, Federation, identification


async def test_after_the_horizon_content_goes_and_the_chain_stays(federation: Federation) -> None:
    """Ciphertext and clear copies are erased at both ends; whole chains still verify."""
    sender = federation["FR"]
    sender.publish(identification())
    await sender.drain("DE")
    for code in ("FR", "DE"):
        gateway = federation[code]
        with gateway.database.begin() as connection:
            assert retention.prune(connection, NOW) == 0
            assert retention.prune(connection, NOW + 1) == (2 if code == "FR" else 1)
        assert [row.body for row in gateway.rows(blocks)] == [None]
        with gateway.database.read() as connection:
            keys = gateway.keys.signing_keys
            reports = list(audit.verify_ledger(connection, code, keys, federation.directory))
        assert [(report.ok, report.erased) for report in reports] == [(True, 1)]
    assert [row.data for row in sender.rows(outbound)] == [None]


def test_what_was_refused_is_not_kept_for_ever(federation: Federation) -> None:
    """Its bytes go with the others of its time; that it came, and why it was refused, stays."""
    recipient, foreign = federation["DE"], identification(origin="PH")
    federation.deliver("FR", "DE", Lane.ROUTINE, crafting.frame(encode(foreign)).to_bytes())
    with recipient.database.begin() as connection:
        retention.prune(connection, NOW)
    assert [row.data for row in recipient.rows(quarantine)] == [encode(foreign)]
    with recipient.database.begin() as connection:
        assert retention.prune(connection, NOW + 1) == 2
    assert [(row.data, row.disposition) for row in recipient.rows(quarantine)] == [
        (None, Disposition.WRONG_ORIGIN)
    ]


async def test_what_still_waits_is_kept_however_old(federation: Federation) -> None:
    """A recipient that is away for longer than the horizon still gets everything."""
    sender = federation["FR"]
    sent = identification()
    sender.publish(sent)
    with sender.database.begin() as connection:
        assert retention.prune(connection, NOW + 1) == 0
    await sender.drain("DE")
    assert federation["DE"].arrived() == [sent]
