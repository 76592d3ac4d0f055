"""Where operations are prepared: small ones at once, large ones where they hold up nobody."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from itertools import product

import pytest
from prometheus_client import CollectorRegistry

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings, Guards
from gateway.edge.engine import Engine
from gateway.edge.errors import RequestRefused
from gateway.supergraph import Supergraph, load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from tests.benchmarks.gateway import shop

_READ = ["graphql.parse", "graphql.validate", "graphql.plan"]


@pytest.fixture(scope="module")
def supergraph() -> Supergraph:
    sdls = [(name, f"http://{name}", sdl) for name, sdl in shop.SDL.items()]
    return load_supergraph(compose_from_sdls(sdls).supergraph_sdl)


def engine(supergraph: Supergraph, guards: Guards = Guards()) -> Engine:  # noqa: B008
    settings = replace(GatewaySettings(), guards=guards)
    return Engine(supergraph, {}, settings, GatewayMetrics(CollectorRegistry()))


class Phases:
    """In which threads which steps were made."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def __call__(self, phase: str, began: float) -> None:
        self.told.append((phase, threading.current_thread().name))


async def test_an_operation_is_planned_at_once(supergraph: Supergraph) -> None:
    phases = Phases()
    quick = engine(supergraph)
    await quick.preparation.prepare(shop.QUERY, None, phase=phases)
    assert phases.told == [(phase, "MainThread") for phase in _READ]


async def test_an_operation_of_many_steps_is_planned_in_a_thread_to_the_same_plan(
    supergraph: Supergraph,
) -> None:
    phases = Phases()
    patient = engine(supergraph, Guards(planning_steps_at_once=50))
    prepared = await patient.preparation.prepare(shop.QUERY, None, phase=phases)
    assert phases.told == [*[(phase, "MainThread") for phase in _READ[:2]], (_READ[2], "preparing_0")]
    quick = engine(supergraph)
    assert prepared.plan == (await quick.preparation.prepare(shop.QUERY, None)).plan


async def test_a_large_document_is_read_in_the_same_thread(supergraph: Supergraph) -> None:
    phases = Phases()
    quick = engine(supergraph)
    await quick.preparation.prepare(shop.QUERY + "#" * 8192, None, phase=phases)
    assert phases.told == [(phase, "preparing_0") for phase in _READ]


async def test_equal_large_operations_are_planned_once(supergraph: Supergraph) -> None:
    patient = engine(supergraph, Guards(planning_steps_at_once=50))
    first, second = await asyncio.gather(*(patient.preparation.prepare(shop.QUERY, None) for _ in range(2)))
    assert first is second


async def test_who_leaves_while_an_operation_is_planned_holds_up_nobody_else(supergraph: Supergraph) -> None:
    patient = engine(supergraph, Guards(planning_steps_at_once=50))
    begun = asyncio.Event()
    leaving = asyncio.create_task(patient.preparation.prepare(shop.QUERY, None, phase=lambda *_: begun.set()))
    await begun.wait()
    leaving.cancel()
    prepared = await patient.preparation.prepare(shop.QUERY, None)
    quick = engine(supergraph)
    assert prepared.plan == (await quick.preparation.prepare(shop.QUERY, None)).plan


@pytest.mark.parametrize("at_once", [50, 2_000])
async def test_what_is_too_complex_for_any_plan_is_refused(supergraph: Supergraph, at_once: int) -> None:
    strict = engine(supergraph, Guards(planning_steps=100, planning_steps_at_once=at_once))
    with pytest.raises(RequestRefused) as refused:
        await strict.preparation.prepare(shop.QUERY, None)
    assert (refused.value.status, refused.value.code) == (500, "QUERY_PLAN_COMPLEXITY_EXCEEDED")


async def test_operations_of_many_steps_are_warmed_as_well(supergraph: Supergraph) -> None:
    patient = engine(supergraph, Guards(planning_steps_at_once=50))
    warmed = patient.preparation.expect([(shop.QUERY, None)], seconds=60)
    phases = Phases()
    await patient.preparation.prepare(shop.QUERY, None, phase=phases)
    assert (warmed, phases.told) == (1, [])


async def test_forms_compiled_for_one_operation_push_others_out(supergraph: Supergraph) -> None:
    """There is one for each combination of its conditions, and it takes about as much as the operation itself."""
    several = engine(supergraph, Guards(document_cache_bytes=40_000))
    small = "{ users { id } }"
    fields = " ".join(f"{name}: id @include(if: ${name})" for name in "abcd")
    variables = ", ".join(f"${name}: Boolean!" for name in "abcd")
    large = f"query({variables}) {{ users {{ id {fields} }} }}"
    other, prepared = (
        await several.preparation.prepare(small, None),
        await several.preparation.prepare(large, None),
    )
    assert await several.preparation.prepare(small, None) is other
    prepared.compilation.expect()
    for chosen in product((True, False), repeat=4):
        assert await several.preparation.prepare(large, None) is prepared
        assert await prepared.compilation.find(dict(zip("abcd", chosen, strict=True))) is not None
    assert prepared.compilation.forms == 16
    assert await several.preparation.prepare(small, None) is not other
