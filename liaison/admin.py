"""The small loopback server of a node: ``/livez``, ``/readyz``, ``/metrics``.

It has no authentication and therefore says nothing about notifications: which parts are ready,
and numbers.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from schemas.errors import Unreachable

Ready = Callable[[], Mapping[str, bool]]
"""Tells for each part of the node whether it does its work."""


class _Server(uvicorn.Server):
    """Leaves signals to the node, which decides what they mean."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures nothing."""
        yield


class AdminServer:
    """Serves what ``ready`` and ``collector`` tell."""

    def __init__(self, ready: Ready, collector: Collector) -> None:
        self._ready = ready
        self._registry = CollectorRegistry()
        self._registry.register(collector)
        self.application = Starlette(
            routes=[
                Route("/livez", self._livez),
                Route("/readyz", self._readyz),
                Route("/metrics", self._metrics),
            ]
        )

    async def serve(self, host: str, port: int) -> None:
        """Until cancelled.

        Raises:
            Unreachable: the address cannot be bound.
        """
        config = uvicorn.Config(
            self.application,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
        server = _Server(config)
        # uvicorn would answer a taken port by ending the process.
        serving = asyncio.ensure_future(server.serve([_bound(host, port)]))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            server.should_exit = True
            await serving
            raise

    async def _livez(self, _request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _readyz(self, _request: Request) -> Response:
        parts = dict(self._ready())
        good = all(parts.values())
        return JSONResponse({"ready": good, "parts": parts}, status_code=200 if good else 503)

    async def _metrics(self, _request: Request) -> Response:
        # The collector asks the database: not on the event loop.
        text = await asyncio.to_thread(generate_latest, self._registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise Unreachable(
            f"port {port} on {host} cannot be used: {error.strerror}",
            remedy="stop what listens there, or change [admin] listen",
        ) from error
