"""Contracts: the part of a supergraph that some clients are shown, chosen by ``@tag``.

A contract only adds ``@inaccessible``: who is shown less is planned for with everything, hidden keys included.
The rules are those of Apollo's contracts. A tag on an object or interface type is a tag on each of its fields.
What has an excluded tag is hidden, whatever else it has. Where tags are included, fields of objects and interfaces
and union types without one of them are hidden; other inputs and outputs are not asked for one. What is left without
members is hidden, with the fields that answer it, and so are fields of interfaces that an implementation hides.
A type that was excluded itself while something visible needs it is an error, with the codes of ``@inaccessible``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    InterfaceTypeDefinitionNode,
    NameNode,
    ObjectTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
    print_ast,
)

from gateway.supergraph.document import read_document
from gateway.supergraph.features import Features, read_features
from gateway.supergraph.masking import mask

__all__ = ["Contract", "contract_sdl", "under_contract"]

_TAG = re.compile(r"[A-Za-z0-9_/-]{1,128}")
_DEFINITION = (
    "directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR"
    " | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)


@dataclass(frozen=True, slots=True)
class Contract:
    """Which tags are shown, all where none is included, and which are not. Raises ValueError on tags that are none."""

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    hide_unreachable: bool = True
    """Whether types that nothing visible leads to are hidden too."""

    def __post_init__(self) -> None:
        for tag in sorted(self.include | self.exclude):
            if not _TAG.fullmatch(tag):
                message = (
                    f"{tag!r} is no tag: tags are up to 128 letters, digits, hyphens, underscores and slashes"
                )
                raise ValueError(message)
        if both := sorted(self.include & self.exclude):
            raise ValueError(f"{', '.join(both)}: a tag is included or excluded, not both")


def contract_sdl(sdl: str, contract: Contract) -> str:
    """The supergraph under the contract. Raises InvalidSupergraph where ``sdl`` is none; load it to check the rest."""
    document = read_document(sdl)
    return print_ast(under_contract(document, read_features(document), contract)) + "\n"


def under_contract(document: DocumentNode, features: Features, contract: Contract) -> DocumentNode:
    """The document with ``@inaccessible`` on all that the contract hides, and the specification linked."""
    hiding = features.directive("inaccessible", "inaccessible")
    tagging = features.directive("tag", "tag") or "tag"
    types = {
        d.name.value: d
        for d in document.definitions
        if isinstance(d, TypeDefinitionNode) and not features.owns_type(d.name.value)
    }
    hidden = set(_marked(types.values(), hiding or "inaccessible"))
    hidden.update(_chosen(types.values(), tagging, contract))
    mask(document, types, hidden, unreachable=contract.hide_unreachable)
    marked = _Marker(hidden, hiding or "inaccessible")
    definitions = [marked.type(d) if isinstance(d, TypeDefinitionNode) else d for d in document.definitions]
    made = DocumentNode(definitions=tuple(definitions))
    return made if hiding else _linked(made, features)


def _elements(types: Iterable[Any]) -> Iterator[tuple[str, Any, Any]]:
    """Every element by its coordinate; fields of objects and interfaces with the type whose tags are theirs too."""
    for node in types:
        name = node.name.value
        owner = node if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode) else None
        yield name, node, None
        for child in (*(getattr(node, "fields", None) or ()), *(getattr(node, "values", None) or ())):
            yield f"{name}.{child.name.value}", child, owner
            for argument in getattr(child, "arguments", None) or ():
                yield f"{name}.{child.name.value}({argument.name.value}:)", argument, None


def _marked(types: Iterable[Any], hiding: str) -> Iterator[str]:
    for coordinate, node, _ in _elements(types):
        if any(directive.name.value == hiding for directive in node.directives or ()):
            yield coordinate


def _chosen(types: Iterable[Any], tagging: str, contract: Contract) -> Iterator[str]:
    """What the contract hides by the tags of the element itself."""
    for coordinate, node, owner in _elements(types):
        tags = _tags(node, tagging) | (_tags(owner, tagging) if owner is not None else set())
        asked = bool(contract.include) and (owner is not None or isinstance(node, UnionTypeDefinitionNode))
        if tags & contract.exclude or (asked and not tags & contract.include):
            yield coordinate


def _tags(node: Any, tagging: str) -> set[str]:
    return {
        argument.value.value
        for directive in node.directives or ()
        if directive.name.value == tagging
        for argument in directive.arguments or ()
        if argument.name.value == "name" and isinstance(getattr(argument.value, "value", None), str)
    }


class _Marker:
    def __init__(self, hidden: set[str], hiding: str) -> None:
        self.hidden = hidden
        self.directive = DirectiveNode(name=NameNode(value=hiding), arguments=())

    def type(self, node: Any) -> Any:
        name = node.name.value
        made = self._mark(node, name)
        for part in ("fields", "values"):
            children = getattr(node, part, None)
            if children:
                made = replace(made, **{part: tuple(self._child(child, name) for child in children)})
        return made

    def _child(self, node: Any, owner: str) -> Any:
        coordinate = f"{owner}.{node.name.value}"
        made = self._mark(node, coordinate)
        arguments = getattr(node, "arguments", None)
        if not arguments:
            return made
        marked = tuple(self._mark(one, f"{coordinate}({one.name.value}:)") for one in arguments)
        return replace(made, arguments=marked)

    def _mark(self, node: Any, coordinate: str) -> Any:
        given = node.directives or ()
        name = self.directive.name.value
        if coordinate not in self.hidden or any(one.name.value == name for one in given):
            return node
        return replace(node, directives=(*given, self.directive))


def _linked(document: DocumentNode, features: Features) -> DocumentNode:
    """The document with the specification of ``@inaccessible`` linked and its directive defined."""
    own = features.named("link") or features.named("core")
    assert own is not None  # noqa: S101 - what links the join specification links by one of the two
    argument = "url" if own.name == "link" else "feature"
    # The first version of @core knows no purposes.
    purpose = ", for: SECURITY" if own.version != (0, 1) else ""
    name = own.local_name(own.name)
    text = f'extend schema @{name}({argument}: "https://specs.apollo.dev/inaccessible/v0.2"{purpose})'
    added: Any = parse(text, no_location=True).definitions[0]
    definition = parse(_DEFINITION, no_location=True).definitions[0]
    defined = any(
        isinstance(d, DirectiveDefinitionNode) and d.name.value == "inaccessible"
        for d in document.definitions
    )
    definitions = [
        replace(d, directives=(*(d.directives or ()), *added.directives))
        if isinstance(d, SchemaDefinitionNode)
        else d
        for d in document.definitions
    ]
    if not defined:
        definitions.insert(1, definition)
    return DocumentNode(definitions=tuple(definitions))
