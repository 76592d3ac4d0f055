"""A field that several subgraphs resolve is `@shareable` in each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graphql import FieldNode, GraphQLSyntaxError

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.merged import MergedField, MergedType
from gateway.composition.model import Field, Subgraph
from gateway.federation.field_sets import parse_field_set as parsed

__all__ = ["field_sharing"]


def field_sharing(
    subgraphs: Sequence[Subgraph], types: Mapping[str, MergedType]
) -> Iterator[CompositionError]:
    """Each field of an object type that is resolved in several places and not shareable in all of them."""
    for merged in types.values():
        if merged.kind != "type":
            continue
        for field in merged.fields:
            resolving = _resolving(field)
            if len(resolving) < 2:
                continue
            odd = [
                s
                for s, source in resolving.items()
                if merged.name == "Subscription" or not (source.shareable or _in_key(merged, s, field.name))
            ]
            if odd:
                message = (
                    f"Non-shareable field '{merged.name}.{field.name}' is resolved from multiple subgraphs: it is "
                    f"resolved from {', '.join(resolving)} and defined as non-shareable in {', '.join(odd)}."
                )
                where = tuple(p for s in odd for p in location_of(s, resolving[s].node))
                yield CompositionError("INVALID_FIELD_SHARING", message, tuple(resolving), where)


def _resolving(field: MergedField) -> dict[str, Field]:
    """The sources that answer for the field: neither external nor overridden."""
    overridden = {f.override for f in field.sources.values() if f.override and f.override_label is None}
    return {s: f for s, f in field.sources.items() if not f.external and s not in overridden}


def _in_key(merged: MergedType, subgraph: str, name: str) -> bool:
    """Fields of keys are shared by their nature."""
    for key in merged.sources[subgraph].keys:
        try:
            selections = parsed(key.fields).selections
        except GraphQLSyntaxError:
            continue
        if any(isinstance(s, FieldNode) and s.name.value == name for s in selections):
            return True
    return False
