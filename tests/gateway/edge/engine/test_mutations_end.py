"""A mutation that has begun goes on to its end, also where its client leaves in the middle of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.engine import Engine
from gateway.supergraph import load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport import LocalTransport

_MUTATION = "mutation { first { one ... @defer { two } } second { one } }"


class _Slow:
    """Answers its field when it is told to."""

    def __init__(self, field: str) -> None:
        self._field = field
        self.go = asyncio.Event()
        self.asked = asyncio.Event()
        self.done = 0

    async def execute(self, query: str, *_: Any) -> dict[str, Any]:
        self.asked.set()
        await self.go.wait()
        self.done += 1
        return {"data": {self._field: {"one": 1, "two": 2}}}

    async def subscribe(self, query: str, *_: Any) -> AsyncIterator[dict[str, Any]]:
        raise AssertionError("nobody subscribes")
        yield {}


def _no_headers(_subgraph: str, _kind: Any, _span: int) -> Mapping[str, str]:
    return {}


async def _whole(engine: Engine) -> None:
    await engine.execute(await engine.preparation.prepare(_MUTATION, None), {}, _no_headers)


async def _compiled(engine: Engine) -> None:
    prepared = await engine.preparation.prepare(_MUTATION, None)
    prepared.compilation.expect()
    await engine.execute(prepared, {}, _no_headers)


async def _in_parts(engine: Engine) -> None:
    prepared = await engine.preparation.prepare(_MUTATION, None, defer=True)
    assert prepared.defers
    async with aclosing(engine.stream(prepared, {}, _no_headers, "draft")) as answers:  # type: ignore[type-var]
        await anext(answers)


@pytest.mark.parametrize("answer", [_whole, _compiled, _in_parts])
async def test_a_client_that_leaves_after_the_first_field_does_not_keep_the_second_from_being_done(
    answer: Any,
) -> None:
    sdls = [
        (
            name,
            f"http://{name}",
            f"type Query {{ {name}s: Int }} type Mutation {{ {name}: T{name} }} type T{name} {{ one: Int two: Int }}",
        )
        for name in ("first", "second")
    ]
    subgraphs = {name: _Slow(name) for name in ("first", "second")}
    engine = Engine(
        load_supergraph(compose_from_sdls(sdls).supergraph_sdl),
        {name: LocalTransport(name, one) for name, one in subgraphs.items()},
        GatewaySettings(),
        GatewayMetrics(CollectorRegistry()),
    )
    answering = asyncio.create_task(answer(engine))
    async with asyncio.timeout(60):
        await subgraphs["first"].asked.wait()
    answering.cancel()
    retiring = asyncio.create_task(engine.retire())
    await asyncio.sleep(0)
    assert not answering.done()
    subgraphs["first"].go.set()
    async with asyncio.timeout(60):
        await subgraphs["second"].asked.wait()
    assert not retiring.done(), "it is under way"
    subgraphs["second"].go.set()
    with pytest.raises(asyncio.CancelledError):
        await answering
    assert subgraphs["second"].done == 1
    await retiring
