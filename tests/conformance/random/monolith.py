"""The whole graph executed by graphql-core in one piece: what the gateway's answers are held against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    execute_sync,
)

from tests.conformance.random.model import Graph
from tests.conformance.random.sdl import monolith_sdl
from tests.conformance.random.world import Obj, World

__all__ = ["Monolith"]


class Monolith:
    """One schema over one world."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.world = World(graph)
        self.schema: GraphQLSchema = build_schema(monolith_sdl(graph))
        for kind in self.schema.type_map.values():
            if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
                kind.resolve_type = lambda value, *_: value.type
            elif isinstance(kind, GraphQLObjectType) and kind.name in graph.types:
                for name, field in kind.fields.items():
                    field.resolve = self._resolver(kind.name, name)

    def _resolver(self, type_name: str, name: str) -> Callable[..., Any]:
        field = self.graph.field_of(type_name, name)

        def resolve(parent: Obj | None, _: object, **args: Any) -> Any:
            obj = parent or Obj(type_name, "")
            if field.context is not None:
                assert obj.above is not None
                tag = self.graph.field_of(obj.above.type, field.context)
                args["above"] = self.world.whole(obj.above, tag, {})
            above = obj if self.graph.types[type_name].context_of else obj.above
            return _below(self.world.whole(obj, field, args), above)

        return resolve

    def answer(self, document: DocumentNode, variables: dict[str, Any]) -> ExecutionResult:
        """The right answer."""
        self.world.mutations = 0
        result = execute_sync(self.schema, document, variable_values=variables)
        assert isinstance(result, ExecutionResult)
        return result


def _below(value: Any, above: Obj | None) -> Any:
    """The value, its objects knowing what is above them."""
    if above is None:
        return value
    if isinstance(value, list):
        return [_below(item, above) for item in value]
    return replace(value, above=above) if isinstance(value, Obj) else value
