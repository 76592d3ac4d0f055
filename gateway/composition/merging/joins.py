"""``@join__field``: what each subgraph has of a field, said only where it does not go without saying."""

from __future__ import annotations

from gateway.composition.field_sets.contexts import parse_context
from gateway.composition.graph import FieldSources
from gateway.composition.merging.context import Merging
from gateway.composition.merging.overrides import Overrides
from gateway.composition.model.merged import JoinField
from gateway.composition.model.subgraph import Field
from gateway.federation.type_references import print_type
from gateway.supergraph import ContextArgument

__all__ = ["join_fields"]


def join_fields(
    merging: Merging, type_name: str, sources: FieldSources, overrides: Overrides, *, equal: bool
) -> tuple[JoinField, ...]:
    """One for each subgraph that has the field; none where all that have the type have it, alike and plainly."""
    if equal and not overrides.used and not overrides.labels:
        subgraphs = merging.graph.subgraphs
        if all(
            type_name not in subgraphs[s].types if f is None or s in overrides.unused else _is_plain(f)
            for s, f in sources.items()
        ):
            return ()
    return tuple(
        _join_field(merging, subgraph, field, overrides, equal)
        for subgraph, field in sources.items()
        if field is not None and (subgraph not in overrides.unused or subgraph in overrides.labels)
    )


def _is_plain(field: Field) -> bool:
    if field.external or field.requires is not None or field.provides is not None:
        return False
    return not field.arguments or all(a.context is None for a in field.arguments.values())


def _join_field(
    merging: Merging, subgraph: str, field: Field, overrides: Overrides, equal: bool
) -> JoinField:
    return JoinField(
        graph=merging.graph.subgraphs[subgraph].graph,
        requires=field.requires,
        provides=field.provides,
        type=None if equal else print_type(field.type),
        external=field.external,
        override=field.override,
        used_overridden=subgraph in overrides.used,
        override_label=overrides.labels.get(subgraph),
        context_arguments=tuple(_context_arguments(subgraph, field)),
    )


def _context_arguments(subgraph: str, field: Field) -> list[ContextArgument]:
    found = []
    for argument in field.arguments.values():
        value = parse_context(argument.context) if argument.context is not None else None
        if value is not None:
            context = f"{subgraph}__{value.name}"
            found.append(ContextArgument(argument.name, print_type(argument.type), context, value.selection))
    return found
