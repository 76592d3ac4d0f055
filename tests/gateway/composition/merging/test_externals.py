"""Fields marked `@external`: they agree with what others resolve."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_an_external_field_shapes_nothing() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! "one" x(a: Int): Int }""",
        b="""type T @key(fields: "id") { id: ID! "two" x(a: Int, b: Int): Int @external y: Int @requires(fields: "x") }""",
    )
    assert (
        merged.shown("T")
        == '''type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
{
  id: ID!

  """one"""
  x(a: Int): Int @join__field(graph: A) @join__field(graph: B, external: true)
  y: Int @join__field(graph: B, requires: "x")
}'''
    )
    assert merged.hints == []


def test_a_field_that_nobody_resolves_is_refused() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }""",
    ) == [("EXTERNAL_MISSING_ON_BASE", ("a",), ["a:2:37"])]


def test_an_external_field_of_another_type_is_refused() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int }""",
        b="""type T @key(fields: "id") { id: ID! x: ID @external y: Int @requires(fields: "x") }""",
    ) == [("EXTERNAL_TYPE_MISMATCH", ("a", "b"), ["a:2:37", "b:1:37"])]


def test_an_external_field_of_a_narrower_type_is_refused_unless_others_differ() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int }""",
        b="""type T @key(fields: "id") { id: ID! x: Int! @external y: Int @requires(fields: "x") }""",
    ) == [("EXTERNAL_TYPE_MISMATCH", ("a", "b"), ["a:2:37", "b:1:37"])]


def test_an_external_field_without_an_argument_is_refused() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x(a: Int): Int }""",
        b="""type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }""",
    ) == [("EXTERNAL_ARGUMENT_MISSING", ("a", "b"), ["a:2:37", "b:1:37"])]


def test_an_external_argument_of_another_type_is_refused() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x(a: Int): Int }""",
        b="""type T @key(fields: "id") { id: ID! x(a: ID): Int @external y: Int @requires(fields: "x") }""",
    ) == [("EXTERNAL_ARGUMENT_TYPE_MISMATCH", ("a", "b"), ["a:2:39", "b:1:39"])]


def test_an_external_argument_with_another_default_is_refused() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x(a: Int = 1): Int }""",
        b="""type T @key(fields: "id") { id: ID! x(a: Int): Int @external y: Int @requires(fields: "x") }""",
    ) == [("EXTERNAL_ARGUMENT_DEFAULT_MISMATCH", ("a", "b"), ["a:2:39", "b:1:39"])]


def test_directives_belong_where_a_field_is_resolved() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int }""",
        b="""type T @key(fields: "id") { id: ID! x: Int @external @tag(name: "t") y: Int @requires(fields: "x") }""",
    ) == [("MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL", ("b",), ["b:1:54"])]
