"""The one adapter for Starlette and uvicorn: the relay's HTTPS endpoint, mutual TLS.

No ASGI server hands the client certificate to the application, so a protocol class of our own
takes it from the transport. Everything else that is decided is decided in ``receiver``.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway import answer as answers
from gateway.answer import POSITION_TYPE, PROBLEM_TYPE, RECEIPT_TYPE, Answer
from gateway.client import Credentials, trusting
from gateway.listening import listen
from gateway.receiver import Receiver
from gateway.verification import BlockRefused, check_size
from gateway.wire import Lane
from producers.database import Database
from schemas.errors import Unreachable, VerificationFailed
from schemas.members import Member
from schemas.ports import Directory

READ_TIMEOUT_S = 30.0
"""A peer that dribbles its block for longer is cut off."""
BACKLOG = 128
MAX_CONNECTIONS = 512
MAX_CONNECTIONS_OF_ONE = 8
"""By one certificate: a member uses two for each lane, and shall not use up those of others."""
MAX_HEAD_BYTES = 64 * 1024
"""Of all in a request that is not its body: line, headers, trailers, marks between chunks. The
parser keeps the most of it and sets no bound."""

_log = structlog.get_logger()


class _Protocol(HttpToolsProtocol):
    """Shows the application the client certificate that TLS verified; bounds what it costs."""

    _certificate: bytes | None = None
    _head_bytes: int = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        self._certificate = tls.getpeercert(True) if tls else None
        same = [one for one in self.connections if one._certificate == self._certificate]  # type: ignore[union-attr]
        if len(same) > MAX_CONNECTIONS_OF_ONE:
            transport.close()

    def data_received(self, data: bytes) -> None:
        self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes > MAX_HEAD_BYTES:
            self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"tls": {"certificate": self._certificate}}

    def on_body(self, body: bytes) -> None:
        self._head_bytes -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._head_bytes = 0


class _Server(uvicorn.Server):
    """Leaves signals to the node."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class RelayServer:
    """Serves a receiver to the members of the directory."""

    def __init__(
        self,
        receiver: Receiver,
        database: Database,
        directory: Callable[[], Directory],
        now_ms: Callable[[], int],
        *,
        accepted: Callable[[], None],
        contacted: Callable[[str], None],
    ) -> None:
        """``accepted`` is called after each stored block, ``contacted`` with each caller's code."""
        self._receiver = receiver
        self._database = database
        self._directory = directory
        self._now_ms = now_ms
        self._accepted = accepted
        self._contacted = contacted
        self._busy: set[tuple[str, Lane]] = set()
        self._tls: ssl.SSLContext | None = None
        self._server: uvicorn.Server | None = None
        self.app = Starlette(
            routes=[
                Route("/relay/v1/{lane}/blocks", self._blocks, methods=["POST"]),
                Route("/relay/v1/{lane}/position", self._position, methods=["GET"]),
            ]
        )

    async def serve(self, host: str, port: int, credentials: Credentials) -> None:
        """Until cancelled; requests under way are answered first.

        Raises:
            Unreachable: the address cannot be bound.
        """
        config = uvicorn.Config(
            self.app,
            http=_Protocol,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            backlog=BACKLOG,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_graceful_shutdown=5,
            ssl_context_factory=lambda *_: self._context(credentials),
        )
        server = _Server(config)
        self._server = server
        try:
            async with _Serving(server, host, port) as serving:
                await serving.ended()
        finally:
            self._server = None

    @property
    def listening(self) -> bool:
        """Whether peers can connect."""
        return self._server is not None and self._server.started

    def trust_directory(self) -> None:
        """The directory changed: connections may now also be made with its new certificates.

        One that is no longer listed still passes TLS until the next start, and is then refused
        by step 2, which asks the directory each time.
        """
        if self._tls is not None:
            for certificate in self._certificates():
                self._tls.load_verify_locations(cadata=certificate)

    def _context(self, credentials: Credentials) -> ssl.SSLContext:
        context = trusting(self._certificates(), ssl.Purpose.CLIENT_AUTH)
        self._tls = credentials.into(context)
        return self._tls

    def _certificates(self) -> tuple[bytes, ...]:
        return tuple(c for member in self._directory().members() for c in member.certificates)

    async def _blocks(self, request: Request) -> Response:
        try:
            sender, lane = self._caller(request)
            route = sender.code, lane
            if route in self._busy:
                return _response(_one_at_a_time(self._now_ms()))
            self._busy.add(route)
            try:
                data = await _body(request)
                answer = await self._database.transact(
                    self._receiver.accept, sender, lane, data, self._now_ms()
                )
            finally:
                self._busy.discard(route)
        except BlockRefused as refused:
            return _response(_unsigned(refused, self._now_ms()))
        except (VerificationFailed, ClientDisconnect, TimeoutError):
            return Response(status_code=400, headers={"Connection": "close"})
        self._contacted(sender.code)
        if answer.kind == answers.OK:
            self._accepted()
        else:
            _log.warning(
                "block_not_accepted", peer=sender.code, lane=lane.label, reason=answer.kind
            )
        return _response(answer)

    async def _position(self, request: Request) -> Response:
        try:
            sender, lane = self._caller(request)
            answer = await self._database.transact(
                self._receiver.position, sender, lane, self._now_ms()
            )
        except BlockRefused as refused:
            return _response(_unsigned(refused, self._now_ms()))
        except VerificationFailed:
            return Response(status_code=400)
        self._contacted(sender.code)
        return _response(answer, POSITION_TYPE)

    def _caller(self, request: Request) -> tuple[Member, Lane]:
        certificate = request.scope.get("extensions", {}).get("tls", {}).get("certificate")
        sender = self._receiver.identify(certificate)
        return sender, Lane.named(request.path_params["lane"])


class _Serving:
    """A uvicorn server as a task that is ended in an orderly way when we are cancelled."""

    def __init__(self, server: uvicorn.Server, host: str, port: int) -> None:
        self._server = server
        self._host, self._port = host, port

    async def __aenter__(self) -> _Serving:
        self._task = asyncio.create_task(self._run())
        return self

    async def _run(self) -> None:
        try:
            await self._server.serve(listen(self._host, self._port))
        except OSError as error:
            raise Unreachable(
                f"the gateway cannot listen on {self._host}:{self._port}",
                remedy="free the port, or change [gateway] listen",
            ) from error

    async def ended(self) -> None:
        await asyncio.shield(self._task)

    async def __aexit__(self, *_: Any) -> None:
        self._server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await self._task


async def _body(request: Request) -> bytes:
    """The whole body, bounded in size and time (step 1)."""
    declared = request.headers.get("content-length", "")
    check_size(int(declared) if declared.isdecimal() else 0)
    body = bytearray()
    async with asyncio.timeout(READ_TIMEOUT_S):
        async for chunk in _chunks(request):
            body += chunk
            check_size(len(body))
    return bytes(body)


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        yield chunk


def _unsigned(refused: BlockRefused, now_ms: int) -> Answer:
    """A refusal of steps 1 to 3: nothing of ours is signed for somebody who is not known."""
    return Answer(
        answers.REFUSED,
        code=refused.code.label,
        problem=refused.problem,
        remedy=refused.remedy,
        time_ms=now_ms,
    )


def _one_at_a_time(now_ms: int) -> Answer:
    return Answer(
        answers.BUSY,
        code="block-in-flight",
        problem="another block of this channel is being verified",
        remedy="send one block at a time and wait for its receipt",
        time_ms=now_ms,
        retry_after_s=1,
    )


def _response(answer: Answer, success_type: str = RECEIPT_TYPE) -> Response:
    ok = answer.kind == answers.OK
    headers = {} if answer.retry_after_s is None else {"Retry-After": str(answer.retry_after_s)}
    return Response(
        answer.to_body(),
        status_code=answer.http_status,
        media_type=success_type if ok else PROBLEM_TYPE,
        headers=headers,
    )
