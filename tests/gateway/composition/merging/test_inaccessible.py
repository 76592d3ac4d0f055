"""`@inaccessible`: what it hides leaves a schema behind."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge, refused


def test_a_type_that_something_shown_is_of_cannot_be_hidden() -> None:
    assert refused(
        a="type Query { t: T } type T @inaccessible { x: Int }",
    ) == [("REFERENCED_INACCESSIBLE", ("a",), ["a:1:21", "a:1:14"])]


def test_the_query_type_cannot_be_hidden() -> None:
    assert refused(
        a="type Query @inaccessible { f: Int }",
    ) == [("QUERY_ROOT_TYPE_INACCESSIBLE", ("a",), ["a:1:1"])]


def test_all_that_a_type_has_cannot_be_hidden() -> None:
    assert refused(
        a="type Query { f: Int t: T } type T { x: Int @inaccessible }",
    ) == [("ONLY_INACCESSIBLE_CHILDREN", ("a",), ["a:1:28"])]


def test_all_members_of_a_union_cannot_be_hidden() -> None:
    assert refused(
        a="type Query { f: Int u: U } union U = T type T @inaccessible { x: Int }",
    ) == [("ONLY_INACCESSIBLE_CHILDREN", ("a",), ["a:1:28"])]


def test_what_a_shown_interface_has_cannot_be_hidden() -> None:
    assert refused(
        a="type Query { i: I } interface I { x: Int } type T implements I { x: Int @inaccessible y: Int }",
    ) == [("IMPLEMENTED_BY_INACCESSIBLE", ("a",), ["a:1:66"])]


def test_an_argument_that_must_be_given_cannot_be_hidden() -> None:
    assert refused(
        a="type Query { f(x: Int! @inaccessible): Int }",
    ) == [("REQUIRED_INACCESSIBLE", ("a",), ["a:1:16"])]


def test_an_input_field_that_must_be_given_cannot_be_hidden() -> None:
    assert refused(
        a="type Query { f(i: I): Int } input I { x: Int! @inaccessible y: Int }",
    ) == [("REQUIRED_INACCESSIBLE", ("a",), ["a:1:39"])]


def test_an_argument_of_a_shown_interface_cannot_be_hidden() -> None:
    assert refused(
        a="type Query { i: I } interface I { f(x: Int): Int } type T implements I { f(x: Int @inaccessible): Int }",
    ) == [("IMPLEMENTED_BY_INACCESSIBLE", ("a",), ["a:1:76"])]


def test_a_value_that_is_a_default_cannot_be_hidden() -> None:
    assert refused(
        a="type Query { f(e: E = A): Int } enum E { A @inaccessible B }",
    ) == [("DEFAULT_VALUE_USES_INACCESSIBLE", ("a",), ["a:1:16"])]


def test_an_input_field_within_a_default_cannot_be_hidden() -> None:
    assert refused(
        a="type Query { f(i: [I!] = [{x: 1}]): Int } input I { x: Int @inaccessible y: Int }",
    ) == [("DEFAULT_VALUE_USES_INACCESSIBLE", ("a",), ["a:1:16"])]


def test_an_argument_of_a_directive_that_must_be_given_cannot_be_hidden() -> None:
    assert refused(
        a="directive @d(x: Int! @inaccessible) on FIELD type Query { f: Int }",
    ) == [("REQUIRED_INACCESSIBLE", ("a",), ["a:1:14"])]


def test_what_is_hidden_with_all_that_needs_it_stays_hidden() -> None:
    merged = merge(
        a="type Query { f: Int t: T @inaccessible } type T @inaccessible { x: Int }",
    )
    assert (
        merged.shown("Query", "T", "@inaccessible")
        == """type Query
  @join__type(graph: A)
{
  f: Int
  t: T @inaccessible
}
type T
  @join__type(graph: A)
  @inaccessible
{
  x: Int
}
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION"""
    )
    assert merged.hints == []


def test_a_composed_specifications_type_cannot_be_hidden() -> None:
    assert refused(
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@shareable", "@tag", "@inaccessible"]) @link(url: "https://me.dev/c/v1.0", import: ["@c"]) @composeDirective(name: "@c")
enum c__E @inaccessible { A } directive @c(a: c__E) on FIELD_DEFINITION
type Query { f: Int @c(a: A) }""",
    ) == [("DISALLOWED_INACCESSIBLE", ("a",), ["a:1:1"])]
