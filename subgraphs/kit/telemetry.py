"""Latency per resolver: explicit resolvers are wrapped once, when the schema is built.

A schema extension with a per-field hook would slow every field; plain attributes are not timed at all. Both
executors call what is wrapped here, once for each call of a resolver.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from graphql import GraphQLField, GraphQLSchema, is_introspection_type, is_object_type
from strawberry.execution import optimized_is_awaitable

from subgraphs.kit.execution import shadowing, transparent
from subgraphs.kit.metrics import Metrics
from subgraphs.kit.resolver_times import ResolverCell

__all__ = ["time_resolvers"]

Resolver = Callable[..., Any]


def time_resolvers(schema: GraphQLSchema, service: str, metrics: Metrics) -> None:
    """Wrap each explicit resolver of the schema, in place."""
    for type_ in schema.type_map.values():
        if is_object_type(type_) and not is_introspection_type(type_):
            for name, field in type_.fields.items():
                if _is_explicit(field) and field.resolve is not None:
                    cell = metrics.resolvers.cell(service, type_.name, name)
                    field.resolve = transparent(partial(_timed, cell=cell), field.resolve)


def _is_explicit(field: GraphQLField) -> bool:
    definition = field.extensions.get("strawberry-definition")
    return getattr(definition, "base_resolver", None) is not None


def _timed(resolve: Resolver, cell: ResolverCell) -> Resolver:
    succeeded, failed = cell.ok.observe, cell.error.observe
    clock = time.perf_counter

    async def finish(work: Awaitable[Any], began: float) -> Any:
        try:
            result = await work
        except BaseException:
            failed(clock() - began)
            raise
        succeeded(clock() - began)
        return result

    def timed(source: Any, info: Any, **arguments: Any) -> Any:
        if shadowing():
            return resolve(source, info, **arguments)
        cell.executions += 1
        began = clock()
        try:
            result = resolve(source, info, **arguments)
        except BaseException:
            failed(clock() - began)
            raise
        if optimized_is_awaitable(result):
            return finish(result, began)
        succeeded(clock() - began)
        return result

    return timed
