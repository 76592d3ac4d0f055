"""What a metrics library may hear; the default hears nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

__all__ = ["SILENT", "ByteKind", "Observer", "SilentObserver"]

ByteKind = Literal["original", "variant", "full"]


class Observer(Protocol):
    """Called from the pool's threads, so it must be quick and safe to call from several at once."""

    def stages(self, seconds: Mapping[str, float]) -> None:
        """A job has just ended. Seconds by stage, in their order: queue, open, decode, resize, encode, placeholder,
        full; and ``total``, of all but the queue."""

    def rejected(self, code: str) -> None:
        """A picture was refused."""

    def bytes(self, kind: ByteKind, count: int) -> None:
        """Bytes came in (original) or went out (variant, full)."""


class SilentObserver:
    """Hears nothing."""

    def stages(self, seconds: Mapping[str, float]) -> None:
        """Nothing."""

    def rejected(self, code: str) -> None:
        """Nothing."""

    def bytes(self, kind: ByteKind, count: int) -> None:
        """Nothing."""


SILENT: Observer = SilentObserver()
