"""What `@provides` may select."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.provides_fields import provides_fields
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    (
        "an external field",
        'type Query { u: U @provides(fields: "x") } type U @key(fields: "id") { id: ID! x: Int @external w(n: Int): Int @external } type W @key(fields: "id") { id: ID! x: Int @external } union B = U | W interface I { x: Int }',
        [],
    ),
    (
        "of a list",
        'type Query { u: [U!]! @provides(fields: "x") } type U @key(fields: "id") { id: ID! x: Int @external w(n: Int): Int @external } type W @key(fields: "id") { id: ID! x: Int @external } union B = U | W interface I { x: Int }',
        [],
    ),
    (
        "of a member of a union",
        'type Query { u: B @provides(fields: "... on U { x }") } type U @key(fields: "id") { id: ID! x: Int @external w(n: Int): Int @external } type W @key(fields: "id") { id: ID! x: Int @external } union B = U | W interface I { x: Int }',
        [],
    ),
    (
        "a field that is resolved here",
        'type Query { u: U @provides(fields: "id") } type U @key(fields: "id") { id: ID! x: Int @external w(n: Int): Int @external } type W @key(fields: "id") { id: ID! x: Int @external } union B = U | W interface I { x: Int }',
        ["PROVIDES_FIELDS_MISSING_EXTERNAL"],
    ),
    (
        "of a union itself",
        'type Query { u: B @provides(fields: "x") } type U @key(fields: "id") { id: ID! x: Int @external w(n: Int): Int @external } type W @key(fields: "id") { id: ID! x: Int @external } union B = U | W interface I { x: Int }',
        ["PROVIDES_INVALID_FIELDS"],
    ),
    (
        "a field that is not there",
        'type Query { u: U @provides(fields: "z") } type U @key(fields: "id") { id: ID! x: Int @external w(n: Int): Int @external } type W @key(fields: "id") { id: ID! x: Int @external } union B = U | W interface I { x: Int }',
        ["PROVIDES_INVALID_FIELDS"],
    ),
    (
        "another name",
        'type Query { u: U @provides(fields: "a: x") } type U @key(fields: "id") { id: ID! x: Int @external w(n: Int): Int @external } type W @key(fields: "id") { id: ID! x: Int @external } union B = U | W interface I { x: Int }',
        ["PROVIDES_INVALID_FIELDS"],
    ),
    (
        "what does not parse",
        'type Query { u: U @provides(fields: "x {") } type U @key(fields: "id") { id: ID! x: Int @external w(n: Int): Int @external } type W @key(fields: "id") { id: ID! x: Int @external } union B = U | W interface I { x: Int }',
        ["PROVIDES_INVALID_FIELDS"],
    ),
    (
        "a field with arguments",
        'type Query { u: U @provides(fields: "w") } type U @key(fields: "id") { id: ID! x: Int @external w(n: Int): Int @external } type W @key(fields: "id") { id: ID! x: Int @external } union B = U | W interface I { x: Int }',
        ["PROVIDES_FIELDS_HAS_ARGS"],
    ),
    (
        "a directive",
        'type Query { u: U @provides(fields: "x @skip(if: true)") } type U @key(fields: "id") { id: ID! x: Int @external w(n: Int): Int @external } type W @key(fields: "id") { id: ID! x: Int @external } union B = U | W interface I { x: Int }',
        ["PROVIDES_DIRECTIVE_IN_FIELDS_ARG"],
    ),
    (
        "a bare name",
        'type Query { u: U @provides(fields: x) } type U @key(fields: "id") { id: ID! x: Int @external w(n: Int): Int @external } type W @key(fields: "id") { id: ID! x: Int @external } union B = U | W interface I { x: Int }',
        ["PROVIDES_INVALID_FIELDS_TYPE"],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(provides_fields, sdl)] == codes
