"""The query plan: a closed union of frozen nodes between the planner and the executor.

The shapes follow what Apollo's planner prints, so that plans can be compared node by node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = [
    "ConditionNode",
    "DeferNode",
    "DeferredNode",
    "FetchNode",
    "FlattenNode",
    "InlineFragment",
    "KeyRenamer",
    "OperationKind",
    "ParallelNode",
    "Path",
    "PlanNode",
    "QueryPlan",
    "RequiredField",
    "RequiredSelection",
    "Rewrite",
    "SequenceNode",
    "SubscriptionNode",
    "ValueSetter",
    "fetches_of",
]

OperationKind: TypeAlias = Literal["query", "mutation", "subscription"]

Path: TypeAlias = tuple[str, ...]
"""Response keys from the root; ``"@"`` stands for every element of a list."""


@dataclass(frozen=True, slots=True)
class RequiredField:
    """A field of a representation: ``response_key`` is read from the answer so far, ``name`` is sent."""

    name: str
    response_key: str
    selections: tuple[RequiredSelection, ...] = ()


@dataclass(frozen=True, slots=True)
class InlineFragment:
    """Fields of a representation sent only where the object is of ``type_condition``."""

    type_condition: str
    selections: tuple[RequiredSelection, ...]


RequiredSelection: TypeAlias = RequiredField | InlineFragment


@dataclass(frozen=True, slots=True)
class ValueSetter:
    """Set ``value`` at ``path`` (an input's ``__typename`` of an @interfaceObject, say).

    Elements of ``path`` are response keys, ``"@"``, or ``"... on Type"``.
    """

    path: Path
    value: str


@dataclass(frozen=True, slots=True)
class KeyRenamer:
    """Rename the key at the end of ``path`` to ``rename_to`` in what a subgraph answered."""

    path: Path
    rename_to: str


Rewrite: TypeAlias = ValueSetter | KeyRenamer


@dataclass(frozen=True, slots=True)
class FetchNode:
    """One request to one subgraph.

    With ``requires`` it is an entity fetch: its operation takes the variable ``representations`` and
    selects ``_entities``; it then always stands below a FlattenNode, which says where the entities are.
    """

    subgraph: str
    """The subgraph's name, as composition was given it (``join__graph(name:)``)."""
    operation: str
    operation_kind: OperationKind
    operation_name: str | None = None
    variable_usages: tuple[str, ...] = ()
    requires: tuple[RequiredSelection, ...] = ()
    representations: str = "representations"
    """What the variable with the representations is called: otherwise where the client has one of that name."""
    input_rewrites: tuple[Rewrite, ...] = ()
    output_rewrites: tuple[Rewrite, ...] = ()
    context_rewrites: tuple[Rewrite, ...] = ()
    id: str | None = None
    """What deferred nodes call it that wait for it; None where none does."""


@dataclass(frozen=True, slots=True)
class FlattenNode:
    """Run ``node`` for the objects at ``path``, and merge what it answers there."""

    path: Path
    node: FetchNode
    more_paths: tuple[Path, ...] = ()
    """Further places whose objects go into the same request: every place gets its own objects' answers."""


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """Each node after the one before it."""

    nodes: tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True)
class ParallelNode:
    """All nodes at once."""

    nodes: tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True)
class ConditionNode:
    """Run one branch or the other by the value of a boolean variable."""

    condition: str
    if_clause: PlanNode | None = None
    else_clause: PlanNode | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionNode:
    """A root stream, then ``rest`` for each of its events."""

    primary: FetchNode
    rest: PlanNode | None = None


@dataclass(frozen=True, slots=True)
class DeferredNode:
    """A deferred part that has fetches of its own; they start when those that it depends on have ended."""

    number: int
    """Of its ``@defer`` among the document's, in order."""
    label: str | None
    path: Path
    depends: tuple[str, ...]
    """Ids of fetches of the parts around it."""
    node: PlanNode
    subselection: str = ""


@dataclass(frozen=True, slots=True)
class DeferNode:
    """The primary part, and what is answered later; ``subselection`` is what of the operation is in a part."""

    primary: PlanNode | None
    deferred: tuple[DeferredNode, ...]
    subselection: str = ""


PlanNode: TypeAlias = (
    FetchNode | FlattenNode | SequenceNode | ParallelNode | ConditionNode | SubscriptionNode | DeferNode
)


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """The plan of one operation; ``node`` is None where nothing is to be fetched (introspection only)."""

    node: PlanNode | None = field(default=None)


def fetches_of(node: PlanNode | None) -> Iterator[FetchNode]:
    """All requests that a plan may make, deferred ones and both sides of conditions included."""
    match node:
        case FetchNode():
            yield node
        case FlattenNode():
            yield node.node
        case SequenceNode() | ParallelNode():
            for one in node.nodes:
                yield from fetches_of(one)
        case ConditionNode():
            yield from fetches_of(node.if_clause)
            yield from fetches_of(node.else_clause)
        case SubscriptionNode():
            yield node.primary
            yield from fetches_of(node.rest)
        case DeferNode():
            yield from fetches_of(node.primary)
            for part in node.deferred:
                yield from fetches_of(part.node)
