"""What is wrong with a supergraph that cannot be served, and where."""

from __future__ import annotations

from graphql import Node, get_location

__all__ = ["InvalidSupergraph"]


class InvalidSupergraph(Exception):
    """The text is no supergraph this gateway can serve.

    ``code`` is stable, ``message`` says what to do, ``line`` and ``column`` count from 1 and are None where the
    whole is meant.
    """

    def __init__(
        self, code: str, message: str, node: Node | None = None, place: tuple[int, int] | None = None
    ) -> None:
        if node is not None and node.loc is not None:
            place = get_location(node.loc.source, node.loc.start)
        self.code = code
        self.message = message
        self.line: int | None
        self.column: int | None
        self.line, self.column = place or (None, None)
        super().__init__(message if place is None else f"{message} (line {self.line}, column {self.column})")
