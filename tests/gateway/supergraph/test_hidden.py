"""What @inaccessible hides, and what cannot be hidden."""

from __future__ import annotations

import pytest
from graphql import print_schema

from gateway.supergraph import InvalidSupergraph, load_supergraph

HEAD = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0", as: "uses", import: ["@link"])
  @link(url: "https://specs.apollo.dev/join/v0.3", as: "j", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", import: [{name: "@inaccessible", as: "@hide"}], for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", import: ["@requiresScopes", {name: "Scope", as: "Right"}], for: SECURITY)
  @link(url: "https://specs.apollo.dev/tag/v0.3", as: "label")
{ query: Query mutation: Mutation }
enum j__Graph { A @j__graph(name: "a", url: "http://a") }
scalar Right
scalar uses__Import
directive @requiresScopes(scopes: [[Right!]!]!) on FIELD_DEFINITION
directive @label(name: String!) repeatable on FIELD_DEFINITION
directive @hide on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | SCALAR | INPUT_OBJECT
"""


def test_hidden_elements_of_every_kind_and_all_machinery_are_gone_whatever_they_are_called() -> None:
    supergraph = load_supergraph(
        HEAD
        + """
        directive @both(x: Shade = DARK) on FIELD | FIELD_DEFINITION
        directive @schemaOnly on OBJECT
        type Mutation @hide { m: Int }
        type Query @schemaOnly {
          one(a: Int = 1 @hide, by: Filter = {shade: DARK}): One @label(name: "x") @both(x: LIGHT)
          any: Any @requiresScopes(scopes: [["a"]])
          gone: Gone @hide
        }
        interface Node { id: ID! }
        interface Secret @hide { secret: Int }
        type One implements Node & Secret { id: ID! old: Stamp @deprecated(reason: "none") secret: Int @hide }
        type Gone @hide { x: Int }
        union Any = One | Gone
        union GoneUnion @hide = Gone
        enum Shade { DARK LIGHT INFRARED @hide }
        enum GoneShade @hide { X }
        scalar Stamp @specifiedBy(url: "https://example.org")
        scalar GoneStamp @hide
        input Filter { shade: Shade gone: GoneShade @hide }
        input Either @oneOf { a: Int b: Int }
        input GoneFilter @hide { a: Int }
        """
    )
    assert print_schema(supergraph.api_schema) == (
        "directive @both(x: Shade = DARK) on FIELD | FIELD_DEFINITION\n\n"
        "type Query {\n  one(by: Filter = { shade: DARK }): One\n  any: Any\n}\n\n"
        "interface Node {\n  id: ID!\n}\n\n"
        'type One implements Node {\n  id: ID!\n  old: Stamp @deprecated(reason: "none")\n}\n\n'
        "union Any = One\n\n"
        "enum Shade {\n  DARK\n  LIGHT\n}\n\n"
        'scalar Stamp @specifiedBy(url: "https://example.org")\n\n'
        "input Filter {\n  shade: Shade\n}\n\n"
        "input Either @oneOf {\n  a: Int\n  b: Int\n}"
    )
    assert supergraph.api_schema.mutation_type is None
    assert supergraph.features.directive("requiresScopes", "requiresScopes") == "requiresScopes"
    assert supergraph.features.directive("tag", "tag") == "label"
    assert supergraph.features.directive("cost", "cost") is None


_Q = "type Query { a: Int } type Mutation { m: Int } "


@pytest.mark.parametrize(
    ("sdl", "code"),
    [
        ("type Query @hide { a: Int } type Mutation { m: Int }", "QUERY_ROOT_TYPE_INACCESSIBLE"),
        ("type Query { a: Int @hide } type Mutation { m: Int }", "ONLY_INACCESSIBLE_CHILDREN"),
        (_Q + "enum E { A @hide }", "ONLY_INACCESSIBLE_CHILDREN"),
        (_Q + "union U = T type T @hide { a: Int }", "ONLY_INACCESSIBLE_CHILDREN"),
        (_Q + "input I { a: Int @hide }", "ONLY_INACCESSIBLE_CHILDREN"),
        (_Q + "type T { h: [H!] } type H @hide { a: Int }", "REFERENCED_INACCESSIBLE"),
        (_Q + "type T { h(x: H): Int } input H @hide { a: Int }", "REFERENCED_INACCESSIBLE"),
        (_Q + "input T { h: H } input H @hide { a: Int }", "REFERENCED_INACCESSIBLE"),
        (_Q + "directive @d(h: H) on FIELD input H @hide { a: Int }", "REFERENCED_INACCESSIBLE"),
        (_Q + "type T { right: Right }", "REFERENCED_INACCESSIBLE"),
        (_Q + "type T { h(x: Int! @hide): Int }", "REQUIRED_INACCESSIBLE"),
        (_Q + "input I { x: Int! @hide y: Int }", "REQUIRED_INACCESSIBLE"),
        (_Q + "interface I { x: Int } type T implements I { x: Int @hide y: Int }", "IMPLEMENTED_BY_INACCESSIBLE"),
        (_Q + "interface I { x(a: Int): Int } type T implements I { x(a: Int @hide): Int }", "IMPLEMENTED_BY_INACCESSIBLE"),
        (_Q + "type T { x(a: E = A): Int } enum E { A @hide B }", "DEFAULT_VALUE_USES_INACCESSIBLE"),
        (_Q + "type T { x(a: [I!] = [{e: {f: 1}}]): Int } input I { e: J } input J { f: Int @hide g: Int }", "DEFAULT_VALUE_USES_INACCESSIBLE"),
        (_Q + "directive @d(x: Int @hide) on FIELD | OBJECT", "DISALLOWED_INACCESSIBLE"),
        (_Q + "directive @d(x: Int! @hide) on FIELD", "REQUIRED_INACCESSIBLE"),
    ],
)  # fmt: skip
def test_what_something_visible_needs_cannot_be_hidden(sdl: str, code: str) -> None:
    with pytest.raises(InvalidSupergraph) as refused:
        load_supergraph(HEAD + sdl)
    assert refused.value.code == code
    assert refused.value.line is not None


@pytest.mark.parametrize(
    "sdl",
    [
        _Q + "interface I { x: Int @hide y: Int } type T implements I { x: Int y: Int }",
        _Q + "interface I @hide { x: Int } type T implements I { x: Int @hide y: Int }",
        _Q + "type T { x(a: Int! = 1 @hide): Int }",
        _Q + "type T { x(a: E = A @hide): Int } enum E { A @hide B }",
        _Q + "type T @hide { h: H } type H @hide { a: Int }",
        _Q + "input H @hide { a: Int! @hide }",
    ],
)
def test_what_nothing_visible_needs_can_be_hidden(sdl: str) -> None:
    assert load_supergraph(HEAD + sdl).api_schema.query_type is not None
