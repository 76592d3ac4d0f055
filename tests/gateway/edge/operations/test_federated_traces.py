"""The gateway asks subgraphs for federated traces where it is said, and answers who asks it with all of them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.app import GatewayApp, GatewayParts
from gateway.edge.engine import Engine
from gateway.edge.identity.caller import Caller
from gateway.supergraph import load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.telemetry.protobuf import fields
from gateway.telemetry.tracing import OperationTrace, SpanSink, Tracing
from gateway.telemetry.tracing.tracing import TracingRules
from gateway.transport import HttpTransport
from subgraphs.kit.telemetry.ftv1 import FederatedTrace
from tests.gateway.edge.graph import Subgraph, client, parts
from tests.gateway.edge.upstream import upstream

_ASKED = {"apollo-federation-include-trace": "ftv1"}
_SAMPLED = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
_QUERY = "query Hello { hello }"


class _Tracing(Subgraph):
    """Tells a trace where it is asked to."""

    async def execute(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        answer = await super().execute(query, variables, operation_name, headers)
        trace = FederatedTrace.asked_for(headers)
        return answer if trace is None else {**answer, "extensions": {"ftv1": trace.finish()}}


class _Nowhere(SpanSink):
    def take(self, *_: object) -> None:
        """Nothing is kept."""


async def _answers(
    wanted: str, headers: dict[str, str], query: str = _QUERY
) -> tuple[list[Any], _Tracing, list[Any]]:
    """Of an operation that is asked three times: on the exact path, and compiled."""
    subgraph, told = _Tracing(), []

    def ended(_: object, record: OperationTrace) -> None:
        told.append(record.federated)

    given = parts(subgraph, GatewaySettings(federated_traces=wanted))
    tracing = Tracing(_Nowhere(), TracingRules(share=0.0, parents="any"))
    async with client(GatewayApp(replace(given, tracing=tracing, ended=ended))) as asking:
        answers = [
            (await asking.post("/graphql", json={"query": query}, headers=headers)).json() for _ in range(3)
        ]
    return answers, subgraph, told


@pytest.mark.parametrize(
    ("wanted", "headers", "answered", "asked"),
    [
        ("none", _ASKED, False, False),
        ("asked", {}, False, False),
        ("asked", _SAMPLED, False, False),
        ("asked", _ASKED, True, True),
        ("sampled", {}, False, False),
        ("sampled", _SAMPLED, False, True),
        ("sampled", _ASKED, True, True),
    ],
)
async def test_subgraphs_are_asked_where_it_is_said_and_clients_answered_who_ask(
    wanted: str, headers: dict[str, str], answered: bool, asked: bool
) -> None:
    answers, subgraph, told = await _answers(wanted, headers)
    assert [answer["data"] for answer in answers] == [{"hello": "Hello you"}] * 3
    assert ["extensions" in answer for answer in answers] == [answered] * 3
    assert [one.get("apollo-federation-include-trace") == "ftv1" for one in subgraph.headers] == [asked] * 3
    assert [one is not None and [fetch.trace is not None for fetch in one] for one in told] == [
        asked and [True]
    ] * 3


def _message(data: object) -> dict[int, Any]:
    assert isinstance(data, bytes)
    return dict(fields(data))


async def test_the_answers_trace_is_the_plan_with_the_subgraphs_traces_in_it() -> None:
    answers, _, told = await _answers("asked", _ASKED, "query Both { hello fails }")
    for answer, (fetch,) in zip(answers, told, strict=True):
        trace = _message(base64.b64decode(answer["extensions"]["ftv1"]))
        assert set(trace) == {3, 4, 11, 14, 26}
        node = _message(_message(trace[26])[3])
        assert (node[1], fetch.trace, node.get(3)) == (b"one", None, None)
        error = _message(_message(trace[14])[11])
        assert error[1].decode() == answer["errors"][0]["message"]
        sent, received = (_message(node[n])[1] for n in (5, 6))
        assert sent <= received
    answers, _, told = await _answers("asked", _ASKED)
    for answer, (fetch,) in zip(answers, told, strict=True):
        trace = _message(base64.b64decode(answer["extensions"]["ftv1"]))
        node = _message(_message(trace[26])[3])
        assert node[3] == fetch.trace
        assert node[4] <= trace[11]


async def test_over_http_a_trace_is_found_beside_the_data_and_what_is_none_is_said() -> None:
    given: list[Any] = [base64.b64encode(b"\x58\x01").decode(), base64.b64encode(b"\xff").decode(), 7, None]

    def answer(_: object) -> Any:
        return {"data": {"good": 1}, "extensions": {"ftv1": given.pop(0)} if given[0] is not None else None}

    async with upstream(answer=answer) as peer, client(_over_http(peer.url)) as asking:
        nodes = [await _node(asking) for _ in range(4)]
    assert [(node.get(3), node.get(2)) for node in nodes] == [
        (b"\x58\x01", None),
        (None, 1),
        (None, None),
        (None, None),
    ]


def _over_http(url: str) -> GatewayApp:
    given, metrics = GatewaySettings(federated_traces="asked"), GatewayMetrics(CollectorRegistry())
    supergraph = load_supergraph(compose_from_sdls([("one", url, "type Query { good: Int }")]).supergraph_sdl)
    engine = Engine(supergraph, {"one": HttpTransport("one", url, share=True)}, given, metrics)
    return GatewayApp(GatewayParts(lambda: engine, given, metrics))


async def _node(asking: httpx.AsyncClient) -> dict[int, Any]:
    answer = (await asking.post("/graphql", json={"query": "{ good }"}, headers=_ASKED)).json()
    assert answer["data"] == {"good": 1}
    trace = _message(base64.b64decode(answer["extensions"]["ftv1"]))
    return _message(_message(trace[26])[3])


async def test_who_is_to_be_looked_at_closely_is_where_a_share_is() -> None:
    for wanted, closely, asked in (
        ("sampled", True, True),
        ("sampled", False, False),
        ("asked", True, False),
    ):
        subgraph = _Tracing()
        given = parts(subgraph, GatewaySettings(federated_traces=wanted))
        async with client(GatewayApp(replace(given, closely=_all if closely else _none))) as asking:
            await asking.post("/graphql", json={"query": _QUERY})
        assert ("apollo-federation-include-trace" in subgraph.headers[0]) is asked


def _all(_: Caller) -> bool:
    return True


def _none(_: Caller) -> bool:
    return False
