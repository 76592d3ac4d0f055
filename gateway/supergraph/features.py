"""Which specifications a supergraph links, and under which names their elements go."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    ListValueNode,
    ObjectValueNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    ValueNode,
)

from gateway.supergraph.errors import InvalidSupergraph

__all__ = ["Feature", "Features", "read_features"]

_URL = re.compile(r"^(?P<identity>.*/(?P<name>[^/]+))/v(?P<major>\d+)\.(?P<minor>\d+)/?$")
_KNOWN = frozenset(
    {
        "link", "core", "join", "tag", "inaccessible", "authenticated", "requiresScopes", "policy",
        "cost", "context", "cacheTag", "federation",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Feature:
    """One linked specification; ``imports`` maps its own names (with ``@``) to the names used here."""

    identity: str
    name: str
    version: tuple[int, int]
    alias: str
    imports: dict[str, str]
    purpose: str | None = None

    def directive(self, name: str) -> str:
        """What the specification's directive is called in this document."""
        imported = self.imports.get("@" + name)
        if imported is not None:
            return imported[1:]
        return self.alias if name == self.name else f"{self.alias}__{name}"


@dataclass(frozen=True, slots=True)
class Features:
    """All linked specifications of a document."""

    linked: tuple[Feature, ...]

    def named(self, name: str) -> Feature | None:
        """The specs.apollo.dev feature of that name."""
        for feature in self.linked:
            if feature.name == name and "specs.apollo.dev" in feature.identity:
                return feature
        return None

    def owns(self, name: str) -> bool:
        """Whether a type or directive of that name belongs to a linked specification."""
        for feature in self.linked:
            if name == feature.alias or name.startswith(feature.alias + "__"):
                return True
            if name in feature.imports.values() or "@" + name in feature.imports.values():
                return True
        return False


def _text(value: ValueNode | None) -> str | None:
    if isinstance(value, StringValueNode | EnumValueNode):
        return value.value
    return None


def _imports(value: ValueNode | None) -> dict[str, str]:
    found: dict[str, str] = {}
    if not isinstance(value, ListValueNode):
        return found
    for item in value.values:
        if isinstance(item, StringValueNode):
            found[item.value] = item.value
        elif isinstance(item, ObjectValueNode):
            named = {entry.name.value: _text(entry.value) for entry in item.fields}
            name = named.get("name")
            if name:
                found[name] = named.get("as") or name
    return found


def _feature(link: DirectiveNode) -> Feature | None:
    arguments = {argument.name.value: argument.value for argument in link.arguments or ()}
    match = _URL.match(_text(arguments.get("url") or arguments.get("feature")) or "")
    if match is None:
        return None
    name = match["name"]
    return Feature(
        identity=match["identity"],
        name=name,
        version=(int(match["major"]), int(match["minor"])),
        alias=_text(arguments.get("as")) or name,
        imports=_imports(arguments.get("import")),
        purpose=_text(arguments.get("for")),
    )


def read_features(document: DocumentNode) -> Features:
    """Read ``@link`` and ``@core`` off the schema; an unknown feature that is needed is an error."""
    linked: list[Feature] = []
    for definition in document.definitions:
        if not isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            continue
        for directive in definition.directives or ():
            feature = _feature(directive)
            if feature is None:
                continue
            apollo = "specs.apollo.dev" in feature.identity
            if feature.purpose and not (apollo and feature.name in _KNOWN):
                raise InvalidSupergraph(
                    "UNSUPPORTED_LINKED_FEATURE",
                    f"The supergraph needs {feature.identity}, which this gateway does not know",
                )
            linked.append(feature)
    return Features(tuple(linked))
