"""What a supergraph links, and under which names."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_the_join_specification_follows_federation_v2_6() -> None:
    merged = merge(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@shareable"]) type Query { f: Int @shareable }""",
    )
    assert (
        merged.shown("schema")
        == """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{
  query: Query
}"""
    )
    assert merged.hints == []


def test_the_join_specification_follows_federation_v2_7() -> None:
    merged = merge(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@shareable"]) type Query { f: Int @shareable }""",
    )
    assert (
        merged.shown("schema")
        == """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.4", for: EXECUTION)
{
  query: Query
}"""
    )
    assert merged.hints == []


def test_the_join_specification_follows_federation_v2_8() -> None:
    merged = merge(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@shareable"]) type Query { f: Int @shareable }""",
    )
    assert (
        merged.shown("schema")
        == """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
{
  query: Query
}"""
    )
    assert merged.hints == []


def test_what_is_not_imported_keeps_federations_name() -> None:
    merged = merge(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9") type Query { f: Int @federation__tag(name: "t") @federation__cost(weight: 1) }""",
    )
    assert (
        merged.shown("schema", "@federation__tag", "@federation__cost", "@cost__listSize", "Query")
        == """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/tag/v0.3", import: [{name: "@tag", as: "@federation__tag"}])
  @link(url: "https://specs.apollo.dev/cost/v0.1", import: [{name: "@cost", as: "@federation__cost"}])
{
  query: Query
}
directive @federation__tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA
directive @federation__cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
directive @cost__listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
type Query
  @join__type(graph: A)
{
  f: Int @federation__tag(name: "t") @federation__cost(weight: 1)
}"""
    )
    assert merged.hints == []


def test_a_renamed_directive_keeps_its_name() -> None:
    merged = merge(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{name: "@tag", as: "@label"}]) type Query { f: Int @label(name: "t") }""",
    )
    assert (
        merged.shown("schema", "@label", "Query")
        == """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/tag/v0.3", import: [{name: "@tag", as: "@label"}])
{
  query: Query
}
directive @label(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA
type Query
  @join__type(graph: A)
{
  f: Int @label(name: "t")
}"""
    )
    assert merged.hints == []


def test_names_that_differ_between_subgraphs_are_refused() -> None:
    assert refused(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{name: "@tag", as: "@label"}]) type Query { f: Int @label(name: "t") }""",
        b="""type Query { g: Int @tag(name: "t") }""",
    ) == [("LINK_IMPORT_NAME_MISMATCH", ("a", "b"), ["a:0:130", "b:1:21"])]


def test_a_specification_whose_name_is_taken_gets_another() -> None:
    merged = merge(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{name: "@listSize", as: "@cost"}, {name: "@cost", as: "@c"}]) type Query { f(a: Int): [Int] @cost(slicingArguments: ["a"]) g: Int @c(weight: 1) }""",
    )
    assert (
        merged.shown("schema", "@cost", "@c", "@_0cost__x")
        == """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/cost/v0.1", as: "_0cost", import: [{name: "@listSize", as: "@cost"}, {name: "@cost", as: "@c"}])
{
  query: Query
}
directive @cost(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
directive @c(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR"""
    )
    assert merged.hints == []


def test_a_later_version_that_something_else_needs_is_told_of() -> None:
    merged = merge(
        a="""extend schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/federation/v2.0") @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost"]) type Query { f: Int @cost(weight: 1) }""",
    )
    assert (
        merged.shown("schema")
        == """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/cost/v0.1")
{
  query: Query
}"""
    )
    assert merged.hints == [("IMPLICITLY_UPGRADED_FEDERATION_VERSION", None)]


def test_names_of_graphs_are_told_apart() -> None:
    merged = merge(
        **{
            "a-b": "type Query { x: Int }",
            "a_b": "type Query { y: Int }",
            "1a": "type Query { w: Int }",
            "x_1": "type Query { v: Int }",
        },
    )
    assert (
        merged.shown("join__Graph")
        == """enum join__Graph {
  _1A @join__graph(name: "1a", url: "http://1a")
  A_B_1 @join__graph(name: "a-b", url: "http://a-b")
  A_B_2 @join__graph(name: "a_b", url: "http://a_b")
  X_1_ @join__graph(name: "x_1", url: "http://x_1")
}"""
    )
    assert merged.hints == []


def test_the_supergraphs_own_names_are_not_to_be_had() -> None:
    assert refused(
        a="type Query { f: join__Thing } type join__Thing { x: Int }",
    ) == [("INVALID_GRAPHQL", ("a",), ["a:1:31"])]


def test_a_scalar_that_is_called_like_the_supergraphs_own_is_not_to_be_shown() -> None:
    assert refused(
        a="type Query { f: join__Thing } scalar join__Thing",
    ) == [("REFERENCED_INACCESSIBLE", ("a",), ["a:1:31", "a:1:14"])]


def test_what_the_supergraph_has_of_links_may_be_defined_and_is_not_to_be_shown() -> None:
    links = "enum link__Purpose { SECURITY EXECUTION } scalar link__Import "
    merged = merge(a=links + "type Query { f: Int }")
    assert merged.sdl.count("link__Purpose {") == 1
    assert merged.hints == []
    assert refused(a=links + "type Query { f: link__Purpose }") == [
        ("REFERENCED_INACCESSIBLE", ("a",), ["a:1:76"])
    ]


def test_a_directive_on_what_is_not_merged_is_linked_all_the_same() -> None:
    merged = merge(
        a="""scalar Int @tag(name: "x") type _Service { sdl: String @inaccessible } type Query { f: Int }"""
    )
    assert (
        merged.shown("schema")
        == """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/tag/v0.3")
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
{
  query: Query
}"""
    )
