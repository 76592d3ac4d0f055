"""What a metrics library may hear; the default hears nothing."""

from __future__ import annotations

from typing import Literal, Protocol

__all__ = ["SILENT", "ByteKind", "Observer", "SilentObserver"]

ByteKind = Literal["original", "variant", "full"]


class Observer(Protocol):
    """Called from the pool's threads, so it must be quick and safe to call from several at once."""

    def stage(self, name: str, seconds: float) -> None:
        """A stage has run: queue, open, decode, resize, encode, placeholder, full, total."""

    def rejected(self, code: str) -> None:
        """A picture was refused."""

    def bytes(self, kind: ByteKind, count: int) -> None:
        """Bytes came in (original) or went out (variant, full)."""


class SilentObserver:
    """Hears nothing."""

    def stage(self, name: str, seconds: float) -> None:
        """Nothing."""

    def rejected(self, code: str) -> None:
        """Nothing."""

    def bytes(self, kind: ByteKind, count: int) -> None:
        """Nothing."""


SILENT: Observer = SilentObserver()
