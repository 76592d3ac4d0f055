"""What names stand for in a subgraph: its own types and directives, GraphQL's, and those its links give it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from graphql import DirectiveDefinitionNode, DirectiveNode, parse, value_from_ast_untyped

from gateway.composition.reading.compatible import check_directive
from gateway.composition.reading.document import BUILT_IN_SCALARS, Document
from gateway.composition.reading.problems import Problems
from gateway.federation.links import Link, Links
from gateway.federation.localized import local_definitions
from gateway.federation.specifications import FEDERATION_1, FEDERATION_UPGRADE, LINKS, Specification
from gateway.federation.vocabulary import CORE, FEDERATION

__all__ = [
    "BUILT_IN_DIRECTIVES",
    "BUILT_IN_KINDS",
    "FIELD_SET",
    "Known",
    "check_upgrade",
    "is_of_core",
    "know",
]

BUILT_IN_KINDS: Mapping[str, str] = {
    **dict.fromkeys(BUILT_IN_SCALARS, "scalar"),
    "__Schema": "type",
    "__Type": "type",
    "__Field": "type",
    "__InputValue": "type",
    "__EnumValue": "type",
    "__Directive": "type",
    "__TypeKind": "enum",
    "__DirectiveLocation": "enum",
}
BUILT_IN_DIRECTIVES: Mapping[str, DirectiveDefinitionNode] = {
    d.name.value: d
    for d in parse(
        """
        directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
        directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
        directive @deprecated(reason: String = "No longer supported") on
          FIELD_DEFINITION | ENUM_VALUE | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION
        directive @specifiedBy(url: String!) on SCALAR
        """,
        no_location=True,
    ).definitions
    if isinstance(d, DirectiveDefinitionNode)
}
FIELD_SET = "_FieldSet"
"""What federation 1 calls its type of selections."""
_NAME = re.compile(r"[_A-Za-z]\w*", re.ASCII)
_OFTEN_MISTAKEN = frozenset({"key", "requires", "provides"})
_OFTEN_MISTAKEN_TYPES = frozenset({"String", FIELD_SET, "FieldSet"})


@dataclass(frozen=True, slots=True)
class Known:
    """``kinds`` are GraphQL's keywords by the type's name; ``directives`` the definitions in force by theirs."""

    kinds: Mapping[str, str]
    directives: Mapping[str, DirectiveDefinitionNode]
    enums: Mapping[str, tuple[str, ...]]
    """The values of enums that the subgraph does not define itself."""


def know(document: Document, links: Links | None, problems: Problems) -> Known:
    """All names of a subgraph. Definitions that contradict the specifications are reported, and an unknown version of
    federation; raises Unreadable on an unknown directive on the schema.
    """
    given = _Given(document, problems)
    if links is None and any(_is_plain_link(d) for d in document.applied):
        given.unlinked()
    for link in links or ():
        if link.specification is not None:
            given.specification(link.specification, link)
    if links is not None and is_of_core(links):
        given.field_set()
    federation = links.get(FEDERATION) if links is not None else None
    if federation is None:
        given.federation_1()
    elif federation.specification is None:
        told = f"Federation v{federation.version[0]}.{federation.version[1]} is not known."
        problems.report(told, federation.node, "UNKNOWN_FEDERATION_LINK_VERSION")
    for node in document.applied:
        if node.name.value not in given.directives:
            problems.refuse(f"Directive '@{node.name.value}' is not defined.", node)
    return Known(given.kinds, given.directives, given.enums)


def is_of_core(links: Links) -> bool:
    """Whether federation 2 is linked by ``@core``, from a time when its selections still were of ``_FieldSet``."""
    return links.get(CORE) is not None and links.get(FEDERATION) is not None


def check_upgrade(document: Document, links: Links | None, problems: Problems) -> None:
    """Report the definitions of a federation 1 schema that keep it from being read as federation 2."""
    given = _Given(document, problems)
    if links is None:
        given.link_types()
    for name, definition in FEDERATION_UPGRADE.directives.items():
        if name not in FEDERATION_1.directives:
            given.directive(name, definition, frozenset())


class _Given:
    """Collects what specifications define, unless the document defines it, compatibly, itself."""

    def __init__(self, document: Document, problems: Problems) -> None:
        self._document = document
        self._problems = problems
        own = {name: nodes.kind for name, nodes in document.types.items()}
        self.kinds = {**BUILT_IN_KINDS, **own}
        self.directives = {**BUILT_IN_DIRECTIVES, **document.directives}
        self.enums: dict[str, tuple[str, ...]] = {}

    def specification(self, known: Specification, link: Link) -> None:
        """The elements of a linked specification, under their local names."""
        if not _NAME.fullmatch(link.alias):
            told = (
                f"'{link.identity}' cannot be called '{link.alias}' here: its elements would have no names."
            )
            self._problems.refuse(told, link.node)
        scalars = frozenset(link.local_type(name) for name in known.scalars)
        for name in scalars:
            self._type(name, "scalar")
        for name, values in known.enums.items():
            self._enum(link.local_type(name), values)
        for name, definition in local_definitions(known, link).items():
            self.directive(name, definition, scalars)

    def unlinked(self) -> None:
        """``@link`` is known wherever it stands, even where it links nothing."""
        if "link" not in self._document.directives:
            self.specification(LINKS, Link(LINKS.identity, LINKS.version, LINKS.name))

    def field_set(self) -> None:
        """Federation 1's type of selections."""
        self._type(FIELD_SET, "scalar")

    def link_types(self) -> None:
        """The types of links, in a schema that is given links."""
        for name in LINKS.scalars:
            self._type(f"{LINKS.name}__{name}", "scalar")
        for name, values in LINKS.enums.items():
            self._enum(f"{LINKS.name}__{name}", values)

    def federation_1(self) -> None:
        """Federation 1's directives; well-known mistakes in their definitions are passed over."""
        names = {f"@{name}": f"@{name}" for name in FEDERATION_1.directives}
        link = Link(FEDERATION, (1, 0), "federation", {"FieldSet": FIELD_SET, **names})
        self.field_set()
        for name, definition in local_definitions(FEDERATION_1, link).items():
            own = self._document.directives.get(name)
            if name in _OFTEN_MISTAKEN and own is not None and _is_known_mistake(own):
                self.directives[name] = definition
            else:
                self.directive(name, definition, frozenset({FIELD_SET}))

    def directive(self, name: str, definition: DirectiveDefinitionNode, scalars: frozenset[str]) -> None:
        """One directive; ``scalars`` are the specification's types in whose place others may stand."""
        own = self._document.directives.get(name)
        if own is None:
            self.directives[name] = definition
            return
        for problem in check_directive(definition, own, scalars.__contains__, self._is_custom_scalar):
            message = f"The definition of '@{name}' contradicts its specification: {problem.message}."
            self._problems.report(message, problem.node, "DIRECTIVE_DEFINITION_INVALID")

    def _type(self, name: str, kind: str) -> None:
        own = self._document.types.get(name)
        if own is not None and own.kind != kind:
            message = f"'{name}' is a {kind} of a specification, and cannot be defined as '{own.kind}'."
            self._problems.report(message, own.nodes[0], "TYPE_DEFINITION_INVALID")
        self.kinds.setdefault(name, kind)

    def _enum(self, name: str, values: tuple[str, ...]) -> None:
        self._type(name, "enum")
        own = self._document.types.get(name)
        if own is None:
            self.enums[name] = values
        elif own.kind == "enum":
            found = [v.name.value for node in own.nodes for v in node.values or ()]
            if sorted(found) != sorted(values):
                message = f"The values of '{name}' are {', '.join(values)}, not {', '.join(found)}."
                self._problems.report(message, own.nodes[0], "TYPE_DEFINITION_INVALID")

    def _is_custom_scalar(self, name: str) -> bool:
        return self.kinds.get(name) == "scalar" and name not in BUILT_IN_SCALARS


def _is_plain_link(node: DirectiveNode) -> bool:
    """Whether a directive is ``@link``, and does not say that it has another name."""
    given = {a.name.value: value_from_ast_untyped(a.value) for a in node.arguments or ()}
    renamed = str(given.get("url")).startswith(LINKS.identity) and given.get("as") not in {None, "link"}
    return node.name.value == "link" and not renamed


def _is_known_mistake(own: DirectiveDefinitionNode) -> bool:
    """No arguments at all, or only ``fields``, nullable and of a type that goes by one of three names."""
    arguments = own.arguments or ()
    if not arguments:
        return True
    if len(arguments) > 1 or arguments[0].name.value != "fields":
        return False
    name = getattr(arguments[0].type, "name", None)
    return name is not None and name.value in _OFTEN_MISTAKEN_TYPES
