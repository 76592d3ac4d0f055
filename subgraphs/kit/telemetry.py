"""Latency per resolver: explicit resolvers are wrapped once, when the schema is built.

A schema extension with a per-field hook would slow every field; plain attributes are not timed at all.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

from graphql import GraphQLField, GraphQLSchema, is_introspection_type, is_object_type

from subgraphs.kit.metrics import Metrics

__all__ = ["time_resolvers"]

Resolver = Callable[..., Any]


def time_resolvers(schema: GraphQLSchema, service: str, metrics: Metrics) -> None:
    """Wrap each explicit resolver of the schema, in place."""
    for type_ in schema.type_map.values():
        if is_object_type(type_) and not is_introspection_type(type_):
            for name, field in type_.fields.items():
                if _is_explicit(field) and field.resolve is not None:
                    field.resolve = _timed(field.resolve, service, type_.name, name, metrics)


def _is_explicit(field: GraphQLField) -> bool:
    definition = field.extensions.get("strawberry-definition")
    return getattr(definition, "base_resolver", None) is not None


def _timed(resolve: Resolver, service: str, type_name: str, field: str, metrics: Metrics) -> Resolver:
    executions = metrics.resolver_executions.labels(service, type_name, field)
    succeeded = metrics.resolver_duration.labels(service, type_name, field, "ok")
    failed = metrics.resolver_duration.labels(service, type_name, field, "error")
    clock = time.perf_counter

    async def finish(work: Awaitable[Any], began: float) -> Any:
        try:
            result = await work
        except BaseException:
            failed.observe(clock() - began)
            raise
        succeeded.observe(clock() - began)
        return result

    def timed(source: Any, info: Any, **arguments: Any) -> Any:
        executions.inc()
        began = clock()
        try:
            result = resolve(source, info, **arguments)
        except BaseException:
            failed.observe(clock() - began)
            raise
        if isawaitable(result):
            return finish(result, began)
        succeeded.observe(clock() - began)
        return result

    return timed
