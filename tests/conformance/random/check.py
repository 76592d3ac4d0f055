"""One graph served in both ways, and what must be equal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import OperationDefinitionNode, get_operation_ast, parse
from graphql.execution.values import VariableValues, get_variable_values
from msgspec.structs import replace

from gateway.compiling import NotCompilable, compile_operation
from gateway.composition import CompositionFailed, compose_from_sdls
from gateway.execution import ExecutionRequest, execute, execute_compiled
from gateway.jsontext import encode as encode_json
from gateway.planning import Planner
from gateway.supergraph import load_supergraph
from tests.conformance.encoding import Encoding
from tests.conformance.random.generate import random_graph
from tests.conformance.random.model import Graph, Wanted
from tests.conformance.random.monolith import Monolith
from tests.conformance.random.sdl import subgraph_sdl
from tests.conformance.random.subgraphs import StrictSubgraph
from tests.conformance.random.world import World

__all__ = ["Composer", "Difference", "Served", "compose", "serve"]


Composer: TypeAlias = Callable[[list[tuple[str, str, str]]], str | None]
"""Names, addresses and SDLs to a supergraph, or None where they do not compose."""


def compose(subgraphs: list[tuple[str, str, str]]) -> str | None:
    """By our own composition."""
    try:
        return compose_from_sdls(subgraphs).supergraph_sdl
    except CompositionFailed:
        return None


@dataclass(frozen=True)
class Difference:
    """What was wrong with an answer, or with what was asked for it."""

    wanted: Wanted
    complaints: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(
            [self.wanted.text, f"{self.wanted.variables} {sorted(self.wanted.labels)}", *self.complaints]
        )


@dataclass
class Served:
    """A graph behind the gateway, and whole."""

    graph: Graph
    supergraph_sdl: str
    monolith: Monolith
    world: World
    subgraphs: dict[str, StrictSubgraph]
    planner: Planner = field(init=False)

    def __post_init__(self) -> None:
        self.planner = Planner(load_supergraph(self.supergraph_sdl))

    async def difference(self, wanted: Wanted) -> Difference | None:
        """How the gateway's answer differs from the right one."""
        document = parse(wanted.text)
        operation = get_operation_ast(document)
        assert isinstance(operation, OperationDefinitionNode)
        right = self.monolith.answer(document, wanted.variables)
        supergraph = self.planner.supergraph
        coerced = get_variable_values(
            supergraph.api_schema, operation.variable_definitions or (), wanted.variables
        )
        assert isinstance(coerced, VariableValues), coerced
        request = ExecutionRequest(
            supergraph=supergraph,
            plan=self.planner.plan(document, active_labels=wanted.labels),
            document=document,
            operation=operation,
            variables=coerced.coerced,
            transports=self.subgraphs,
            headers_for=lambda *_: {},
        )
        self._begin(wanted)
        answer = await execute(request)
        complaints = [fault for subgraph in self.subgraphs.values() for fault in subgraph.faults]
        complaints += await self._compiled_differently(wanted, request, answer)
        ours, theirs = answer["data"], right.data
        if json.dumps(ours) != json.dumps(theirs):
            complaints.append(f"data is  {json.dumps(ours)}\nnot data {json.dumps(theirs)}")
        given = _places(ours, answer.get("errors", ()))
        due = _places(theirs, [one.formatted for one in right.errors or ()])
        if given != due:
            complaints.append(f"errors at {sorted(given)}, not at {sorted(due)}: {answer.get('errors')}")
        return Difference(wanted, tuple(complaints)) if complaints else None

    def _begin(self, wanted: Wanted) -> None:
        for subgraph in self.subgraphs.values():
            subgraph.labels = wanted.labels
            subgraph.faults.clear()
            subgraph.asked.clear()
        self.world.mutations = 0

    async def _compiled_differently(
        self, wanted: Wanted, request: ExecutionRequest, exact: Mapping[str, Any]
    ) -> list[str]:
        """How compiled code answers or asks otherwise than the exact path."""
        conditions = {name: bool(value) for name, value in request.variables.items()}
        try:
            compiled = compile_operation(
                request.supergraph, request.document, request.operation, request.plan, conditions
            )
        except NotCompilable:
            return []
        asked, expected = self._asked(), encode_json(exact).decode()
        forms = {"compiled": (compiled, request)}
        if compiled.candidates:
            packed = compile_operation(
                request.supergraph,
                request.document,
                request.operation,
                request.plan,
                conditions,
                compiled.candidates,
            )
            transports = {name: Encoding(one) for name, one in self.subgraphs.items()}
            forms["packed"] = packed, replace(request, transports=transports)
        complaints = []
        for name, (form, asking) in forms.items():
            self._begin(wanted)
            answer = encode_json(await execute_compiled(form, asking)).decode()
            if answer != expected:
                complaints.append(f"{name} {answer}\nexact    {expected}")
            if self._asked() != asked:
                complaints.append(f"{name} asks {self._asked()}\nexact asks    {asked}")
        return complaints

    def _asked(self) -> list[str]:
        return sorted(f"{name}: {one}" for name, subgraph in self.subgraphs.items() for one in subgraph.asked)


def _places(data: Any, errors: Sequence[Mapping[str, Any]]) -> set[str]:
    """The nulls that errors explain: where a path ends in the data."""
    found = set()
    for error in errors:
        value, place = data, ""
        for step in error.get("path", ()):
            if value is None:
                break
            value, place = value[step], f"{place}/{step}"
        found.add(place)
    return found


def serve(seed: int, composer: Composer = compose) -> Served | None:
    """The graph of that number, or None where not all of it can be reached."""
    graph = random_graph(seed)
    supergraph_sdl = composer(
        [(name, f"http://{name}", subgraph_sdl(graph, name)) for name in graph.subgraphs]
    )
    if supergraph_sdl is None:
        return None
    world = World(graph)
    subgraphs = {name: StrictSubgraph(graph, name, world) for name in graph.subgraphs}
    return Served(graph, supergraph_sdl, Monolith(graph), world, subgraphs)
