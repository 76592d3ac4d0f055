"""What is wrong with a subgraph's schema, gathered until there is no point in reading on."""

from __future__ import annotations

from typing import NoReturn

from graphql import Node

from gateway.composition.errors import CompositionError, error_in

__all__ = ["Problems", "Unparsable", "Unreadable"]


class Unreadable(Exception):
    """A subgraph that cannot be read, and why."""

    def __init__(self, errors: tuple[CompositionError, ...]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


class Unparsable(Unreadable):
    """A text that does not parse: nothing else that is wrong with the subgraphs is worth telling before."""


class Problems:
    """Errors of one subgraph, each with its place."""

    def __init__(self, subgraph: str) -> None:
        self._subgraph = subgraph
        self.found: list[CompositionError] = []

    def report(self, message: str, node: Node | None = None, code: str = "INVALID_GRAPHQL") -> None:
        """Remember an error and go on."""
        self.found.append(error_in(self._subgraph, code, message, node))

    def refuse(self, message: str, node: Node | None = None, code: str = "INVALID_GRAPHQL") -> NoReturn:
        """End with this error alone: all others may follow from it. Raises Unreadable."""
        self.found.clear()
        self.report(message, node, code)
        raise Unreadable(tuple(self.found))

    def check(self) -> None:
        """Raises Unreadable with all errors so far, if there are any."""
        if self.found:
            raise Unreadable(tuple(self.found))
