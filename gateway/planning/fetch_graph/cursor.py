"""Where assembling stands: a place in a fetch and in the answer."""

from __future__ import annotations

from typing import TypeAlias

from gateway.planning.fetch_graph.fetches import Fetch, Pending, SelectionSet, Way
from gateway.planning.plan import Path
from gateway.planning.shape import Shape
from gateway.query_graph.graph import Node

__all__ = ["Cursor", "Narrowed"]

Narrowed: TypeAlias = tuple[tuple[int, str], ...]
"""Types that objects were narrowed to, each with how deep in the fetch."""


class Cursor:
    """A place reached: in which fetch, in which selection set, and where in the answer."""

    __slots__ = (
        "above", "at_top", "entered_from", "fetch", "here", "node", "path", "pending", "selections", "shape",
    )  # fmt: skip

    def __init__(
        self,
        fetch: Fetch,
        selections: SelectionSet,
        path: Path,
        shape: Shape,
        node: Node,
        entered_from: Cursor | None = None,
        at_top: bool = False,
        pending: Pending = (),
        above: Narrowed = (),
        here: Narrowed = (),
    ) -> None:
        self.fetch = fetch
        self.selections = selections
        self.path = path
        self.shape = shape
        self.node = node
        self.entered_from = entered_from
        self.at_top = at_top
        self.pending = pending
        """Conditions passed on the way to this place, which an entity fetch from here repeats."""
        self.above = above
        """What objects above were narrowed to, within the fetch."""
        self.here = here
        """What the objects of this place were narrowed to."""

    @property
    def way(self) -> Way:
        """How objects come to this place."""
        return self.pending, self.above

    def narrowed_here(self, type_name: str | None) -> Narrowed:
        """The same with another type."""
        return self.here if type_name is None else (*self.here, (len(self.path), type_name))
