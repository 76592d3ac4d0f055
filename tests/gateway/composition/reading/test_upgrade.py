"""Federation 1 read as federation 2, step by step."""

from __future__ import annotations

import pytest

from gateway.composition.model.subgraph import Definition, Subgraph
from gateway.composition.reading import Unreadable, read_subgraph, upgrade_subgraphs
from gateway.composition.reading.meaning import argument_of

_FED2 = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", '
    'import: ["@key", "@shareable", "@external", "@interfaceObject", "@tag"])\n'
)


def _upgraded(*sdls: str) -> list[Subgraph]:
    names = ("one", "two", "three")
    return upgrade_subgraphs([read_subgraph(n, "", s, n.upper()) for n, s in zip(names, sdls, strict=False)])


def _codes(*sdls: str) -> list[str]:
    with pytest.raises(Unreadable) as refused:
        _upgraded(*sdls)
    return [e.code for e in refused.value.errors]


def _told(definition: Definition) -> dict[str, str]:
    """Each field with what is said of it."""
    return {
        name: " ".join(
            [
                *(["external"] if f.external else []),
                *(["shareable"] if f.shareable else []),
                *([f"requires({f.requires})"] if f.requires else []),
                *([f"provides({f.provides})"] if f.provides else []),
                *(f"@{a.name}" for a in f.applied),
            ]
        )
        for name, f in definition.fields.items()
    }


_PRODUCT = 'type Query { p: Product } type Product @key(fields: "upc") { upc: String! name: String }'
_EXTENSION = 'extend type Product @key(fields: "upc") {{ upc: String! @external {} }}'


def test_subgraphs_of_federation_2_stay_as_they_are() -> None:
    read = read_subgraph("one", "", _FED2 + "type Query { a: Int }", "ONE")
    assert upgrade_subgraphs([read]) == [read.subgraph]


def test_extensions_become_definitions_whose_keys_are_their_own() -> None:
    _, two = _upgraded(_PRODUCT, _EXTENSION.format("stock: Int"))
    product = two.types["Product"]
    assert (product.extension, product.keys[0].extension) == (False, False)
    assert _told(product) == {"upc": "shareable", "stock": ""}
    assert (two.upgraded, two.version) == (True, (2, 4))


def test_without_a_key_the_first_key_of_others_counts() -> None:
    one = 'type Query { p: P } type P @key(fields: "a") @key(fields: "b") { a: Int b: Int }'
    two = 'extend type P { a: Int @external b: Int @external c: Int @requires(fields: "b") }'
    told = _told(_upgraded(one, two)[1].types["P"])
    assert [("external" in text) for text in told.values()] == [False, True, False]


@pytest.mark.parametrize(
    ("written", "requires"),
    [
        ('"name"', "name"),
        ('["name", "size"]', "name size"),
        ("name", "name"),
        ('"name other"', "name"),
        ('"other"', None),
        ('"upc"', None),
        ('"maker { id other }"', "maker { id }"),
        ('"... on Product { name other }"', "... on Product { name }"),
        ('"nope"', "nope"),
    ],
)
def test_only_what_is_external_is_required(written: str, requires: str | None) -> None:
    fields = (
        "name: String @external size: Int @external other: Int maker: Maker "
        f'q: Int @requires(fields: {written}) keep: Int @requires(fields: "name size maker {{ id }}")'
    )
    two = _EXTENSION.format(fields) + " type Maker { id: ID @external other: Int }"
    assert _upgraded(_PRODUCT, two)[1].types["Product"].fields["q"].requires == requires


def test_what_nothing_uses_is_not_external_but_gone() -> None:
    two = _EXTENSION.format("name: String @external stock: Int")
    assert set(_upgraded(_PRODUCT, two)[1].types["Product"].fields) == {"upc", "stock"}


def test_a_type_of_which_nothing_is_left_is_gone_too() -> None:
    two = "type Query { a: Int } extend type Product { name: String @external }"
    assert set(_upgraded(_PRODUCT, two)[1].types) == {"Query"}


def test_but_not_if_something_is_of_that_type() -> None:
    two = "type Query { a: Product } extend type Product { name: String @external }"
    assert _codes(_PRODUCT, two) == ["TYPE_WITH_ONLY_UNUSED_EXTERNAL"]


@pytest.mark.parametrize(
    "other", ["type Query { a: Int }", "extend type T { b: Int }", "type Query { t: T } enum T { A }"]
)
def test_an_extension_needs_a_definition_elsewhere(other: str) -> None:
    assert "EXTENSION_WITH_NO_BASE" in _codes("type Query { a: Int } extend type T { a: Int }", other)


@pytest.mark.parametrize("base", ["type T { a: Int }", "interface T { a: Int }"])
def test_a_definition_of_any_sort_will_do(base: str) -> None:
    assert len(_upgraded("type Query { a: Int } extend type T { a: Int }", base)) == 2


def test_a_definition_that_says_it_extends_is_one_for_others_only() -> None:
    assert _codes("type Query { a: Int } extend type T { a: Int }", "type T @extends { a: Int }") == [
        "EXTENSION_WITH_NO_BASE"
    ]


def test_external_and_keys_mean_nothing_on_interfaces_and_types() -> None:
    sdl = """
    type Query { i: I }
    interface I @key(fields: "a") { a: Int @external u: T @provides(fields: "b") r: Int @requires(fields: "a") }
    type T @external { a: Int b: Int }
    """
    types = _upgraded(sdl)[0].types
    assert types["I"].keys == ()
    assert _told(types["I"]) == {"a": "", "u": "", "r": ""}
    assert _told(types["T"]) == {"a": "", "b": ""}


def test_nothing_is_provided_of_a_leaf() -> None:
    assert _told(_upgraded('type Query { a: Int @provides(fields: "x") }')[0].types["Query"]) == {"a": ""}


def test_value_types_and_fields_that_others_resolve_are_shared() -> None:
    one = (
        "type Query { v: V only: Int both: Int } type V { a: Int } type W { a: Int } "
        'type E @key(fields: "id") { id: ID! x: Int y: Int } type Subscription { s: Int }'
    )
    two = _FED2 + (
        "type Query { both: Int @shareable } type V @shareable { a: Int } "
        'type E @key(fields: "id") { id: ID! x: Int @shareable } type Subscription { s: Int }'
    )
    types = _upgraded(one, two)[0].types
    assert {name: _told(d) for name, d in types.items()} == {
        "Query": {"v": "", "only": "", "both": "shareable"},
        "V": {"a": "shareable"},
        "W": {"a": ""},
        "E": {"id": "shareable", "x": "shareable", "y": ""},
        "Subscription": {"s": ""},
    }


def test_tags_on_external_fields_are_enough_where_the_field_is_resolved() -> None:
    one = _PRODUCT.replace("name: String", 'name: String @tag(name: "a")')
    fields = 'name: String @external @tag(name: "a") @tag(name: "b") q: Int @requires(fields: "name")'
    applied = _upgraded(one, _EXTENSION.format(fields))[1].types["Product"].fields["name"].applied
    assert [argument_of(a.node, "name") for a in applied] == ["b"]


def test_directives_of_later_federations_that_a_schema_defines_are_taken_for_them() -> None:
    sdl = "directive @shareable on FIELD_DEFINITION type Query { a: Int @shareable }"
    assert _told(_upgraded(sdl)[0].types["Query"]) == {"a": "shareable"}


def test_unless_they_are_something_else() -> None:
    sdl = "directive @shareable(by: Int) on FIELD_DEFINITION type Query { a: Int }"
    assert _codes(sdl) == ["DIRECTIVE_DEFINITION_INVALID"]


def test_what_is_linked_must_not_stand_in_the_way() -> None:
    link = 'extend schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/tag/v0.3")'
    assert _codes(link + " type Query { a: Int }") == ["INVALID_LINK_DIRECTIVE_USAGE"]


def test_an_interface_of_federation_1_has_no_interface_objects_elsewhere() -> None:
    one = 'type Query { i: I } interface I @key(fields: "id") { id: ID } type T implements I @key(fields: "id") { id: ID }'
    two = _FED2 + 'type I @interfaceObject @key(fields: "id") { id: ID x: Int }'
    assert _codes(one, two) == ["INTERFACE_OBJECT_USAGE_ERROR"]
