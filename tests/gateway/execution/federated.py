"""Any small federated graph over one set of data, and the same data behind one schema to compare with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    build_ast_schema,
    execute_sync,
    get_operation_ast,
    graphql_sync,
    parse,
)
from graphql.execution import experimental_execute_incrementally, get_variable_values

from gateway.composition import compose_from_sdls
from gateway.edge.documents.deferral import without_defer
from gateway.execution import ExecutionRequest, Format, execute, execute_incrementally
from gateway.planning import Planner
from gateway.supergraph import accepting_defer, load_supergraph
from gateway.transport.local import LocalTransport
from gateway.transport.protocol import SubgraphTransport

__all__ = ["Federated", "Obj"]

Obj = dict[str, Any]
_DIRECTIVES = """
directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @external on FIELD_DEFINITION | OBJECT
directive @requires(fields: String!) on FIELD_DEFINITION
directive @provides(fields: String!) on FIELD_DEFINITION
directive @shareable repeatable on FIELD_DEFINITION | OBJECT
directive @link(url: String!, import: [String]) repeatable on SCHEMA
directive @interfaceObject on OBJECT
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM_VALUE
"""
_HEAD = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", '
    'import: ["@key", "@external", "@requires", "@provides", "@shareable", "@interfaceObject", "@inaccessible"])\n'
)


@dataclass
class _Subgraph:
    """Answers from the data; ``held`` keeps it from answering until it is set."""

    schema: GraphQLSchema
    root: Obj
    entities: Mapping[str, list[Obj]]
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    held: asyncio.Event | None = None
    events: list[Obj] = field(default_factory=list)
    cancelled: int = 0

    async def execute(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        self.asked.append((query, variables))
        if self.held is not None:
            try:
                await self.held.wait()
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        root = {
            **self.root,
            "_entities": lambda _info, representations: [self._find(r) for r in representations],
        }
        result = graphql_sync(
            self.schema, query, root, None, dict(variables), operation_name, type_resolver=_type_of
        )
        answered: dict[str, Any] = json.loads(json.dumps(result.formatted))
        return answered

    async def subscribe(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> AsyncIterator[dict[str, Any]]:
        self.asked.append((query, variables))
        for event in self.events:
            result = execute_sync(
                self.schema, parse(query), event, variable_values=dict(variables), type_resolver=_type_of
            )
            yield json.loads(json.dumps(result.formatted))

    def _find(self, representation: Obj) -> Obj | None:
        wanted = {name: value for name, value in representation.items() if not isinstance(value, dict | list)}
        kind = wanted.pop("__typename")
        for known in self.entities:
            for entity in self.entities[known]:
                same_kind = kind in (known, *entity.get("__interfaces__", ()))
                if same_kind and all(entity.get(name) == value for name, value in wanted.items()):
                    return entity if kind == known else {**entity, "__typename": kind}
        return None


def _type_of(value: Obj, _info: Any, _type: Any) -> str:
    return str(value["__typename"])


class Federated:
    """``sdls`` are the subgraphs', ``root`` the root fields' values, ``entities`` what can be entered, by type."""

    def __init__(self, sdls: Mapping[str, str], root: Obj, entities: Mapping[str, list[Obj]]) -> None:
        composed = compose_from_sdls([(name, f"http://{name}", _HEAD + sdl) for name, sdl in sdls.items()])
        self.supergraph = load_supergraph(composed.supergraph_sdl)
        self.planner = Planner(self.supergraph)
        self.root = root
        self.subgraphs = {name: _Subgraph(_executable(sdl), root, entities) for name, sdl in sdls.items()}
        self.transports: dict[str, SubgraphTransport] = {
            name: LocalTransport(name, one) for name, one in self.subgraphs.items()
        }

    def request(
        self, query: str, variables: Mapping[str, Any] | None = None, *, defer: bool = False
    ) -> ExecutionRequest:
        """The query, planned."""
        document = parse(query, no_location=False)
        operation = get_operation_ast(document)
        assert operation is not None
        if not defer:
            document, operation = without_defer(document, operation)
        coerced = get_variable_values(
            self.supergraph.api_schema, operation.variable_definitions or (), dict(variables or {})
        )
        assert not isinstance(coerced, list)
        return ExecutionRequest(
            supergraph=self.supergraph,
            plan=self.planner.plan(document, defer=defer),
            document=document,
            operation=operation,
            variables=coerced.coerced,
            transports=self.transports,
            headers_for=lambda *_: {},
        )

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The whole answer."""
        return await execute(self.request(query, variables))

    async def ask_in_parts(
        self, query: str, format_: Format, variables: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Every part."""
        request = self.request(query, variables, defer=True)
        return [one async for one in execute_incrementally(request, format_)]

    def monolith(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What one schema over the same data answers, ``@defer`` left aside."""
        document = parse(query)
        operation = get_operation_ast(document)
        assert operation is not None
        document, _ = without_defer(document, operation)
        result = execute_sync(
            self.supergraph.api_schema,
            document,
            self.root,
            variable_values=dict(variables or {}),
            type_resolver=_type_of,
        )
        return dict(result.formatted)

    async def monolith_in_parts(self, query: str) -> list[dict[str, Any]]:
        """What one schema over the same data answers with ``@defer``, by graphql-core's reading of the draft."""
        schema = accepting_defer(self.supergraph.api_schema)
        made = experimental_execute_incrementally(schema, parse(query), self.root, type_resolver=_type_of)
        result = await made if isinstance(made, Awaitable) else made
        if isinstance(result, ExecutionResult):
            return [dict(result.formatted)]
        parts: list[dict[str, Any]] = [dict(result.initial_result.formatted)]
        return parts + [dict(one.formatted) async for one in result.subsequent_results]


def _executable(sdl: str) -> GraphQLSchema:
    definitions = [one for one in parse(sdl).definitions if isinstance(one, ObjectTypeDefinitionNode)]
    keyed = [
        one.name.value for one in definitions if any(d.name.value == "key" for d in one.directives or ())
    ]
    names = {one.name.value for one in definitions}
    if keyed:
        extend = "extend " if "Query" in names else ""
        sdl += f" scalar _Any union _Entity = {' | '.join(keyed)}"
        sdl += f" {extend}type Query {{ _entities(representations: [_Any!]!): [_Entity]! }}"
    return build_ast_schema(parse(sdl + _DIRECTIVES), assume_valid=True)
