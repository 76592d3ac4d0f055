"""What `@fromContext` may select."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.context_selection import context_selection
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    (
        "a field",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { prop }")): Int } ',
        [],
    ),
    (
        "a field without braces",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c prop")): Int } ',
        [],
    ),
    (
        "a field of a field",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U o: O } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { o { s } }")): Int } type O { s: String }',
        [],
    ),
    (
        "a list",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U l: [String!]! } type U @key(fields: "id") { id: ID! f(a: [String] @fromContext(field: "$c { l }")): Int } ',
        [],
    ),
    (
        "lists around a field",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U o: [O] } type U @key(fields: "id") { id: ID! f(a: [String] @fromContext(field: "$c { o { s } }")): Int } type O { s: String }',
        [],
    ),
    (
        "an enum",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U e: E } type U @key(fields: "id") { id: ID! f(a: E @fromContext(field: "$c { e }")): Int } enum E { A }',
        [],
    ),
    (
        "a fragment for each type that sets it",
        'type P @context(name: "c") @key(fields: "id") { id: ID! p: String u: U } type R @context(name: "c") @key(fields: "id") { id: ID! q: String u: U } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c ... on P { p } ... on R { q }")): Int }',
        [],
    ),
    (
        "of a union, by fragments",
        'union V @context(name: "c") = P type P @key(fields: "id") { id: ID! p: String u: U } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c ... on P { p }")): Int }',
        [],
    ),
    (
        "a field that one type has not",
        'type P @context(name: "c") @key(fields: "id") { id: ID! p: String u: U } type R @context(name: "c") @key(fields: "id") { id: ID! q: String u: U } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { p }")): Int }',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "no fragment for one type",
        'type P @context(name: "c") @key(fields: "id") { id: ID! p: String u: U } type R @context(name: "c") @key(fields: "id") { id: ID! q: String u: U } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c ... on P { p }")): Int }',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "a fragment for no type",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c ... on P { prop } ... on Z { z }")): Int } type Z { z: String }',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "a fragment of a type that is not there",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c ... on P { prop } ... on X { z }")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "a fragment twice",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c ... on P { prop } ... on P { prop }")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "a fragment without a type",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c ... { prop }")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "a fragment and a field",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c ... on P { prop } prop")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "two fields",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { prop id }")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "two fields of different types",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U o: O } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { o { s t } }")): Int } type O { s: String t: Int }',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "an object",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U o: O } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { o }")): Int } type O { s: String }',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "another type",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: Int @fromContext(field: "$c { prop }")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "for what may not be null",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String! @fromContext(field: "$c { prop }")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "a list for one",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U l: [String!]! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { l }")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "a field that is not there",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { nope }")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "another name",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { a: prop }")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "a directive",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { prop @skip(if: true) }")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "a named fragment",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { ...F }")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "what does not parse",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U prop: String! } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { prop")): Int } ',
        ["CONTEXT_INVALID_SELECTION"],
    ),
    (
        "an interface object",
        'type P @context(name: "c") @key(fields: "id") { id: ID! u: U o: O } type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { o { s } }")): Int } type O @interfaceObject @key(fields: "id") { id: ID! s: String }',
        ["CONTEXT_INVALID_SELECTION"],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(context_selection, sdl)] == codes
