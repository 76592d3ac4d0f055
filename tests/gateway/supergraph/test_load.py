"""Reading supergraphs: what each subgraph knows, what clients see, and what is refused."""

from __future__ import annotations

import pytest
from graphql import print_schema

from gateway.supergraph import InvalidSupergraph, SubgraphInfo, load_supergraph

HEAD = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
{ query: Query }
enum join__Graph {
  A @join__graph(name: "a-shop", url: "http://a")
  B @join__graph(name: "b", url: "http://b")
}
scalar join__FieldSet
directive @inaccessible on FIELD_DEFINITION | OBJECT | ENUM_VALUE | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION
directive @shout(loud: Boolean) on FIELD
"""

GRAPH = (
    HEAD
    + """
type Query @join__type(graph: A) @join__type(graph: B) {
  thing(id: ID!, secret: Int @inaccessible): Thing @join__field(graph: A)
}
type Thing @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", resolvable: false) {
  id: ID!
  size: Int @join__field(graph: A, type: "Int!") @join__field(graph: B, external: true)
  volume: Int @join__field(graph: B, requires: "size")
  hidden: Hidden @inaccessible @join__field(graph: A)
  colour(in: Filter): Colour @join__field(graph: A)
}
type Hidden @inaccessible @join__type(graph: A) { a: Int }
enum Colour @join__type(graph: A) { RED @join__enumValue(graph: A) BLUE @inaccessible @join__enumValue(graph: A) }
input Filter @join__type(graph: A) { a: Int b: Int @inaccessible }
"""
)


def test_each_subgraph_has_its_name_its_address_and_what_it_knows() -> None:
    supergraph = load_supergraph(GRAPH)
    assert dict(supergraph.subgraphs) == {
        "a-shop": SubgraphInfo("a-shop", "http://a", "A"),
        "b": SubgraphInfo("b", "http://b", "B"),
    }
    known = supergraph.subgraph_type("b", "Thing")
    assert known is not None
    assert [(key.text, key.resolvable) for key in known.keys] == [("id", False)]
    assert {name: (one.external, one.requires is not None) for name, one in known.fields.items()} == {
        "id": (False, False),
        "size": (True, False),
        "volume": (False, True),
    }
    assert supergraph.field_subgraphs("Thing", "id") == ("a-shop", "b")
    assert supergraph.field_subgraphs("Thing", "size") == ("a-shop",)
    assert supergraph.subgraph_type("b", "Colour") is None


def test_the_api_schema_has_neither_machinery_nor_what_is_inaccessible() -> None:
    assert print_schema(load_supergraph(GRAPH).api_schema) == (
        "directive @shout(loud: Boolean) on FIELD\n\n"
        "type Query {\n  thing(id: ID!): Thing\n}\n\n"
        "type Thing {\n  id: ID!\n  size: Int\n  volume: Int\n  colour(in: Filter): Colour\n}\n\n"
        "enum Colour {\n  RED\n}\n\n"
        "input Filter {\n  a: Int\n}"
    )


def test_the_first_join_versions_are_read_by_owner() -> None:
    supergraph = load_supergraph(
        """
        schema @core(feature: "https://specs.apollo.dev/core/v0.1")
          @core(feature: "https://specs.apollo.dev/join/v0.1") { query: Query }
        enum join__Graph {
          A @join__graph(name: "a", url: "http://a")
          B @join__graph(name: "b", url: "http://b")
        }
        type Query { thing: Thing @join__field(graph: A) }
        type Thing @join__owner(graph: A) @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
          id: ID! @join__field(graph: A)
          size: Int @join__field(graph: A)
          note: Note @join__field(graph: B)
        }
        type Note { text: String }
        """
    )
    assert supergraph.join_version == (0, 1)
    assert supergraph.field_subgraphs("Query", "thing") == ("a",)
    assert supergraph.field_subgraphs("Thing", "id") == ("a", "b")
    assert supergraph.field_subgraphs("Thing", "size") == ("a",)
    assert supergraph.field_subgraphs("Thing", "note") == ("b",)
    assert supergraph.field_subgraphs("Note", "text") == ("a", "b")


@pytest.mark.parametrize(
    ("sdl", "code"),
    [
        ("type Query {", "INVALID_GRAPHQL"),
        ("type Query { a: Int }", "INVALID_FEDERATION_SUPERGRAPH"),
        (GRAPH.replace("join/v0.3", "join/v0.9"), "INVALID_FEDERATION_SUPERGRAPH"),
        (GRAPH.replace('key: "id")', 'key: "id {")'), "INVALID_FEDERATION_SUPERGRAPH"),
        (
            GRAPH.replace(
                "{ query: Query }",
                '@link(url: "https://example.org/lock/v1.0", for: SECURITY) { query: Query }',
            ),
            "UNSUPPORTED_LINKED_FEATURE",
        ),
    ],
)
def test_what_is_no_supergraph_is_refused_with_a_code(sdl: str, code: str) -> None:
    with pytest.raises(InvalidSupergraph) as refused:
        load_supergraph(sdl)
    assert refused.value.code == code
