"""Each set of the corpus fails with its codes, or composes with its hints, and means what the oracle's does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.composition import CompositionFailed, compose_from_sdls
from tests.conformance.composition.agreement import disagreements
from tests.conformance.composition.corpus import Case, load
from tests.oracle.client import Oracle, OracleMissing

_CASES = [pytest.param(case, id=case.name) for case in load()]


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    try:
        with Oracle() as running:
            yield running
    except OracleMissing as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize("case", _CASES)
def test_it_comes_to_what_is_expected(case: Case) -> None:
    assert _ours(case) == (case.errors, case.hints)


def _ours(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        composed = compose_from_sdls(case.subgraphs)
    except CompositionFailed as failed:
        return tuple(sorted({error.code for error in failed.errors})), ()
    return (), tuple(sorted({hint.code for hint in composed.hints}))


@pytest.mark.parametrize("case", _CASES)
def test_the_oracle_agrees(case: Case, oracle: Oracle) -> None:
    if case.note:
        return  # where we know better, which the test above holds
    theirs = oracle.compose(case.subgraphs)
    assert (tuple(sorted(theirs.codes)), tuple(sorted(theirs.hint_codes))) == (case.errors, case.hints)
    assert disagreements(case.subgraphs, theirs) == []
