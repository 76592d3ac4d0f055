"""What composition says: errors that stop it, and hints that do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphql import Node

__all__ = ["Composed", "CompositionError", "CompositionFailed", "Hint", "Location", "error_in", "location_of"]


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a subgraph's SDL; both count from 1."""

    subgraph: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class CompositionError:
    """``code`` is Apollo's name for it."""

    code: str
    message: str
    subgraphs: tuple[str, ...] = ()
    locations: tuple[Location, ...] = ()
    coordinate: str | None = None
    """What of the supergraph it is about, such as ``User.posts``, where only the supergraph showed it."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that composes, and may yet be meant otherwise."""

    code: str
    message: str
    coordinate: str | None = None
    """What of the supergraph it is about, such as ``User.posts(first:)``, where it is about one thing."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A supergraph."""

    supergraph_sdl: str
    hints: tuple[Hint, ...] = ()


class CompositionFailed(Exception):
    """The subgraphs do not compose; every error that was found is here."""

    def __init__(self, errors: Sequence[CompositionError], hints: Sequence[Hint] = ()) -> None:
        super().__init__("; ".join(f"{e.code}: {e.message}" for e in errors))
        self.errors = tuple(errors)
        self.hints = tuple(hints)


def location_of(subgraph: str, node: Node | None) -> tuple[Location, ...]:
    """Where a node stands, if it was parsed from a text."""
    if node is None or node.loc is None:
        return ()
    start = node.loc.source.get_location(node.loc.start)
    return (Location(subgraph, start.line, start.column),)


def error_in(subgraph: str, code: str, message: str, node: Node | None = None) -> CompositionError:
    """An error of one subgraph, which the message names."""
    return CompositionError(code, f"[{subgraph}] {message}", (subgraph,), location_of(subgraph, node))
