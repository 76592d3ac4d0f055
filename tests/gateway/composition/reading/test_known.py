"""A subgraph's own definitions of what specifications define."""

from __future__ import annotations

import pytest

from gateway.composition.reading import Unreadable, read_subgraph

_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", '
    '"@inaccessible", "@requiresScopes", "@listSize", "@tag"])\n'
)
_Q = " type Query { a: Int }"
_D = ["DIRECTIVE_DEFINITION_INVALID"]
_T = ["TYPE_DEFINITION_INVALID"]

_CASES: dict[str, tuple[list[str], str]] = {
    "the same": ([], "directive @shareable repeatable on OBJECT | FIELD_DEFINITION"),
    "fewer places, no repetition": ([], "directive @shareable on OBJECT"),
    "a text for a scalar": ([], "directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT"),
    "without what is optional": ([], "directive @key(fields: federation__FieldSet!) on OBJECT scalar federation__FieldSet"),
    "required where it was optional": ([], "directive @listSize(assumedSize: Int!) on FIELD_DEFINITION"),
    "texts within lists": ([], "directive @requiresScopes(scopes: [[String!]!]!) on OBJECT"),
    "another scalar of its own": (_D, "directive @requiresScopes(scopes: [[My!]!]!) on OBJECT scalar My"),
    "fewer lists": (_D, "directive @requiresScopes(scopes: [String!]!) on OBJECT"),
    "no default": (_D, "directive @key(fields: String!, resolvable: Boolean) repeatable on OBJECT"),
    "another type": (_D, "directive @key(fields: String!, resolvable: Int) repeatable on OBJECT"),
    "without what is required": (_D, "directive @key on OBJECT"),
    "another argument": (_D, "directive @inaccessible(why: String) on OBJECT"),
    "another place": (_D, "directive @inaccessible on SCHEMA"),
    "repeatable": (_D, "directive @inaccessible repeatable on OBJECT"),
    "by its full name": (_D, "directive @federation__override on FIELD_DEFINITION"),
    "a scalar": ([], "scalar federation__FieldSet"),
    "an object for a scalar": (_T, "type federation__FieldSet { a: Int }"),
    "an enum of links": ([], "enum link__Purpose { EXECUTION SECURITY }"),
    "an enum of links with another value": (_T, "enum link__Purpose { EXECUTION }"),
    "a scalar for an enum": (_T, "scalar link__Purpose"),
    "a mistake and an unknown directive": ([*_D, "INVALID_GRAPHQL"], "directive @key on OBJECT type T @what { a: Int }"),
    "a mistake that hides behind an unknown type": (["INVALID_GRAPHQL"], "directive @key on OBJECT type T { a: What }"),
}  # fmt: skip


def _codes(sdl: str) -> list[str]:
    try:
        read_subgraph("one", "", sdl, "ONE")
    except Unreadable as unreadable:
        return sorted({error.code for error in unreadable.errors})
    return []


@pytest.mark.parametrize(("codes", "sdl"), _CASES.values(), ids=_CASES.keys())
def test_a_definition_is_compared(codes: list[str], sdl: str) -> None:
    assert _codes(_LINK + sdl + _Q) == codes


_PROTOCOL = (
    "scalar _Any type _Service { sdl: String! } extend type Query { "
    "_entities(representations: [_Any!]!): [_Entity]! _service: _Service! }"
)
_FED1: dict[str, tuple[list[str], str]] = {
    "no arguments": ([], "directive @key on OBJECT"),
    "a nullable text": ([], "directive @key(fields: String) repeatable on OBJECT | INTERFACE"),
    "a scalar of another name": (
        [],
        "scalar FieldSet directive @requires(fields: FieldSet) on FIELD_DEFINITION",
    ),
    "the right one": ([], "scalar _FieldSet directive @provides(fields: _FieldSet!) on FIELD_DEFINITION"),
    "something else": (_D, "directive @key(what: Int) on OBJECT"),
    "external with nothing": ([], "directive @external on FIELD_DEFINITION"),
    "an object for the scalar": (_T, "type _FieldSet { a: Int }"),
    "the protocol's own fields and types": ([], _PROTOCOL),
}


@pytest.mark.parametrize(("codes", "sdl"), _FED1.values(), ids=_FED1.keys())
def test_federation_1_is_forgiven_its_usual_mistakes(codes: list[str], sdl: str) -> None:
    assert _codes(sdl + _Q) == codes


@pytest.mark.parametrize(
    ("used", "codes"), [("", []), (" type T @federation__key { a: Int }", ["INVALID_LINK_DIRECTIVE_USAGE"])]
)
def test_what_is_imported_is_not_used_by_its_full_name_too(used: str, codes: list[str]) -> None:
    assert _codes(_LINK + "directive @federation__key on OBJECT" + used + _Q) == codes


@pytest.mark.parametrize(
    ("rest", "codes"),
    [
        ("type T { a: Int }", ["UNKNOWN_FEDERATION_LINK_VERSION"]),
        ('type T @key(fields: "a") { a: Int }', ["INVALID_GRAPHQL", "UNKNOWN_FEDERATION_LINK_VERSION"]),
        ("type T { a: What }", ["INVALID_GRAPHQL"]),
        ("extend schema @what", ["INVALID_GRAPHQL"]),
    ],
)
def test_of_an_unknown_federation_nothing_is_known(rest: str, codes: list[str]) -> None:
    link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.99", import: ["@key"]) '
    assert _codes(link + rest + _Q) == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('@link(url: "https://specs.apollo.dev/federation/v2.15")', "UNKNOWN_FEDERATION_LINK_VERSION"),
        (
            '@link(url: "https://specs.apollo.dev/federation/v2.3", as: "a__b")',
            "INVALID_LINK_DIRECTIVE_USAGE",
        ),
        ('@link(url: "https://specs.apollo.dev/federation/v2.3", as: "a-b")', "INVALID_GRAPHQL"),
        ('@link(url: "https://specs.apollo.dev/federation/v2.3", for: NOTHING)', "INVALID_GRAPHQL"),
        ('@link(url: "https://specs.apollo.dev/federation/v2.3", what: 1)', "INVALID_GRAPHQL"),
        ('@link(url: "https://specs.apollo.dev/link/v1.0", as: "l")', "INVALID_GRAPHQL"),
    ],
)
def test_a_link_that_cannot_be_followed_is_refused(text: str, code: str) -> None:
    assert _codes(f"extend schema {text}" + _Q) == [code]
