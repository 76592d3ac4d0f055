"""One operation on both paths over the same answers, however wrong, in whatever order they arrive."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from graphql import get_operation_ast, parse
from graphql.execution.values import VariableValues, get_variable_values
from graphql.language import OperationDefinitionNode
from msgspec.structs import replace

from gateway.compiling import CompiledOperation, NotCompilable, compile_operation
from gateway.execution import ExecutionRequest, execute, execute_compiled
from gateway.jsontext import encode as encode_json
from gateway.transport.protocol import Encoded, SubgraphRequest
from tests.conformance.both_paths.arrival import Arrivals, Held, orders
from tests.conformance.both_paths.distort import distorted
from tests.conformance.random.check import Served
from tests.conformance.random.model import Wanted

__all__ = ["Outcome", "Trial"]


@dataclass(frozen=True)
class Outcome:
    """What a client gets, and what its subgraphs were asked."""

    answer: str
    asked: tuple[str, ...]


class Trial:
    """An operation over a graph; its subgraphs' answers are distorted where there is a ``seed``."""

    def __init__(self, served: Served, wanted: Wanted, seed: str | None = None) -> None:
        self._served = served
        self._wanted = wanted
        self._seed = seed
        self._answers: dict[tuple[str, bytes], Encoded] = {}
        document = parse(wanted.text)
        operation = get_operation_ast(document)
        assert isinstance(operation, OperationDefinitionNode)
        supergraph = served.planner.supergraph
        coerced = get_variable_values(
            supergraph.api_schema, operation.variable_definitions or (), wanted.variables
        )
        assert isinstance(coerced, VariableValues), coerced
        self._request = ExecutionRequest(
            supergraph=supergraph,
            plan=served.planner.plan(document, active_labels=wanted.labels),
            document=document,
            operation=operation,
            variables=coerced.coerced,
            transports={},
            headers_for=lambda *_: {},
        )
        self._types = sorted(name for name in supergraph.schema.type_map if not name.startswith("__"))

    def exact(self, order: tuple[int, ...] = ()) -> tuple[Outcome, Arrivals]:
        """On the exact path."""
        return self._run(execute, order, trees=False)

    def forms(self) -> Iterator[tuple[str, Callable[[tuple[int, ...]], tuple[Outcome, Arrivals]]]]:
        """By compiled code: of bytes, of objects, and with what can be packed."""
        form = self._compiled()
        if form is None:
            return
        yield "compiled", lambda order: self._run(_on(form), order, trees=False)
        yield "of objects", lambda order: self._run(_on(form), order, trees=True)
        packed = self._compiled(form.candidates) if form.candidates else None
        if packed is not None:
            yield "packed", lambda order: self._run(_on(packed), order, trees=False)

    def differences(self, most_orders: int = 1) -> list[str]:
        """Where compiled code answers or asks otherwise than the exact path, or either otherwise in another order."""
        expected, _ = self.exact()
        found = []
        for name, run in (("exact", self.exact), *self.forms()):
            for outcome, order in _outcomes(run, most_orders):
                if outcome != expected:
                    found.append(_difference(f"{name} {order}", outcome, expected))
                    break
        return found

    def _compiled(self, packing: Any = frozenset()) -> CompiledOperation | None:
        one = self._request
        conditions = {name: bool(value) for name, value in one.variables.items()}
        try:
            return compile_operation(
                one.supergraph, one.document, one.operation, one.plan, conditions, packing
            )
        except NotCompilable:
            return None

    def _run(
        self, path: Callable[[ExecutionRequest], Any], order: tuple[int, ...], *, trees: bool
    ) -> tuple[Outcome, Arrivals]:
        arrivals = Arrivals(order)
        transports = {
            name: Held(name, partial(self._answer, name), arrivals, trees) for name in self._served.subgraphs
        }
        answer = arrivals.run(path(replace(self._request, transports=transports)))
        return Outcome(encode_json(answer).decode(), tuple(sorted(arrivals.asked))), arrivals

    def _answer(self, name: str, body: bytes) -> Encoded:
        """Always the same to the same question."""
        known = self._answers.get((name, body))
        if known is None:
            known = self._answers[name, body] = self._made(name, json.loads(body), body)
        return known

    def _made(self, name: str, asked: Mapping[str, Any], body: bytes) -> Encoded:
        subgraph, world = self._served.subgraphs[name], self._served.world
        subgraph.labels, world.mutations = self._wanted.labels, 0
        given = _now(subgraph.execute(SubgraphRequest(asked["query"], asked.get("variables", {}))))
        answer = {"data": given.data, **({"errors": given.errors} if given.errors else {})}
        text = f"{self._seed} {name} {body.decode()}".encode()
        random = Random(hashlib.blake2b(text, digest_size=8).digest())  # noqa: S311
        if self._seed is None or random.random() < 0.4:
            return Encoded(200, encode_json(answer))
        return distorted(answer, random, self._types)


def _on(form: CompiledOperation) -> Callable[[ExecutionRequest], Any]:
    return lambda request: execute_compiled(form, request)


def _now(work: Any) -> Any:
    """What a coroutine that waits for nothing comes to."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


def _outcomes(
    run: Callable[[tuple[int, ...]], tuple[Outcome, Arrivals]], most: int
) -> Iterator[tuple[Outcome, tuple[int, ...]]]:
    found: list[Outcome] = []

    def arrivals(order: tuple[int, ...]) -> Arrivals:
        outcome, done = run(order)
        found.append(outcome)
        return done

    for done in orders(arrivals, most):
        yield found[-1], done.order


def _difference(name: str, found: Outcome, expected: Outcome) -> str:
    lines = []
    if found.answer != expected.answer:
        lines += [f"{name} answers {found.answer}", f"not {expected.answer}"]
    if found.asked != expected.asked:
        more = [one for one in found.asked if one not in expected.asked]
        less = [one for one in expected.asked if one not in found.asked]
        lines += [f"{name} asks more {more}", f"and not {less} (of {len(expected.asked)})"]
    return "\n".join(lines)
