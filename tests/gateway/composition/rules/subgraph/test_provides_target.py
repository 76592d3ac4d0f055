"""Where `@provides` may stand."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.provides_target import provides_target
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    (
        "on what has fields",
        'type Query { u: U @provides(fields: "x") } type U @key(fields: "id") { id: ID! x: Int @external w(n: Int): Int @external } type W @key(fields: "id") { id: ID! x: Int @external } union B = U | W interface I { x: Int }',
        [],
    ),
    (
        "on an external field",
        'type Query { u: U @external @provides(fields: "x") } type U { x: Int @external }',
        ["EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE"],
    ),
    (
        "on a field of a type that is external",
        'type Query { t: T } type T @external { u: U @provides(fields: "x") } type U { x: Int @external }',
        ["EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE"],
    ),
    ("on a leaf", 'type Query { u: Int @provides(fields: "x") }', ["PROVIDES_ON_NON_OBJECT_FIELD"]),
    (
        "on an enum",
        'enum E { A } type Query { u: [E] @provides(fields: "x") }',
        ["PROVIDES_ON_NON_OBJECT_FIELD"],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(provides_target, sdl)] == codes
