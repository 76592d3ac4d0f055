"""Latency per resolver: explicit resolvers are timed, from when the schema is built.

A schema extension with a per-field hook would slow every field; plain attributes are not timed at all.
"""

from __future__ import annotations

from graphql import GraphQLField, GraphQLSchema, is_introspection_type, is_object_type

from subgraphs.kit.execution import timed
from subgraphs.kit.metrics import Metrics

__all__ = ["time_resolvers"]


def time_resolvers(schema: GraphQLSchema, service: str, metrics: Metrics) -> None:
    """Time each explicit resolver of the schema, in place."""
    for type_ in schema.type_map.values():
        if is_object_type(type_) and not is_introspection_type(type_):
            for name, field in type_.fields.items():
                if _is_explicit(field) and field.resolve is not None:
                    field.resolve = timed(field.resolve, metrics.resolvers.cell(service, type_.name, name))


def _is_explicit(field: GraphQLField) -> bool:
    definition = field.extensions.get("strawberry-definition")
    return getattr(definition, "base_resolver", None) is not None
