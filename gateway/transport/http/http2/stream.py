"""One request and its answer on a connection that carries many."""

from __future__ import annotations

import asyncio

from gateway.transport.http.exchange import Exchange

__all__ = ["Stream"]


class Stream(Exchange):
    """An exchange with what flow control counts: what the peer does not take yet, what the reader has not read."""

    def __init__(self, *, head_only: bool = False) -> None:
        super().__init__(head_only=head_only)
        self.id = 0
        self.outgoing = memoryview(b"")
        self.ends = False
        """Whether the request is over with ``outgoing``."""
        self.unread = 0
        """Bytes that the peer's windows lack until they are given back."""
        self._taken: asyncio.Future[None] | None = None

    async def all_taken(self) -> None:
        """Until the peer has taken ``outgoing``, or the stream is over."""
        if self.outgoing and not self.done and self.error is None:
            self._taken = asyncio.get_running_loop().create_future()
            await self._taken

    def release(self) -> None:
        """Let whoever waits for ``outgoing`` go on."""
        if self._taken is not None and not self._taken.done():
            self._taken.set_result(None)
        self._taken = None
