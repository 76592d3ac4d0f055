"""Types with arguments from contexts."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.context_key import context_key
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    (
        "with a key",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { prop }")): Int } ',
        [],
    ),
    (
        "without",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U { id: ID! f(a: String @fromContext(field: "$c { prop }")): Int } ',
        ["CONTEXT_NO_RESOLVABLE_KEY"],
    ),
    (
        "with one that cannot be resolved",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id", resolvable: false) { id: ID! f(a: String @fromContext(field: "$c { prop }")): Int } ',
        ["CONTEXT_NO_RESOLVABLE_KEY"],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(context_key, sdl)] == codes
