"""What guards data: both guards together, and through interfaces."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_scopes_of_several_subgraphs_are_all_to_be_met() -> None:
    merged = merge(
        a="""type Query { f: Int @shareable @requiresScopes(scopes: [["a", "b"], ["c"]]) }""",
        b="""type Query { f: Int @shareable @requiresScopes(scopes: [["a"], ["d"]]) }""",
    )
    assert (
        merged.shown("Query", "@requiresScopes", "requiresScopes__Scope", "schema")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f: Int @requiresScopes(scopes: [["a", "b"], ["a", "c"], ["c", "d"]])
}
directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
scalar requiresScopes__Scope
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)
{
  query: Query
}"""
    )
    assert merged.hints == [("MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", "Query.f")]


def test_no_scope_at_all_is_always_met() -> None:
    merged = merge(
        a="type Query { f: Int @shareable @policy(policies: []) }",
        b="""type Query { f: Int @shareable @policy(policies: [["p"]]) }""",
    )
    assert (
        merged.shown("Query")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f: Int @policy(policies: [["p"]])
}"""
    )
    assert merged.hints == [("MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", "Query.f")]


def test_an_interface_is_guarded_as_its_implementations() -> None:
    merged = merge(
        a="""type Query { i: I } interface I { x: Int } type A implements I @authenticated { x: Int } type B implements I { x: Int @requiresScopes(scopes: [["a"]]) }""",
    )
    assert (
        merged.shown("I")
        == """interface I
  @join__type(graph: A)
  @authenticated
{
  x: Int @requiresScopes(scopes: [["a"]])
}"""
    )
    assert merged.hints == []


def test_implementations_are_guarded_as_the_interface_object_that_gives_them_a_field() -> None:
    merged = merge(
        a="""type Query { i: I } interface J { x: Int } interface I @key(fields: "id") { id: ID! } type A implements I & J @key(fields: "id") { id: ID! x: Int @shareable }""",
        b="""type I @interfaceObject @key(fields: "id") { id: ID! x: Int @shareable @authenticated }""",
    )
    assert (
        merged.shown("A", "I", "J")
        == """type A implements I & J
  @join__implements(graph: A, interface: "I")
  @join__implements(graph: A, interface: "J")
  @join__type(graph: A, key: "id")
{
  id: ID!
  x: Int @authenticated
}
interface I
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id", isInterfaceObject: true)
{
  id: ID!
  x: Int @authenticated @join__field(graph: B)
}
interface J
  @join__type(graph: A)
{
  x: Int @authenticated
}"""
    )
    assert merged.hints == []


def test_who_requires_guarded_data_is_guarded_as_well() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int @requiresScopes(scopes: [["a", "b"]]) }""",
        b="""type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") @requiresScopes(scopes: [["a"]]) }""",
    ) == [("MISSING_TRANSITIVE_AUTH_REQUIREMENTS", ("b",), ["b:1:54"])]


def test_a_stronger_guard_will_do() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int @requiresScopes(scopes: [["a"], ["b"]]) }""",
        b="""type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") @requiresScopes(scopes: [["a", "c"]]) }""",
    )
    assert (
        merged.shown("T")
        == """type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
{
  id: ID!
  x: Int @requiresScopes(scopes: [["a"], ["b"]]) @join__field(graph: A) @join__field(graph: B, external: true)
  y: Int @requiresScopes(scopes: [["a", "c"]]) @join__field(graph: B, requires: "x")
}"""
    )
    assert merged.hints == []


def test_what_comes_from_a_context_is_guarded_as_well() -> None:
    assert refused(
        a="""type Query { p: P } type P @key(fields: "id") @context(name: "c") { id: ID! n: Int @authenticated t: T } type T @key(fields: "id") { id: ID! f(a: Int @fromContext(field: "$c { n }")): Int }""",
    ) == [("MISSING_TRANSITIVE_AUTH_REQUIREMENTS", ("a",), ["a:1:142"])]
