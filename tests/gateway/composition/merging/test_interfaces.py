"""What implements an interface has all of it, in the merged graph."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import refused


def test_a_field_that_an_implementation_lacks_is_refused() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
interface I { x: Int } type A implements I { x: Int }""",
        b="interface I { x: Int y: Int } type B implements I { x: Int y: Int }",
    ) == [("INTERFACE_FIELD_NO_IMPLEM", ("b", "a"), ["b:1:22", "a:2:24"])]


def test_an_argument_that_a_merged_implementation_lacks_is_refused() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
interface I { x(a: Int): Int } type A implements I { x(a: Int): Int @shareable }""",
        b="type A { x: Int @shareable }",
    ) == [("INVALID_GRAPHQL", ("a", "b"), ["a:2:54", "b:1:10"])]


def test_an_argument_that_a_merged_implementation_needs_is_refused() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
interface I { x: Int } type A implements I { x(a: Int): Int @shareable }""",
        b="type A { x(a: Int!): Int @shareable }",
    ) == [("INVALID_GRAPHQL", ("a", "b"), ["a:2:46", "b:1:10"])]


def test_a_merged_implementation_that_answers_more_is_refused() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
interface I { x: Int! } type A implements I { x: Int! @shareable }""",
        b="type A { x: Int @shareable }",
    ) == [("INVALID_GRAPHQL", ("a", "b"), ["a:2:47", "b:1:10"])]


def test_a_requirement_gives_only_arguments_that_all_take() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x(a: Int): Int @shareable }""",
        b="""type T @key(fields: "id") { id: ID! x(a: Int): Int @external y: Int @requires(fields: "x(a: 1)") }""",
        c="""type T @key(fields: "id") { id: ID! x: Int @shareable }""",
    ) == [("REQUIRES_INVALID_FIELDS", ("b",), ["b:1:62"])]


def test_a_requirement_gives_all_arguments_that_any_needs() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x(a: Int!): Int }""",
        b="""type T @key(fields: "id") { id: ID! x(a: Int): Int @external y: Int @requires(fields: "x") }""",
    ) == [("REQUIRES_INVALID_FIELDS", ("b",), ["b:1:62"])]
