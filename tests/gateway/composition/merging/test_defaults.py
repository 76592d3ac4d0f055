"""Default values: kept where all have the same."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_a_default_that_all_have_stays_whatever_its_order() -> None:
    merged = merge(
        a="""type Query { f(x: I = {a: 1, b: "e"}): Int @shareable } input I { a: Int b: String }""",
        b="""type Query { f(x: I = {b: "e", a: 1}): Int @shareable } input I { a: Int b: String }""",
    )
    assert (
        merged.shown("Query")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f(x: I = {a: 1, b: "e"}): Int
}"""
    )
    assert merged.hints == []


def test_a_default_in_some_subgraphs_only_is_dropped() -> None:
    merged = merge(
        a="type Query { f(x: Int = 1): Int @shareable }",
        b="type Query { f(x: Int): Int @shareable }",
    )
    assert (
        merged.shown("Query")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f(x: Int): Int
}"""
    )
    assert merged.hints == [("INCONSISTENT_DEFAULT_VALUE_PRESENCE", "Query.f(x:)")]


def test_different_defaults_of_an_argument_are_refused() -> None:
    assert refused(
        a="type Query { f(x: Int = 1): Int @shareable }",
        b="type Query { f(x: Int): Int @shareable }",
        c="type Query { f(x: Int = 2): Int @shareable }",
    ) == [("FIELD_ARGUMENT_DEFAULT_MISMATCH", ("a", "b", "c"), ["a:1:16", "b:1:16", "c:1:16"])]


def test_different_defaults_of_an_input_field_are_refused() -> None:
    assert refused(
        a="type Query { f(x: I): Int } input I { a: Int = 1 }",
        b="input I { a: Int = 2 }",
    ) == [("INPUT_FIELD_DEFAULT_MISMATCH", ("a", "b"), ["a:1:39", "b:1:11"])]


def test_a_default_that_is_none_of_the_merged_type_is_refused() -> None:
    assert refused(
        a="type Query { f(x: E = B): Int } enum E { A B }",
        b="type Query { g(x: E): Int } enum E { A }",
    ) == [("INVALID_GRAPHQL", ("a",), ["a:1:16"])]


def test_a_number_is_written_as_short_as_it_goes() -> None:
    merged = merge(
        a="type Query { f(x: Float = 1e10, y: Float = 1.50, z: Float = 2.5e-7): Int @shareable }",
        b="type Query { f(x: Float = 10000000000, y: Float = 1.5, z: Float = 0.00000025): Int @shareable }",
    )
    assert "f(x: Float = 10000000000, y: Float = 1.5, z: Float = 2.5e-7): Int" in merged.shown("Query")
    assert merged.hints == []
