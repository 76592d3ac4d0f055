"""What is wrong with a supergraph that cannot be served."""

from __future__ import annotations

__all__ = ["InvalidSupergraph"]


class InvalidSupergraph(Exception):
    """The text is no supergraph this gateway can serve; ``code`` is stable, the message says where."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
