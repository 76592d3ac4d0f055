"""Which specifications a supergraph links, and under which names their elements go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    ListValueNode,
    ObjectValueNode,
    SchemaDefinitionNode,
    StringValueNode,
    ValueNode,
)

from gateway.supergraph.errors import InvalidSupergraph

__all__ = ["Feature", "Features", "read_features"]

_URL = re.compile(r"^(?P<identity>.*/(?P<name>[^/]+))/v(?P<major>\d{1,6})\.(?P<minor>\d{1,6})/?$")
_APOLLO = "https://specs.apollo.dev/"

_VERSIONS: dict[str, frozenset[tuple[int, int]]] = {
    "core": frozenset({(0, 1), (0, 2)}),
    "link": frozenset({(1, 0)}),
    "join": frozenset((0, minor) for minor in range(1, 6)),
    "tag": frozenset((0, minor) for minor in range(1, 4)),
    "inaccessible": frozenset({(0, 1), (0, 2)}),
    **dict.fromkeys(
        ("authenticated", "requiresScopes", "policy", "cost", "context", "cacheTag"), frozenset({(0, 1)})
    ),
}
"""The versions of https://specs.apollo.dev specifications whose meaning is known here."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One linked specification; ``imports`` maps its own names (directives with ``@``) to the names used here."""

    identity: str
    name: str
    version: tuple[int, int]
    alias: str
    imports: Mapping[str, str]
    purpose: str | None = None

    def directive(self, name: str) -> str:
        """What the specification's directive is called in this document, without ``@``."""
        imported = self.imports.get("@" + name)
        if imported is not None:
            return imported.removeprefix("@")
        return self.alias if name == self.name else f"{self.alias}__{name}"

    def type_name(self, name: str) -> str:
        """What the specification's type is called in this document."""
        return self.imports.get(name) or f"{self.alias}__{name}"


@dataclass(frozen=True, slots=True)
class Features:
    """All linked specifications of a document."""

    linked: tuple[Feature, ...]

    def named(self, name: str) -> Feature | None:
        """The specs.apollo.dev feature of that name."""
        for feature in self.linked:
            if feature.identity == _APOLLO + name:
                return feature
        return None

    def directive(self, feature: str, name: str) -> str | None:
        """What ``@name`` of a specs.apollo.dev feature is called here; None where it is not linked."""
        linked = self.named(feature)
        return linked.directive(name) if linked else None

    def owns_type(self, name: str) -> bool:
        """Whether a type of that name belongs to a linked specification."""
        prefix, _, rest = name.partition("__")
        return any(
            (rest and prefix == feature.alias) or name in feature.imports.values() for feature in self.linked
        )

    def owns_directive(self, name: str) -> bool:
        """Whether a directive of that name belongs to a linked specification."""
        prefix = name.partition("__")[0]
        return any(
            prefix == feature.alias or "@" + name in feature.imports.values() for feature in self.linked
        )


def read_features(document: DocumentNode) -> Features:
    """Read ``@link`` or ``@core`` off the schema. Raises InvalidSupergraph on a needed feature that is unknown."""
    linked: list[Feature] = []
    for node in _links(document):
        feature = _feature(node)
        known = feature.version in _VERSIONS.get(feature.identity.removeprefix(_APOLLO), ())
        if not known and feature.identity == _APOLLO + "link":
            raise InvalidSupergraph("UNKNOWN_LINK_VERSION", f"{_said(feature)} is not known: v1.0 is", node)
        if not known and feature.purpose is not None and feature.identity != _APOLLO + "join":
            message = (
                f"The supergraph needs {_said(feature)} (for: {feature.purpose}), which this gateway does not "
                f"know; compose without it, or serve the supergraph with a gateway that knows it"
            )
            raise InvalidSupergraph("UNSUPPORTED_LINKED_FEATURE", message, node)
        linked.append(feature)
    return Features(tuple(linked))


def _said(feature: Feature) -> str:
    major, minor = feature.version
    return f"{feature.identity}/v{major}.{minor}" if (major, minor) != (0, 0) else repr(feature.identity)


def _links(document: DocumentNode) -> Iterator[DirectiveNode]:
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
    feature = _feature(directive)
    if feature.identity not in {_APOLLO + "link", _APOLLO + "core"}:
        return False
    return directive.name.value in {feature.alias, feature.directive(feature.name)}


def _feature(link: DirectiveNode) -> Feature:
    arguments = {argument.name.value: argument.value for argument in link.arguments or ()}
    url = _text(arguments.get("url") or arguments.get("feature")) or ""
    match = _URL.match(url)
    name = match["name"] if match else url.rstrip("/").rpartition("/")[2]
    return Feature(
        identity=match["identity"] if match else url,
        name=name,
        version=(int(match["major"]), int(match["minor"])) if match else (0, 0),
        alias=_text(arguments.get("as")) or name,
        imports=_imports(arguments.get("import")),
        purpose=_text(arguments.get("for")),
    )


def _imports(value: ValueNode | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in value.values if isinstance(value, ListValueNode) else ():
        if isinstance(item, StringValueNode):
            found[item.value] = item.value
        elif isinstance(item, ObjectValueNode):
            named = {entry.name.value: _text(entry.value) for entry in item.fields}
            name = named.get("name")
            if name:
                found[name] = named.get("as") or name
    return found


def _text(value: ValueNode | None) -> str | None:
    return value.value if isinstance(value, StringValueNode | EnumValueNode) else None
