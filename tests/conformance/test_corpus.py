"""Every case of the corpus, through the gateway in this process and by a monolith."""

from __future__ import annotations

import json
from functools import cache

import pytest

from tests.conformance.corpus import Case, Suite, all_cases, all_suites, load_suite
from tests.conformance.monolith import ask_monolith
from tests.conformance.serving import Graph, run_case, serve, shown

_SUITES = [pytest.param(suite, id=suite.name) for suite in all_suites()]


def _param(case: Case) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=case.fails)] if case.fails else []
    return pytest.param(case, id=case.id, marks=marks)


@cache
def _served(suite: str) -> Graph:
    return serve(load_suite(suite))


@pytest.mark.parametrize("case", [_param(case) for case in all_cases()])
async def test_the_gateway_answers_as_stored(case: Case) -> None:
    outcome = await run_case(case, _served(case.suite))
    assert outcome.wrong == []
    made = [json.dumps(shown(answer)) for answer in outcome.answers]
    assert made == [json.dumps(answer) for answer in case.answers]
    if case.requests is not None:
        assert outcome.requests == case.requests


@pytest.mark.parametrize("suite", _SUITES)
def test_a_monolith_over_the_same_data_gives_the_stored_answers(suite: Suite) -> None:
    schema = _served(suite.name).supergraph.api_schema
    for case in suite.cases:
        if case.alone is None:
            answers = ask_monolith(suite, case, schema)
            assert [json.dumps(a["data"]) for a in answers] == [json.dumps(a["data"]) for a in case.answers]
            for answer, stored in zip(answers, case.answers, strict=True):
                assert _paths(answer) == _paths(stored), case.id


@pytest.mark.parametrize("suite", [pytest.param(s, id=s.name) for s in all_suites() if s.supergraph])
async def test_a_supergraph_composed_elsewhere_is_served_as_well(suite: Suite) -> None:
    graph = serve(suite, suite.supergraph)
    for case in suite.cases:
        outcome = await run_case(case, graph)
        assert case.fails or [shown(answer) for answer in outcome.answers] == list(case.answers), case.id


def test_names_are_told_apart_and_every_case_has_an_answer() -> None:
    cases = all_cases()
    assert len({case.id for case in cases}) == len(cases)
    assert [case.id for case in cases if not case.answers] == []


def _paths(answer: object) -> set[str]:
    assert isinstance(answer, dict)
    return {json.dumps(error.get("path")) for error in answer.get("errors", ())}
