"""Fields that several subgraphs resolve: shareable in each."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_a_field_resolved_twice_is_shareable_in_both() -> None:
    assert refused(
        a="type Query { f: Int @shareable }",
        b="type Query { f: Int }",
    ) == [("INVALID_FIELD_SHARING", ("a", "b"), ["a:1:14", "b:1:14"])]


def test_fields_of_keys_are_shared_by_their_nature() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id n { m }") { id: ID! n: N } type N { m: Int }""",
        b="""type T @key(fields: "id n { m }") { id: ID! n: N } type N { m: Int }""",
    )
    assert (
        merged.shown("T", "N")
        == """type T
  @join__type(graph: A, key: "id n { m }")
  @join__type(graph: B, key: "id n { m }")
{
  id: ID!
  n: N
}
type N
  @join__type(graph: A)
  @join__type(graph: B)
{
  m: Int
}"""
    )
    assert merged.hints == []


def test_a_field_beside_those_of_a_key_is_not() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @key(fields: "n { m }") { n: N } type N { m: Int o: Int }""",
        b="""type T @key(fields: "n { m }") { n: N } type N { m: Int o: Int }""",
    ) == [("INVALID_FIELD_SHARING", ("a", "b"), ["a:2:57", "b:1:57"])]


def test_one_that_provides_a_field_resolves_it() -> None:
    assert refused(
        a="""type Query { t: T @provides(fields: "x") } type T @key(fields: "id") { id: ID! x: Int @external }""",
        b="""type T @key(fields: "id") { id: ID! x: Int }""",
    ) == [("INVALID_FIELD_SHARING", ("a", "b"), ["a:1:80", "b:1:37"])]


def test_a_stream_comes_from_one_place() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type Subscription { s: Int @shareable }""",
        b="type Subscription { t: Int }",
    ) == [("INVALID_FIELD_SHARING", ("a",), ["a:2:21"])]


def test_interface_objects_resolve_for_each_implementation() -> None:
    assert refused(
        a="""type Query { i: I } interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! }""",
        b="""type I @interfaceObject @key(fields: "id") { id: ID! x: Int }""",
        c="""type I @interfaceObject @key(fields: "id") { id: ID! x: Int }""",
    ) == [("INVALID_FIELD_SHARING", ("b", "c"), ["b:1:54", "c:1:54"])]
