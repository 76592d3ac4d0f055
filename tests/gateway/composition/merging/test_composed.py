"""`@composeDirective`: the authors' own directives in the supergraph."""

from __future__ import annotations

import pytest

from gateway.composition import CompositionFailed, compose_from_sdls
from tests.gateway.composition.merging.harness import merge, refused


def test_a_composed_directive_is_kept_with_its_latest_definition() -> None:
    merged = merge(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.1", import: ["@c"]) @composeDirective(name: "@c")
"told" directive @c(a: Int, b: Int = 3) repeatable on FIELD_DEFINITION
type Query { f: Int @c(a: 1) }""",
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: ["@c"]) @composeDirective(name: "@c")
directive @c(a: Int) on FIELD_DEFINITION
type Query { g: Int @c(a: 2) }""",
    )
    assert (
        merged.shown("schema", "@c", "Query")
        == '''schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://me.dev/c/v1.1", import: ["@c"])
{
  query: Query
}
"""told"""
directive @c(a: Int, b: Int = 3) repeatable on FIELD_DEFINITION
type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f: Int @c(a: 1) @join__field(graph: A)
  g: Int @c(a: 2) @join__field(graph: B)
}'''
    )
    assert merged.hints == []


def test_one_that_only_some_compose_is_kept_from_those() -> None:
    merged = merge(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: ["@c"]) @composeDirective(name: "@c")
directive @c(a: Int) on FIELD_DEFINITION
type Query { f: Int @c(a: 1) }""",
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: ["@c"])
directive @c(a: Int) on FIELD_DEFINITION
type Query { g: Int @c(a: 2) }""",
    )
    assert (
        merged.shown("Query")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f: Int @c(a: 1) @join__field(graph: A)
  g: Int @join__field(graph: B)
}"""
    )
    assert merged.hints == []


def test_major_versions_do_not_mix() -> None:
    assert refused(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v2.0", import: ["@c"]) @composeDirective(name: "@c")
directive @c(a: Int) on FIELD_DEFINITION
type Query { f: Int @c(a: 1) }""",
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: ["@c"]) @composeDirective(name: "@c")
directive @c(a: Int) on FIELD_DEFINITION
type Query { g: Int @c(a: 2) }""",
    ) == [("DIRECTIVE_COMPOSITION_ERROR", ("a", "b"), ["a:0:123", "b:0:123"])]


def test_a_major_version_that_is_not_composed_is_told_of() -> None:
    merged = merge(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v2.0", import: ["@c"]) @composeDirective(name: "@c")
directive @c(a: Int) on FIELD_DEFINITION
type Query { f: Int @c(a: 1) }""",
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: ["@c"])
directive @c(a: Int) on FIELD_DEFINITION
type Query { g: Int @c(a: 2) }""",
    )
    assert (
        merged.shown("schema")
        == """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://me.dev/c/v2.0", import: ["@c"])
{
  query: Query
}"""
    )
    assert merged.hints == [("DIRECTIVE_COMPOSITION_INFO", None)]


def test_another_name_where_it_is_not_composed_is_told_of() -> None:
    merged = merge(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: ["@c"]) @composeDirective(name: "@c")
directive @c(a: Int) on FIELD_DEFINITION | OBJECT
type Query @c { f: Int }""",
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: [{name: "@c", as: "@d"}])
directive @d on OBJECT
type Query { g: Int }""",
    )
    assert merged.shown("@c") == "directive @c on OBJECT"
    assert merged.hints == [("DIRECTIVE_COMPOSITION_WARN", "@c")]


def test_what_the_supergraphs_definition_does_not_take_is_told_of() -> None:
    link = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"]) @composeDirective(name: "@c") """
    older = """@link(url: "https://me.dev/c/v1.0", import: ["@c"])
directive @c(a: Int, b: Int) on SCHEMA | FIELD_DEFINITION | ARGUMENT_DEFINITION | ENUM | ENUM_VALUE | INPUT_FIELD_DEFINITION
extend schema @c(a: null)
type Query { f(x: I @c(a: 1)): E g: Int @c(b: 2) }
enum E @c(a: 1) { V @c(a: 1) }
input I { x: Int @c(a: 1) }"""
    newer = """@link(url: "https://me.dev/c/v1.1", import: ["@c"])
directive @c(a: Int!) on SCHEMA | FIELD_DEFINITION
type Query { h: Int @c(a: 1) }"""
    with pytest.raises(CompositionFailed) as failed:
        compose_from_sdls([("one", "http://one", link + older), ("two", "http://two", link + newer)])
    assert [(e.code, e.message, [(p.line, p.column) for p in e.locations]) for e in failed.value.errors] == [
        ("INVALID_GRAPHQL", '"@c" on "schema": the value of "a" is none of type "Int!".', [(3, 15)]),
        ("INVALID_GRAPHQL", '"@c" on "Query.f(x:)": it cannot stand on ARGUMENT_DEFINITION.', [(4, 21)]),
        ("INVALID_GRAPHQL", '"@c" on "Query.g": it needs the argument "a".', [(4, 41)]),
        ("INVALID_GRAPHQL", '"@c" on "Query.g": it has no argument "b".', [(4, 41)]),
        ("INVALID_GRAPHQL", '"@c" on "I.x": it cannot stand on INPUT_FIELD_DEFINITION.', [(6, 18)]),
        ("INVALID_GRAPHQL", '"@c" on "E": it cannot stand on ENUM.', [(5, 8)]),
        ("INVALID_GRAPHQL", '"@c" on "E.V": it cannot stand on ENUM_VALUE.', [(5, 21)]),
    ]


def test_it_is_called_the_same_everywhere() -> None:
    assert refused(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: ["@c"]) @composeDirective(name: "@c")
directive @c(a: Int) on FIELD_DEFINITION
type Query { f: Int @c }""",
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: [{name: "@c", as: "@d"}]) @composeDirective(name: "@d")
directive @d on OBJECT
type Query { g: Int }""",
    ) == [("DIRECTIVE_COMPOSITION_ERROR", ("a", "b"), ["a:0:175", "b:0:193"])]


def test_a_name_without_its_sign_is_refused() -> None:
    assert refused(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: ["@c"]) @composeDirective(name: "c")
directive @c(a: Int) on FIELD_DEFINITION
type Query { f: Int }""",
    ) == [("DIRECTIVE_COMPOSITION_ERROR", ("a",), ["a:0:175"])]


def test_a_directive_of_no_specification_is_refused() -> None:
    assert refused(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: ["@c"]) @composeDirective(name: "@x")
directive @c(a: Int) on FIELD_DEFINITION
directive @x on OBJECT type Query { f: Int }""",
    ) == [("DIRECTIVE_COMPOSITION_ERROR", ("a",), ["a:0:175"])]


def test_a_directive_that_is_not_defined_is_refused() -> None:
    assert refused(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: ["@c"]) @composeDirective(name: "@x")
directive @c(a: Int) on FIELD_DEFINITION
type Query { f: Int }""",
    ) == [("DIRECTIVE_COMPOSITION_ERROR", ("a",), ["a:0:175"])]


def test_federations_own_are_refused_but_for_those_composed_anyway() -> None:
    assert refused(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag"]) @link(url: "https://me.dev/c/v1.0", import: ["@c"]) @composeDirective(name: "@shareable") @composeDirective(name: "@tag")
directive @c(a: Int) on FIELD_DEFINITION
type Query { f: Int }""",
    ) == [("DIRECTIVE_COMPOSITION_ERROR", ("a",), ["a:0:175"])]


def test_a_missing_definition_is_told_of_with_all_else() -> None:
    link = (
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@override"]) '
        '@link(url: "https://me.dev/c/v1.%s", import: ["%s"]) @composeDirective(name: "%s")\n'
    )
    found = refused(
        a=link % (1, "@d", "@d") + "directive @d on OBJECT type Query { f: Int }",
        b=link % (0, "@c", "@c") + 'directive @c on OBJECT type Query { g: Int @override(from: "b") }',
    )
    assert [code for code, _, _ in found] == ["OVERRIDE_FROM_SELF_ERROR", "DIRECTIVE_COMPOSITION_ERROR"]
