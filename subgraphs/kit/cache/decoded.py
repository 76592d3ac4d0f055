"""What Redis holds, read once: what comes in the same bytes again is neither taken apart nor decoded again.

Redis is asked every time all the same, so nothing here is older than what it has.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, Final

import msgspec

__all__ = ["HEADER", "NEGATIVE", "ROW", "TOMBSTONE", "Beside", "Found", "Held"]

ROW, NEGATIVE, TOMBSTONE = b"r", b"n", b"t"
HEADER: Final = 16 + 1 + 16 + 1 + 10 + 1 + 1 + 1
"""Bytes before the payload: ``epoch|version|expiry|kind|``."""
_AROUND: Final = 600
"""About what the objects of an entry take besides its bytes, which are there three times: as they came, cut and decoded."""


class Found(msgspec.Struct, gc=False):
    """What a key holds."""

    stamp: bytes
    """The version or stamp of whatever is there; empty: nothing is."""
    kind: bytes = b""
    """Empty: nothing that may be served."""
    payload: bytes = b""
    refresh: bool = False
    """Somebody should read it anew before it expires."""
    expiry: int = 0
    """Seconds since 1970."""
    value: Any = msgspec.UNSET
    """The payload decoded, by whoever needed it first; to be read only."""


_NOTHING: Final = Found(b"")


class Beside:
    """A key that is no domain's, asked for with a domain's by one command."""

    __slots__ = ("asked", "key", "value")

    def __init__(self, key: str) -> None:
        self.key = key
        self.asked = False
        """Whether Redis has answered."""
        self.value: bytes | None = None


class Held:
    """Values by their bytes, of one life of the server; at most ``memory`` bytes, then it begins anew."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._epoch = b""
        self._known: dict[bytes, Found] = {}
        self._weight = 0

    def read(self, values: Sequence[bytes | None], epoch: bytes, soon: float) -> list[Found]:
        """What each value says; what was stored in another epoch may not be served, what expires before ``soon`` is
        refreshed now and then."""
        if epoch != self._epoch:
            self._begin()
            self._epoch = epoch
        known, found = self._known, []
        for value in values:
            if value is None:
                found.append(_NOTHING)
                continue
            one = known.get(value)
            if one is None:
                one = self._read(value)
            if one.expiry < soon and one.kind and random.random() < 0.1:  # noqa: S311
                one = Found(one.stamp, one.kind, one.payload, refresh=True)
            found.append(one)
        return found

    def _read(self, value: bytes) -> Found:
        stamp, kind = value[17:33], value[45:46]
        if value[:16] != self._epoch or kind == TOMBSTONE:
            return Found(stamp)
        found = Found(stamp, kind, value[HEADER:], expiry=int(value[34:44]))
        self._weight += 3 * len(value) + _AROUND
        if self._weight > self._memory:
            self._begin()
        else:
            self._known[value] = found
        return found

    def _begin(self) -> None:
        self._known.clear()
        self._weight = 0
