"""Names of contexts."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.context_name import context_name
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    ("letters and digits", 'type P @context(name: "c1") { a: Int }', []),
    ("an underscore", 'type P @context(name: "c_d") { a: Int }', ["CONTEXT_NAME_INVALID"]),
    ("a dash", 'type P @context(name: "c-d") { a: Int }', ["CONTEXT_NAME_INVALID"]),
    ("a digit first", 'type P @context(name: "1c") { a: Int }', ["CONTEXT_NAME_INVALID"]),
    ("nothing", 'type P @context(name: "") { a: Int }', ["CONTEXT_NAME_INVALID"]),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(context_name, sdl)] == codes
