"""What does not compose, and the code that says why."""

from __future__ import annotations

import pytest

from gateway.composition import CompositionFailed, compose_from_sdls
from tests.gateway.composition.harness import LINK, codes

_A = "type Query { a: Int @shareable }"

_CASES: dict[str, tuple[list[str], dict[str, str]]] = {
    "an SDL that does not parse": (["INVALID_GRAPHQL"], {"one": "type Query {"}),
    "no queries": (["NO_QUERIES"], {"one": "type T { a: Int }"}),
    "a subgraph called _": (["INVALID_SUBGRAPH_NAME"], {"_": _A}),
    "one name for different kinds": (
        ["TYPE_KIND_MISMATCH"],
        {"one": _A + " type T { a: Int @shareable }", "two": "interface T { a: Int }"},
    ),
    "types that have nothing in common": (
        ["FIELD_TYPE_MISMATCH"],
        {"one": "type Query { a: Int @shareable }", "two": "type Query { a: String @shareable }"},
    ),
    "a field resolved twice": (["INVALID_FIELD_SHARING"], {"one": "type Query { a: Int }", "two": _A}),
    "a subscription shared": (
        ["INVALID_FIELD_SHARING"],
        {
            "one": _A + " type Subscription { s: Int @shareable }",
            "two": "type Subscription { s: Int @shareable }",
        },
    ),
    "a key that names nothing": (
        ["KEY_INVALID_FIELDS"],
        {"one": _A + ' type T @key(fields: "x") { id: ID! }'},
    ),
    "a key that does not parse": (
        ["KEY_INVALID_FIELDS"],
        {"one": _A + ' type T @key(fields: "{") { id: ID! }'},
    ),
    "a key with arguments": (
        ["KEY_FIELDS_HAS_ARGS"],
        {"one": _A + ' type T @key(fields: "a") { a(x: Int): ID! }'},
    ),
    "a key over an interface": (
        ["KEY_FIELDS_SELECT_INVALID_TYPE"],
        {"one": _A + ' interface I { i: ID } type T @key(fields: "a { i }") { a: I }'},
    ),
    "a key that is no text": (
        ["KEY_INVALID_FIELDS_TYPE"],
        {"one": _A + " type T @key(fields: 3) { id: ID! }"},
    ),
    "a requirement that is not there": (
        ["REQUIRES_INVALID_FIELDS"],
        {"one": _A + ' type T @key(fields: "id") { id: ID! b: Int @requires(fields: "c") }'},
    ),
    "a provision of a leaf": (
        ["PROVIDES_INVALID_FIELDS"],
        {"one": 'type Query { t: T @provides(fields: "x") } type T @key(fields: "id") { id: ID! }'},
    ),
    "an external field that nothing uses": (
        ["EXTERNAL_UNUSED"],
        {"one": _A + ' type T @key(fields: "id") { id: ID! b: Int @external }'},
    ),
    "an external field that nobody resolves": (
        ["EXTERNAL_MISSING_ON_BASE"],
        {"one": _A + ' type T @key(fields: "id") { id: ID! b: Int @external c: Int @requires(fields: "b") }'},
    ),
    "a required argument that one lacks": (
        ["REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH"],
        {"one": "type Query { a(x: Int!): Int @shareable }", "two": _A},
    ),
    "arguments that have nothing in common": (
        ["FIELD_ARGUMENT_TYPE_MISMATCH"],
        {"one": "type Query { a(x: Int): Int @shareable }", "two": "type Query { a(x: ID): Int @shareable }"},
    ),
    "different default values": (
        ["FIELD_ARGUMENT_DEFAULT_MISMATCH"],
        {
            "one": "type Query { a(x: Int = 1): Int @shareable }",
            "two": "type Query { a(x: Int = 2): Int @shareable }",
        },
    ),
    "an enum asked and answered that differs": (
        ["ENUM_VALUE_MISMATCH"],
        {
            "one": "type Query { a(e: E): E @shareable } enum E { A B }",
            "two": "type Query { b(e: E): E } enum E { A }",
        },
    ),
    "an enum asked for with nothing in common": (
        ["EMPTY_MERGED_ENUM_TYPE"],
        {
            "one": "type Query { a(e: E): Int } enum E { A }",
            "two": "type Query { b(e: E): Int } enum E { B }",
        },
    ),
    "an input with nothing in common": (
        ["EMPTY_MERGED_INPUT_TYPE"],
        {
            "one": "type Query { a(i: I): Int } input I { x: Int }",
            "two": "type Query { b(i: I): Int } input I { y: Int }",
        },
    ),
    "a required input field that one lacks": (
        ["REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH"],
        {
            "one": "type Query { a(i: I): Int } input I { x: Int! z: Int }",
            "two": "type Query { b(i: I): Int } input I { z: Int }",
        },
    ),
    "an extension of nothing": (["EXTENSION_WITH_NO_BASE"], {"one": _A + " extend type T { a: Int }"}),
    "an interface's field that is missing": (
        ["INTERFACE_FIELD_NO_IMPLEM"],
        {
            "one": _A + " interface I { x: Int } type T implements I { x: Int @shareable }",
            "two": "interface I { x: Int y: Int } type U implements I { x: Int y: Int }",
        },
    ),
    "an override of itself": (
        ["OVERRIDE_FROM_SELF_ERROR"],
        {"one": 'type Query { a: Int @override(from: "one") }'},
    ),
}


@pytest.mark.parametrize(("expected", "subgraphs"), _CASES.values(), ids=_CASES.keys())
def test_it_is_refused_with_its_code(expected: list[str], subgraphs: dict[str, str]) -> None:
    assert codes(**subgraphs) == expected


def test_an_unknown_version_of_federation_is_refused() -> None:
    sdl = 'extend schema @link(url: "https://specs.apollo.dev/federation/v9.1") type Query { a: Int }'
    with pytest.raises(CompositionFailed) as failed:
        compose_from_sdls([("one", "", sdl)])
    assert [e.code for e in failed.value.errors] == ["UNKNOWN_FEDERATION_LINK_VERSION"]


def test_an_error_says_where() -> None:
    sdl = LINK + 'type Query { a: Int }\ntype T @key(fields: "x") { id: ID! }'
    with pytest.raises(CompositionFailed) as failed:
        compose_from_sdls([("one", "", sdl)])
    (error,) = failed.value.errors
    assert (error.subgraphs, [(p.subgraph, p.line, p.column) for p in error.locations]) == (
        ("one",),
        [("one", 3, 8)],
    )


def test_all_errors_are_told_at_once() -> None:
    one = "type Query { a: Int b: Int @shareable }"
    two = "type Query { a: Int b: String @shareable }"
    assert codes(one=one, two=two) == ["FIELD_TYPE_MISMATCH", "INVALID_FIELD_SHARING"]
