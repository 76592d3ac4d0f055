"""`@override`: a field moves to another subgraph, wholly or by a label."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_an_overridden_field_is_only_where_it_moved() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int @override(from: "b") }""",
        b="""type T @key(fields: "id") { id: ID! x: Int y: Int }""",
    )
    assert (
        merged.shown("T")
        == """type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
{
  id: ID!
  x: Int @join__field(graph: A, override: "b")
  y: Int @join__field(graph: B)
}"""
    )
    assert merged.hints == [("OVERRIDDEN_FIELD_CAN_BE_REMOVED", "T.x")]


def test_an_overridden_field_that_something_needs_stays_as_such() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int @override(from: "b") }""",
        b="""type T @key(fields: "id") @key(fields: "x") { id: ID! x: Int }""",
    )
    assert (
        merged.shown("T")
        == """type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
  @join__type(graph: B, key: "x")
{
  id: ID!
  x: Int @join__field(graph: A, override: "b") @join__field(graph: B, usedOverridden: true)
}"""
    )
    assert merged.hints == [("OVERRIDDEN_FIELD_CAN_BE_REMOVED", "T.x")]


def test_a_label_is_on_both_sides() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int @override(from: "b", label: "percent(2.5)") }""",
        b="""type T @key(fields: "id") { id: ID! x: Int }""",
    )
    assert (
        merged.shown("T")
        == """type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
{
  id: ID!
  x: Int @join__field(graph: A, override: "b", overrideLabel: "percent(2.5)") @join__field(graph: B, overrideLabel: "percent(2.5)")
}"""
    )
    assert merged.hints == [("OVERRIDE_MIGRATION_IN_PROGRESS", "T.x")]


def test_an_override_that_is_not_needed_is_told_of() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int @override(from: "b") y: Int @override(from: "c") }""",
        b="""type T @key(fields: "id") { id: ID! z: Int }""",
    )
    assert (
        merged.shown("T")
        == """type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
{
  id: ID!
  x: Int @join__field(graph: A, override: "b")
  y: Int @join__field(graph: A, override: "c")
  z: Int @join__field(graph: B)
}"""
    )
    assert merged.hints == [
        ("OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", "T.x"),
        ("FROM_SUBGRAPH_DOES_NOT_EXIST", "T.y"),
    ]


def test_an_override_of_an_external_field_is_told_of() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int @override(from: "b") }""",
        b="""type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }""",
    )
    assert (
        merged.shown("T")
        == """type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
{
  id: ID!
  x: Int @join__field(graph: A, override: "b") @join__field(graph: B, external: true)
  y: Int @join__field(graph: B, requires: "x")
}"""
    )
    assert merged.hints == [("OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", "T.x")]


def test_a_subgraph_cannot_override_itself() -> None:
    assert refused(
        a="""type Query { f: Int @override(from: "a") }""",
    ) == [("OVERRIDE_FROM_SELF_ERROR", ("a",), ["a:1:14"])]


def test_overrides_do_not_follow_each_other() -> None:
    assert refused(
        a="""type Query { f: Int @override(from: "b") }""",
        b="""type Query { f: Int @override(from: "c") }""",
        c="type Query { f: Int }",
    ) == [
        ("OVERRIDE_SOURCE_HAS_OVERRIDE", ("a",), ["a:1:14"]),
        ("INVALID_FIELD_SHARING", ("a", "b"), ["a:1:14", "b:1:14"]),
    ]


def test_a_label_is_a_name_or_a_percentage() -> None:
    assert refused(
        a="""type Query { f: Int @override(from: "b", label: "percent(101)") }""",
        b="type Query { f: Int g: Int }",
    ) == [("OVERRIDE_LABEL_INVALID", ("a",), ["a:1:14"])]


def test_fields_of_interfaces_are_not_overridden() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
interface I { f: Int @override(from: "b") } type A implements I @shareable { f: Int }""",
        b="interface I { f: Int }",
    ) == [("OVERRIDE_ON_INTERFACE", ("a",), ["a:2:15"])]


def test_an_override_meets_no_requirement() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int y: Int @override(from: "b") }""",
        b="""type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }""",
    ) == [
        ("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", ("a",), ["a:2:44"]),
        ("INVALID_FIELD_SHARING", ("a", "b"), ["a:2:44", "b:1:54"]),
    ]


def test_who_overrides_a_subgraph_that_is_not_there_shares_the_field() -> None:
    assert refused(
        a="""type Query { f: Int @override(from: "bb") }""",
        b="type Query { f: Int }",
    ) == [("INVALID_FIELD_SHARING", ("a", "b"), ["a:1:14", "b:1:14"])]
