"""What a subgraph's directives come to in the model."""

from __future__ import annotations

import pytest

from gateway.composition.field_sets.usage import used_fields
from gateway.composition.model.subgraph import Key, Subgraph
from gateway.composition.reading import read_subgraph

_FEDERATION = "https://specs.apollo.dev/federation"
_LINK = (
    f'extend schema @link(url: "{_FEDERATION}/v2.9", import: ["@key", "@shareable", "@external", "@extends", '
    '"@requires", "@provides", "@override", "@tag", "@context", "@fromContext", "@interfaceObject"])\n'
)


def _read(sdl: str, link: str = _LINK) -> Subgraph:
    return read_subgraph("one", "http://one", link + sdl, "ONE").subgraph


def _with(subgraph: Subgraph, attribute: str) -> set[str]:
    return {
        f"{d.name}.{f.name}"
        for d in subgraph.types.values()
        for f in d.fields.values()
        if getattr(f, attribute)
    }


def test_directives_are_read_off() -> None:
    sdl = """
    type T @key(fields: "id") @key(fields: "o { id }", resolvable: false) @context(name: "c") {
      id: ID! o: T
      a: Int @override(from: "two", label: "percent(5)") @tag(name: "x")
      b(x: Int @fromContext(field: "$c { a }")): Int @requires(fields: "e") @deprecated
      e: Int @external
    }
    type I @interfaceObject @key(fields: "id") { id: ID! }
    """
    types = _read(sdl).types
    t = types["T"]
    assert t.keys == (Key("id", True), Key("o { id }", False))
    assert t.contexts == ("c",)
    assert types["I"].interface_object
    assert (t.fields["a"].override, t.fields["a"].override_label) == ("two", "percent(5)")
    assert [(a.name, a.spec) for a in t.fields["a"].applied] == [("tag", _FEDERATION)]
    assert t.fields["b"].requires == "e"
    assert [(a.name, a.spec) for a in t.fields["b"].applied] == [("deprecated", None)]
    assert t.fields["b"].arguments["x"].context == "$c { a }"


def test_fields_of_keys_and_provided_ones_are_shareable_by_their_nature() -> None:
    sdl = """
    type T @key(fields: "o { id } a") { o: O a: Int b: Int p: P @provides(fields: "x") }
    type O { id: ID! z: Int }
    type P { x: Int @external y: Int }
    interface I @key(fields: "k") { k: ID }
    type J implements I { k: ID l: Int }
    """
    assert _with(_read(sdl), "shareable") == {"T.o", "T.a", "O.id", "P.x", "I.k", "J.k"}


def test_shareable_on_a_type_is_for_the_fields_of_that_declaration() -> None:
    sdl = "type T @shareable { a: Int } extend type T { b: Int } extend type T @shareable { c: Int }"
    assert _with(_read(sdl), "shareable") == {"T.a", "T.c"}


@pytest.mark.parametrize(
    ("sdl", "external"),
    [
        ('type T @key(fields: "id") { id: ID @external a: Int @external }', {"T.id", "T.a"}),
        ('extend type T @key(fields: "id") { id: ID @external a: Int @external }', {"T.a"}),
        ('type T @extends @key(fields: "id") { id: ID @external a: Int @external }', {"T.a"}),
        ('extend type T @key(fields: "o { id }") { o: O @external } type O { id: ID @external }', set()),
        ("type T @external { a: Int b: Int }", {"T.a", "T.b"}),
    ],
)
def test_key_fields_of_extensions_are_not_external(sdl: str, external: set[str]) -> None:
    assert _with(_read(sdl), "external") == external


def test_roots_have_their_default_names_everywhere() -> None:
    sdl = "schema { query: Q mutation: M } type Q { q: Q m: [M!] u: U } type M { a: Int } union U = Q | M"
    types = _read(sdl).types
    assert set(types) == {"Query", "Mutation", "U"}
    assert types["U"].members == ("Query", "Mutation")
    assert types["Query"].fields["q"].type.name.value == "Query"  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", ["query", "mutation", "subscription"])
def test_no_other_type_has_the_name_of_a_root(role: str) -> None:
    name = role.capitalize()
    sdl = f"{_LINK} schema {{ {role}: Q }} type Q {{ a: Int }} type {name} {{ a: Int }}"
    read = read_subgraph("one", "", sdl, "ONE")
    assert [e.code for e in read.errors] == [f"ROOT_{name.upper()}_USED"]
    assert set(read.subgraph.types) == {name}


def test_what_is_federations_is_no_part_of_the_graph() -> None:
    sdl = """
    scalar federation__FieldSet scalar _Any union _Entity = T type _Service { sdl: String }
    directive @key(fields: federation__FieldSet!) repeatable on OBJECT
    directive @mine on FIELD
    type Query { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }
    type T @key(fields: "id") { id: ID }
    """
    read = _read(sdl)
    assert set(read.types) == {"T"}
    assert set(read.directives) == {"mine"}


def test_the_version_is_what_the_linked_specifications_need() -> None:
    link = f'extend schema @link(url: "{_FEDERATION}/v2.3") @link(url: "https://specs.apollo.dev/cost/v0.1") '
    read = _read("type Query { a: Int @cost(weight: 1) }", link)
    assert read.version == (2, 9)
    assert [(a.name, a.spec) for a in read.types["Query"].fields["a"].applied] == [
        ("cost", "https://specs.apollo.dev/cost")
    ]


def test_scalars_of_linked_specifications_are_in_the_graph() -> None:
    link = (
        f'extend schema @link(url: "{_FEDERATION}/v2.8") @link(url: "https://specs.apollo.dev/policy/v0.1") '
    )
    assert set(_read("type Query { a: Int }", link).types) == {"policy__Policy", "Query"}


def test_what_is_used_is_what_directives_select_and_interfaces_need() -> None:
    sdl = """
    type Query { p: P @provides(fields: "x { y }") i: I @provides(fields: "z") }
    type T @key(fields: "id") { id: ID r: Int @requires(fields: "e { f }") e: E @external free: Int
      c(a: Int @fromContext(field: "$c { m }")): Int }
    type E { f: Int g: Int }
    type P { x: X @external n: Int }
    type X { y: Int }
    interface I { z: Int w: Int }
    type J implements I { z: Int w: Int v: Int }
    type C @context(name: "c") { m: Int o: Int t: T }
    """
    assert used_fields(_read(sdl)) == {
        ("T", "id"), ("T", "e"), ("E", "f"), ("P", "x"), ("X", "y"), ("I", "z"), ("J", "z"), ("J", "w"), ("C", "m"),
    }  # fmt: skip
