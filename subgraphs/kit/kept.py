"""One connection kept for MGET: a pool's taking and giving back costs as much as the command itself.

Who serves pictures asks for every request whether the row still stands, so this is what such a request costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["KeptConnection"]


class KeptConnection:
    """A connection of redis-py's own making, for one caller at a time."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._connection: Any = None
        self.busy = False

    async def mget(self, keys: Sequence[str]) -> list[Any]:
        """The values in the order of the keys. Raises what redis-py raises; it connects again with the next."""
        self.busy = True
        try:
            if self._connection is None:
                self._connection = self._pool.make_connection()
            await self._connection.send_packed_command([_packed(keys)], check_health=False)
            answer: list[Any] = await self._connection.read_response()
        except BaseException:
            await self.close()  # what is under way would be the next one's answer
            raise
        else:
            return answer
        finally:
            self.busy = False

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.disconnect(nowait=True)


def _packed(keys: Sequence[str]) -> bytes:
    """As RESP has it (https://redis.io/docs/latest/develop/reference/protocol-spec/)."""
    parts = [b"*%d\r\n$4\r\nMGET\r\n" % (len(keys) + 1)]
    for key in keys:
        raw = key.encode()
        parts.append(b"$%d\r\n%b\r\n" % (len(raw), raw))
    return b"".join(parts)
