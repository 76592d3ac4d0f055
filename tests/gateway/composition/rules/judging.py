"""One rule judges one subgraph."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gateway.composition.errors import CompositionError
from gateway.composition.model.subgraph import Subgraph
from gateway.composition.reading import read_subgraph
from gateway.federation.specifications import specification
from gateway.federation.vocabulary import FEDERATION

__all__ = ["Cases", "judged", "subgraph"]

Cases = list[tuple[str, str, list[str]]]
"""What each shows, the schema, and the codes that are told of it."""


def subgraph(sdl: str, minor: int = 9) -> Subgraph:
    """A subgraph of federation 2 with all directives imported, on the schema's first line."""
    known = specification(FEDERATION, (2, minor))
    assert known is not None
    imports = ", ".join(f'"@{name}"' for name in known.directives)
    link = f'extend schema @link(url: "{FEDERATION}/v2.{minor}", import: [{imports}]) '
    return read_subgraph("one", "http://one", link + sdl, "ONE").subgraph


def judged(
    rule: Callable[[Subgraph], Iterable[CompositionError]], sdl: str, minor: int = 9
) -> list[tuple[str, str]]:
    """Code and message of each error."""
    errors = list(rule(subgraph(sdl, minor)))
    assert all(error.subgraphs == ("one",) and error.locations for error in errors)
    return [(error.code, error.message) for error in errors]
