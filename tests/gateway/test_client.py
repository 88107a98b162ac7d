"""The sending side of HTTPS: to whom a block goes, and what is believed of an answer's form."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gateway import client as client_module
from gateway.answer import MAX_ANSWER_BYTES
from gateway.client import Credentials, HttpPeer, PeerNotPinned
from gateway.wire import Lane
from schemas.errors import ConfigurationInvalid, Unreachable, VerificationFailed
from tests.gateway.federation import Federation
from tests.gateway.https import Relay, identity
from tests.gateway.test_server import calling

Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def relay(federation: Federation, tmp_path: Path) -> Relay:
    """Where DE would listen."""
    return Relay(federation, tmp_path)


@contextlib.asynccontextmanager
async def impostor(relay: Relay, speak: Speak, name: str = "DE") -> AsyncIterator[list[bytes]]:
    """A TLS server of our own at DE's address; gives what it was sent."""
    heard: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            heard.append(await reader.read(65536))
            if heard[-1]:
                await speak(reader, writer)
        except OSError:
            return
        finally:
            writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    relay.credentials(name).into(context)
    server = await asyncio.start_server(handle, "127.0.0.1", relay.port, ssl=context)
    try:
        yield heard
    finally:
        server.close()
        await server.wait_closed()


def saying(data: bytes) -> Speak:
    """A server that answers with ``data``, whatever it is asked."""

    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return speak


def response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """An HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def test_nothing_is_sent_to_who_is_not_listed(relay: Relay) -> None:
    """Another certificate at the member's address: TLS ends there, the server saw no request."""
    async with impostor(relay, saying(b""), "stranger") as heard, calling(relay, "FR") as peer:
        with pytest.raises(Unreachable, match="the gateway of DE does not answer: ConnectError"):
            await peer.send(relay.member, Lane.ROUTINE, b"a block")
    assert heard == []


async def test_nothing_is_sent_to_who_a_listed_one_issued(relay: Relay) -> None:
    """TLS alone would be content: the exact certificate is compared before the first byte."""
    relay.federation.directory.change("DE", endpoint=relay.url)
    async with relay.serving("under DE", "DE"), calling(relay, "FR") as peer:
        with pytest.raises(PeerNotPinned, match="the TLS certificate at the endpoint of DE is not"):
            await peer.send(relay.member, Lane.ROUTINE, b"a block")
    assert relay.callers == []


async def test_nobody_there(relay: Relay) -> None:
    """Unreachable, with the remedy; waiting can help."""
    async with calling(relay, "FR") as peer:
        with pytest.raises(Unreachable, match="does not answer: ConnectError") as caught:
            await peer.position(relay.member, Lane.ROUTINE)
    assert caught.value.retriable
    assert "kept and sent again" in caught.value.remedy


async def test_an_answer_that_takes_too_long(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    """However steadily it dribbles."""
    monkeypatch.setattr(client_module, "ANSWER_TIMEOUT_S", 0.2)

    async def dribble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with impostor(relay, dribble), calling(relay, "FR") as peer:
        with pytest.raises(Unreachable, match="TimeoutError"):
            await peer.send(relay.member, Lane.ROUTINE, b"a block")


async def test_an_answer_without_end(relay: Relay) -> None:
    """Read no further than an answer can be long, whether it says its length or not."""
    big = bytes(MAX_ANSWER_BYTES + 1)
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + big * 20
    for data in (response(big), endless):
        async with impostor(relay, saying(data)), calling(relay, "FR") as peer:
            with pytest.raises(VerificationFailed, match="longer than an answer can be"):
                await peer.send(relay.member, Lane.ROUTINE, b"a block")


async def test_a_compressed_answer_is_not_unpacked(relay: Relay) -> None:
    """A few bytes could become gigabytes; compression is neither asked for nor undone."""
    small = gzip.compress(bytes(MAX_ANSWER_BYTES * 100))
    assert len(small) < MAX_ANSWER_BYTES
    bomb = response(small, "Content-Encoding: gzip")
    async with impostor(relay, saying(bomb)) as heard, calling(relay, "FR") as peer:
        answer = await peer.send(relay.member, Lane.ROUTINE, b"a block")
    assert answer.statement == small
    assert b"accept-encoding: identity" in heard[0].lower()


@pytest.mark.parametrize(
    "data",
    [
        response(b"", "Location: https://elsewhere.example/", status="307 Temporary Redirect"),
        response(b"<html>", status="502 Bad Gateway"),
        response(b"", status="204 No Content"),
    ],
)
async def test_answers_that_are_none(relay: Relay, data: bytes) -> None:
    """A redirection is not followed; a page is not a receipt."""
    async with impostor(relay, saying(data)), calling(relay, "FR") as peer:
        with pytest.raises(VerificationFailed, match="with a body that is no answer"):
            await peer.send(relay.member, Lane.ROUTINE, b"a block")


@pytest.mark.parametrize("data", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Le"])
async def test_no_http(relay: Relay, data: bytes) -> None:
    """Unreachable, like nobody there."""
    async with impostor(relay, saying(data)), calling(relay, "FR") as peer:
        with pytest.raises(Unreachable):
            await peer.send(relay.member, Lane.ROUTINE, b"a block")


async def test_a_member_with_a_new_certificate(relay: Relay) -> None:
    """The directory changed: the next question goes by it, both lanes asked at once."""
    async with relay.serving(), calling(relay, "FR") as peer:
        old = relay.member
        await peer.position(old, Lane.ROUTINE)
        new = replace(old, certificates=(*old.certificates, identity("DE new").der))
        await asyncio.gather(*(peer.position(new, Lane.ROUTINE) for _ in range(2)))
        assert len(peer._clients) == 1
        gone = replace(old, certificates=(identity("DE new").der,))
        with pytest.raises(Unreachable):
            await peer.position(gone, Lane.ROUTINE)


async def test_a_certificate_that_is_none(relay: Relay) -> None:
    """In the directory, or among our own files: a refusal, not a crash of everything else."""
    spoilt = replace(relay.member, certificates=(b"no certificate",))
    async with calling(relay, "FR") as peer:
        with pytest.raises(Unreachable):
            await peer.position(spoilt, Lane.ROUTINE)
    missing = HttpPeer(Credentials(relay.home / "none.pem", relay.home / "none.key"))
    with pytest.raises(ConfigurationInvalid, match="the TLS certificate or its key cannot be used"):
        await missing.position(relay.member, Lane.ROUTINE)
