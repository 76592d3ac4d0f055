"""Latency per resolver: explicit resolvers are timed, from when the schema is built.

A schema extension with a per-field hook would slow every field; plain attributes are timed in a sample alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from graphql import GraphQLField, GraphQLResolveInfo, GraphQLSchema, is_introspection_type, is_object_type

from subgraphs.kit.execution import Recorder, counted, timed, timing_of
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.resolver_times import ResolverCell, ResolverTimes

__all__ = ["sampled_attributes", "time_resolvers"]


def time_resolvers(schema: GraphQLSchema, service: str, metrics: Metrics) -> None:
    """Time each explicit resolver of the schema, in place.

    A schema is a module's constant: one that is timed already tells these metrics from now on, and from nothing.
    """
    for type_ in schema.type_map.values():
        if is_object_type(type_) and not is_introspection_type(type_):
            for name, field in type_.fields.items():
                known = timing_of(field.resolve)
                if known is not None and isinstance(known.tally, ResolverCell):
                    metrics.resolvers.adopt(service, type_.name, name, known.tally)
                elif _is_explicit(field) and field.resolve is not None:
                    field.resolve = timed(field.resolve, metrics.resolvers.cell(service, type_.name, name))


def _is_explicit(field: GraphQLField) -> bool:
    definition = field.extensions.get("strawberry-definition")
    return getattr(definition, "base_resolver", None) is not None


def sampled_attributes(
    service: str, metrics: Metrics, share: float, draw: Callable[[], float] = random.random
) -> Callable[[], Recorder | None]:
    """Draws the operations in which plain attributes are timed as well; these run on the stock executor."""
    times = _AttributeTimes(service, metrics.resolvers)
    return lambda: times if share and draw() < share else None


class _AttributeTimes:
    """A recorder of what is not timed anyway."""

    def __init__(self, service: str, times: ResolverTimes) -> None:
        self._service = service
        self._times = times
        self.clock: Callable[[], float] = times.clock

    def field(
        self, info: GraphQLResolveInfo[Any], began: float, ended: float, error: BaseException | None
    ) -> None:
        name = info.field_name
        if timing_of(info.parent_type.fields[name].resolve) is None:
            cell = self._times.cell(self._service, info.parent_type.name, name)
            (cell.succeeded if error is None else cell.failed)(ended - began, counted(cell))
