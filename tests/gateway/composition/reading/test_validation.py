"""Schemas that are no GraphQL, and those that are, though only just."""

from __future__ import annotations

import pytest

from gateway.composition.reading import Unreadable, read_subgraph

_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", '
    'import: ["@key", "@tag", "@shareable", "@inaccessible"])\n'
)
_Q = "type Query { a: Int } "

_REFUSED: dict[str, str] = {
    "a syntax error": "type Query {",
    "an operation": _Q + "query { a }",
    "a type twice": _Q + _Q,
    "a directive twice": _Q + "directive @d on FIELD directive @d on FIELD",
    "a field twice": "type Query { a: Int a: Int }",
    "a field again in an extension": _Q + "extend type Query { a: Int }",
    "an input field twice": _Q + "input I { a: Int a: Int }",
    "an argument of a directive twice": _Q + "directive @d(a: Int a: Int) on FIELD",
    "an extension of another kind": _Q + "type T { a: Int } extend enum T { A }",
    "an extension of a built-in scalar": _Q + 'extend scalar Int @tag(name: "x")',
    "a built-in scalar as an object": _Q + "type Int { a: String }",
    "an unknown type": "type Query { a: What }",
    "an unknown type of an argument": "type Query { a(x: What): Int }",
    "an unknown type of a directive's argument": _Q + "directive @d(a: What) on FIELD",
    "an input type as an answer": "type Query { a: I } input I { x: Int }",
    "an object as an argument": "type Query { a(x: Query): Int }",
    "an unknown interface": _Q + "type T implements I { a: Int }",
    "an object as an interface": _Q + "type T implements Query { a: Int }",
    "an interface twice": _Q + "interface I { a: Int } type T implements I & I { a: Int }",
    "an unknown member": _Q + "union U = What",
    "an interface as a member": _Q + "interface I { a: Int } union U = I",
    "a member twice": _Q + "union U = Query | Query",
    "an unknown root": "schema { query: What }",
    "a root that is no object": "schema { query: S } scalar S",
    "a root in two roles": "schema { query: R mutation: R } type R { a: Int }",
    "a type without fields": _Q + "type T",
    "an enum without values": _Q + "enum E",
    "a union without members": _Q + "union U",
    "an input without fields": _Q + "input I",
    "a reserved name of a field": "type Query { __a: Int }",
    "a reserved name of an argument": "type Query { a(__x: Int): Int }",
    "a reserved name of a directive": _Q + "directive @__d on FIELD",
    "an unknown directive": "type Query { a: Int @what }",
    "an unknown directive on the schema": _Q + "extend schema @what",
    "a directive in the wrong place": 'type Query { a: Int @key(fields: "a") }',
    "a directive twice in one place": "type Query { a: Int @inaccessible @inaccessible }",
    "a directive on a definition and its extension": _Q
    + "type T @inaccessible { a: Int } extend type T @inaccessible { b: Int }",
    "an unknown argument of a directive": _Q + 'type T @key(fields: "a", what: 1) { a: Int }',
    "a missing argument of a directive": _Q + "type T @key { a: Int }",
    "an argument of a directive of another type": "type Query { a: Int @tag(name: 3) }",
    "a directive that its definition does not know there": _Q
    + "directive @d on FIELD_DEFINITION type T @d { a: Int }",
    "a default of another type": 'type Query { a(x: Int = "1"): Int }',
    "a fraction for an integer": "type Query { a(x: Int = 1.5): Int }",
    "null for what may not be": "type Query { a(x: Int! = null): Int }",
    "a default that the enum has not": "type Query { a(x: E = B): Int } enum E { A }",
    "a default with a field that the input has not": "type Query { a(x: I = { b: 1 }): Int } input I { a: Int }",
    "a list with what does not fit": 'type Query { a(x: [Int] = [1, "2"]): Int }',
    "a required argument that is deprecated": "type Query { a(x: Int! @deprecated): Int }",
    "an input within itself": "type Query { a(x: I): Int } input I { i: J! } input J { i: I! }",
    "an interface that implements itself": _Q + "interface I implements I { a: Int }",
    "a missing field of an interface": _Q + "interface I { a: Int } type T implements I { b: Int }",
    "a field of another type than the interface's": _Q
    + "interface I { a: Int } type T implements I { a: String }",
    "a nullable field for one that is not": _Q + "interface I { a: Int! } type T implements I { a: Int }",
    "a missing argument of an interface's field": _Q
    + "interface I { a(x: Int): Int } type T implements I { a: Int }",
    "an argument that the interface does not require": _Q
    + "interface I { a: Int } type T implements I { a(x: Int!): Int }",
    "a missing interface of an interface": _Q
    + "interface I { a: Int } interface J implements I { a: Int } type T implements J { a: Int }",
}

_TAKEN: dict[str, str] = {
    "an extension of what is not defined": _Q + "extend type T { a: Int }",
    "an empty definition with an extension": _Q + "type T extend type T { a: Int }",
    "an empty query": "type Query",
    "a value twice": _Q + "enum E { A A }",
    "an argument twice": "type Query { a(x: Int, x: Int): Int }",
    "a name for a text": "type Query { a(x: String = NAME): Int }",
    "one for a list": "type Query { a(x: [Int] = 1): Int }",
    "an integer for an ID and for a fraction": "type Query { a(x: ID = 1, y: Float = 1): Int }",
    "anything for a scalar": "type Query { a(x: S = { a: [1] }): Int } scalar S",
    "an input that may be within itself": "type Query { a(x: I): Int } input I { i: I, l: [I!]! }",
    "a subtype of the interface's": _Q
    + "interface I { a: I } type T implements I { a: T! } union U = T interface J { u: U } type V implements J { u: T }",
    "more arguments than the interface's": _Q
    + "interface I { a: Int } type T implements I { a(x: Int, y: Int! = 1): Int }",
    "a directive that may be repeated": 'type Query { a: Int @tag(name: "x") @tag(name: "y") }',
    "GraphQL's own directives": 'type Query { a(x: Int @deprecated): S @deprecated } scalar S @specifiedBy(url: "u")',
    "a scalar of GraphQL's defined anew": _Q + "scalar Int",
}


def _codes(sdl: str) -> list[str]:
    try:
        read_subgraph("one", "", _LINK + sdl, "ONE")
    except Unreadable as unreadable:
        return sorted({error.code for error in unreadable.errors})
    return []


@pytest.mark.parametrize("sdl", _REFUSED.values(), ids=_REFUSED.keys())
def test_it_is_refused(sdl: str) -> None:
    assert _codes(sdl) == ["INVALID_GRAPHQL"]


@pytest.mark.parametrize("sdl", _TAKEN.values(), ids=_TAKEN.keys())
def test_it_is_taken(sdl: str) -> None:
    assert _codes(sdl) == []


def test_all_that_is_wrong_is_told_with_its_place() -> None:
    sdl = "type Query { a: Int @what\n b(x: Int = true): Int }\ntype T"
    with pytest.raises(Unreadable) as refused:
        read_subgraph("one", "", sdl, "ONE")
    told = [(e.message, [(p.line, p.column) for p in e.locations]) for e in refused.value.errors]
    assert told == [
        ("[one] Directive '@what' is not defined.", [(1, 21)]),
        ("[one] The default of 'x' of 'Query.b' has to be 'Int', and is true.", [(2, 4)]),
        ("[one] 'T' has no fields.", [(3, 1)]),
    ]


def test_a_subgraph_cannot_be_called_underscore() -> None:
    with pytest.raises(Unreadable) as refused:
        read_subgraph("_", "", _Q, "_")
    assert [e.code for e in refused.value.errors] == ["INVALID_SUBGRAPH_NAME"]


def test_a_schema_that_is_nested_without_end_is_refused() -> None:
    assert _codes("type Query { a: " + "[" * 5000 + "Int" + "]" * 5000 + " }") == ["INVALID_GRAPHQL"]
