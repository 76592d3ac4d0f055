"""The type of one element in several subgraphs, reconciled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from graphql import Node, TypeNode

from gateway.composition.merging.context import Merging
from gateway.composition.merging.report import groups
from gateway.composition.model.subgraph import Argument, Field
from gateway.composition.model.typing import Reconciled, base, reconcile
from gateway.federation.type_references import print_type

__all__ = ["merge_input_type", "merge_output_type"]


class _Typed(Protocol):
    @property
    def type(self) -> TypeNode: ...

    @property
    def node(self) -> Node: ...


def merge_output_type(merging: Merging, coordinate: str, sources: Mapping[str, Field | None]) -> Reconciled:
    """What a field answers: the most general of its types."""
    having = {s: f for s, f in sources.items() if f is not None}
    found = reconcile(
        {s: print_type(f.type) for s, f in having.items()}, merging.graph.subtypes_in, asked=False
    )
    merging.use_enum(base(found.type), coordinate, asked=False)
    _tell(merging, coordinate, having, found, "FIELD_TYPE_MISMATCH", "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE")
    return found


def merge_input_type(
    merging: Merging, coordinate: str, sources: Mapping[str, Argument | None], *, argument: bool
) -> Reconciled:
    """What clients give for an argument or an input's field: the most specific of its types."""
    having = {s: a for s, a in sources.items() if a is not None}
    found = reconcile(
        {s: print_type(a.type) for s, a in having.items()}, merging.graph.subtypes_in, asked=True
    )
    merging.use_enum(base(found.type), coordinate, asked=True)
    kind = "ARGUMENT" if argument else "FIELD"
    error = "FIELD_ARGUMENT_TYPE_MISMATCH" if argument else "FIELD_TYPE_MISMATCH"
    _tell(merging, coordinate, having, found, error, f"INCONSISTENT_BUT_COMPATIBLE_{kind}_TYPE")
    return found


def _tell(
    merging: Merging,
    coordinate: str,
    having: Mapping[str, _Typed],
    found: Reconciled,
    error: str,
    hint: str,
) -> None:
    if found.equal:
        return
    told = groups(having, _told)
    if found.compatible:
        message = f'"{coordinate}" has different types, of which "{found.type}" is used: {told}.'
        merging.report.hint(hint, message, coordinate)
    else:
        merging.report.error(error, f'"{coordinate}" has types that do not go together: {told}.', having)


def _told(element: _Typed) -> str:
    return f'"{print_type(element.type)}"'
