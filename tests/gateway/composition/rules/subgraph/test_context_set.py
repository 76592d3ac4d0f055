"""Contexts that `@fromContext` names."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.context_set import context_set
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    (
        "one that is set",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { prop }")): Int } ',
        [],
    ),
    (
        "one with all that GraphQL ignores around it",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "# x\\n $ c { prop }")): Int } ',
        [],
    ),
    (
        "one that is not set",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$d { prop }")): Int } ',
        ["CONTEXT_NOT_SET"],
    ),
    (
        "none",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "{ prop }")): Int } ',
        ["NO_CONTEXT_IN_SELECTION"],
    ),
    (
        "a name without the sign",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "c { prop }")): Int } ',
        ["NO_CONTEXT_IN_SELECTION"],
    ),
    (
        "a name without a selection",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c")): Int } ',
        ["NO_CONTEXT_IN_SELECTION"],
    ),
    (
        "nothing",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "")): Int } ',
        ["NO_CONTEXT_IN_SELECTION"],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(context_set, sdl)] == codes
