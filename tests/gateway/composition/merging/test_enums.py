"""Enums by their use: united for answers, intersected for what clients give, equal for both."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_an_enum_that_is_only_answered_has_all_values() -> None:
    merged = merge(
        a="type Query { f: E } enum E { A B }",
        b="type Query { g: E } enum E { A C }",
    )
    assert (
        merged.shown("E")
        == """enum E
  @join__type(graph: A)
  @join__type(graph: B)
{
  A @join__enumValue(graph: A) @join__enumValue(graph: B)
  B @join__enumValue(graph: A)
  C @join__enumValue(graph: B)
}"""
    )
    assert merged.hints == [
        ("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", "E.B"),
        ("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", "E.C"),
    ]


def test_an_enum_that_is_only_given_has_the_common_values() -> None:
    merged = merge(
        a="type Query { f(e: E): Int } enum E { A B }",
        b="type Query { g(e: E): Int } enum E { A C }",
    )
    assert (
        merged.shown("E")
        == """enum E
  @join__type(graph: A)
  @join__type(graph: B)
{
  A @join__enumValue(graph: A) @join__enumValue(graph: B)
}"""
    )
    assert merged.hints == [
        ("INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", "E.B"),
        ("INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", "E.C"),
    ]


def test_an_enum_that_is_given_and_answered_is_the_same_everywhere() -> None:
    assert refused(
        a="type Query { f(e: E): E } enum E { A B }",
        b="enum E { A }",
    ) == [("ENUM_VALUE_MISMATCH", ("a", "b"), ["a:1:27", "b:1:1"])]


def test_a_hidden_value_may_be_missing() -> None:
    merged = merge(
        a="type Query { f(e: E): E } enum E { A B @inaccessible }",
        b="enum E { A }",
    )
    assert (
        merged.shown("E")
        == """enum E
  @join__type(graph: A)
  @join__type(graph: B)
{
  A @join__enumValue(graph: A) @join__enumValue(graph: B)
  B @inaccessible @join__enumValue(graph: A)
}"""
    )
    assert merged.hints == []


def test_an_enum_without_a_common_value_is_refused() -> None:
    assert refused(
        a="type Query { f(e: E): Int } enum E { A }",
        b="type Query { g(e: E): Int } enum E { B }",
    ) == [("EMPTY_MERGED_ENUM_TYPE", ("a", "b"), ["a:1:29", "b:1:29"])]


def test_an_enum_that_nothing_uses_has_all_values() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
enum E { A }""",
        b="enum E { B }",
    )
    assert (
        merged.shown("E")
        == """enum E
  @join__type(graph: A)
  @join__type(graph: B)
{
  A @join__enumValue(graph: A)
  B @join__enumValue(graph: B)
}"""
    )
    assert merged.hints == [
        ("UNUSED_ENUM_TYPE", "E"),
        ("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", "E.A"),
        ("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", "E.B"),
    ]


def test_an_argument_that_is_left_out_does_not_use_its_enum() -> None:
    merged = merge(
        a="type Query { f(e: E): Int @shareable } enum E { A }",
        b="type Query { f: Int @shareable } enum E { B }",
    )
    assert (
        merged.shown("E")
        == """enum E
  @join__type(graph: A)
  @join__type(graph: B)
{
  A @join__enumValue(graph: A)
  B @join__enumValue(graph: B)
}"""
    )
    assert merged.hints == [
        ("INCONSISTENT_ARGUMENT_PRESENCE", "Query.f(e:)"),
        ("UNUSED_ENUM_TYPE", "E"),
        ("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", "E.A"),
        ("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", "E.B"),
    ]
