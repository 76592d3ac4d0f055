"""Ways through the query graph, as chains of steps that share their beginnings.

A step knows the one before it, so a way is its last step, and ways that begin alike are one chain up
to where they part. Each step is charged with the fetches it makes necessary; a fetch is identified by
the subgraph and the place in the answer, so two ways that need the same fetch pay for it once.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

from gateway.query_graph.graph import FieldEdge, KeyEdge, Node
from gateway.query_graph.selection import Field, Fragment, Selection, Selections

if TYPE_CHECKING:
    from gateway.planning.paths.contexts import ContextValue

__all__ = ["Charges", "Condition", "FetchKey", "Kind", "Step", "Unit", "entry_of"]

FetchKey: TypeAlias = tuple[tuple[str, ...], str]
"""Response keys to the place, and the subgraph asked there."""
Charges: TypeAlias = dict[FetchKey, int]


class Kind(IntEnum):
    """What a step does."""

    START = 0
    FIELD = 1
    NARROW = 2
    JUMP = 3
    REQUIRE = 4


class Condition:
    """Selections wanted of an entity, and how to get them starting where it was reached."""

    __slots__ = ("charges", "choices", "local", "selections", "start")

    def __init__(
        self, selections: Selections, start: Step, choices: tuple[tuple[Step, list[Selection]], ...]
    ) -> None:
        self.selections = selections
        self.start = start
        self.choices = choices
        self.charges: Charges = {}
        for step, _ in choices:
            self.charges.update(step.charges)
        self.local = all(step is start for step, _ in choices)

    @property
    def cost(self) -> int:
        """What its fetches cost."""
        return sum(self.charges.values())


class Step:
    """One step; ``memo`` holds those already taken from here."""

    __slots__ = (
        "charges",
        "condition",
        "contexts",
        "depth",
        "element",
        "entry",
        "key_condition",
        "kind",
        "memo",
        "node",
        "path",
        "prev",
        "within",
    )  # fmt: skip

    def __init__(
        self,
        prev: Step | None,
        node: Node,
        kind: Kind,
        path: tuple[str, ...],
        charges: Charges,
        depth: int,
        element: Field | Fragment | KeyEdge | FieldEdge | None = None,
        condition: Condition | None = None,
        key_condition: tuple[KeyEdge, Condition] | None = None,
    ) -> None:
        self.prev = prev
        self.node = node
        self.kind = kind
        self.path = path
        self.charges = charges
        self.depth = depth
        self.element = element
        self.condition = condition
        self.key_condition = key_condition
        self.entry = False
        self.within: tuple[Step, int] | None = None
        """The step that entered the subgraph, and how many fields below it what is required is."""
        self.contexts: tuple[ContextValue, ...] = ()
        self.memo: dict[object, Step | None] = {}

    @property
    def cost(self) -> int:
        """What all fetches of the way cost."""
        return sum(self.charges.values())

    def precedes(self, other: Step) -> bool:
        """Whether it is taken before ``other``, on the same way."""
        before = other.prev
        while before is not None and before is not self:
            before = before.prev
        return before is self


def entry_of(step: Step) -> tuple[Step | None, int]:
    """The step by which the subgraph was entered, and how many fields above; None at the operation's root."""
    fields, at = 0, step
    while at.prev is not None:
        if at.kind is Kind.JUMP or (at.kind is Kind.REQUIRE and not at.entry and at.within is None):
            return at, fields
        fields += at.kind is Kind.FIELD
        at = at.prev
    return None, fields


class Unit:
    """Selections that can be had by the same ways: one decision."""

    __slots__ = ("elements", "options")

    def __init__(self, options: tuple[Step, ...], elements: list[Selection]) -> None:
        self.options = options
        self.elements = elements
