"""What `@requires` may select."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.requires_fields import requires_fields
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    (
        "an external field",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "x") }',
        [],
    ),
    (
        "fields within an external field",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "y { p q }") }',
        [],
    ),
    (
        "external fields within another",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "u { p }") }',
        [],
    ),
    (
        "arguments",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "v(n: 3, l: 1, j: { n: 1, m: A })") }',
        [],
    ),
    (
        "null for an argument",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "v(n: null)") }',
        [],
    ),
    (
        "a field of its own",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "id") }',
        ["REQUIRES_FIELDS_MISSING_EXTERNAL"],
    ),
    (
        "itself",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "r") }',
        ["REQUIRES_FIELDS_MISSING_EXTERNAL"],
    ),
    (
        "a field of its own within another",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "u { p q }") }',
        ["REQUIRES_FIELDS_MISSING_EXTERNAL"],
    ),
    (
        "the type name",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "__typename") }',
        ["REQUIRES_FIELDS_MISSING_EXTERNAL"],
    ),
    (
        "a field that is not there",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "z") }',
        ["REQUIRES_INVALID_FIELDS"],
    ),
    (
        "an argument that is not there",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "v(m: 1)") }',
        ["REQUIRES_INVALID_FIELDS"],
    ),
    (
        "an argument of another type",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "v(n: \\"1\\")") }',
        ["REQUIRES_INVALID_FIELDS"],
    ),
    (
        "an integer that is too large",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "v(n: 99999999999)") }',
        ["REQUIRES_INVALID_FIELDS"],
    ),
    (
        "a list with null",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "v(l: [1, null])") }',
        ["REQUIRES_INVALID_FIELDS"],
    ),
    (
        "an input without what it needs",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "v(j: { m: A })") }',
        ["REQUIRES_INVALID_FIELDS"],
    ),
    (
        "an input with what it has not",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "v(j: { n: 1, o: 2 })") }',
        ["REQUIRES_INVALID_FIELDS"],
    ),
    (
        "a value that the enum has not",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "v(j: { n: 1, m: B })") }',
        ["REQUIRES_INVALID_FIELDS"],
    ),
    (
        "a variable",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "v(n: $n)") }',
        ["REQUIRES_INVALID_FIELDS"],
    ),
    (
        "no value where one is needed",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "w") }',
        ["REQUIRES_INVALID_FIELDS"],
    ),
    (
        "another name",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "a: x") }',
        ["REQUIRES_INVALID_FIELDS"],
    ),
    (
        "a directive",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: "x @skip(if: true)") }',
        ["REQUIRES_DIRECTIVE_IN_FIELDS_ARG"],
    ),
    (
        "a list",
        'enum E { A } input J { n: Int! m: E } type U { p: Int @external q: Int } type T @key(fields: "id") { id: ID! x: Int @external y: U @external u: U v(n: Int, l: [Int!], j: J): Int @external w(n: Int!): Int @external r: Int @requires(fields: ["x"]) }',
        ["REQUIRES_INVALID_FIELDS_TYPE"],
    ),
    (
        "fields of an interface whose implementation is external",
        'interface I { p: P } type P { x: Int } type A implements I { p: P @external } type T @key(fields: "id") { id: ID! i: I r: Int @requires(fields: "i { p { x } }") }',
        [],
    ),
    (
        "a key field of an extension",
        'extend type T @key(fields: "id") { id: ID! @external r: Int @requires(fields: "id") }',
        ["REQUIRES_FIELDS_MISSING_EXTERNAL"],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(requires_fields, sdl)] == codes
