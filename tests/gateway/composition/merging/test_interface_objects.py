"""`@interfaceObject`: one subgraph gives fields to implementations it does not know."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_its_fields_are_copied_to_implementations() -> None:
    merged = merge(
        a="""type Query { i: I } interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! }""",
        b="""type I @interfaceObject @key(fields: "id") { id: ID! "told" x("how" n: Int = 1): Int @deprecated @tag(name: "t") }""",
    )
    assert (
        merged.shown("I", "A")
        == '''interface I
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id", isInterfaceObject: true)
{
  id: ID!

  """told"""
  x(
    """how"""
    n: Int = 1
  ): Int @deprecated @tag(name: "t") @join__field(graph: B)
}
type A implements I
  @join__implements(graph: A, interface: "I")
  @join__type(graph: A, key: "id")
{
  id: ID!

  """told"""
  x(
    """how"""
    n: Int = 1
  ): Int @deprecated @tag(name: "t") @join__field
}'''
    )
    assert merged.hints == []


def test_a_field_that_is_external_in_all_implementations_takes_its_directives() -> None:
    merged = merge(
        a="""type Query { i: I } interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }""",
        b="""type I @interfaceObject @key(fields: "id") { id: ID! x: Int @tag(name: "t") }""",
    )
    assert (
        merged.shown("A")
        == """type A implements I
  @join__implements(graph: A, interface: "I")
  @join__type(graph: A, key: "id")
{
  id: ID!
  x: Int @tag(name: "t") @join__field(graph: A, external: true)
  y: Int @join__field(graph: A, requires: "x")
}"""
    )
    assert merged.hints == []


def test_it_is_an_interface_somewhere() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type I @interfaceObject @key(fields: "id") { id: ID! }""",
    ) == [("INTERFACE_OBJECT_USAGE_ERROR", ("a",), ["a:2:1"])]


def test_it_stands_beside_no_implementation() -> None:
    assert refused(
        a="""type Query { i: I } interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! }""",
        b="""type I @interfaceObject @key(fields: "id") { id: ID! x: Int } type A @key(fields: "id") { id: ID! }""",
    ) == [("INTERFACE_OBJECT_USAGE_ERROR", ("b",), ["b:1:1", "b:1:63"])]


def test_a_key_that_can_be_resolved_needs_all_implementations() -> None:
    assert refused(
        a="""type Query { i: I } interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! }""",
        b="""interface I { id: ID! } type B implements I @key(fields: "id") { id: ID! }""",
    ) == [("INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE", ("a",), ["a:1:21"])]


def test_an_override_meets_no_interface_object() -> None:
    assert refused(
        a="""type Query { i: I } interface I @key(fields: "id") { id: ID! x: Int } type A implements I @key(fields: "id") { id: ID! x: Int @override(from: "b") }""",
        b="""type I @interfaceObject @key(fields: "id") { id: ID! x: Int }""",
    ) == [
        ("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", ("a",), ["a:1:120"]),
        ("INVALID_FIELD_SHARING", ("a", "b"), ["a:1:120", "b:1:54"]),
    ]
