"""`@key`, `@requires` and `@provides` on interfaces."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.interface_field_sets import interface_field_sets
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    ("a key", 'interface I @key(fields: "a") { a: ID } type T implements I @key(fields: "a") { a: ID }', []),
    (
        "a requirement",
        'interface I { a: ID b: ID @requires(fields: "a") }',
        ["REQUIRES_UNSUPPORTED_ON_INTERFACE"],
    ),
    (
        "a provision",
        'interface I { u: U @provides(fields: "x") } type U { x: Int @external }',
        ["PROVIDES_UNSUPPORTED_ON_INTERFACE"],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(interface_field_sets, sdl)] == codes


@pytest.mark.parametrize(
    ("minor", "codes"),
    [(0, ["KEY_UNSUPPORTED_ON_INTERFACE"]), (2, ["KEY_UNSUPPORTED_ON_INTERFACE"]), (3, [])],
)
def test_a_key_of_an_interface_needs_federation_2_3(minor: int, codes: list[str]) -> None:
    sdl = 'interface I @key(fields: "a") { a: ID } type T implements I @key(fields: "a") { a: ID }'
    assert [code for code, _ in judged(interface_field_sets, sdl, minor)] == codes
