"""Directives that clients may use: what all subgraphs know."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge


def test_a_directive_is_what_all_have_of_it() -> None:
    merged = merge(
        a="directive @d(a: Int, b: Int) repeatable on FIELD | QUERY type Query { q: Int @shareable }",
        b=""""told" directive @d(a: Int!) on FIELD | MUTATION type Query { q: Int @shareable }""",
    )
    assert (
        merged.shown("@d")
        == '''"""told"""
directive @d(a: Int!) on FIELD'''
    )
    assert merged.hints == [
        ("INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS", "@d"),
        ("INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE", "@d"),
        ("INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE", "@d(a:)"),
        ("INCONSISTENT_ARGUMENT_PRESENCE", "@d(b:)"),
    ]


def test_a_directive_that_one_lacks_is_left_out() -> None:
    merged = merge(
        a="directive @d on FIELD type Query { q: Int @shareable }",
        b="type Query { q: Int @shareable }",
    )
    assert merged.shown("@d") == ""
    assert merged.hints == [("INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", "@d")]


def test_a_directive_without_a_common_location_is_left_out() -> None:
    merged = merge(
        a="directive @d on FIELD type Query { q: Int @shareable }",
        b="directive @d on QUERY type Query { q: Int @shareable }",
    )
    assert merged.shown("@d") == ""
    assert merged.hints == [("NO_EXECUTABLE_DIRECTIVE_INTERSECTION", "@d")]


def test_a_directive_of_schemas_is_no_part_of_the_graph() -> None:
    merged = merge(
        a="directive @d on OBJECT type T @d @shareable { x: Int } type Query { q: Int @shareable }",
    )
    assert (
        merged.shown("@d", "T")
        == """type T
  @join__type(graph: A)
{
  x: Int
}"""
    )
    assert merged.hints == []
