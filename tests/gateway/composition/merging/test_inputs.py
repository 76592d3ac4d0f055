"""Input types: the fields that all subgraphs have."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_a_field_that_all_have_stays_as_specific_as_any_asks() -> None:
    merged = merge(
        a="type Query { f(i: I): Int } input I { a: Int! b: Int }",
        b="type Query { g(i: I): Int } input I { a: Int b: Int }",
    )
    assert (
        merged.shown("I")
        == """input I
  @join__type(graph: A)
  @join__type(graph: B)
{
  a: Int! @join__field(graph: A, type: "Int!") @join__field(graph: B, type: "Int")
  b: Int
}"""
    )
    assert merged.hints == [("INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE", "I.a")]


def test_an_optional_field_that_one_lacks_is_left_out() -> None:
    merged = merge(
        a="type Query { f(i: I): Int } input I { a: Int b: Int }",
        b="type Query { g(i: I): Int } input I { a: Int }",
    )
    assert (
        merged.shown("I")
        == """input I
  @join__type(graph: A)
  @join__type(graph: B)
{
  a: Int
}"""
    )
    assert merged.hints == [("INCONSISTENT_INPUT_OBJECT_FIELD", "I.b")]


def test_a_hidden_field_may_be_missing() -> None:
    merged = merge(
        a="type Query { f(i: I): Int } input I { a: Int b: Int @inaccessible }",
        b="type Query { g(i: I): Int } input I { a: Int }",
    )
    assert (
        merged.shown("I")
        == """input I
  @join__type(graph: A)
  @join__type(graph: B)
{
  a: Int
  b: Int @inaccessible @join__field(graph: A)
}"""
    )
    assert merged.hints == []


def test_a_required_field_that_one_lacks_is_refused() -> None:
    assert refused(
        a="type Query { f(i: I): Int } input I { a: Int b: Int! }",
        b="type Query { g(i: I): Int } input I { a: Int }",
    ) == [("REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH", ("a",), ["a:1:46"])]


def test_an_input_type_without_a_common_field_is_refused() -> None:
    assert refused(
        a="type Query { f(i: I): Int } input I { a: Int }",
        b="type Query { g(i: I): Int } input I { b: Int }",
    ) == [("EMPTY_MERGED_INPUT_TYPE", ("a", "b"), ["a:1:29", "b:1:29"])]


def test_input_types_that_need_themselves_once_merged_are_refused() -> None:
    assert refused(
        a="type Query { f(i: I): Int } input I { j: J! } input J { i: I }",
        b="type Query { g(i: I): Int } input I { j: J } input J { i: I! }",
    ) == [("INVALID_GRAPHQL", ("a", "b"), ["a:1:29", "b:1:29"])]


def test_a_type_of_another_kind_has_none_of_the_fields() -> None:
    found = refused(
        a="type Query { f(i: I): Int } input I { a: Int }",
        b="type Query { g: I } type I @shareable { a: Int }",
    )
    assert [code for code, _, _ in found] == ["TYPE_KIND_MISMATCH", "EMPTY_MERGED_INPUT_TYPE"]
