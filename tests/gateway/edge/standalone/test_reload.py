"""A supergraph file that changes while it is served."""

from __future__ import annotations

import asyncio
import os
import weakref
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.engine import Engine
from gateway.edge.standalone import reload
from gateway.edge.standalone.reload import ServedFile
from gateway.supergraph import load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport import LocalTransport


class _Slow:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.asked = asyncio.Event()

    async def execute(self, query: str, *_: Any) -> dict[str, Any]:
        self.asked.set()
        await self.go.wait()
        return {"data": {"one": 1, "two": 2}}

    async def subscribe(self, query: str, *_: Any) -> AsyncIterator[dict[str, Any]]:
        yield {"data": {"ticks": 0}}
        self.asked.set()
        await self.go.wait()
        yield {"data": {"ticks": 1}}


class _Transport(LocalTransport):
    closed = False

    async def close(self) -> None:
        self.closed = True


class _Served:
    """A file with a field, and every engine made from it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "supergraph.graphql"
        self.metrics = GatewayMetrics(CollectorRegistry())
        self.transports: list[_Transport] = []
        self.write("one")
        self.file = ServedFile(self.path, self._make)

    def write(self, field: str) -> None:
        sdl = f"type Query {{ {field}: Int }} type Subscription {{ ticks: Int }}"
        self.replace(compose_from_sdls([("a", "http://a", sdl)]).supergraph_sdl)

    def replace(self, text: str) -> None:
        written = self.path.with_suffix(".new")
        written.write_text(text)
        os.replace(written, self.path)  # noqa: PTH105 - as a deployment does

    def _make(self, sdl: str) -> Engine:
        supergraph = load_supergraph(sdl)
        self.transports.append(_Transport("a", _Slow()))
        return Engine(supergraph, {"a": self.transports[-1]}, GatewaySettings(), self.metrics)

    def slow(self, number: int) -> _Slow:
        found = self.transports[number]._subgraph
        assert isinstance(found, _Slow)
        return found


def _no_headers(_subgraph: str, _kind: Any, _span: int) -> Mapping[str, str]:
    return {}


async def test_a_changed_file_is_served_and_what_runs_goes_on_to_its_end(tmp_path: Path) -> None:
    served = _Served(tmp_path)
    before = served.file.engine
    running = asyncio.create_task(
        before.execute(await before.preparation.prepare("{ one }", None), {}, _no_headers)
    )
    events = before.subscribe(
        await before.preparation.prepare("subscription { ticks }", None), {}, _no_headers
    )
    heard = [await anext(events)]
    await served.slow(0).asked.wait()
    served.write("two")
    assert await served.file.refresh()
    after = served.file.engine
    assert after is not before
    served.slow(1).go.set()
    answer = await after.execute(await after.preparation.prepare("{ two }", None), {}, _no_headers)
    assert answer == {"data": {"two": 2}}
    retiring = asyncio.create_task(before.retire())
    served.slow(0).go.set()
    assert await running == {"data": {"one": 1}}
    assert not served.transports[0].closed
    heard += [event async for event in events]
    assert heard == [{"data": {"ticks": 0}}, {"data": {"ticks": 1}}]
    await retiring
    assert served.transports[0].closed
    await served.file.close()
    assert served.transports[1].closed


async def test_a_file_that_cannot_be_served_changes_nothing_until_it_can(tmp_path: Path) -> None:
    served = _Served(tmp_path)
    before = served.file.engine
    for wrong in ("type Query {", "type Query { a: Int }", ""):
        served.replace(wrong)
        assert not await served.file.refresh()
        assert not await served.file.refresh()
    served.path.unlink()
    assert not await served.file.refresh()
    assert served.file.engine is before
    served.write("two")
    assert await served.file.refresh()
    assert "two" in served.file.engine.supergraph.sdl
    await served.file.close()
    assert [one.closed for one in served.transports] == [True, True]


async def test_a_file_written_again_as_it_was_is_no_change(tmp_path: Path) -> None:
    served = _Served(tmp_path)
    served.write("one")
    assert not await served.file.refresh()
    await served.file.close()


async def test_a_new_supergraph_knows_the_operations_of_the_one_before_it_that_are_still_valid(
    tmp_path: Path,
) -> None:
    served = _Served(tmp_path)
    before = served.file.engine
    for query in ("{ one }", "{ __typename }", "{ one again: one }"):
        await before.preparation.prepare(query, None)
    served.write("two")
    assert await served.file.refresh()
    after = served.file.engine
    assert after is not before
    assert [key[0] for key in after.preparation.used()] == ["{ __typename }"]
    assert [key[0] for key in before.preparation.used()] == [
        "{ one again: one }",
        "{ __typename }",
        "{ one }",
    ]
    await served.file.close()


async def test_the_engine_before_is_gone_when_nothing_runs_in_it_any_more(tmp_path: Path) -> None:
    served = _Served(tmp_path)
    before = weakref.ref(served.file.engine)
    served.write("two")
    assert await served.file.refresh()
    async with asyncio.timeout(60):
        while before() is not None:  # noqa: ASYNC110 - it has a grace
            await asyncio.sleep(0.05)
    await served.file.close()


async def test_the_engine_before_is_gone_though_the_new_one_is_never_without_an_operation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reload, "_QUIET_WITHIN", 0.2)
    served = _Served(tmp_path)
    before = weakref.ref(served.file.engine)
    served.write("two")
    assert await served.file.refresh()
    after = served.file.engine
    running = asyncio.create_task(
        after.execute(await after.preparation.prepare("{ two }", None), {}, _no_headers)
    )
    async with asyncio.timeout(60):
        while before() is not None:  # noqa: ASYNC110 - it has a grace
            await asyncio.sleep(0.05)
    assert not running.done()
    served.slow(1).go.set()
    assert await running == {"data": {"two": 2}}
    await served.file.close()
