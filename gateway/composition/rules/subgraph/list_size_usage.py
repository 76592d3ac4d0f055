"""`@listSize` is about lists and the integers that size them (https://ibm.github.io/graphql-specs/cost-spec.html)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    DirectiveNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    TypeNode,
    value_from_ast_untyped,
)

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.field_sets.selecting import COMPOSITE
from gateway.composition.model.subgraph import Field, Subgraph
from gateway.federation.type_references import named_type
from gateway.federation.vocabulary import FEDERATION

__all__ = ["list_size_usage"]


def list_size_usage(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each use that sizes no list, or sizes one by what cannot."""
    for definition in subgraph.types.values():
        for field in definition.fields.values():
            for applied in field.applied:
                if applied.name == "listSize" and applied.spec == FEDERATION:
                    place = f"{definition.name}.{field.name}"
                    for code, told in _problems(subgraph, place, field, applied.node):
                        yield error_in(subgraph.name, code, told, applied.node)


def _problems(subgraph: Subgraph, place: str, field: Field, node: DirectiveNode) -> Iterator[tuple[str, str]]:
    given = {a.name.value: value_from_ast_untyped(a.value) for a in node.arguments or ()}
    sized = _names(given.get("sizedFields"))
    if not sized and not _is_list(field.type):
        yield "LIST_SIZE_APPLIED_TO_NON_LIST", f"'{place}' has a @listSize, but is no list."
    assumed = given.get("assumedSize")
    if isinstance(assumed, int) and assumed < 0:
        yield "LIST_SIZE_INVALID_ASSUMED_SIZE", f"The assumed size of '{place}' cannot be {assumed}."
    for name in _names(given.get("slicingArguments")):
        argument = field.arguments.get(name)
        if argument is None:
            yield "LIST_SIZE_INVALID_SLICING_ARGUMENT", f"'{place}' has no argument '{name}' to slice by."
        elif not _is_int(argument.type):
            told = f"'{place}' cannot be sliced by '{name}', which is not 'Int' or 'Int!'."
            yield "LIST_SIZE_INVALID_SLICING_ARGUMENT", told
    if sized:
        yield from _sized_fields(subgraph, place, field, sized)


def _sized_fields(
    subgraph: Subgraph, place: str, field: Field, sized: list[str]
) -> Iterator[tuple[str, str]]:
    target = subgraph.types.get(named_type(field.type))
    if target is None or target.kind not in COMPOSITE:
        yield "LIST_SIZE_INVALID_SIZED_FIELD", f"'{place}' has no fields to size."
        return
    for name in sized:
        found = target.fields.get(name)
        if found is None:
            yield (
                "LIST_SIZE_INVALID_SIZED_FIELD",
                f"'{place}' cannot size '{target.name}.{name}': it is not there.",
            )
        elif not _is_list(found.type):
            told = f"'{place}' cannot size '{target.name}.{name}', which is no list."
            yield "LIST_SIZE_APPLIED_TO_NON_LIST", told


def _names(given: Any) -> list[str]:
    return [str(name) for name in given] if isinstance(given, list) else [given] if given else []


def _is_list(node: TypeNode) -> bool:
    return isinstance(node.type if isinstance(node, NonNullTypeNode) else node, ListTypeNode)


def _is_int(node: TypeNode) -> bool:
    inner = node.type if isinstance(node, NonNullTypeNode) else node
    return isinstance(inner, NamedTypeNode) and inner.name.value == "Int"
