"""Where what guards data may stand."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.auth_on_interface import auth_on_interface
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    (
        "on objects, fields, enums and scalars",
        'scalar D @authenticated enum E @authenticated { A } type T @requiresScopes(scopes: [["a"]]) { a: E @policy(policies: [["b"]]) }',
        [],
    ),
    ("on an interface", "interface I @authenticated { a: Int }", ["AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE"]),
    (
        "on a field of an interface",
        'interface I { a: Int @requiresScopes(scopes: [["a"]]) }',
        ["AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE"],
    ),
    (
        "on an interface object",
        'type I @interfaceObject @key(fields: "id") @policy(policies: [["b"]]) { id: ID }',
        ["AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE"],
    ),
    (
        "on a field of an interface object",
        'type I @interfaceObject @key(fields: "id") { id: ID @authenticated }',
        [],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(auth_on_interface, sdl)] == codes
