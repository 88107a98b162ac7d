"""The one adapter for httpx: another member's gateway over HTTPS with mutual TLS.

The peer's certificate must be one that the directory lists: TLS trusts those alone, and the exact
bytes are compared before the first byte of a request leaves.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from gateway.answer import BLOCK_TYPE, MAX_ANSWER_BYTES, Answer
from gateway.wire import Lane
from schemas.errors import ConfigurationInvalid, Unreachable, VerificationFailed
from schemas.members import Member

CONNECT_TIMEOUT_S = 5.0
ANSWER_TIMEOUT_S = 60.0
"""A full block on a busy machine is verified and stored in well under a second."""
IDLE_CONNECTION_S = 60.0

_Route = tuple[str, Lane]


@dataclass(frozen=True, slots=True)
class Credentials:
    """The PEM files this gateway shows itself with."""

    certificate: Path
    private_key: Path

    def into(self, context: ssl.SSLContext) -> ssl.SSLContext:
        """Loads them into ``context``.

        Raises:
            ConfigurationInvalid: a file is missing or is no certificate or key.
        """
        try:
            context.load_cert_chain(self.certificate, self.private_key)
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationInvalid(
                "the TLS certificate or its key cannot be used",
                remedy="check [gateway] certificate and private_key; `liaison doctor` tells more",
            ) from error
        return context


def trusting(certificates: tuple[bytes, ...], purpose: ssl.Purpose) -> ssl.SSLContext:
    """A TLS 1.3 context that trusts exactly these DER certificates and demands one of them."""
    server = purpose is ssl.Purpose.CLIENT_AUTH
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    # A listed certificate is an anchor itself, whoever issued it.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    for certificate in certificates:
        context.load_verify_locations(cadata=certificate)
    return context


class HttpPeer:
    """A :class:`gateway.courier.Peer`: one connection for each destination and lane."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._clients: dict[_Route, tuple[Member, httpx.AsyncClient]] = {}

    async def send(self, member: Member, lane: Lane, frame: bytes) -> Answer:
        """See :class:`gateway.courier.Peer`."""
        return await self._ask(
            member, lane, "POST", "blocks", content=frame, headers={"Content-Type": BLOCK_TYPE}
        )

    async def position(self, member: Member, lane: Lane) -> Answer:
        """See :class:`gateway.courier.Peer`."""
        return await self._ask(member, lane, "GET", "position")

    async def close(self) -> None:
        """Closes every connection."""
        for _, client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def _ask(
        self, member: Member, lane: Lane, method: str, what: str, **options: Any
    ) -> Answer:
        url = f"{member.endpoint.rstrip('/')}/relay/v1/{lane.label}/{what}"
        pin = {"trace": _pin(member)}
        try:
            client = await self._client(member, lane)
            async with (
                asyncio.timeout(ANSWER_TIMEOUT_S),
                client.stream(method, url, extensions=pin, **options) as response,
            ):
                return Answer.parse(
                    response.status_code,
                    await _bounded(response),
                    response.headers.get("Retry-After"),
                )
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, TimeoutError) as error:
            raise Unreachable(
                f"the gateway of {member.code} does not answer: {type(error).__name__}",
                remedy="the block is kept and sent again; `liaison doctor` tells more",
            ) from error

    async def _client(self, member: Member, lane: Lane) -> httpx.AsyncClient:
        """The connection pool for a route; a new one when the directory changed the member."""
        route = member.code, lane
        known = self._clients.get(route)
        if known is not None and known[0] == member:
            return known[1]
        context = self._credentials.into(trusting(member.certificates, ssl.Purpose.SERVER_AUTH))
        client = httpx.AsyncClient(
            verify=context,
            trust_env=False,
            headers={"Accept-Encoding": "identity"},
            timeout=httpx.Timeout(ANSWER_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            limits=httpx.Limits(max_connections=2, keepalive_expiry=IDLE_CONNECTION_S),
        )
        self._clients[route] = member, client
        if known is not None:
            await known[1].aclose()
        return client


def _pin(member: Member) -> Any:
    """A hook that compares the peer's certificate as soon as TLS is up."""

    async def trace(event: str, info: dict[str, Any]) -> None:
        if event == "connection.start_tls.complete":
            stream = info["return_value"]
            tls = stream.get_extra_info("ssl_object")
            if tls.getpeercert(binary_form=True) not in member.certificates:
                await stream.aclose()
                raise PeerNotPinned(member.code)

    return trace


class PeerNotPinned(VerificationFailed):
    """Somebody else answers at the member's endpoint; nothing was sent."""

    retriable = True

    def __init__(self, code: str) -> None:
        super().__init__(
            f"the TLS certificate at the endpoint of {code} is not the one in the directory",
            remedy="refresh the directory; if that does not help, call the member",
        )


async def _bounded(response: httpx.Response) -> bytes:
    """The body as it came: what is compressed is not asked for, and not unpacked."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise VerificationFailed("the answer is longer than an answer can be")
    return bytes(body)
