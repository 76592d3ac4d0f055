"""Reading supergraphs: what each subgraph knows, what clients see, and what is refused."""

from __future__ import annotations

from graphql import print_ast, print_schema

from gateway.supergraph import ContextArgument, SubgraphInfo, Supergraph, load_supergraph

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


def _resolving(supergraph: Supergraph, type_name: str, field: str) -> tuple[str, ...]:
    """The subgraphs that answer for the field where no label is active."""
    return tuple(
        subgraph
        for subgraph, types in supergraph.types.items()
        if type_name in types
        and field in types[type_name].fields
        and types[type_name].fields[field].resolvable(frozenset())
    )


def test_each_subgraph_has_its_name_its_address_and_what_it_knows() -> None:
    supergraph = load_supergraph(GRAPH)
    assert dict(supergraph.subgraphs) == {
        "a-shop": SubgraphInfo("a-shop", "http://a", "A"),
        "b": SubgraphInfo("b", "http://b", "B"),
    }
    known = supergraph.types["b"].get("Thing")
    assert known is not None
    assert [(key.text, key.resolvable) for key in known.keys] == [("id", False)]
    assert {name: (one.external, one.requires is not None) for name, one in known.fields.items()} == {
        "id": (False, False),
        "size": (True, False),
        "volume": (False, True),
    }
    assert _resolving(supergraph, "Thing", "id") == ("a-shop", "b")
    assert _resolving(supergraph, "Thing", "size") == ("a-shop",)
    assert supergraph.types["b"].get("Colour") is None


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
    join = supergraph.features.named("join")
    assert join is not None
    assert join.version == (0, 1)
    assert _resolving(supergraph, "Query", "thing") == ("a",)
    assert _resolving(supergraph, "Thing", "id") == ("a", "b")
    assert _resolving(supergraph, "Thing", "size") == ("a",)
    assert _resolving(supergraph, "Thing", "note") == ("b",)
    assert _resolving(supergraph, "Note", "text") == ("b",)


def test_in_the_first_version_field_sets_say_which_fields_a_subgraph_has() -> None:
    supergraph = load_supergraph(
        """
        schema @core(feature: "https://specs.apollo.dev/core/v0.1")
          @core(feature: "https://specs.apollo.dev/join/v0.1") { query: Query }
        enum join__Graph {
          A @join__graph(name: "a", url: "http://a")
          B @join__graph(name: "b", url: "http://b")
        }
        type Query { me: User @join__field(graph: A) top: Review @join__field(graph: B) }
        type User @join__owner(graph: A) @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
          id: ID! @join__field(graph: A)
          name: String @join__field(graph: A)
          money: Money @join__field(graph: A)
          greeting: String @join__field(graph: B, requires: "name")
        }
        type Review @join__owner(graph: B) @join__type(graph: B, key: "author { id }") {
          author: User @join__field(graph: B, provides: "name")
          note: Note @join__field(graph: B)
        }
        type Note { text: String }
        type Money { cents: Int }
        """
    )
    known = {
        subgraph: {name: {f.name: f.external for f in one.fields.values()} for name, one in types.items()}
        for subgraph, types in supergraph.types.items()
    }
    assert known == {
        "a": {
            "Query": {"me": False},
            "User": {"id": False, "name": False, "money": False},
            "Money": {"cents": False},
        },
        "b": {
            "Query": {"top": False},
            "User": {"greeting": False, "id": False, "name": True},
            "Review": {"author": False, "note": False},
            "Note": {"text": False},
        },
    }


def test_before_v0_3_members_and_implementations_are_wherever_their_types_are() -> None:
    supergraph = load_supergraph(
        """
        schema @link(url: "https://specs.apollo.dev/link/v1.0")
          @link(url: "https://specs.apollo.dev/join/v0.2", for: EXECUTION) { query: Query }
        enum join__Graph {
          A @join__graph(name: "a", url: "http://a")
          B @join__graph(name: "b", url: "http://b")
        }
        type Query @join__type(graph: A) @join__type(graph: B) { u: U i: I }
        union U @join__type(graph: A) @join__type(graph: B) = One | Two
        interface I @join__type(graph: A) @join__type(graph: B) { x: Int }
        type One implements I @join__type(graph: A) @join__type(graph: B) { x: Int }
        type Two implements I @join__type(graph: B) { x: Int }
        """
    )
    possible = {
        (subgraph, name): sorted(types[name].possible)
        for subgraph, types in supergraph.types.items()
        for name in ("U", "I")
    }
    assert possible == {
        ("a", "U"): ["One"],
        ("a", "I"): ["One"],
        ("b", "U"): ["One", "Two"],
        ("b", "I"): ["One", "Two"],
    }


def test_an_overridden_field_moves_wholly_or_under_its_label() -> None:
    supergraph = load_supergraph(
        HEAD.replace("join/v0.3", "join/v0.4")
        + """
        type Query @join__type(graph: A) @join__type(graph: B) {
          moved: Int @join__field(graph: A, usedOverridden: true) @join__field(graph: B, override: "a-shop")
          moving: Int @join__field(graph: A, overrideLabel: "new") @join__field(graph: B, override: "a-shop", overrideLabel: "new")
        }
        """
    )
    answers = {
        (subgraph, name, bool(labels)): types["Query"].fields[name].resolvable(frozenset(labels))
        for subgraph, types in supergraph.types.items()
        for name in ("moved", "moving")
        for labels in ((), ("new",))
    }
    assert {key for key, resolvable in answers.items() if resolvable} == {
        ("b", "moved", False),
        ("b", "moved", True),
        ("a-shop", "moving", False),
        ("b", "moving", True),
    }
    assert supergraph.override_labels == {"new"}


def test_contexts_belong_to_the_subgraph_they_are_named_after() -> None:
    supergraph = load_supergraph(
        HEAD.replace("join/v0.3", "join/v0.5").replace(
            "{ query: Query }",
            '@link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY) { query: Query }',
        )
        + """
        type Query @join__type(graph: A) @join__type(graph: B) @context(name: "a-shop__up") {
          child: Int @join__field(graph: A, contextArguments: [
            {name: "by", type: "ID!", context: "a-shop__up", selection: "{ id }"}])
        }
        """
    )
    query = supergraph.types["a-shop"]["Query"]
    assert query.contexts == {"a-shop__up"}
    assert supergraph.types["b"]["Query"].contexts == frozenset()
    assert query.fields["child"].context_arguments == (ContextArgument("by", "ID!", "a-shop__up", "{ id }"),)


def test_an_external_key_field_of_an_extension_is_the_subgraph_s_own() -> None:
    supergraph = load_supergraph(
        HEAD
        + """
        type Query @join__type(graph: A) { t: T @join__field(graph: A) }
        type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", extension: true) {
          id: ID! @join__field(graph: A) @join__field(graph: B, external: true)
        }
        """
    )
    assert _resolving(supergraph, "T", "id") == ("a-shop", "b")


def test_extensions_are_read_as_if_they_stood_in_the_definition() -> None:
    supergraph = load_supergraph(
        HEAD
        + """
        type Query @join__type(graph: A) { a: Int }
        extend type Query @join__type(graph: B) { b: Int @join__field(graph: B) }
        """
    )
    assert _resolving(supergraph, "Query", "b") == ("b",)
    assert "b" in supergraph.api_schema.query_type.fields  # type: ignore[union-attr]


def test_rules_of_graphql_that_compositions_do_not_know_refuse_no_supergraph() -> None:
    graph = load_supergraph(
        HEAD
        + """
    type Query @join__type(graph: A) { thing(in: Filter = {}): I }
    interface I @join__type(graph: A) { a: Int }
    type T implements I @join__implements(graph: A, interface: "I") @join__type(graph: A) { a: Int @deprecated }
    input Filter @join__type(graph: A) { a: Int! }
    """
    )
    assert "a: Int @deprecated" in print_schema(graph.api_schema)


def test_a_field_set_may_stand_in_braces() -> None:
    graph = load_supergraph(
        HEAD
        + 'type Query @join__type(graph: A) { a: Int } type T @join__type(graph: A, key: "{ id }") { id: ID! }'
    )
    found = graph.types["a-shop"].get("T")
    assert found is not None
    assert [print_ast(key.selections) for key in found.keys] == ["{\n  id\n}"]
