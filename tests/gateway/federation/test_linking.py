"""How a schema links to specifications, and what cannot be a link."""

from __future__ import annotations

import pytest
from graphql import DirectiveDefinitionNode, DirectiveNode, SchemaExtensionNode, parse

from gateway.federation.linking import parse_link_url, read_links
from gateway.federation.links import LinkError, Links, Source

_FEDERATION = "https://specs.apollo.dev/federation"
_TO_FEDERATION = f'@link(url: "{_FEDERATION}/v2.7"'


def _read(sdl: str) -> Links | None:
    applied: list[DirectiveNode] = []
    definitions = {}
    for node in parse(sdl).definitions:
        if isinstance(node, SchemaExtensionNode):
            applied += node.directives or ()
        elif isinstance(node, DirectiveDefinitionNode):
            definitions[node.name.value] = node
    return read_links(applied, definitions)


def _links(text: str) -> Links:
    found = _read(f"extend schema {text}")
    assert found is not None
    return found


def test_an_address_has_an_identity_and_a_version() -> None:
    assert parse_link_url("HTTPS://me:pass@Specs.apollo.dev/a/b/v1.22?x#y") == (
        "https://specs.apollo.dev/a/b",
        (1, 22),
    )


@pytest.mark.parametrize(
    "url",
    ["", "federation/v2.0", "https://specs.apollo.dev", "https://x.dev/v1.0", "https://x.dev/a/v1", "a:b"],
)
def test_an_address_without_them_is_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"specification|version"):
        parse_link_url(url)


def test_names_are_imported_renamed_or_carry_the_alias() -> None:
    links = _links(
        _TO_FEDERATION + ', as: "fed", import: ["@key", { name: "@tag", as: "@mark" }, "FieldSet"])'
    )
    link = links.get(_FEDERATION)
    assert link is not None
    assert [link.local_name(d) for d in ("key", "tag", "shareable", "federation")] == [
        "key",
        "mark",
        "fed__shareable",
        "fed",
    ]
    assert (link.local_type("FieldSet"), link.local_type("Policy")) == ("FieldSet", "fed__Policy")
    assert links.directive("mark") == Source(_FEDERATION, "tag")
    assert links.directive("fed__shareable") == Source(_FEDERATION, "shareable")
    assert links.directive("link") == Source("https://specs.apollo.dev/link", "link")
    assert links.directive("tag") is None
    assert links.directive("fed__tag") is None
    assert links.type("fed__Policy") == Source(_FEDERATION, "Policy")
    shadowed = links.shadowed("@fed__tag")
    assert shadowed is not None
    assert shadowed[1] == "@tag"


def test_without_a_link_to_federation_or_to_links_nothing_is_linked() -> None:
    assert _read('extend schema @link(url: "https://specs.apollo.dev/tag/v0.3")') is None


def test_the_linking_directive_may_have_another_name() -> None:
    links = _read(
        "directive @uses(url: String, as: String, import: [String]) repeatable on SCHEMA "
        'extend schema @uses(url: "https://specs.apollo.dev/link/v1.0", as: "uses") '
        f'@uses(url: "{_FEDERATION}/v2.3", import: ["@key"])'
    )
    assert links is not None
    assert [(link.identity, link.alias, link.version) for link in links] == [
        ("https://specs.apollo.dev/link", "uses", (1, 0)),
        (_FEDERATION, "federation", (2, 3)),
    ]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("UNKNOWN_LINK_VERSION", '@link(url: "https://specs.apollo.dev/link/v2.0")'),
        ("INVALID_LINK_IDENTIFIER", _TO_FEDERATION + ') @link(url: "https://x.dev/a")'),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ")" + _TO_FEDERATION + ")"),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', as: "a__b")'),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', as: "a_")'),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', as: "1")'),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', as: "link")'),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', import: ["@what"])'),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', import: ["key"])'),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ", import: [3])"),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', import: [{ as: "@k" }])'),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', import: [{ name: "@key", to: "@k" }])'),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', import: [{ name: "@key", as: "k" }])'),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', import: [{ name: "@key", as: "@" }])'),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', import: ["@key", { name: "@key", as: "@k" }])'),
        (
            "INVALID_LINK_DIRECTIVE_USAGE",
            _TO_FEDERATION + ', import: ["@key", { name: "@tag", as: "@key" }])',
        ),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', import: [{ name: "@key", as: "@link" }])'),
        ("INVALID_LINK_DIRECTIVE_USAGE", _TO_FEDERATION + ', import: [{ name: "@key", as: "@federation" }])'),
        (
            "INVALID_LINK_DIRECTIVE_USAGE",
            _TO_FEDERATION + ', import: [{ name: "@key", as: "@federation__tag" }])',
        ),
        (
            "INVALID_LINK_DIRECTIVE_USAGE",
            _TO_FEDERATION + ', import: [{ name: "@key", as: "@x__y" }]) @link(url: "https://y.dev/x/v1.0")',
        ),
        (
            "INVALID_LINK_DIRECTIVE_USAGE",
            '@link(url: "https://y.dev/x/v1.0")'
            + _TO_FEDERATION
            + ', import: [{ name: "@key", as: "@x__y" }])',
        ),
        (
            "INVALID_LINK_DIRECTIVE_USAGE",
            _TO_FEDERATION + ', import: ["@tag"]) @link(url: "https://specs.apollo.dev/tag/v0.3")',
        ),
    ],
)
def test_what_cannot_be_followed_is_refused(code: str, text: str) -> None:
    with pytest.raises(LinkError) as refused:
        _links(text)
    assert refused.value.code == code
