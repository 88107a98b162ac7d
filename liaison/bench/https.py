"""What HTTPS costs the relay: microseconds of CPU to bring a full block across and its answer back.

Our own client and server, mutual TLS on loopback, both ends in this process; what the recipient
does with a block is measured elsewhere, so it is answered at once.
"""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.answer import RECEIPT_TYPE
from gateway.client import Credentials, HttpPeer
from gateway.server import RelayServer
from gateway.wire import Lane
from liaison import certificates
from liaison.processes import free_ports
from schemas.errors import Unreachable
from schemas.members import Member, MemberRole, MemberStatus
from schemas.notifications import DutyContact

BLOCKS = 40
TRIES = 100
RECEIPT_BYTES = 8192
"""Two signatures and a disposition for each of 512 items."""


def cost(home: Path, block_bytes: int) -> float:
    """Microseconds of CPU for a block, at both ends together."""
    home.mkdir(parents=True, exist_ok=True)
    credentials, certificate = _identity(home)
    return asyncio.run(_measure(credentials, certificate, os.urandom(block_bytes)))


def _identity(home: Path) -> tuple[Credentials, bytes]:
    found = Credentials(home / "bench.pem", home / "bench.key")
    key = certificates.new_key()
    found.private_key.touch(mode=0o600)
    found.private_key.write_bytes(certificates.key_pem(key))
    made = certificates.self_signed(key, "DE", ["127.0.0.1"], time.time_ns() // 1_000_000)
    found.certificate.write_bytes(made)
    return found, certificates.der(certificates.load_certificate(found.certificate))


class _Answering(RelayServer):
    """Takes every block and answers at once."""

    def __init__(self, member: Member) -> None:
        nothing: Any = None
        directory: Any = _Listing(member)
        super().__init__(
            nothing, nothing, lambda: directory, lambda: 0, accepted=lambda: None,
            contacted=lambda _code: None,
        )  # fmt: skip
        self.app = Starlette(
            routes=[Route("/relay/v1/{lane}/blocks", self._answer, methods=["POST"])]
        )

    async def _answer(self, request: Request) -> Response:
        await request.body()
        return Response(b"\0" * RECEIPT_BYTES, media_type=RECEIPT_TYPE)


class _Listing:
    """A directory of one member."""

    version = 1

    def __init__(self, member: Member) -> None:
        self._member = member

    def members(self) -> tuple[Member, ...]:
        """See :class:`schemas.ports.Directory`."""
        return (self._member,)


async def _measure(credentials: Credentials, certificate: bytes, block: bytes) -> float:
    (port,) = free_ports(1)
    member = Member(
        "DE", "DE", frozenset({MemberRole.CONTACT_POINT}), MemberStatus.ACTIVE,
        f"https://127.0.0.1:{port}", DutyContact(), (), (), (certificate,),
    )  # fmt: skip
    server = _Answering(member)
    serving = asyncio.create_task(server.serve("127.0.0.1", port, credentials))
    peer = HttpPeer(credentials)
    try:
        await _answered(peer, member, block)
        began = time.process_time()
        for _ in range(BLOCKS):
            await peer.send(member, Lane.ROUTINE, block)
        return (time.process_time() - began) / BLOCKS * 1e6
    finally:
        await peer.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def _answered(peer: HttpPeer, member: Member, block: bytes) -> None:
    """Sends one block as soon as the server listens."""
    for attempt in range(TRIES):
        try:
            await peer.send(member, Lane.ROUTINE, block)
        except Unreachable:
            if attempt == TRIES - 1:
                raise
            await asyncio.sleep(0.02)
        else:
            return
