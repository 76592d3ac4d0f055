"""The whole corpus on both paths: the exact one and the compiled one give the same bytes for the same requests."""

from __future__ import annotations

from functools import cache

import pytest

from gateway.compiling import NotCompilable
from gateway.edge.errors import DocumentRefused, RequestRefused
from gateway.jsontext import encode as encode_json
from tests.conformance.corpus import Case, all_cases, load_suite
from tests.conformance.serving import Graph, begin, bytes_engine, compiling_engine, serve
from tests.conformance.subgraph import Asked

_SHARE = 0.8
"""Of the corpus's queries and mutations, how many are compiled at least."""


@cache
def _served(suite: str) -> tuple[Graph, Graph, Graph]:
    one = load_suite(suite)
    return serve(one), serve(one, make_engine=compiling_engine), serve(one, make_engine=bytes_engine)


async def _ask(graph: Graph, case: Case) -> tuple[bytes, list[Asked]] | None:
    """The answer as bytes and what subgraphs were asked for it; None where there is no such answer."""
    outcome = begin(graph, case)
    try:
        prepared = await graph.engine.preparation.prepare(
            case.operation, case.operation_name, granted=case.granted
        )
        if prepared.kind == "subscription":
            return None
        await prepared.compilation.find({})  # the first use, which is never compiled
        answer = await graph.engine.execute(prepared, case.variables, lambda *_: {})
    except (DocumentRefused, RequestRefused):
        return None
    return encode_json(answer), sorted(outcome.asked, key=repr)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in all_cases()])
async def test_both_paths_give_the_same_bytes_for_the_same_requests(case: Case) -> None:
    exact, objects, encoded = _served(case.suite)
    expected = await _ask(exact, case)
    assert await _ask(objects, case) == expected
    assert await _ask(encoded, case) == expected


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in all_cases()])
async def test_what_is_told_apart_by_its_bytes_is_answered_alike(case: Case) -> None:
    exact, _, encoded = _served(case.suite)
    expected = await _ask(exact, case)
    if expected is None:
        return
    prepared = await encoded.engine.preparation.prepare(case.operation, case.operation_name)
    try:
        possible = prepared.compilation.compile(case.variables).candidates
    except NotCompilable:
        return
    for _ in range(10 if possible else 0):  # after eight answers all that is possible is packed
        assert await _ask(encoded, case) == expected


async def test_most_of_the_corpus_is_compiled() -> None:
    made, refused = 0, []
    for case in all_cases():
        _, graph, _ = _served(case.suite)
        try:
            prepared = await graph.engine.preparation.prepare(
                case.operation, case.operation_name, granted=case.granted
            )
        except (DocumentRefused, RequestRefused):
            continue
        if prepared.kind == "subscription":
            continue
        try:
            prepared.compilation.compile(case.variables)
            made += 1
        except NotCompilable as reason:
            refused.append(f"{case.id}: {reason}")
    assert made / (made + len(refused)) >= _SHARE, "\n".join(refused)
