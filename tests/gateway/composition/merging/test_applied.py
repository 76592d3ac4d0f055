"""Directives applied in several subgraphs: united, or reconciled to one."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge


def test_repeatable_ones_are_united() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @tag(name: "a") @tag(name: "b") @shareable { x: Int }""",
        b="""type T @tag(name: "b") @shareable { x: Int }""",
    )
    assert (
        merged.shown("T", "@tag")
        == """type T
  @join__type(graph: A)
  @join__type(graph: B)
  @tag(name: "a")
  @tag(name: "b")
{
  x: Int
}
directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA"""
    )
    assert merged.hints == []


def test_one_that_is_the_same_but_for_its_default_is_one() -> None:
    merged = merge(
        a="type Query { f: Int @shareable @deprecated }",
        b="""type Query { f: Int @shareable @deprecated(reason: "No longer supported") }""",
    )
    assert (
        merged.shown("Query")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f: Int @deprecated
}"""
    )
    assert merged.hints == []


def test_of_different_ones_the_most_frequent_stays() -> None:
    merged = merge(
        a="""type Query { f: Int @shareable @deprecated(reason: "a") }""",
        b="""type Query { f: Int @shareable @deprecated(reason: "b") }""",
        c="""type Query { f: Int @shareable @deprecated(reason: "b") }""",
    )
    assert (
        merged.shown("Query")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
  @join__type(graph: C)
{
  f: Int @deprecated(reason: "b")
}"""
    )
    assert merged.hints == [("INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", "Query.f")]


def test_the_greatest_cost_stays() -> None:
    merged = merge(
        a="type Query { f(x: Int @cost(weight: 1)): Int @shareable @cost(weight: 5) }",
        b="type Query { f(x: Int @cost(weight: 7)): Int @shareable @cost(weight: 2) }",
    )
    assert (
        merged.shown("Query")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f(x: Int @cost(weight: 7)): Int @cost(weight: 5)
}"""
    )
    assert merged.hints == [
        ("MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", "Query.f(x:)"),
        ("MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", "Query.f"),
    ]


def test_list_sizes_are_reconciled_argument_by_argument() -> None:
    merged = merge(
        a="""type Query { f(a: Int, b: Int): [Int] @shareable @listSize(assumedSize: 5, slicingArguments: ["a"]) }""",
        b="""type Query { f(a: Int, b: Int): [Int] @shareable @listSize(assumedSize: 7, slicingArguments: ["b", "a"], requireOneSlicingArgument: false) }""",
    )
    assert (
        merged.shown("Query", "@listSize", "@cost")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f(a: Int, b: Int): [Int] @listSize(assumedSize: 7, slicingArguments: ["a", "b"], requireOneSlicingArgument: false)
}
directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR"""
    )
    assert merged.hints == [("MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", "Query.f")]


def test_cache_tags_are_kept_for_their_subgraphs() -> None:
    merged = merge(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@shareable", "@cacheTag"]) type Query { f: Int @shareable @cacheTag(format: "x") }""",
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@shareable", "@cacheTag"]) type Query { f: Int @shareable @cacheTag(format: "x") g: Int @cacheTag(format: "y") }""",
    )
    assert (
        merged.shown("schema", "Query")
        == """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/cacheTag/v0.1", for: EXECUTION)
{
  query: Query
}
type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f: Int @join__directive(graphs: [A, B], name: "federation__cacheTag", args: {format: "x"})
  g: Int @join__directive(graphs: [B], name: "federation__cacheTag", args: {format: "y"}) @join__field(graph: B)
}"""
    )
    assert merged.hints == []
