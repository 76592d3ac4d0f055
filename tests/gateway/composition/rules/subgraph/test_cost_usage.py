"""Where `@cost` may stand."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.cost_usage import cost_usage
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    (
        "on a field of an object, an argument, an enum",
        "enum E @cost(weight: 1) { A } type T @cost(weight: 2) { a(x: Int @cost(weight: 3)): E @cost(weight: 4) }",
        [],
    ),
    (
        "on a field of an interface",
        "interface I { a: Int @cost(weight: 1) }",
        ["COST_APPLIED_TO_INTERFACE_FIELD"],
    ),
    ("on an argument of one", "interface I { a(x: Int @cost(weight: 1)): Int }", []),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(cost_usage, sdl)] == codes
