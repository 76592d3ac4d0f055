"""A sample of the corpus over real HTTP: ``lets-connect gateway`` as a process, its subgraphs on sockets."""

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
async def _gateway(suite: Suite, port: int, folder: Path) -> AsyncIterator[str]:
    """The address of a gateway over subgraphs at ``port``."""
    named = [(name, f"http://127.0.0.1:{port}/{name}", sdl) for name, sdl in suite.subgraphs.items()]
    path = folder / "supergraph.graphql"
    path.write_text(compose_from_sdls(named).supergraph_sdl)
    command = [sys.executable, "-m", "infra", "gateway", "--port", "0", "--supergraph", str(path)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        address, ready = (await process.stdout.readline()).decode().split()
        assert ready == "ready"
        yield address
    finally:
        process.terminate()
        await process.communicate()


@pytest.mark.parametrize("name", _SAMPLE)
async def test_the_command_answers_as_stored_at_first_and_compiled(name: str, tmp_path: Path) -> None:
    graph = serve(load_suite(name))
    async with (
        served(_subgraphs(graph)) as port,
        _gateway(graph.suite, port, tmp_path) as address,
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
