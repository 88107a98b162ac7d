"""What passes between gateways, read in clear where their TLS ends.

A tap stands at a port of its own before a gateway, with that gateway's certificate, and calls it
with the certificate of whoever called. The directory must list the tap as the member's endpoint.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.client import Credentials, trusting
from gateway.directory import Document
from liaison import federation as federations
from liaison.configuration import Configuration
from liaison.processes import free_ports
from tests.liaison.running import Federation, wait_until


class Tap:
    """Records the bytes of all connections to one member's gateway, both ways."""

    def __init__(self, member: Configuration, others: Mapping[str, Configuration]) -> None:
        self.port = free_ports(1)[0]
        self.asked = bytearray()
        self.answered = bytearray()
        self._gateway = member.gateway.listen
        self._callers = {_certificate(one): _credentials(one) for one in others.values()}
        self._known = _certificate(member)
        self._own = _credentials(member)
        self._connections: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Until cancelled."""
        context = self._own.into(trusting(tuple(self._callers), ssl.Purpose.CLIENT_AUTH))
        server = await asyncio.start_server(self._joined, "127.0.0.1", self.port, ssl=context)
        try:
            await server.serve_forever()
        finally:
            server.close()
            for connection in self._connections:
                connection.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)

    async def _joined(self, caller: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        assert connection is not None
        self._connections.add(connection)
        try:
            await self._join(caller, back)
        except OSError:
            pass  # the gateway was killed: its caller finds out in the same way
        finally:
            await _closed(back)
            self._connections.discard(connection)

    async def _join(self, caller: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        certificate = back.get_extra_info("ssl_object").getpeercert(True)
        context = self._callers[certificate].into(trusting((self._known,), ssl.Purpose.SERVER_AUTH))
        gateway, forth = await asyncio.open_connection(*self._gateway, ssl=context)
        pumps = [
            asyncio.create_task(_pump(caller, forth, self.asked)),
            asyncio.create_task(_pump(gateway, back, self.answered)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            await _closed(forth)


@contextlib.contextmanager
def tapped(federation: Federation, *codes: str) -> Iterator[dict[str, Tap]]:
    """Taps before the gateways of ``codes``, which every node is told of."""
    taps = {code: Tap(federation.nodes[code], federation.nodes) for code in codes}
    loop = asyncio.new_event_loop()
    serving = loop.create_task(_serve_all(taps))
    thread = threading.Thread(target=_run, args=(loop, serving))
    thread.start()
    try:
        _announce(federation, taps)
        yield taps
    finally:
        loop.call_soon_threadsafe(serving.cancel)
        thread.join()


async def _serve_all(taps: Mapping[str, Tap]) -> None:
    async with asyncio.TaskGroup() as serving:
        for tap in taps.values():
            serving.create_task(tap.serve())


def _run(loop: asyncio.AbstractEventLoop, serving: asyncio.Task[None]) -> None:
    with contextlib.closing(loop), contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(serving)


def _announce(federation: Federation, taps: Mapping[str, Tap]) -> None:
    def edit(document: Document) -> Document:
        members = (
            replace(one, endpoint=f"https://127.0.0.1:{taps[one.code].port}")
            if one.code in taps
            else one
            for one in document.members
        )
        return replace(document, members=tuple(members))

    home = federation.home / "federation"
    in_force = federations.change(home, edit).version
    for node in federation.nodes.values():
        newer = node.directory_file.with_suffix(".new")
        newer.write_bytes((home / federations.DIRECTORY_FILE).read_bytes())
        newer.replace(node.directory_file)
    for code in federation.nodes:
        wait_until(
            lambda code=code: federation.metric(code, "liaison_directory_version") == in_force,
            "a node does not follow the directory",
        )


async def _pump(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, record: bytearray
) -> None:
    while data := await source.read(1 << 16):
        record += data
        target.write(data)
        await target.drain()


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def _credentials(node: Configuration) -> Credentials:
    return Credentials(node.gateway.certificate, node.gateway.private_key)


def _certificate(node: Configuration) -> bytes:
    found = x509.load_pem_x509_certificate(node.gateway.certificate.read_bytes())
    return found.public_bytes(Encoding.DER)
