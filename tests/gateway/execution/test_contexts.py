"""Arguments filled from above reach the subgraph, each object's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from graphql import OperationDefinitionNode, get_operation_ast, parse

from gateway.composition import compose_from_sdls
from gateway.execution import ExecutionRequest, execute
from gateway.planning import Planner
from gateway.supergraph import load_supergraph
from gateway.transport.protocol import SubgraphAnswer, SubgraphRequest, SubgraphTransport

_SHOPS = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@context", "@fromContext"])
type Query { shops: [Shop!]! }
type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String! goods: [Good!]! }
type Good @key(fields: "id") { id: ID! price(in: String @fromContext(field: "$shop { currency }")): String }
"""


class _Shops(SubgraphTransport):
    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        if "_entities" not in request.query:
            goods = [{"__typename": "Good", "id": "1"}, {"__typename": "Good", "id": "2"}]
            return SubgraphAnswer(
                {
                    "shops": [
                        {"__typename": "Shop", "currency": currency, "goods": [dict(one) for one in goods]}
                        for currency in ("EUR", "SEK", "EUR")
                    ]
                }
            )
        variables = dict(request.variables)
        self.asked.append(variables)
        currency = variables["contextualArgument__Good__price__in"]
        return SubgraphAnswer(
            {"_entities": [{"price": f"{one['id']} {currency}"} for one in variables["representations"]]}
        )

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        raise NotImplementedError

    async def close(self) -> None:
        return None


async def test_objects_with_different_values_from_above_go_in_requests_of_their_own() -> None:
    supergraph = load_supergraph(compose_from_sdls([("shops", "http://shops", _SHOPS)]).supergraph_sdl)
    document = parse("{ shops { goods { price } } }")
    operation = get_operation_ast(document)
    assert isinstance(operation, OperationDefinitionNode)
    shops = _Shops()
    answer = await execute(
        ExecutionRequest(
            supergraph=supergraph,
            plan=Planner(supergraph).plan(document),
            document=document,
            operation=operation,
            variables={},
            transports={"shops": shops},
            headers_for=lambda *_: {},
        )
    )
    assert answer == {
        "data": {
            "shops": [
                {"goods": [{"price": f"1 {currency}"}, {"price": f"2 {currency}"}]}
                for currency in ("EUR", "SEK", "EUR")
            ]
        }
    }
    assert sorted(one["contextualArgument__Good__price__in"] for one in shops.asked) == ["EUR", "SEK"]
