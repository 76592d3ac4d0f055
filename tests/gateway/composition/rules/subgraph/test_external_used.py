"""What uses an external field."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.external_used import external_used
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    ("nothing", 'type T @key(fields: "id") { id: ID! x: Int @external }', ["EXTERNAL_UNUSED"]),
    (
        "nothing, of an external type",
        'type T @key(fields: "id") @external { id: ID! x: Int }',
        ["EXTERNAL_UNUSED"],
    ),
    ("a key", 'type T @key(fields: "id") { id: ID! @external }', []),
    ("a requirement", 'type T { x: Int @external r: Int @requires(fields: "x") }', []),
    ("a provision", 'type Query { t: T @provides(fields: "x") } type T { x: Int @external }', []),
    ("an interface", "interface I { x: Int } type T implements I { x: Int @external }", []),
    (
        "a field set of an interface that it implements",
        'interface I { x: Int y: Int } type T implements I { x: Int @external y: Int } type Query { i: I @provides(fields: "x") }',
        [],
    ),
    (
        "a context",
        'type P @context(name: "c") { x: Int @external u: U } type U @key(fields: "id") { id: ID f(a: Int @fromContext(field: "$c { x }")): Int }',
        [],
    ),
    (
        "a context of an interface",
        'interface C @context(name: "c") { x: Int } type P implements C { x: Int @external u: U } type U @key(fields: "id") { id: ID f(a: Int @fromContext(field: "$c { x }")): Int }',
        [],
    ),
    (
        "a selection before it goes wrong",
        'type T { x: Int @external r: Int @requires(fields: "x nope") }',
        [],
    ),
    (
        "a selection after it has gone wrong",
        'type T { x: Int @external r: Int @requires(fields: "nope x") }',
        ["EXTERNAL_UNUSED"],
    ),
    (
        "a key field of an extension is not external",
        'extend type T @key(fields: "id") { id: ID @external }',
        [],
    ),
    (
        "a key field of a type that extends is not external",
        'type T @extends @key(fields: "id") { id: ID @external }',
        [],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(external_used, sdl)] == codes
