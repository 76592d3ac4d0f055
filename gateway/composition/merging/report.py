"""What merging has to say: collected while it goes on, so that all is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, TypeVar

from graphql import Node

from gateway.composition.errors import CompositionError, Hint, location_of

__all__ = ["Report", "Sourced", "groups", "listed"]


class Sourced(Protocol):
    """Anything of a subgraph that stands somewhere."""

    @property
    def node(self) -> Node: ...


_S = TypeVar("_S")


class Report:
    """Errors and hints, in the order they were found."""

    def __init__(self) -> None:
        self.errors: list[CompositionError] = []
        self.hints: list[Hint] = []

    def error(self, code: str, message: str, sources: Mapping[str, Sourced | None]) -> None:
        """An error about elements of these subgraphs."""
        found = {s: source for s, source in sources.items() if source is not None}
        where = tuple(place for s, source in found.items() for place in location_of(s, source.node))
        self.errors.append(CompositionError(code, message, tuple(found), where))

    def hint(self, code: str, message: str, coordinate: str | None = None) -> None:
        """A hint about an element of the supergraph."""
        self.hints.append(Hint(code, message, coordinate))


def groups(sources: Mapping[str, _S | None], say: Callable[[_S], str]) -> str:
    """What the subgraphs have, those that have the same together."""
    alike: dict[str, list[str]] = {}
    for subgraph, source in sources.items():
        if source is not None:
            alike.setdefault(say(source), []).append(subgraph)
    return "; ".join(f"{what} in {listed(names)}" for what, names in alike.items())


def listed(names: Iterable[str], most: int = 10) -> str:
    """Names one after the other; of very many only the first."""
    found = [f'"{name}"' for name in names]
    if len(found) > most:
        found = [*found[:most], f"{len(found) - most} more"]
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else "".join(found)
