"""How many connections may be open before anybody knows whose they are."""

from __future__ import annotations

import asyncio
import socket

import pytest

from gateway import listening
from gateway.ledger.tables import blocks
from tests.gateway.crafting import frame
from tests.gateway.federation import Federation
from tests.gateway.https import Relay, free_port, request


def connected(port: int) -> socket.socket:
    """A client that says nothing."""
    return socket.create_connection(("127.0.0.1", port), timeout=5)


@pytest.fixture
def listener() -> socket.socket:
    """It takes eight connections, four of one address."""
    [made] = listening.listen("127.0.0.1", free_port(), limit=8)
    made.listen()
    return made


def test_one_address_cannot_take_all(listener: socket.socket) -> None:
    """What is above its share is closed at once; what ended counts no longer."""
    port = listener.getsockname()[1]
    clients = [connected(port) for _ in range(5)]
    taken = [listener.accept()[0] for _ in range(4)]
    with pytest.raises(ConnectionAbortedError, match="too many connections"):
        listener.accept()
    assert clients[4].recv(1) == b""
    taken[0].close()
    clients.append(connected(port))
    taken.append(listener.accept()[0])
    for one in (*clients, *taken, listener):
        one.close()


def test_an_address_that_is_taken(listener: socket.socket) -> None:
    """Is refused, and nothing stays open."""
    with pytest.raises(OSError, match="in use"):
        listening.listen("127.0.0.1", listener.getsockname()[1])
    listener.close()


def test_half_of_the_descriptors_stay_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few or many the system gives."""
    for soft, limit in ((200, 100), (10**6, listening.MAX_OPEN)):
        monkeypatch.setattr(listening.resource, "getrlimit", lambda _, soft=soft: (soft, soft))
        [made] = listening.listen("127.0.0.1", free_port())
        assert getattr(made, "_limit") == limit  # noqa: B009
        made.close()


async def test_a_flood_of_silent_connections(
    federation: Federation, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who are connected go on; when the flood ends, others get in again."""
    relay = Relay(federation, tmp_path)  # type: ignore[arg-type]
    monkeypatch.setattr(listening, "MAX_OPEN", 16)
    data = frame().to_bytes()
    async with relay.serving():
        reader, writer = await relay.connect("FR")
        flood = [await asyncio.open_connection("127.0.0.1", relay.port) for _ in range(30)]
        await asyncio.sleep(0.05)
        with pytest.raises((OSError, asyncio.IncompleteReadError)):
            await relay.connect("PH")
        writer.write(request(len(data)) + data)
        assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")
        for _, silent in flood:
            silent.transport.abort()
        await asyncio.sleep(0.05)
        await relay.connect("PH")
    assert len(relay.gateway.rows(blocks)) == 1
