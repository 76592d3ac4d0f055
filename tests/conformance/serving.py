"""A suite being served: its subgraphs in this process behind an engine, and cases run against it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.engine import Engine
from gateway.edge.errors import DocumentRefused, RequestRefused
from gateway.jsontext import encode
from gateway.supergraph import Supergraph, load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport import LocalTransport
from gateway.transport.protocol import (
    SubgraphTransport,
)
from tests.conformance.corpus import Case, Suite
from tests.conformance.encoding import Encoding
from tests.conformance.federated import SubgraphFacts, read_subgraph
from tests.conformance.subgraph import Asked, ConformanceSubgraph
from tests.conformance.world import State, World

__all__ = [
    "Graph",
    "MakeEngine",
    "Outcome",
    "begin",
    "bytes_engine",
    "compiling_engine",
    "composed_here",
    "exact_engine",
    "run_case",
    "serve",
    "shown",
]

MakeEngine = Callable[[Supergraph, Mapping[str, SubgraphTransport]], Engine]
"""Another way of execution is another engine: whatever has ``prepare``, ``execute`` and ``subscribe``."""


@dataclass
class Outcome:
    """What a case came to."""

    encoded: list[bytes] = field(default_factory=list)
    """The answers as a client gets them: one, or one an event."""
    asked: list[Asked] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What a subgraph was asked that it may not be asked."""

    @property
    def answers(self) -> list[dict[str, Any]]:
        """The answers as objects."""
        return [json.loads(one) for one in self.encoded]

    @property
    def requests(self) -> dict[str, int]:
        """How many requests each subgraph got."""
        return dict(sorted(Counter(one.subgraph for one in self.asked).items()))


@dataclass
class Graph:
    """One suite, served."""

    suite: Suite
    supergraph: Supergraph
    subgraphs: Mapping[str, ConformanceSubgraph]
    engine: Engine


def composed_here(suite: Suite) -> str:
    """The supergraph as our composition makes it; raises CompositionFailed."""
    named = [(name, f"http://{name}", sdl) for name, sdl in suite.subgraphs.items()]
    return compose_from_sdls(named).supergraph_sdl


def exact_engine(supergraph: Supergraph, transports: Mapping[str, SubgraphTransport]) -> Engine:
    """The engine as the gateway runs it, with every operation on the exact path."""
    settings = GatewaySettings(compile_operations=False)
    return Engine(supergraph, transports, settings, GatewayMetrics(CollectorRegistry()))


def compiling_engine(supergraph: Supergraph, transports: Mapping[str, SubgraphTransport]) -> Engine:
    """The engine as the gateway runs it: operations are compiled from their second use on."""
    return Engine(supergraph, transports, GatewaySettings(), GatewayMetrics(CollectorRegistry()))


def bytes_engine(supergraph: Supergraph, transports: Mapping[str, SubgraphTransport]) -> Engine:
    """The same over subgraphs that answer compiled operations with bytes, as over HTTP."""
    return compiling_engine(supergraph, {name: Encoding(one) for name, one in transports.items()})


def serve(suite: Suite, sdl: str | None = None, make_engine: MakeEngine = exact_engine) -> Graph:
    """Serve a suite by ``sdl``, else by a supergraph composed here."""
    facts = {name: read_subgraph(text) for name, text in suite.subgraphs.items()}
    subgraphs = {
        name: ConformanceSubgraph(name, one, _overridden(name, facts)) for name, one in facts.items()
    }
    supergraph = load_supergraph(sdl or composed_here(suite))
    transports = {name: LocalTransport(name, one) for name, one in subgraphs.items()}
    return Graph(suite, supergraph, subgraphs, make_engine(supergraph, transports))


def begin(graph: Graph, case: Case) -> Outcome:
    """Let the subgraphs answer for this case; what they see goes into the outcome."""
    outcome, state = Outcome(), State()
    for name, subgraph in graph.subgraphs.items():
        world = World(graph.suite.data, graph.suite.seen_by.get(name) or {}, state)
        subgraph.begin(world, case.faults.get(name), outcome.asked, outcome.wrong)
    return outcome


async def run_case(case: Case, graph: Graph) -> Outcome:
    """Run one case as a client's request; refusals are answers too."""
    outcome = begin(graph, case)
    engine = graph.engine
    try:
        prepared = await engine.preparation.prepare(case.operation, case.operation_name, granted=case.granted)
        if prepared.kind == "subscription":
            events = engine.subscribe(prepared, case.variables, _no_headers)
            outcome.encoded += [encode(event) async for event in events]
        else:
            outcome.encoded.append(encode(await engine.execute(prepared, case.variables, _no_headers)))
    except (DocumentRefused, RequestRefused) as refused:
        outcome.encoded.append(encode(refused.answer()))
    return outcome


def shown(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as the corpus stores it: data in order; of errors their places and codes, sorted, each once."""
    made: dict[str, Any] = {"data": answer["data"]} if "data" in answer else {}
    if answer.get("errors"):
        errors = []
        for error in answer["errors"]:
            path = {"path": error["path"]} if "path" in error else {}
            code = (error.get("extensions") or {}).get("code")
            one = {**path, **({"code": code} if code else {})}
            if one not in errors:
                errors.append(one)
        made["errors"] = sorted(errors, key=str)
    return made


def _no_headers(_subgraph: str, _kind: object, _span: int) -> Mapping[str, str]:
    return {}


def _overridden(name: str, facts: Mapping[str, SubgraphFacts]) -> frozenset[tuple[str, str]]:
    """The fields of a subgraph that others have taken over for good."""
    return frozenset(
        (kind, field_name)
        for one in facts.values()
        for kind, known in one.types.items()
        for field_name, declared in known.fields.items()
        if declared.overrides == name
    )
