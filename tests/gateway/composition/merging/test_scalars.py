"""Scalars, by name."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge


def test_a_scalar_is_what_most_subgraphs_say() -> None:
    merged = merge(
        a="""type Query { f: S @shareable } scalar S @specifiedBy(url: "http://a")""",
        b="""type Query { f: S @shareable } "What it is." scalar S @specifiedBy(url: "http://b")""",
        c="""scalar S @specifiedBy(url: "http://b")""",
    )
    assert (
        merged.shown("S")
        == '''"""What it is."""
scalar S
  @join__type(graph: A)
  @join__type(graph: B)
  @join__type(graph: C)
  @specifiedBy(url: "http://b")'''
    )
    assert merged.hints == [("INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", "S")]
