"""The relay over real HTTPS with mutual TLS: who gets in, and what a hostile member may cost."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway import answer as answers
from gateway import server as server_module
from gateway.answer import Answer
from gateway.block import MAX_FRAME_BYTES
from gateway.client import HttpPeer
from gateway.ledger.tables import blocks, deliveries
from gateway.receipt import Position, Receipt, verify_signed
from gateway.wire import Lane
from schemas.errors import Unreachable
from schemas.members import MemberStatus
from tests.gateway.crafting import frame
from tests.gateway.federation import Federation, identification, keys_of
from tests.gateway.https import Relay, identity, request

OWN = keys_of("DE").signing_keys


@pytest.fixture
def relay(federation: Federation, tmp_path: Path) -> Relay:
    """DE's gateway, not listening yet."""
    return Relay(federation, tmp_path)


@contextlib.asynccontextmanager
async def calling(relay: Relay, name: str, issuer: str | None = None) -> AsyncIterator[HttpPeer]:
    """A client that shows the certificate ``name``."""
    peer = HttpPeer(relay.credentials(name, issuer))
    try:
        yield peer
    finally:
        await peer.close()


async def post(
    relay: Relay, name: str | None, data: bytes, lane: Lane = Lane.ROUTINE
) -> tuple[int, bytes]:
    """Status and body of the answer to a block sent over a bare connection."""
    reader, writer = await relay.connect(name)
    writer.write(request(len(data), lane=lane) + data)
    return await answer_of(reader, writer)


async def answer_of(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[int, bytes]:
    """The next answer on a connection, which is then closed."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.split("content-length: ")[1].split("\r\n")[0])
    body = await reader.readexactly(length)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return int(head.split()[1]), body


async def test_a_block_and_its_receipt(relay: Relay) -> None:
    """From one ledger into the other over HTTPS; both lanes; the server's own hooks are called."""
    sender = relay.federation["FR"]
    sender.publish(identification())
    async with relay.serving(), calling(relay, "FR") as peer:
        sender.courier._peer = peer
        assert await sender.step("DE")
        answer = await peer.position(relay.member, Lane.URGENT)
    assert [row.state for row in sender.rows(deliveries)] == ["done"]
    assert len(relay.gateway.arrived()) == 1
    assert verify_signed(Position, answer.statement, OWN).channel.lane is Lane.URGENT
    assert (relay.stored, relay.callers) == (1, ["FR", "FR"])


async def test_answers_say_what_they_are(relay: Relay) -> None:
    """Media types, and problem documents with status and remedy."""
    async with relay.serving():
        status, body = await post(relay, "FR", frame().to_bytes())
        assert status == 200
        assert verify_signed(Receipt, body, OWN).channel.sender == "FR"
        status, body = await post(relay, "FR", b"nonsense")
    document = json.loads(body)
    assert (status, document["status"]) == (422, 422)
    assert document["type"] == "urn:liaison:problem:header-malformed"
    assert document["detail"].startswith("compare with")


@pytest.mark.parametrize("name", [None, "stranger"])
async def test_who_is_not_listed_does_not_get_in(relay: Relay, name: str | None) -> None:
    """No certificate, or one that no member listed: TLS ends before a request is read."""
    async with relay.serving():
        with pytest.raises((ssl.SSLError, OSError, asyncio.IncompleteReadError)):
            await post(relay, name, frame().to_bytes())
    assert relay.callers == []
    assert relay.gateway.rows(blocks) == []


async def test_a_certificate_that_a_member_issued_is_not_that_member(relay: Relay) -> None:
    """TLS lets it in, since its issuer is listed; step 2 does not."""
    async with relay.serving(), calling(relay, "under FR", "FR") as peer:
        answer = await peer.send(relay.member, Lane.ROUTINE, frame().to_bytes())
        position = await peer.position(relay.member, Lane.ROUTINE)
    assert (answer.kind, answer.code) == (answers.REFUSED, "peer-unknown")
    assert (position.code, answer.statement) == ("peer-unknown", b"")
    assert relay.callers == []


async def test_a_member_speaks_for_itself_only(relay: Relay) -> None:
    """The certificate of PH with a block of FR's: step 5."""
    async with relay.serving(), calling(relay, "PH") as peer:
        answer = await peer.send(relay.member, Lane.ROUTINE, frame().to_bytes())
    assert (answer.kind, answer.code) == (answers.REFUSED, "wrong-channel")
    assert relay.gateway.rows(blocks) == []


async def test_a_suspended_member(relay: Relay) -> None:
    """Takes effect with the next request on an open connection; nothing is signed for it."""
    async with relay.serving(), calling(relay, "FR") as peer:
        assert (await peer.position(relay.member, Lane.ROUTINE)).kind == answers.OK
        relay.federation.directory.change("FR", status=MemberStatus.SUSPENDED)
        answer = await peer.send(relay.member, Lane.ROUTINE, frame().to_bytes())
    assert (answer.code, answer.statement) == ("sender-suspended", b"")
    assert relay.callers == ["FR"]


async def test_a_certificate_listed_at_run_time_gets_in(relay: Relay) -> None:
    """The directory was replaced: no restart, and open connections stay."""
    async with relay.serving(), calling(relay, "FR") as first:
        await first.position(relay.member, Lane.ROUTINE)
        new = (identity("FR new").der, identity("FR").der)
        relay.federation.directory.change("FR", certificates=new)
        relay.server.trust_directory()
        async with calling(relay, "FR new") as second:
            answer = await second.send(relay.member, Lane.ROUTINE, frame().to_bytes())
            assert answer.kind == answers.OK
        assert (await first.position(relay.member, Lane.ROUTINE)).kind == answers.OK


async def test_a_certificate_no_longer_listed_is_refused(relay: Relay) -> None:
    """At once, by step 2, although TLS still knows it."""
    async with relay.serving(), calling(relay, "FR") as peer:
        relay.federation.directory.change("FR", certificates=(identity("FR new").der,))
        relay.server.trust_directory()
        answer = await peer.send(relay.member, Lane.ROUTINE, frame().to_bytes())
    assert answer.code == "peer-unknown"


async def test_an_oversized_body_is_refused_by_its_length(relay: Relay) -> None:
    """Before a byte of it was read."""
    async with relay.serving():
        reader, writer = await relay.connect("FR")
        writer.write(request(MAX_FRAME_BYTES + 1))
        status, body = await answer_of(reader, writer)
    assert (status, json.loads(body)["type"]) == (422, "urn:liaison:problem:too-large")


async def test_an_oversized_body_without_length_is_refused_as_it_comes(relay: Relay) -> None:
    """In chunks, of which there may be no end."""
    chunk = b"40000\r\n" + bytes(0x40000) + b"\r\n"
    async with relay.serving():
        reader, writer = await relay.connect("FR")
        head = request(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        writer.write(head)
        for _ in range(MAX_FRAME_BYTES // 0x40000 + 2):
            writer.write(chunk)
        status, body = await answer_of(reader, writer)
    assert (status, json.loads(body)["type"]) == (422, "urn:liaison:problem:too-large")


async def test_a_slow_body_is_cut_off(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the connection with it; the channel is free again."""
    monkeypatch.setattr(server_module, "READ_TIMEOUT_S", 0.1)
    data = frame().to_bytes()
    async with relay.serving():
        reader, writer = await relay.connect("FR")
        writer.write(request(len(data)) + data[:10])
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400")
        assert await reader.read() == b""
        writer.close()
        assert (await post(relay, "FR", data))[0] == 200


async def test_two_blocks_at_once_of_one_channel(relay: Relay) -> None:
    """The second is told to wait; the other lane and other members are not."""
    data = frame().to_bytes()
    async with relay.serving():
        reader, writer = await relay.connect("FR")
        writer.write(request(len(data)) + data[:-1])
        await asyncio.sleep(0.05)
        status, body = await post(relay, "FR", data)
        answer = Answer.parse(status, body, "1")
        assert (status, answer.kind, answer.code) == (503, answers.BUSY, "block-in-flight")
        assert (await post(relay, "FR", b"x", Lane.URGENT))[0] == 422
        assert (await post(relay, "PH", b"x"))[0] == 422
        writer.write(data[-1:])
        assert (await answer_of(reader, writer))[0] == 200


async def test_who_leaves_in_the_middle_holds_nothing(relay: Relay) -> None:
    """A connection cut within a block leaves the channel free."""
    data = frame().to_bytes()
    async with relay.serving():
        _, writer = await relay.connect("FR")
        writer.write(request(len(data)) + data[:100])
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()
        await asyncio.sleep(0.05)
        assert (await post(relay, "FR", data))[0] == 200


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET /relay/v1/express/position", b"400"),
        (b"POST /relay/v1/express/blocks", b"400"),
        (b"GET /relay/v1/routine/blocks", b"405"),
        (b"GET /", b"404"),
        (b"GET /relay/v2/routine/position", b"404"),
    ],
)
async def test_other_requests(relay: Relay, line: bytes, status: bytes) -> None:
    """Nothing else is there, and nothing says what the server is."""
    async with relay.serving():
        reader, writer = await relay.connect("FR")
        writer.write(line + b" HTTP/1.1\r\nHost: de\r\nContent-Length: 0\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
    assert head.split()[1] == status
    assert b"server:" not in head.lower()


async def test_tls_1_2_is_refused(relay: Relay) -> None:
    """Version 1.3 and nothing below."""
    async with relay.serving():
        with pytest.raises((ssl.SSLError, OSError)):
            await relay.connect("FR", newest=ssl.TLSVersion.TLSv1_2)


async def test_a_member_cannot_take_all_connections(relay: Relay) -> None:
    """Idle ones of one member are bounded; others get in as before."""
    held = []
    async with relay.serving():
        for _ in range(server_module.MAX_CONNECTIONS_OF_ONE + 3):
            held.append(await relay.connect("PH"))
        await asyncio.sleep(0.05)
        closed = 0
        for reader, _ in held:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.01):
                    closed += await reader.read() == b""
        assert closed == 3
        assert (await post(relay, "FR", frame().to_bytes()))[0] == 200
        for _, writer in held:
            writer.close()
        await asyncio.sleep(0.05)
        assert (await post(relay, "PH", b"x"))[0] == 422


@pytest.mark.parametrize(
    "flood", [b"X-A: " + b"a" * 1000 + b"\r\n", b"a" * 1000], ids=["many headers", "one header"]
)
async def test_headers_without_end_are_cut_off(relay: Relay, flood: bytes) -> None:
    """They are kept in memory until they end, so they must."""
    async with relay.serving():
        reader, writer = await relay.connect("FR")
        writer.write(b"GET /relay/v1/routine/position HTTP/1.1\r\nHost: de\r\nX-B: ")
        with contextlib.suppress(OSError):
            for _ in range(2 * server_module.MAX_HEAD_BYTES // 1000):
                writer.write(flood)
                await writer.drain()
        with contextlib.suppress(OSError):
            assert await reader.read() in (b"", b"Invalid HTTP request received.")
        writer.close()
    assert relay.callers == []


@pytest.mark.parametrize(
    "flood",
    [b"X-A: " + b"a" * 1000 + b"\r\n", b"a" * 1000, b"1;" + b"a" * 1000 + b"\r\nx\r\n"],
    ids=["many trailers", "one trailer", "chunk extensions"],
)
async def test_what_is_neither_head_nor_body_is_cut_off(relay: Relay, flood: bytes) -> None:
    """Trailers are kept in memory, too, and nobody reads them."""
    async with relay.serving():
        reader, writer = await relay.connect("FR")
        head = request(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        writer.write(head + (b"" if flood.startswith(b"1;") else b"0\r\nX-B: "))
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            async with asyncio.timeout(10):
                for _ in range(20 * server_module.MAX_HEAD_BYTES // len(flood)):
                    writer.write(flood)
                    await writer.drain()
                assert await reader.read() in (b"", b"Invalid HTTP request received.")
    assert relay.callers == []


async def test_small_chunks_are_taken(relay: Relay) -> None:
    """How a sender cuts its body is its own affair, within reason."""
    data = frame().to_bytes()
    async with relay.serving():
        reader, writer = await relay.connect("FR")
        writer.write(request(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked"))
        for at in range(0, len(data), 16):
            part = data[at : at + 16]
            writer.write(b"%x\r\n%b\r\n" % (len(part), part))
        writer.write(b"0\r\n\r\n")
        assert (await answer_of(reader, writer))[0] == 200


async def test_stops_in_an_orderly_way(relay: Relay) -> None:
    """Cancelled: requests under way are answered, the port is free, and it can serve again."""
    data = frame().to_bytes()
    task = asyncio.create_task(relay.server.serve("127.0.0.1", relay.port, relay.credentials("DE")))
    while not relay.server.listening:
        await asyncio.sleep(0.005)
    reader, writer = await relay.connect("FR")
    writer.write(request(len(data)) + data[:-1])
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.sleep(0.05)
    writer.write(data[-1:])
    assert (await answer_of(reader, writer))[0] == 200
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(OSError):  # noqa: PT011
        await relay.connect("FR")
    async with relay.serving():
        assert (await post(relay, "FR", data))[0] == 200


async def test_a_port_that_is_taken(relay: Relay) -> None:
    """Says so, with the remedy."""
    async with relay.serving():
        with pytest.raises(Unreachable, match=r"cannot listen on 127\.0\.0\.1:") as caught:
            await relay.server.serve("127.0.0.1", relay.port, relay.credentials("DE"))
    assert "change [gateway] listen" in caught.value.remedy
