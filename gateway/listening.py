"""Listening sockets that bound how many connections are open, before TLS knows whose they are.

A connection costs a file descriptor from its first packet on; without descriptors nothing of the
node works. So at most half of them are given to whoever connects, and half of those to one address.
"""

from __future__ import annotations

import resource
import socket
from typing import Any

MAX_OPEN = 2048
"""Several times what all members of a large federation use."""


class Listener(socket.socket):
    """Accepts as many connections as may be open at once; what is above is closed at once."""

    def __init__(self, family: int, limit: int) -> None:
        super().__init__(family, socket.SOCK_STREAM)
        self._limit = limit
        self._accepted: list[tuple[Any, socket.socket]] = []
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            self.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)

    def accept(self) -> tuple[socket.socket, Any]:
        """As :meth:`socket.socket.accept`.

        Raises:
            ConnectionAbortedError: too many are open, of all or of this address.
        """
        connection, peer = super().accept()
        self._accepted = [one for one in self._accepted if one[1].fileno() >= 0]
        same = sum(host == peer[0] for host, _ in self._accepted)
        if len(self._accepted) >= self._limit or same >= self._limit // 2:
            connection.close()
            raise ConnectionAbortedError("too many connections are open")
        self._accepted.append((peer[0], connection))
        return connection, peer


def listen(host: str, port: int, limit: int | None = None) -> list[socket.socket]:
    """One for each address of ``host``, not listening yet.

    Raises:
        OSError: an address cannot be bound.
    """
    if limit is None:
        limit = min(MAX_OPEN, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)
    found = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
    )
    listeners: list[socket.socket] = []
    try:
        for family, _, _, _, address in dict.fromkeys(found):
            listeners.append(Listener(family, limit))
            listeners[-1].bind(address)
    except OSError:
        for listener in listeners:
            listener.close()
        raise
    return listeners
