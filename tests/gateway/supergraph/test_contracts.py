"""Contracts: what clients are shown by tags, and what the planner keeps knowing."""

from __future__ import annotations

import pytest
from graphql import GraphQLSchema, parse, print_schema, validate
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.planning import Planner
from gateway.planning.printer import to_text
from gateway.supergraph import Contract, InvalidSupergraph, contract_sdl, load_supergraph

HEAD = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/tag/v0.3", as: "label")
{ query: Query mutation: Mutation }
directive @label(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION
  | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA
enum join__Graph { A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b", url: "http://b") }
"""
SHOP = (
    HEAD
    + """
type Query @join__type(graph: A) @join__type(graph: B) {
  product(id: ID!, trace: Int @label(name: "internal")): Product @join__field(graph: A) @label(name: "public")
  found(by: Filter): [Found] @join__field(graph: A)
  audit: Audit @join__field(graph: A) @label(name: "internal")
}
type Mutation @join__type(graph: A) @label(name: "internal") { reset: Int }
interface Named @join__type(graph: A) { name: String code: String }
type Product implements Named @join__type(graph: A, key: "code") @join__type(graph: B, key: "code") {
  code: String @label(name: "internal")
  name: String @join__field(graph: A) @label(name: "public")
  weight: Int @join__field(graph: A) @label(name: "internal") @join__field(graph: B, external: true)
  shipping: Int @join__field(graph: B, requires: "weight") @label(name: "public")
  stock: Stock @join__field(graph: B) @label(name: "public") @label(name: "partner")
}
type Stock @join__type(graph: B) { count: Int @label(name: "public") shelf: Int @label(name: "partner") }
type Audit @join__type(graph: A) @label(name: "internal") { by: String trail: Trail }
type Trail @join__type(graph: A) { steps: Int }
union Found @join__type(graph: A) = Product | Audit
input Filter @join__type(graph: A) { shade: Shade cost: Int @label(name: "internal") }
enum Shade @join__type(graph: A) { LIGHT DARK INFRARED @label(name: "internal") }
scalar Unused @join__type(graph: A)
"""
)


def _contract(include: str = "", exclude: str = "", hide_unreachable: bool = True) -> Contract:
    return Contract(frozenset(include.split()), frozenset(exclude.split()), hide_unreachable)


def test_what_has_an_excluded_tag_is_hidden_with_what_follows_from_it() -> None:
    supergraph = load_supergraph(SHOP, _contract(exclude="internal"))
    assert print_schema(supergraph.api_schema) == (
        "type Query {\n  product(id: ID!): Product\n  found(by: Filter): [Found]\n}\n\n"
        "interface Named {\n  name: String\n}\n\n"
        "type Product implements Named {\n  name: String\n  shipping: Int\n  stock: Stock\n}\n\n"
        "type Stock {\n  count: Int\n  shelf: Int\n}\n\n"
        "union Found = Product\n\n"
        "input Filter {\n  shade: Shade\n}\n\n"
        "enum Shade {\n  LIGHT\n  DARK\n}"
    )


def test_where_tags_are_included_fields_and_unions_need_one_and_exclusion_wins() -> None:
    included = load_supergraph(SHOP, _contract(include="public", exclude="partner"))
    assert print_schema(included.api_schema) == (
        "type Query {\n  product(id: ID!, trace: Int): Product\n}\n\n"
        "type Product {\n  name: String\n  shipping: Int\n}"
    )


def test_unreachable_types_stay_where_that_is_wanted() -> None:
    kept = load_supergraph(SHOP, _contract(exclude="internal", hide_unreachable=False)).api_schema.type_map
    assert {"Unused", "Trail"} <= set(kept)
    assert {"Unused", "Trail"}.isdisjoint(
        load_supergraph(SHOP, _contract(exclude="internal")).api_schema.type_map
    )


def test_plans_use_hidden_keys_and_required_fields_and_clients_cannot() -> None:
    supergraph = load_supergraph(SHOP, _contract(exclude="internal"))
    document = parse("{ product(id: 1) { shipping } }")
    assert validate(supergraph.api_schema, document) == []
    assert " ".join(to_text(Planner(supergraph).plan(document, None)).split()) == (
        'QueryPlan { Sequence { Fetch(service: "a") { { product(id: 1) { __typename code weight } } }, '
        'Flatten(path: "product") { Fetch(service: "b") '
        "{ { ... on Product { __typename code weight } } => { ... on Product { shipping } } }, }, }, }"
    )
    told = validate(supergraph.api_schema, parse("{ product(id: 1) { weigh code } audt { by } }"))
    assert [error.message for error in told] == [
        "Cannot query field 'weigh' on type 'Product'.",
        "Cannot query field 'code' on type 'Product'.",
        "Cannot query field 'audt' on type 'Query'.",
    ]


def test_the_supergraph_under_a_contract_means_the_same_to_others() -> None:
    contract = _contract(exclude="internal")
    written = contract_sdl(SHOP, contract)
    assert '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)' in written
    assert "directive @inaccessible on" in written
    assert print_schema(load_supergraph(written).api_schema) == _shown(contract)
    assert contract_sdl(written, contract) == written


def _shown(contract: Contract) -> str:
    return print_schema(load_supergraph(SHOP, contract).api_schema)


def test_what_is_hidden_already_stays_hidden_under_the_name_it_has() -> None:
    renamed = SHOP.replace(
        "{ query", '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", as: "private") { query'
    ).replace("shelf: Int", "shelf: Int @private")
    written = contract_sdl(renamed, _contract(exclude="internal"))
    assert "@inaccessible" not in written
    assert "steps" not in load_supergraph(written).api_schema.type_map
    assert _fields(load_supergraph(written).api_schema, "Stock") == {"count"}


def _fields(schema: GraphQLSchema, name: str) -> set[str]:
    found = schema.type_map.get(name)
    return set(getattr(found, "fields", {}))


def test_an_interface_keeps_the_fields_that_all_its_visible_implementations_show() -> None:
    sdl = (
        HEAD
        + """
        type Query { i: I }  type Mutation { m: Int }
        interface I { a(x: Int): Int b: Int }
        interface J implements I { a(x: Int): Int b: Int }
        type One implements I & J { a(x: Int @label(name: "out")): Int b: Int @label(name: "out") }
        type Two implements I { a(x: Int): Int b: Int }
        """
    )
    schema = load_supergraph(sdl, _contract(exclude="out")).api_schema
    assert {name: _fields(schema, name) for name in ("I", "J", "One", "Two")} == {
        "I": {"a"},
        "J": {"a"},
        "One": {"a"},
        "Two": {"a", "b"},
    }
    assert "x" not in schema.type_map["I"].fields["a"].args  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("types", "include", "exclude", "code"),
    [
        ('type Query { a: A } type A @label(name: "x") { b: Int }', "", "x", "REFERENCED_INACCESSIBLE"),
        ('type Query { a(b: B): Int } input B @label(name: "x") { b: Int }', "", "x", "REFERENCED_INACCESSIBLE"),
        ('type Query { a(b: E!): Int } enum E { B @label(name: "x") }', "", "x", "REFERENCED_INACCESSIBLE"),
        ('type Query { a: U @label(name: "x") b: Int } union U = Query', "x", "", "REFERENCED_INACCESSIBLE"),
        ("type Query { a: Int }", "x", "", "ONLY_INACCESSIBLE_CHILDREN"),
        ('type Query @label(name: "x") { a: Int }', "", "x", "QUERY_ROOT_TYPE_INACCESSIBLE"),
        ('type Query { a(b: Int! @label(name: "x")): Int }', "", "x", "REQUIRED_INACCESSIBLE"),
        ('type Query { a(b: E = B): Int } enum E { B @label(name: "x") C }', "", "x", "DEFAULT_VALUE_USES_INACCESSIBLE"),
    ],
)  # fmt: skip
def test_a_contract_that_leaves_no_schema_is_refused(
    types: str, include: str, exclude: str, code: str
) -> None:
    with pytest.raises(InvalidSupergraph) as refused:
        load_supergraph(HEAD.replace(" mutation: Mutation", "") + types, _contract(include, exclude))
    assert refused.value.code == code
    assert refused.value.line is not None


@pytest.mark.parametrize(
    ("include", "exclude", "message"),
    [
        ("a b", "b c", "b: a tag is included or excluded, not both"),
        ("a!", "", "'a!' is no tag: tags are up to 128 letters, digits, hyphens, underscores and slashes"),
    ],
)
def test_tags_that_cannot_be_meant_are_refused(include: str, exclude: str, message: str) -> None:
    with pytest.raises(ValueError, match="tag") as refused:
        _contract(include, exclude)
    assert str(refused.value) == message


_TAGS = st.sets(st.sampled_from(["public", "partner", "internal"]))


@settings(max_examples=40)
@given(_TAGS, _TAGS, st.booleans())
def test_a_contract_shows_a_part_of_what_there_is(include: set[str], exclude: set[str], hide: bool) -> None:
    contract = Contract(frozenset(include - exclude), frozenset(exclude), hide)
    try:
        shown = load_supergraph(SHOP, contract)
    except InvalidSupergraph as refused:
        assert refused.code == "ONLY_INACCESSIBLE_CHILDREN"  # noqa: PT017 - either is right
        return
    whole = load_supergraph(SHOP).api_schema
    for name in shown.api_schema.type_map:
        assert _fields(shown.api_schema, name) <= _fields(whole, name)
    assert print_schema(load_supergraph(contract_sdl(SHOP, contract)).api_schema) == print_schema(
        shown.api_schema
    )
