"""What is composed here is served by others, what is composed elsewhere is served here, and all read it alike."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Any

import pytest

from gateway.composition import compose_from_sdls
from gateway.supergraph import Contract, contract_sdl, load_supergraph
from infra.product import compose_domains
from infra.subgraphs import load_domains
from tests.conformance.corpus import Case, Suite, all_suites
from tests.conformance.interop.npm import NodeMissing, OtherGateways
from tests.conformance.interop.reading import differences
from tests.conformance.serving import Graph, begin, composed_here, run_case, serve, shown
from tests.oracle.client import Oracle, OracleMissing

_SUITES = all_suites()
_NOT_FOR_OTHERS = {
    "context": "they serve no supergraph with it",
    "tags_and_access": "they serve no supergraph with access rules",
    "shared_roots": "one of them still asks subgraphs when it has answered",
}

_NOT_READ_ALIKE = {"reserved_names": "the reference drops fields whose names begin with an underscore"}


@pytest.fixture(scope="module")
async def others() -> AsyncIterator[OtherGateways]:
    try:
        async with OtherGateways() as running:
            yield running
    except NodeMissing as missing:
        pytest.skip(str(missing))


@cache
def _elsewhere() -> Mapping[str, str]:
    """The supergraphs as the reference implementation composes them, by suite."""
    try:
        with Oracle() as oracle:
            sets = [[(name, f"http://{name}", sdl) for name, sdl in s.subgraphs.items()] for s in _SUITES]
            answers = zip(_SUITES, oracle.all(sets), strict=True)
            return {suite.name: answer.supergraph for suite, answer in answers if answer.supergraph}
    except OracleMissing as missing:
        pytest.skip(str(missing))


@cache
def _here() -> Mapping[str, str]:
    return {suite.name: composed_here(suite) for suite in _SUITES}


async def _data(others: OtherGateways, graph: Graph, case: Case) -> Any:
    """What the other gateway answers over our subgraphs; its words for errors are its own."""
    begin(graph, case)

    async def ask(subgraph: str, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        return await graph.subgraphs[subgraph].execute(query, variables, None, {})

    request = {
        "query": case.operation,
        "variables": dict(case.variables),
        "operationName": case.operation_name,
    }
    return (await others.ask(request, ask)).get("data")


def _askable(suite: Suite) -> list[Case]:
    return [case for case in suite.cases if not case.faults and len(case.answers) == 1]


@pytest.mark.parametrize(("gateway", "at_least"), [("apollo", 0.9), ("hive", 0.8)])
async def test_what_is_composed_here_is_served_by_other_gateways(
    others: OtherGateways, gateway: str, at_least: float
) -> None:
    """As stored; or, where that gateway is wrong, as it does with the reference's supergraph."""
    asked, right, unlike = 0, 0, []
    for suite in (one for one in _SUITES if one.name not in _NOT_FOR_OTHERS):
        graph = serve(suite, _here()[suite.name])
        assert await others.load(gateway, _here()[suite.name]) is None, suite.name
        given = {case.id: await _data(others, graph, case) for case in _askable(suite)}
        wrong = [c for c in _askable(suite) if given[c.id] != c.answers[0].get("data")]
        asked, right = asked + len(given), right + len(given) - len(wrong)
        if wrong:
            await others.load(gateway, _elsewhere()[suite.name])
            unlike += [case.id for case in wrong if await _data(others, graph, case) != given[case.id]]
    assert unlike == []
    assert right >= at_least * asked, f"{right} of {asked}"


async def test_what_is_composed_elsewhere_is_served_here() -> None:
    """As stored; or, where the gateway is wrong, as it does with what is composed here."""
    unlike = []
    for suite in _SUITES:
        graph = serve(suite, _elsewhere()[suite.name])
        for case in suite.cases:
            answers = await _shown(graph, case)
            if answers != list(case.answers) and answers != await _shown(
                serve(suite, _here()[suite.name]), case
            ):
                unlike.append(case.id)
    assert unlike == []


async def _shown(graph: Graph, case: Case) -> list[Any]:
    return [shown(answer) for answer in (await run_case(case, graph)).answers]


async def test_supergraphs_are_read_as_the_reference_reads_them(others: OtherGateways) -> None:
    found = {
        f"{suite.name}, composed {where}": differences(load_supergraph(sdl), await others.read(sdl))
        for suite in _SUITES
        if suite.name not in _NOT_READ_ALIKE
        for where, sdl in (("here", _here()[suite.name]), ("elsewhere", _elsewhere()[suite.name]))
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("gateway", ["apollo", "hive"])
async def test_the_graph_of_the_product_is_served_by_other_gateways(
    others: OtherGateways, gateway: str
) -> None:
    sdl = compose_domains(load_domains(), {})
    assert differences(load_supergraph(sdl), await others.read(sdl)) == []
    assert await others.load(gateway, sdl) is None
    asked = []

    async def ask(subgraph: str, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(subgraph)
        if subgraph == "user":
            return {"data": {"viewer": {"__typename": "User", "id": "VXNlcjox", "handle": "ada"}}}
        known = variables["representations"] == [{"__typename": "User", "id": "VXNlcjox"}]
        return {"data": {"_entities": [{"__typename": "User", "posts": {"edges": []}} if known else None]}}

    answered = await others.ask({"query": "{ viewer { handle posts { edges { cursor } } } }"}, ask)
    assert answered["data"] == {"viewer": {"handle": "ada", "posts": {"edges": []}}}
    assert asked == ["user", "content"]


_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@tag"])'
_SHOP = """
type Query { product: Product secret: Int @tag(name: "internal") }
type Product @key(fields: "code") { code: ID! @tag(name: "internal") name: String }
"""
_STOCK = 'type Product @key(fields: "code") { code: ID! @tag(name: "internal") count: Int }'


@pytest.mark.parametrize("gateway", ["apollo", "hive"])
async def test_a_contract_made_here_is_kept_by_other_gateways(others: OtherGateways, gateway: str) -> None:
    composed = compose_from_sdls(
        [("shop", "http://shop", _LINK + _SHOP), ("stock", "http://stock", _LINK + _STOCK)]
    )
    sdl = contract_sdl(composed.supergraph_sdl, Contract(exclude=frozenset({"internal"})))
    assert differences(load_supergraph(sdl), await others.read(sdl)) == []
    assert await others.load(gateway, sdl) is None

    async def ask(subgraph: str, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        if subgraph == "shop":
            return {"data": {"product": {"__typename": "Product", "name": "Lamp", "code": "7"}}}
        known = variables["representations"] == [{"__typename": "Product", "code": "7"}]
        return {"data": {"_entities": [{"__typename": "Product", "count": 3}] if known else [None]}}

    answered = await others.ask({"query": "{ product { name count } }"}, ask)
    assert answered["data"] == {"product": {"name": "Lamp", "count": 3}}
    for hidden in ("{ secret }", "{ product { code } }"):
        refused = await others.ask({"query": hidden}, ask)
        assert refused.get("data") is None
        assert refused["errors"]
