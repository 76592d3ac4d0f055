"""What is no supergraph is refused with a code, what to do, and where."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.supergraph import InvalidSupergraph, load_supergraph

LINKS = """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  # more
{ query: Query }
"""
GRAPHS = """enum join__Graph {
  A @join__graph(name: "a", url: "http://a")
  B @join__graph(name: "b", url: "http://b")
}
"""
TYPES = """type Query @join__type(graph: A) {
  one(id: ID!): One
}
type One @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  size: Int @join__field(graph: B, type: "Int")
}
"""
GOOD = LINKS + GRAPHS + TYPES


def _refusal(sdl: str) -> tuple[str, str]:
    with pytest.raises(InvalidSupergraph) as refused:
        load_supergraph(sdl)
    return refused.value.code, str(refused.value)


@pytest.mark.parametrize(
    ("sdl", "code", "message"),
    [
        ("", "INVALID_GRAPHQL", "The supergraph is empty; compose the subgraphs and give the SDL that results (line 1, column 1)"),
        ("\n# nothing\n", "INVALID_GRAPHQL", "The supergraph is empty; compose the subgraphs and give the SDL that results (line 3, column 1)"),
        ('{"engineConfig": {}}', "INVALID_GRAPHQL", "This is JSON, such as an introspection result or a router's own format; a supergraph is SDL (line 1, column 2)"),
        ("{ one { id } }", "INVALID_GRAPHQL", "A supergraph has schema definitions only; this is an operation or a fragment (line 1, column 1)"),
        (GOOD + "type {", "INVALID_GRAPHQL", "Not GraphQL: Expected Name, found '{'. (line 17, column 6)"),
        (TYPES, "INVALID_FEDERATION_SUPERGRAPH", "The schema links no join specification (https://specs.apollo.dev/join), so it is no supergraph: compose the subgraphs and give the SDL that results"),
        (
            'extend schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/federation/v2.3") type Query { a: Int }',
            "INVALID_FEDERATION_SUPERGRAPH",
            "This is a subgraph's schema, not a supergraph: compose it, as by lets-connect compose --subgraph NAME=URL=FILE",
        ),
        ('type Query { a: A } type A @key(fields: "id") { id: ID! }', "INVALID_FEDERATION_SUPERGRAPH", "This is a subgraph's schema, not a supergraph: compose it, as by lets-connect compose --subgraph NAME=URL=FILE"),
        (GOOD.replace("join/v0.3", "join/v0.9"), "INVALID_FEDERATION_SUPERGRAPH", "join v0.9 is not supported; v0.1 to v0.5 are"),
        (LINKS + TYPES, "INVALID_FEDERATION_SUPERGRAPH", "The supergraph names no subgraph: it needs an enum join__Graph with a value for each"),
        (GOOD.replace(', url: "http://b"', ""), "INVALID_FEDERATION_SUPERGRAPH", "@join__graph(url:) is missing (line 8, column 5)"),
        (GOOD.replace('  B @join__graph(name: "b", url: "http://b")', "  B"), "INVALID_FEDERATION_SUPERGRAPH", "B says neither a name nor a url: it needs @join__graph(name:, url:) (line 8, column 3)"),
        (GOOD.replace('name: "b"', 'name: "a"'), "INVALID_FEDERATION_SUPERGRAPH", "Two subgraphs are named 'a'; name them apart (line 8, column 3)"),
        (GOOD.replace("  B @", "  A @"), "INVALID_GRAPHQL", "join__Graph has the value A twice; keep one (line 8, column 3)"),
        (GOOD.replace('graph: B, type: "Int"', "graph: C"), "INVALID_FEDERATION_SUPERGRAPH", "C is no subgraph; those of the supergraph are A, B (line 15, column 13)"),
        (GOOD.replace('type: "Int"', 'type: "[Int"'), "INVALID_FEDERATION_SUPERGRAPH", "@join__field(type:) must be a type, and is '[Int': Syntax Error: Expected ']', found <EOF>. (line 15, column 13)"),
        (GOOD.replace('graph: B, key: "id"', 'graph: B, key: "id {"'), "INVALID_FEDERATION_SUPERGRAPH", "@join__type(key:) must be a set of fields, and is 'id {': Syntax Error: Expected Name, found '}'. (line 13, column 43)"),
        (GOOD.replace('graph: B, key: "id"', 'graph: B, key: "id} {a"'), "INVALID_FEDERATION_SUPERGRAPH", "@join__type(key:) must be a set of fields, and is 'id} {a': Syntax Error: There has to be one selection. (line 13, column 43)"),
        (GOOD.replace('graph: B, key: "id"', 'graph: B, key: "id nope"'), "INVALID_FEDERATION_SUPERGRAPH", "key: { id nope } selects One.nope, which is not defined (line 13, column 1)"),
        (GOOD.replace('graph: B, key: "id"', 'graph: B, key: "id { x }"'), "INVALID_FEDERATION_SUPERGRAPH", "key: { id { x } } selects ID, which has no fields (line 13, column 1)"),
        (GOOD.replace('graph: B, key: "id"', 'graph: B, key: "...F"'), "INVALID_FEDERATION_SUPERGRAPH", "key: { ...F } selects a named fragment, which is defined nowhere (line 13, column 1)"),
        (GOOD.replace('graph: B, type: "Int"', 'graph: B, requires: "... on No { x }"'), "INVALID_FEDERATION_SUPERGRAPH", "requires: { ... on No { x } } selects No, which has no fields (line 15, column 3)"),
        (GOOD.replace('graph: A) {', 'graph: A, key: "one") {'), "INVALID_FEDERATION_SUPERGRAPH", "key: { one } selects Query.one and nothing of it (line 10, column 1)"),
        (GOOD.replace('graph: B, type: "Int"', 'graph: B, provides: "x"'), "INVALID_FEDERATION_SUPERGRAPH", "provides: { x } selects Int, which has no fields (line 15, column 3)"),
        (GOOD.replace('graph: B, key: "id"', "graph: B, key: [1]"), "INVALID_FEDERATION_SUPERGRAPH", "@join__type(key:) must be a string or a name (line 13, column 43)"),
        (GOOD.replace('graph: B, key: "id"', "graph: B, resolvable: 1"), "INVALID_FEDERATION_SUPERGRAPH", "@join__type(resolvable:) must be true or false (line 13, column 43)"),
        (GOOD.replace("# more", '@link(url: "https://example.org/lock/v1.0", for: SECURITY)'), "UNSUPPORTED_LINKED_FEATURE", "The supergraph needs https://example.org/lock/v1.0 (for: SECURITY), which this gateway does not know; compose without it, or serve the supergraph with a gateway that knows it (line 4, column 3)"),
        (GOOD.replace("# more", '@link(url: "https://specs.apollo.dev/inaccessible/v0.9", for: SECURITY)'), "UNSUPPORTED_LINKED_FEATURE", "The supergraph needs https://specs.apollo.dev/inaccessible/v0.9 (for: SECURITY), which this gateway does not know; compose without it, or serve the supergraph with a gateway that knows it (line 4, column 3)"),
        (GOOD.replace("# more", '@link(url: "lock", for: SECURITY)'), "UNSUPPORTED_LINKED_FEATURE", "The supergraph needs 'lock' (for: SECURITY), which this gateway does not know; compose without it, or serve the supergraph with a gateway that knows it (line 4, column 3)"),
        (GOOD.replace("link/v1.0", "link/v3.0"), "UNKNOWN_LINK_VERSION", "https://specs.apollo.dev/link/v3.0 is not known: v1.0 is (line 2, column 3)"),
        (GOOD + "type One { a: Int }", "INVALID_GRAPHQL", "The type One is defined twice; keep one definition (line 17, column 1)"),
        (GOOD + "directive @d on FIELD directive @d on FIELD", "INVALID_GRAPHQL", "The directive d is defined twice; keep one definition (line 17, column 23)"),
        (GOOD.replace("size: Int", "id: Int"), "INVALID_GRAPHQL", "One has the field id twice; keep one (line 15, column 3)"),
        (GOOD.replace("size: Int", "size(a: Int, a: Int): Int"), "INVALID_GRAPHQL", "One.size has the argument a twice; keep one (line 15, column 16)"),
        (GOOD.replace("size: Int", "size: Nowhere"), "INVALID_GRAPHQL", "One uses the type Nowhere, which is not defined (line 15, column 9)"),
        (GOOD.replace("query: Query", "query: Nowhere"), "INVALID_GRAPHQL", "The query root Nowhere is not defined (line 5, column 3)"),
        (GOOD.replace("query: Query", "query: Query query: One"), "INVALID_GRAPHQL", "The query root is named twice; keep one (line 5, column 16)"),
        (GOOD + "schema { query: Query }", "INVALID_GRAPHQL", "The schema is defined twice; keep one definition (line 17, column 1)"),
        (GOOD + "extend type Nowhere { a: Int }", "INVALID_GRAPHQL", "Nowhere is extended and nowhere defined (line 17, column 1)"),
        (GOOD + "extend union One = Query", "INVALID_GRAPHQL", "One is extended as another kind of type than it is (line 17, column 1)"),
        (GOOD + "input I { i: I! }", "INVALID_GRAPHQL", "Input Object I cannot be provided a finite value because it references itself through fields: I.i. (line 17, column 11)"),
        (GOOD.replace("query: Query", "mutation: Query"), "INVALID_GRAPHQL", "Query root type must be provided. (line 1, column 1)"),
    ],
)  # fmt: skip
def test_what_is_no_supergraph_is_refused_with_a_code_a_remedy_and_a_place(
    sdl: str, code: str, message: str
) -> None:
    assert _refusal(sdl) == (code, message)


@pytest.mark.parametrize(
    ("sdl", "code"),
    [
        (GOOD.replace("size: Int", "size: " + "[" * 50_000), "INVALID_GRAPHQL"),
        (GOOD.replace("one(id: ID!)", "one(id: ID! = " + "{a:" * 50_000), "INVALID_GRAPHQL"),
        (
            GOOD.replace('graph: B, key: "id"', f'graph: B, key: "{"a{" * 50_000}"'),
            "INVALID_FEDERATION_SUPERGRAPH",
        ),
    ],
)
def test_what_is_nested_without_end_is_refused(sdl: str, code: str) -> None:
    refused, message = _refusal(sdl)
    assert refused == code
    assert "nested too deeply" in message
    assert len(message) < 300


def test_a_feature_without_a_purpose_need_not_be_known() -> None:
    more = '@link(url: "https://example.org/lock/v1.0", import: ["@lock"]) @link(url: "of no version")'
    supergraph = load_supergraph(
        GOOD.replace("# more", more)
        + "directive @lock on FIELD directive @lock__up on FIELD scalar lock__Key"
    )
    assert {"lock", "lock__up"}.isdisjoint(one.name for one in supergraph.api_schema.directives)
    assert "lock__Key" not in supergraph.api_schema.type_map


@settings(max_examples=150)
@given(
    st.integers(0, len(GOOD)),
    st.integers(0, 40),
    st.sampled_from(
        [
            "",
            "{",
            "}",
            '"',
            "@",
            "#",
            "\x00",
            "\ud800",
            "A",
            "null",
            "[",
            ": Int!",
            '@join__field(graph: "A")',
        ]
    ),
)
def test_a_damaged_supergraph_is_read_or_refused_and_nothing_else(start: int, length: int, put: str) -> None:
    damaged = GOOD[:start] + put + GOOD[start + length :]
    with suppress(InvalidSupergraph):
        assert load_supergraph(damaged).subgraphs
