"""The bookshop's subgraphs, executed by graphql-core in this process, and what was asked of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_schema, get_operation_ast, graphql, parse

from gateway.compiling import NotCompilable, compile_operation
from gateway.execution import ExecutionRequest, execute, execute_compiled, subscribe
from gateway.jsontext import encode as encode_json
from gateway.planning import Planner
from gateway.supergraph import load_supergraph
from gateway.telemetry.fetches import FetchEnded, FetchOutcome, SpanId
from gateway.transport.local import LocalTransport
from gateway.transport.protocol import SubgraphTransport

__all__ = ["PLANNER", "SUPERGRAPH", "Bookshop", "Data", "Observed"]

SUPERGRAPH = load_supergraph(
    (Path(__file__).parents[1] / "planning" / "supergraphs" / "bookshop.graphql").read_text()
)
PLANNER = Planner(SUPERGRAPH)

Data = Mapping[str, Any]

_ENTITIES = "scalar _Any union _Entity = {union} extend type Query {{ _entities(representations: [_Any!]!): [_Entity]! }}"
_SDL = {
    "books": "type Query { newBooks(first: Int): [Book] } type Book { isbn: String! title: String price: Int weight: Int }"
    + _ENTITIES.format(union="Book"),
    "opinions": """
        type Query { none: Int } type Book { isbn: String! opinions: [Opinion] }
        type Opinion { id: ID! text: String author: Person book: Book }
        type Person { id: ID! handle: String opinions(first: Int, after: String): [Opinion] }
        type Mutation { addOpinion(isbn: String!, text: String!): Opinion dropOpinion(id: ID!): Boolean }
        """
    + _ENTITIES.format(union="Book | Opinion | Person"),
    "people": """
        type Query { me: Person people: [Person] } type Person { id: ID! handle: String name: String }
        type Mutation { rename(name: String!): Person }
        """
    + _ENTITIES.format(union="Person"),
    "stock": "type Query { none: Int } type Book { isbn: String! inStock: Boolean postage: Int }"
    + _ENTITIES.format(union="Book"),
}


@dataclass
class _Subgraph:
    name: str
    schema: GraphQLSchema
    root: Data
    entities: Callable[[dict[str, Any]], Any]
    asked: list[tuple[str, dict[str, Any]]]
    events: list[dict[str, Any]] = field(default_factory=list)
    closed: bool = False

    async def execute(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        self.asked.append((self.name, dict(variables)))
        root = {
            **self.root,
            "_entities": lambda _info, representations: [self._entity(r) for r in representations],
        }
        result = await graphql(
            self.schema,
            query,
            root_value=root,
            variable_values=dict(variables),
            operation_name=operation_name,
            type_resolver=lambda value, _info, _type: value["__typename"],
        )
        # Through JSON, as over HTTP: whoever receives it may change it.
        answered: dict[str, Any] = json.loads(json.dumps(result.formatted))
        return answered

    def _entity(self, representation: dict[str, Any]) -> Any:
        found = self.entities(representation)
        return {**representation, **found} if isinstance(found, dict) else found

    async def subscribe(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> AsyncIterator[dict[str, Any]]:
        self.asked.append((self.name, dict(variables)))
        try:
            for event in self.events:
                yield event
        finally:
            self.closed = True


@dataclass
class Observed:
    """A FetchObserver that keeps what it is told."""

    finished: list[tuple[str, FetchOutcome, int]] = field(default_factory=list)

    def fetch_started(self) -> SpanId:
        """Only ends are kept."""
        return 0

    def fetch_ended(self, fetch: FetchEnded) -> None:
        """Keep it, without the times."""
        self.finished.append((fetch.subgraph, fetch.outcome, fetch.representations))

    def fetches_joined(self, fetches: Sequence[FetchEnded]) -> None:
        """Keep those, too."""
        for fetch in fetches:
            self.fetch_ended(fetch)


class Bookshop:
    """A gateway's executor over four small subgraphs; every argument is one subgraph's data."""

    def __init__(
        self,
        roots: Mapping[str, Data],
        entities: Mapping[str, Callable[[dict[str, Any]], Any]] | None = None,
        transports: Mapping[str, SubgraphTransport] | None = None,
        events: list[dict[str, Any]] | None = None,
    ) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.observed = Observed()
        self.subgraphs = {
            name: _Subgraph(
                name,
                build_schema(sdl),
                roots.get(name, {}),
                (entities or {}).get(name, lambda _: None),
                self.asked,
                events or [],
            )
            for name, sdl in _SDL.items()
        }
        local = {name: LocalTransport(name, one) for name, one in self.subgraphs.items()}
        self.transports: dict[str, SubgraphTransport] = {**local, **(transports or {})}

    def request(self, query: str, variables: Mapping[str, Any] | None = None) -> ExecutionRequest:
        """The query, planned."""
        document = parse(query)
        operation = get_operation_ast(document)
        assert operation is not None
        return ExecutionRequest(
            supergraph=SUPERGRAPH,
            plan=PLANNER.plan(document, None),
            document=document,
            operation=operation,
            variables=variables or {},
            transports=self.transports,
            headers_for=lambda *_: {},
            observer=self.observed,
        )

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The whole answer, the same on the exact path and compiled; ``asked`` and ``observed`` are those of either."""
        request = self.request(query, variables)
        exact, asked, observed = await execute(request), [*self.asked], [*self.observed.finished]
        self.asked.clear()
        self.observed.finished.clear()
        conditions = {name: bool(value) for name, value in (variables or {}).items()}
        try:
            compiled = compile_operation(
                SUPERGRAPH, request.document, request.operation, request.plan, conditions
            )
        except NotCompilable:
            self.asked.extend(asked)
            self.observed.finished.extend(observed)
            return exact
        answer = await execute_compiled(compiled, request)
        assert encode_json(answer) == encode_json(exact)
        assert sorted(map(repr, self.asked)) == sorted(map(repr, asked))
        fetches = sorted((name, count) for name, _, count in self.observed.finished)
        assert fetches == sorted((name, count) for name, _, count in observed)
        return exact

    def listen(self, query: str) -> AsyncIterator[dict[str, Any]]:
        """The answers of a subscription."""
        return subscribe(self.request(query))
