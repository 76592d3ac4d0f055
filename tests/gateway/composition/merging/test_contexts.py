"""`@context`: arguments that subgraphs get from above."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_contextual_arguments_are_for_the_subgraph_alone() -> None:
    merged = merge(
        a="""type Query { p: P @shareable } type P @key(fields: "id") @context(name: "c") { id: ID! n: Int @shareable t: T @shareable } type T @key(fields: "id") { id: ID! f(a: Int @fromContext(field: "$c { n }"), b: Int): Int @shareable }""",
    )
    assert (
        merged.shown(
            "schema",
            "P",
            "T",
            "@context",
            "@context__fromContext",
            "context__ContextFieldValue",
            "join__ContextArgument",
        )
        == """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY)
{
  query: Query
}
type P
  @join__type(graph: A, key: "id")
  @context(name: "a__c")
{
  id: ID!
  n: Int
  t: T
}
type T
  @join__type(graph: A, key: "id")
{
  id: ID!
  f(b: Int): Int @join__field(graph: A, contextArguments: [{context: "a__c", name: "a", type: "Int", selection: " { n }"}])
}
directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION
directive @context__fromContext(field: context__ContextFieldValue) on ARGUMENT_DEFINITION
scalar context__ContextFieldValue
input join__ContextArgument {
  name: String!
  type: String!
  context: String!
  selection: join__FieldValue!
}"""
    )
    assert merged.hints == []


def test_contexts_of_one_name_are_each_subgraphs_own() -> None:
    merged = merge(
        a="""type Query { p: P @shareable } type P @key(fields: "id") @context(name: "c") { id: ID! n: Int @shareable t: T @shareable } type T @key(fields: "id") { id: ID! f(a: Int @fromContext(field: "$c { n }"), b: Int): Int @shareable }""",
        b="""type Query { p: P @shareable } type P @key(fields: "id") @context(name: "c") { id: ID! n: Int @shareable t: T @shareable } type T @key(fields: "id") { id: ID! f(a: Int @fromContext(field: "$c { n }"), b: Int): Int @shareable }""",
    )
    assert (
        merged.shown("P", "T")
        == """type P
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
  @context(name: "a__c")
  @context(name: "b__c")
{
  id: ID!
  n: Int
  t: T
}
type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
{
  id: ID!
  f(b: Int): Int @join__field(graph: A, contextArguments: [{context: "a__c", name: "a", type: "Int", selection: " { n }"}]) @join__field(graph: B, contextArguments: [{context: "b__c", name: "a", type: "Int", selection: " { n }"}])
}"""
    )
    assert merged.hints == []


def test_an_optional_argument_is_left_out_where_others_have_a_context() -> None:
    merged = merge(
        a="""type Query { p: P @shareable } type P @key(fields: "id") @context(name: "c") { id: ID! n: Int @shareable t: T @shareable } type T @key(fields: "id") { id: ID! f(a: Int @fromContext(field: "$c { n }"), b: Int): Int @shareable }""",
        b="""type T @key(fields: "id") { id: ID! f(a: Int, b: Int): Int @shareable }""",
    )
    assert (
        merged.shown("T")
        == """type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
{
  id: ID!
  f(b: Int): Int @join__field(graph: A, contextArguments: [{context: "a__c", name: "a", type: "Int", selection: " { n }"}]) @join__field(graph: B)
}"""
    )
    assert merged.hints == [("CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS", "T.f(a:)")]


def test_a_required_argument_cannot_come_from_a_context_elsewhere() -> None:
    assert refused(
        a="""type Query { p: P @shareable } type P @key(fields: "id") @context(name: "c") { id: ID! n: Int @shareable t: T @shareable } type T @key(fields: "id") { id: ID! f(a: Int @fromContext(field: "$c { n }"), b: Int): Int @shareable }""",
        b="""type T @key(fields: "id") { id: ID! f(a: Int!, b: Int): Int @shareable }""",
    ) == [("CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS", ("b",), ["b:1:39"])]
