"""Descriptions: the most frequent one."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge


def test_the_most_frequent_description_stays() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
"one" type T @shareable { x: Int }""",
        b=""""two" type T @shareable { x: Int }""",
        c=""""two" type T @shareable { x: Int }""",
    )
    assert (
        merged.shown("T")
        == '''"""two"""
type T
  @join__type(graph: A)
  @join__type(graph: B)
  @join__type(graph: C)
{
  x: Int
}'''
    )
    assert merged.hints == [("INCONSISTENT_DESCRIPTION", "T")]


def test_the_first_of_equally_frequent_ones_stays_and_an_empty_one_never() -> None:
    merged = merge(
        a="""type Query { q: Int @shareable }
"" type T @shareable { "one" x: Int }""",
        b=""""" type T @shareable { "two" x: Int }""",
        c=""""told" type T @shareable { x: Int }""",
    )
    assert (
        merged.shown("T")
        == '''"""told"""
type T
  @join__type(graph: A)
  @join__type(graph: B)
  @join__type(graph: C)
{
  """one"""
  x: Int
}'''
    )
    assert merged.hints == [("INCONSISTENT_DESCRIPTION", "T.x")]


def test_the_schema_and_arguments_are_described() -> None:
    merged = merge(
        a='''"""All there is.""" schema { query: Query } type Query { f("which" x: Int, y: Int): Int @shareable }''',
    )
    assert (
        merged.shown("schema", "Query")
        == '''"""All there is."""
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
{
  query: Query
}
type Query
  @join__type(graph: A)
{
  f(
    """which"""
    x: Int
    y: Int
  ): Int
}'''
    )
    assert merged.hints == []


def test_descriptions_that_no_block_can_hold_are_quoted() -> None:
    merged = merge(
        a=r"""type Query { q: Int @shareable }
"  indented\n\nand \"quoted\" \\ " type T @shareable { "ends with \\" x: Int }""",
    )
    assert (
        merged.shown("T")
        == r'''"  indented\n\nand \"quoted\" \\ "
type T
  @join__type(graph: A)
{
  """
  ends with \
  """
  x: Int
}'''
    )
    assert merged.hints == []
