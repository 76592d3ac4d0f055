"""Arguments: those that all subgraphs take, as specific as any asks."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_an_argument_is_as_specific_as_any_subgraph_asks() -> None:
    merged = merge(
        a="type Query { f(x: [Int]): Int @shareable }",
        b="type Query { f(x: [Int!]!): Int @shareable }",
    )
    assert (
        merged.shown("Query")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f(x: [Int!]!): Int
}"""
    )
    assert merged.hints == [("INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE", "Query.f(x:)")]


def test_an_optional_argument_that_one_lacks_is_left_out() -> None:
    merged = merge(
        a="type Query { f(x: Int, y: Int): Int @shareable }",
        b="type Query { f(y: Int): Int @shareable }",
    )
    assert (
        merged.shown("Query")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f(y: Int): Int
}"""
    )
    assert merged.hints == [("INCONSISTENT_ARGUMENT_PRESENCE", "Query.f(x:)")]


def test_a_required_argument_that_one_lacks_is_refused() -> None:
    assert refused(
        a="type Query { f(x: Int!): Int @shareable }",
        b="type Query { f: Int @shareable }",
    ) == [("REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH", ("a",), ["a:1:16"])]


def test_types_of_arguments_that_have_nothing_in_common_are_refused() -> None:
    assert refused(
        a="type Query { f(x: Int): Int @shareable }",
        b="type Query { f(x: ID): Int @shareable }",
    ) == [("FIELD_ARGUMENT_TYPE_MISMATCH", ("a", "b"), ["a:1:16", "b:1:16"])]
