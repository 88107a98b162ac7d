"""A real relay on loopback: real TLS with small self-signed certificates, real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.client import Credentials
from gateway.server import RelayServer
from gateway.wire import Lane
from schemas.members import Member
from tests.gateway.federation import Federation, Gateway


@dataclass(frozen=True)
class Identity:
    """A certificate with its key."""

    name: str
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        """As the directory lists it."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def credentials(self, home: Path) -> Credentials:
        """The two PEM files."""
        found = Credentials(home / f"{self.name}.pem", home / f"{self.name}.key")
        found.certificate.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        found.private_key.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return found


def identity(name: str, issuer: str | None = None) -> Identity:
    """The certificate ``name``: signed by itself, or by the certificate ``issuer``."""
    return _made(name, issuer)


@cache
def _made(name: str, issuer: str | None) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    by = identity(issuer) if issuer else None
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .sign(by.key if by else key, hashes.SHA256())
    )
    return Identity(name, certificate, key)


class Relay:
    """DE's gateway, listening; FR, PH and whoever else calls it."""

    def __init__(self, federation: Federation, home: Path) -> None:
        self.federation = federation
        self.home = home
        for code in Federation.CODES:
            federation.directory.change(code, certificates=(identity(code).der,))
        self.gateway: Gateway = federation["DE"]
        self.stored = 0
        self.callers: list[str] = []
        self._writers: list[asyncio.StreamWriter] = []
        self.server = RelayServer(
            self.gateway.receiver,
            self.gateway.database,
            lambda: federation.directory,
            lambda: federation.now_ms,
            accepted=self._accepted,
            contacted=self.callers.append,
        )
        self.port = free_port()
        federation.directory.change("DE", endpoint=self.url)

    def _accepted(self) -> None:
        self.stored += 1

    @property
    def url(self) -> str:
        """Where DE listens."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def member(self) -> Member:
        """DE as the directory lists it."""
        found = self.federation.directory.member("DE")
        assert found is not None
        return found

    def credentials(self, name: str, issuer: str | None = None) -> Credentials:
        """Those of a member, or of a stranger."""
        return identity(name, issuer).credentials(self.home)

    @contextlib.asynccontextmanager
    async def serving(self, name: str = "DE", issuer: str | None = None) -> AsyncIterator[None]:
        """Listens as ``name``; ends in an orderly way."""
        task = asyncio.create_task(
            self.server.serve("127.0.0.1", self.port, self.credentials(name, issuer))
        )
        while not self.server.listening:
            await asyncio.sleep(0.005)
            assert not task.done()
        try:
            yield
        finally:
            for writer in self._writers:
                writer.transport.abort()
            self._writers.clear()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def connect(
        self, name: str | None, *, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A bare TLS connection by the certificate ``name``, or without one."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.maximum_version = newest
        if name:
            self.credentials(name).into(context)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=context)
        self._writers.append(writer)
        return reader, writer


def request(length: int, *, lane: Lane = Lane.ROUTINE, more: str = "") -> bytes:
    """The head of a POST with a body of ``length`` bytes."""
    return (
        f"POST /relay/v1/{lane.label}/blocks HTTP/1.1\r\nHost: de\r\n"
        f"Content-Length: {length}\r\n{more}\r\n"
    ).encode()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
