"""A sample of the corpus over real HTTP/1.1 and HTTP/2: ``lets-connect gateway`` as a process, its subgraphs on sockets."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.composition import compose_from_sdls
from tests.conformance.corpus import Suite, load_suite
from tests.conformance.serving import Graph, begin, serve, shown
from tests.gateway.edge.serving import served
from tests.gateway.transport.serving_http2 import Asked, Talk, serving_http2

_SAMPLE = ["interface_entities", "scalars", "social_graph", "subgraph_failures"]


def _subgraphs(graph: Graph) -> Starlette:
    """Each subgraph under its name, as it answers in this process."""

    async def answer(request: Request) -> Response:
        asked = await request.json()
        subgraph = graph.subgraphs[request.path_params["name"]]
        name, variables = asked.get("operationName"), asked.get("variables") or {}
        return JSONResponse(await subgraph.execute(asked["query"], variables, name, {}))

    return Starlette(routes=[Route("/{name}", answer, methods=["POST"])])


@asynccontextmanager
async def _http1(graph: Graph) -> AsyncIterator[str]:
    async with served(_subgraphs(graph)) as port:
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def _http2(graph: Graph) -> AsyncIterator[str]:
    async def answer(talk: Talk, asked: Asked) -> None:
        subgraph = graph.subgraphs[asked.headers[":path"].removeprefix("/")]
        body = json.loads(asked.body)
        name, variables = body.get("operationName"), body.get("variables") or {}
        said = await subgraph.execute(body["query"], variables, name, {})
        await talk.answer(asked, json.dumps(said).encode(), 200, ("content-type", "application/json"))

    async with serving_http2(answer) as peer:
        yield peer.url.removesuffix("/graphql")


_SERVERS = {"http1": _http1, "http2": _http2}


@asynccontextmanager
async def _gateway(suite: Suite, origin: str, http2: list[str], folder: Path) -> AsyncIterator[str]:
    """The address of a gateway over subgraphs at ``origin``."""
    named = [(name, f"{origin}/{name}", sdl) for name, sdl in suite.subgraphs.items()]
    path = folder / "supergraph.graphql"
    path.write_text(compose_from_sdls(named).supergraph_sdl)
    command = [sys.executable, "-m", "infra", "gateway", "--port", "0", "--supergraph", str(path)]
    config = folder / "gateway.json"
    config.write_text(json.dumps({"subgraph_http2": http2}))
    process = await asyncio.create_subprocess_exec(
        *command, "--config", str(config), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        address, ready = (await process.stdout.readline()).decode().split()
        assert ready == "ready"
        yield address
    finally:
        process.terminate()
        await process.communicate()


@pytest.mark.parametrize("protocol", _SERVERS)
@pytest.mark.parametrize("name", _SAMPLE)
async def test_the_command_answers_as_stored_at_first_and_compiled(
    name: str, protocol: str, tmp_path: Path
) -> None:
    graph = serve(load_suite(name))
    http2 = list(graph.subgraphs) if protocol == "http2" else []
    async with (
        _SERVERS[protocol](graph) as origin,
        _gateway(graph.suite, origin, http2, tmp_path) as address,
        httpx.AsyncClient() as client,
    ):
        for case in graph.suite.cases:
            if len(case.answers) > 1 or "unavailable" in case.faults.values():
                continue  # streams go by other ways; one who is away is another code over HTTP
            body = {"query": case.operation, "variables": case.variables}
            for _ in range(2):
                outcome = begin(graph, case)
                answer = (await client.post(address, json=body)).json()
                assert (case.name, json.dumps(shown(answer))) == (case.name, json.dumps(case.answers[0]))
                assert outcome.wrong == []
