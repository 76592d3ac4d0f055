"""Under a contract clients learn nothing of what is hidden, and plans still use it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway.config import GatewaySettings
from gateway.edge.engine import Engine
from gateway.edge.errors import DocumentRefused
from gateway.supergraph import Contract, load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport import LocalTransport

_SDL = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/tag/v0.3")
{ query: Query mutation: Mutation }
enum join__Graph { A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b", url: "http://b") }
type Query @join__type(graph: A) { found(by: Filter): [Found] lamp(trace: Int @tag(name: "in")): Lamp }
type Mutation @join__type(graph: A) @tag(name: "in") { reset: Int }
union Found @join__type(graph: A) = Lamp | Secret
type Lamp @join__type(graph: A, key: "code") @join__type(graph: B, key: "code") {
  code: ID! @tag(name: "in")
  name: String @join__field(graph: A)
  price: Int @join__field(graph: B)
}
type Secret @join__type(graph: A) @tag(name: "in") { by: String }
input Filter @join__type(graph: A) { shade: Shade cost: Int @tag(name: "in") }
enum Shade @join__type(graph: A) { LIGHT DARKISH @tag(name: "in") }
"""


class _Subgraph:
    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    async def execute(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        self.asked.append((query, variables))
        return {"data": json.loads(json.dumps(self.data))}

    async def subscribe(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> AsyncIterator[dict[str, Any]]:
        raise AssertionError(query)
        yield {}


def _engine(a: _Subgraph, b: _Subgraph) -> Engine:
    supergraph = load_supergraph(_SDL, Contract(exclude=frozenset({"in"})))
    transports = {"a": LocalTransport("a", a), "b": LocalTransport("b", b)}
    return Engine(supergraph, transports, GatewaySettings(), GatewayMetrics(CollectorRegistry()))


async def _ask(engine: Engine, query: str) -> dict[str, Any]:
    prepared = await engine.preparation.prepare(query, None)
    return await engine.execute(prepared, {}, lambda *_: {})


async def test_a_hidden_key_is_sent_and_not_shown() -> None:
    a = _Subgraph({"lamp": {"__typename": "Lamp", "code": "7", "name": "Moon"}})
    b = _Subgraph({"_entities": [{"__typename": "Lamp", "price": 3}]})
    assert await _ask(_engine(a, b), "{ lamp { name price } }") == {
        "data": {"lamp": {"name": "Moon", "price": 3}}
    }
    assert b.asked[0][1] == {"representations": [{"__typename": "Lamp", "code": "7"}]}


async def test_an_object_of_a_hidden_type_is_null_and_its_type_is_not_named() -> None:
    a = _Subgraph({"found": [{"__typename": "Secret"}, {"__typename": "Lamp", "name": "Moon"}]})
    answer = await _ask(_engine(a, _Subgraph({})), "{ found { __typename ... on Lamp { name } } }")
    assert answer["data"] == {"found": [None, {"__typename": "Lamp", "name": "Moon"}]}
    assert [error["path"] for error in answer["errors"]] == [["found", 0]]
    assert "Secret" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ lamp { code } }", "Cannot query field 'code' on type 'Lamp'."),
        ("{ lamp { codes } }", "Cannot query field 'codes' on type 'Lamp'."),
        ("{ lamp(trace: 1) { name } }", "Unknown argument 'trace' on field 'Query.lamp'."),
        ("{ found { ... on Secret { by } } }", "Unknown type 'Secret'."),
        ("{ found(by: {shade: DARKISH}) { __typename } }", "Value 'DARKISH' does not exist in 'Shade' enum."),
        ("{ found(by: {shade: DARKIS}) { __typename } }", "Value 'DARKIS' does not exist in 'Shade' enum."),
        ("mutation { reset }", "The mutation operation is not supported by the schema."),
    ],
)
async def test_what_is_hidden_is_unknown(query: str, message: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        await _engine(_Subgraph({}), _Subgraph({})).preparation.prepare(query, None)
    assert [error["message"] for error in refused.value.answer()["errors"]] == [message]


async def test_introspection_says_nothing_of_it() -> None:
    engine = _engine(_Subgraph({}), _Subgraph({}))
    whole = await _ask(
        engine,
        '{ __type(name: "Secret") { name } __schema { mutationType { name } types { name fields { name args { name } }'
        " inputFields { name } enumValues { name } possibleTypes { name } } directives { name } } }",
    )
    told = json.dumps(whole)
    assert [
        name for name in ("Secret", "Mutation", "code", "trace", "DARKISH", "cost", "join") if name in told
    ] == []
    assert "LIGHT" in told
