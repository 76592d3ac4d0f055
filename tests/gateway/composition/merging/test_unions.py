"""Unions: all members that any subgraph has."""

from __future__ import annotations

from tests.gateway.composition.merging.harness import merge


def test_members_are_united() -> None:
    merged = merge(
        a="type Query { u: U @shareable } union U = A | B type A @shareable { x: Int } type B @shareable { x: Int }",
        b="type Query { u: U @shareable } union U = B type B @shareable { x: Int }",
    )
    assert (
        merged.shown("U")
        == """union U
  @join__type(graph: A)
  @join__type(graph: B)
  @join__unionMember(graph: A, member: "A")
  @join__unionMember(graph: A, member: "B")
  @join__unionMember(graph: B, member: "B")
 = A | B"""
    )
    assert merged.hints == [
        ("INCONSISTENT_UNION_MEMBER", "U"),
        ("INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN", None),
    ]
