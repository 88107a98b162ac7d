"""The loopback server of a node."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from liaison.admin import AdminServer
from liaison.processes import free_ports
from schemas.errors import Unreachable


class Depth(Collector):
    """One number."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily("depth", "How deep", 3)


async def get(server: AdminServer, path: str) -> httpx.Response:
    """The answer to one request, without a socket."""
    transport = httpx.ASGITransport(server.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://node") as client:
        return await client.get(path)


async def test_alive_and_ready() -> None:
    """A node that runs is alive; it is ready when all its parts are."""
    parts = {"gateway": True, "casebook": False}
    server = AdminServer(lambda: parts, Depth())
    assert (await get(server, "/livez")).text == "ok\n"
    waiting = await get(server, "/readyz")
    assert waiting.status_code == 503
    assert waiting.json() == {"ready": False, "parts": parts}
    parts["casebook"] = True
    assert (await get(server, "/readyz")).status_code == 200


async def test_metrics() -> None:
    """Metrics are what the collector says."""
    text = (await get(AdminServer(dict, Depth()), "/metrics")).text
    assert "depth 3.0" in text


async def test_serves_until_cancelled() -> None:
    """It serves on a real port and lets go of it when it is cancelled."""
    (port,) = free_ports(1)
    serving = asyncio.create_task(AdminServer(dict, Depth()).serve("127.0.0.1", port))
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(100):
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/livez")
                break
            except httpx.ConnectError:
                await asyncio.sleep(0.02)
    assert answer.text == "ok\n"
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    socket.create_server(("127.0.0.1", port)).close()


async def test_port_taken() -> None:
    """A port that somebody else has is an error that names it, not the end of the process."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Unreachable, match=f"port {port} on 127.0.0.1 cannot be used"):
            await AdminServer(dict, Depth()).serve("127.0.0.1", port)
