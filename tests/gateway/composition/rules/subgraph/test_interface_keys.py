"""Keys of interfaces and of what implements them."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.interface_keys import interface_keys
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    (
        "the same",
        'interface I @key(fields: "a") { a: ID } type T implements I @key(fields: "a") { a: ID }',
        [],
    ),
    (
        "the same in another order",
        'interface I @key(fields: "a b { c }") { a: ID b: B } type B { c: ID } type T implements I @key(fields: "b { c } a") { a: ID b: B }',
        [],
    ),
    (
        "none",
        'interface I @key(fields: "a") { a: ID } type T implements I { a: ID }',
        ["INTERFACE_KEY_NOT_ON_IMPLEMENTATION"],
    ),
    (
        "a longer one",
        'interface I @key(fields: "a") { a: ID b: ID } type T implements I @key(fields: "a b") { a: ID b: ID }',
        ["INTERFACE_KEY_NOT_ON_IMPLEMENTATION"],
    ),
    (
        "one that cannot be resolved",
        'interface I @key(fields: "a") { a: ID } type T implements I @key(fields: "a", resolvable: false) { a: ID }',
        ["INTERFACE_KEY_NOT_ON_IMPLEMENTATION"],
    ),
    (
        "neither can be resolved",
        'interface I @key(fields: "a", resolvable: false) { a: ID } type T implements I @key(fields: "a", resolvable: false) { a: ID }',
        [],
    ),
    (
        "an interface that implements it needs none",
        'interface I @key(fields: "a") { a: ID } interface J implements I { a: ID }',
        [],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(interface_keys, sdl)] == codes


def test_all_that_lack_it_are_named() -> None:
    assert judged(
        interface_keys,
        'interface I @key(fields: "a") { a: ID } type T implements I { a: ID } type U implements I { a: ID }',
    ) == [("INTERFACE_KEY_NOT_ON_IMPLEMENTATION", "[one] The key 'a' of interface 'I' is missing on T, U.")]
