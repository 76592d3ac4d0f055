"""What `@key` may select."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.key_fields import key_fields
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    ("a field", 'type T @key(fields: "a") { a: ID! }', []),
    (
        "fields of fields, in lists, and a type condition",
        'type U { i: ID } union V = U interface I { i: ID } type T @key(fields: "a { i } ... on T { b }") { a: [U] b: ID }',
        [],
    ),
    ("a selection in braces", 'type T @key(fields: "{ a }") { a: ID! }', []),
    ("the type name", 'type T @key(fields: "__typename a") { a: ID! }', []),
    ("a field that is not there", 'type T @key(fields: "z") { a: ID! }', ["KEY_INVALID_FIELDS"]),
    ("nothing", 'type T @key(fields: "") { a: ID! }', ["KEY_INVALID_FIELDS"]),
    ("what does not parse", 'type T @key(fields: "a {") { a: ID! }', ["KEY_INVALID_FIELDS"]),
    ("two selections", 'type T @key(fields: "a } { a") { a: ID! }', ["KEY_INVALID_FIELDS"]),
    ("another name", 'type T @key(fields: "b: a") { a: ID! }', ["KEY_INVALID_FIELDS"]),
    ("a fragment", 'type T @key(fields: "...F") { a: ID! }', ["KEY_INVALID_FIELDS"]),
    ("fields of a leaf", 'type T @key(fields: "a { b }") { a: ID! }', ["KEY_INVALID_FIELDS"]),
    (
        "an object without its fields",
        'type U { i: ID } union V = U interface I { i: ID } type T @key(fields: "a") { a: U }',
        ["KEY_INVALID_FIELDS"],
    ),
    (
        "a condition of a type that is not there",
        'type T @key(fields: "... on X { a }") { a: ID }',
        ["KEY_INVALID_FIELDS"],
    ),
    (
        "arguments of the type name",
        'type T @key(fields: "__typename(x: 1) a") { a: ID }',
        ["KEY_INVALID_FIELDS"],
    ),
    ("an unknown directive", 'type T @key(fields: "a @what") { a: ID }', ["KEY_INVALID_FIELDS"]),
    (
        "a directive with an unknown argument",
        'type T @key(fields: "a @skip(unless: true)") { a: ID }',
        ["KEY_INVALID_FIELDS"],
    ),
    (
        "a known directive",
        'type T @key(fields: "a @skip(if: true)") { a: ID }',
        ["KEY_DIRECTIVE_IN_FIELDS_ARG"],
    ),
    (
        "an own directive",
        'directive @mine on FIELD type T @key(fields: "a @mine") { a: ID }',
        ["KEY_DIRECTIVE_IN_FIELDS_ARG"],
    ),
    ("a field with arguments", 'type T @key(fields: "a") { a(x: Int): ID }', ["KEY_FIELDS_HAS_ARGS"]),
    (
        "a union",
        'type U { i: ID } union V = U interface I { i: ID } type T @key(fields: "a { ... on U { i } }") { a: V }',
        ["KEY_FIELDS_SELECT_INVALID_TYPE"],
    ),
    (
        "an interface, however deep",
        'type U { i: ID } union V = U interface I { i: ID } type W { a: I } type T @key(fields: "w { a { i } }") { w: W }',
        ["KEY_FIELDS_SELECT_INVALID_TYPE"],
    ),
    ("a number", "type T @key(fields: 3) { a: ID }", ["KEY_INVALID_FIELDS_TYPE"]),
    ("a list", 'type T @key(fields: ["a"]) { a: ID }', ["KEY_INVALID_FIELDS_TYPE"]),
    ("a bare name", "type T @key(fields: a) { a: ID }", ["KEY_INVALID_FIELDS_TYPE"]),
    ("null", "type T @key(fields: null) { a: ID }", ["KEY_INVALID_FIELDS_TYPE"]),
    (
        "each key by itself",
        'type T @key(fields: "z") @key(fields: "a") @key(fields: "y") { a: ID }',
        ["KEY_INVALID_FIELDS", "KEY_INVALID_FIELDS"],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(key_fields, sdl)] == codes


def test_the_message_has_type_and_directive() -> None:
    assert judged(key_fields, 'type T @key(fields: "z") { a: ID! }') == [
        (
            "KEY_INVALID_FIELDS",
            "[one] On 'T', for @key(fields: \"z\"): 'T' has no field 'z' in this subgraph, not even an @external one.",
        )
    ]
