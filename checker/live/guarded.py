"""Let nobody hold connections: neither many of them nor one that does not move."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_OF_ONE_ADDRESS = 200  # a whole class may come from one, behind a router
PERIOD = 10.0  # seconds between two looks
UNFINISHED = frozenset({h11.IDLE, h11.SEND_BODY})


class GuardedProtocol(H11Protocol):
    """One connection, which is looked at again and again while it is open."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Refuse one more when there are too many, or too many from its address."""
        super().connection_made(transport)
        self._last_seen: object = None
        if self._is_one_too_many():
            transport.abort()
        else:
            self.loop.call_later(PERIOD, self.look)

    def _is_one_too_many(self) -> bool:
        most = self.limit_concurrency or 0  # of all; uvicorn answers nobody when it is reached
        most_of_one = min(MOST_OF_ONE_ADDRESS, most // 4)
        return len(self.connections) >= most or self._count_of_address() > most_of_one

    def _count_of_address(self) -> int:
        """Return how many connections there are from the same address, this one included."""
        address = self.client and self.client[0]
        clients = (getattr(other, "client", None) for other in self.connections)
        return sum(client is not None and client[0] == address for client in clients)

    def look(self) -> None:
        """End it when the client has kept us waiting since the last look."""
        if self.transport.is_closing():
            return
        seen = self._see_what_is_due()
        if seen is not None and seen == self._last_seen:
            self.transport.abort()
            return
        self._last_seen = seen
        self.loop.call_later(PERIOD, self.look)

    def _see_what_is_due(self) -> object:
        """Return what the client has still to send or to read; None when nothing is."""
        unread = self.transport.get_write_buffer_size()
        return unread or (self.conn.their_state if self.conn.their_state in UNFINISHED else None)
