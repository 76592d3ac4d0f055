"""Where `@fromContext` may stand."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.context_place import context_place
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    (
        "on an argument",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { prop }")): Int } ',
        [],
    ),
    (
        "on one with a default",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String = "x" @fromContext(field: "$c { prop }")): Int } ',
        ["CONTEXT_NOT_SET"],
    ),
    (
        "on one of a field that an interface has",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U implements I @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { prop }")): Int } interface I { f: Int }',
        ["CONTEXT_NOT_SET"],
    ),
    (
        "on one of a field that no interface has",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U implements I @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { prop }")): Int } interface I { id: ID! }',
        [],
    ),
    (
        "on one of an interface",
        'interface I { f(a: String @fromContext(field: "$c { prop }")): Int }',
        ["CONTEXT_NOT_SET"],
    ),
    (
        "on one of a directive",
        'directive @d(a: String @fromContext(field: "$c { prop }")) on FIELD',
        ["CONTEXT_NOT_SET"],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(context_place, sdl)] == codes
