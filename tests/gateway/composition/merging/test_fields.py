"""Fields of objects and interfaces: united, their types reconciled."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_all_fields_that_any_subgraph_has_are_there() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! x: Int }""",
        b="""type T @key(fields: "id") { id: ID! y: Int }""",
    )
    assert (
        merged.shown("T")
        == """type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
{
  id: ID!
  x: Int @join__field(graph: A)
  y: Int @join__field(graph: B)
}"""
    )
    assert merged.hints == []


def test_what_all_have_alike_needs_no_word() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @shareable { x: Int }""",
        b="type T @shareable { x: Int }",
    )
    assert (
        merged.shown("T")
        == """type T
  @join__type(graph: A)
  @join__type(graph: B)
{
  x: Int
}"""
    )
    assert merged.hints == []


def test_a_field_answers_the_most_general_of_its_types() -> None:
    merged = merge(
        a="type Query { f: [I] @shareable n: Int @shareable } interface I { x: Int } type A implements I @shareable { x: Int }",
        b="type Query { f: [A!]! @shareable n: Int! @shareable } type A @shareable { x: Int }",
    )
    assert (
        merged.shown("Query")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f: [I] @join__field(graph: A, type: "[I]") @join__field(graph: B, type: "[A!]!")
  n: Int @join__field(graph: A, type: "Int") @join__field(graph: B, type: "Int!")
}"""
    )
    assert merged.hints == [
        ("INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE", "Query.f"),
        ("INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE", "Query.n"),
    ]


def test_a_member_stands_for_its_union() -> None:
    merged = merge(
        a="type Query { f: U @shareable } union U = A type A @shareable { x: Int }",
        b="type Query { f: A @shareable } type A @shareable { x: Int }",
    )
    assert (
        merged.shown("Query")
        == """type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  f: U @join__field(graph: A, type: "U") @join__field(graph: B, type: "A")
}"""
    )
    assert merged.hints == [("INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE", "Query.f")]


def test_types_that_have_nothing_in_common_are_refused() -> None:
    assert refused(
        a="type Query { f: Int @shareable }",
        b="type Query { f: [Int] @shareable }",
    ) == [("FIELD_TYPE_MISMATCH", ("a", "b"), ["a:1:14", "b:1:14"])]


def test_a_type_and_a_narrower_one_that_may_be_null_do_not_go_together() -> None:
    assert refused(
        a="type Query { f: I! @shareable } interface I { x: Int } type A implements I @shareable { x: Int }",
        b="type Query { f: A @shareable } type A @shareable { x: Int }",
    ) == [("FIELD_TYPE_MISMATCH", ("a", "b"), ["a:1:14", "b:1:14"])]


def test_an_interface_object_has_no_subtypes_where_it_is_one() -> None:
    assert refused(
        a="""type Query { f: A @shareable } interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! }""",
        b="""type Query { f: I @shareable } type I @interfaceObject @key(fields: "id") { id: ID! }""",
    ) == [("FIELD_TYPE_MISMATCH", ("a", "b"), ["a:1:14", "b:1:14"])]


def test_kinds_do_not_mix() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
type T @shareable { x: Int }""",
        b="interface T { x: Int }",
        c="scalar T",
    ) == [("TYPE_KIND_MISMATCH", ("a", "b", "c"), ["a:2:1", "b:1:1", "c:1:1"])]


def test_an_entity_in_some_subgraphs_only_is_told_of() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @key(fields: "id") { id: ID! @shareable }""",
        b="type T { id: ID! @shareable }",
    )
    assert (
        merged.shown("T")
        == """type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B)
{
  id: ID!
}"""
    )
    assert merged.hints == [("INCONSISTENT_ENTITY", "T")]


def test_a_value_type_of_different_fields_is_told_of() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
type T @shareable { x: Int } interface I { x: Int } type A implements I { x: Int y: Int }""",
        b="type T @shareable { x: Int y: Int } interface I { x: Int y: Int }",
    )
    assert (
        merged.shown("T", "I")
        == """type T
  @join__type(graph: A)
  @join__type(graph: B)
{
  x: Int
  y: Int @join__field(graph: B)
}
interface I
  @join__type(graph: A)
  @join__type(graph: B)
{
  x: Int
  y: Int @join__field(graph: B)
}"""
    )
    assert merged.hints == [
        ("INCONSISTENT_OBJECT_VALUE_TYPE_FIELD", "T.y"),
        ("INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD", "I.y"),
    ]


def test_an_extension_of_nothing_is_refused() -> None:
    assert refused(
        a="""type Query { q: Int @shareable }
extend type T { x: Int }""",
        b="extend type T { y: Int }",
    ) == [("EXTENSION_WITH_NO_BASE", ("a",), ["a:2:1"]), ("EXTENSION_WITH_NO_BASE", ("b",), ["b:1:1"])]


def test_keys_of_extensions_are_marked() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
extend type T @key(fields: "id") { id: ID! @external x: Int }""",
        b="""type T @key(fields: "id") @key(fields: "k", resolvable: false) { id: ID! k: Int }""",
    )
    assert (
        merged.shown("T")
        == """type T
  @join__type(graph: A, key: "id", extension: true)
  @join__type(graph: B, key: "id")
  @join__type(graph: B, key: "k", resolvable: false)
{
  id: ID!
  x: Int @join__field(graph: A)
  k: Int @join__field(graph: B)
}"""
    )
    assert merged.hints == []


def test_without_queries_there_is_no_graph() -> None:
    assert refused(
        a="type T { x: Int }",
    ) == [("NO_QUERIES", ("a",), [])]
