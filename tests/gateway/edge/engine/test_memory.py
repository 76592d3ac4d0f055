"""What is not needed any more is let go of, and given back to the system."""

from __future__ import annotations

import asyncio
import gc
import platform
import subprocess
import sys
import weakref
from collections.abc import Iterator

import pytest
from graphql import OperationDefinitionNode, TokenKind
from prometheus_client import CollectorRegistry

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.documents.reading import Documents, untold
from gateway.edge.engine import Engine
from gateway.edge.engine.occupied import Occupied
from gateway.supergraph import Supergraph, load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from tests.benchmarks.gateway import shop
from tests.clock import held_clock

_FREED = """
import sys
from gateway.edge.server.memory import give_back

def resident():
    return int(open("/proc/self/statm").read().split()[1])

before = resident()
held = [bytearray(16 * 1024) for _ in range(4000)]
among = held[::100]
full = resident() - before
del held
kept = resident() - before
give_back()
print(kept > full * 0.8, resident() - before < full * 0.2)
"""


@pytest.fixture(scope="module")
def supergraph() -> Supergraph:
    sdls = [(name, f"http://{name}", sdl) for name, sdl in shop.SDL.items()]
    return load_supergraph(compose_from_sdls(sdls).supergraph_sdl)


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No visit of the collector."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="others have no such call")
def test_memory_that_was_freed_among_what_is_held_is_given_back() -> None:
    told = subprocess.run([sys.executable, "-c", _FREED], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "True"]


@pytest.mark.usefixtures("uncollected")
def test_a_document_keeps_places_and_no_tokens_and_waits_for_no_collector(supergraph: Supergraph) -> None:
    documents = Documents(supergraph.api_schema, GatewaySettings())
    documents.read(shop.QUERY, untold)  # what a schema learns of itself meanwhile stays
    gc.collect()
    document = documents.read(shop.QUERY, untold)
    operation = document.definitions[-1]
    assert isinstance(operation, OperationDefinitionNode)
    place = operation.selection_set.selections[0].loc
    assert place is not None
    assert shop.QUERY[place.start : place.end].startswith("users {")
    assert (place.start_token.kind, place.start_token.next) == (TokenKind.SOF, None)
    del document, operation, place
    assert gc.collect() == 0


@pytest.mark.usefixtures("uncollected")
async def test_what_an_engine_compiled_is_gone_when_it_is_retired(supergraph: Supergraph) -> None:
    engine = Engine(supergraph, {}, GatewaySettings(), GatewayMetrics(CollectorRegistry()))
    prepared = await engine.preparation.prepare(shop.QUERY, None)
    prepared.compilation.expect()
    compiled = await prepared.compilation.find({})
    assert compiled is not None
    seen = [weakref.ref(one) for one in (compiled, compiled.begin, compiled.steps[0].take)]
    del prepared, compiled
    assert all(one() is not None for one in seen)
    await engine.retire()
    assert [one() for one in seen] == [None, None, None]


@pytest.mark.usefixtures("uncollected")
async def test_an_engine_that_is_retired_waits_for_no_collector(supergraph: Supergraph) -> None:
    engine = Engine(supergraph, {}, GatewaySettings(), GatewayMetrics(CollectorRegistry()))
    await engine.preparation.prepare(shop.QUERY, None)
    seen = [weakref.ref(one) for one in (engine, engine.preparation)]
    await engine.retire()
    del engine
    assert [one() for one in seen] == [None, None]


async def test_another_engine_compiles_equal_operations_into_the_same_classes(supergraph: Supergraph) -> None:
    made = []
    for _ in range(2):
        engine = Engine(supergraph, {}, GatewaySettings(), GatewayMetrics(CollectorRegistry()))
        assert engine.preparation.expect([(shop.QUERY, None)], seconds=60) == 1
        made.append(await (await engine.preparation.prepare(shop.QUERY, None)).compilation.find({}))
    first, second = made
    assert first is not None
    assert second is not None
    assert first is not second
    assert [a.answer is b.answer for a, b in zip(first.steps, second.steps, strict=True)] == [True] * 7


async def test_it_is_quiet_once_nothing_has_been_under_way_for_so_long() -> None:
    under_way = Occupied()
    with held_clock() as let_pass:

        async def later(seconds: float) -> None:
            let_pass(seconds)
            for _ in range(5):  # turns of the loop until whoever is due has gone as far as they can
                await asyncio.sleep(0)

        with under_way:
            quiet = asyncio.create_task(under_way.quiet(10.0))
            await later(50.0)
            assert not quiet.done()
        for _ in range(20):  # one after the other, with less between them
            with under_way:
                pass
            await later(9.0)
        assert not quiet.done()
        for _ in range(4):
            await later(9.0)
        assert quiet.done()
