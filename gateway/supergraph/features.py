"""Which specifications a supergraph links, and under which names their elements go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import DirectiveNode, DocumentNode, SchemaDefinitionNode, value_from_ast_untyped

from gateway.federation.linking import parse_link_url
from gateway.federation.links import Link
from gateway.federation.specifications import specification
from gateway.supergraph.errors import InvalidSupergraph

__all__ = ["Features", "read_features"]

_APOLLO = "https://specs.apollo.dev/"
_JOIN = _APOLLO + "join"
_DEFINING_NOTHING = {(_APOLLO + "cacheTag", (0, 1))}
"""Known, though a supergraph that links it defines no directive for it."""


@dataclass(frozen=True, slots=True)
class Features:
    """All linked specifications of a document."""

    linked: tuple[Link, ...]

    def named(self, name: str) -> Link | None:
        """The link to the specs.apollo.dev specification of that name."""
        return next((link for link in self.linked if link.identity == _APOLLO + name), None)

    def directive(self, feature: str, name: str) -> str | None:
        """What ``@name`` of a specs.apollo.dev feature is called here; None where it is not linked."""
        linked = self.named(feature)
        return linked.local_name(name) if linked else None

    def owns_type(self, name: str) -> bool:
        """Whether a type of that name belongs to a linked specification."""
        prefix, _, rest = name.partition("__")
        return any((rest and prefix == link.alias) or name in link.imports.values() for link in self.linked)

    def owns_directive(self, name: str) -> bool:
        """Whether a directive of that name belongs to a linked specification."""
        prefix = name.partition("__")[0]
        return any(prefix == link.alias or "@" + name in link.imports.values() for link in self.linked)


def read_features(document: DocumentNode) -> Features:
    """Read ``@link`` or ``@core`` off the schema. Raises InvalidSupergraph on a needed feature that is unknown.

    Other compositions' links are taken as they are: those of subgraphs are held to more (``federation/linking.py``).
    """
    linked: list[Link] = []
    for node in _applied(document):
        link = _link(node)
        known = specification(link.identity, link.version) is not None
        known = known or (link.identity, link.version) in _DEFINING_NOTHING
        if not known and link.identity == _APOLLO + "link":
            raise InvalidSupergraph("UNKNOWN_LINK_VERSION", f"{_said(link)} is not known: v1.0 is", node)
        if not known and link.purpose is not None and link.identity != _JOIN:
            message = (
                f"The supergraph needs {_said(link)} (for: {link.purpose}), which this gateway does not "
                f"know; compose without it, or serve the supergraph with a gateway that knows it"
            )
            raise InvalidSupergraph("UNSUPPORTED_LINKED_FEATURE", message, node)
        linked.append(link)
    return Features(tuple(linked))


def _said(link: Link) -> str:
    major, minor = link.version
    return f"{link.identity}/v{major}.{minor}" if (major, minor) != (0, 0) else repr(link.identity)


def _applied(document: DocumentNode) -> Iterator[DirectiveNode]:
    """The applications of ``@link``, whatever it calls itself, or of ``@core``."""
    applied = [
        directive
        for definition in document.definitions
        if isinstance(definition, SchemaDefinitionNode)
        for directive in definition.directives or ()
    ]
    names = {d.name.value for d in applied if _names_itself(d)}
    yield from (d for d in applied if d.name.value in names)


def _names_itself(directive: DirectiveNode) -> bool:
    link = _link(directive)
    if link.identity not in {_APOLLO + "link", _APOLLO + "core"}:
        return False
    return directive.name.value in {link.alias, link.local_name(link.name)}


def _link(node: DirectiveNode) -> Link:
    """What a directive links; version 0.0 of an address that is none of a specification."""
    given = {argument.name.value: value_from_ast_untyped(argument.value) for argument in node.arguments or ()}
    url = (_text(given.get("url") or given.get("feature")) or "").rstrip("/")
    try:
        identity, version = parse_link_url(url)
    except ValueError:
        identity, version = url, (0, 0)
    alias = _text(given.get("as")) or identity.rpartition("/")[2]
    return Link(identity, version, alias, _imports(given.get("import")), _text(given.get("for")), node)


def _imports(given: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in given if isinstance(given, list) else ():
        name = _text(item.get("name") if isinstance(item, dict) else item)
        if name:
            found[name] = (_text(item.get("as")) if isinstance(item, dict) else None) or name
    return found


def _text(given: Any) -> str | None:
    return given if isinstance(given, str) else None
