"""Reading the join specification's directives (https://specs.apollo.dev/join, v0.1 to v0.5) as typed values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumValueNode,
    GraphQLError,
    SelectionSetNode,
    StringValueNode,
    TypeNode,
    parse_type,
    value_from_ast_untyped,
)

from gateway.federation.field_sets import parse_field_set
from gateway.federation.links import Link
from gateway.supergraph.errors import InvalidSupergraph
from gateway.supergraph.model import ContextArgument, SubgraphInfo

__all__ = ["JoinField", "JoinReader", "JoinType"]

_CODE = "INVALID_FEDERATION_SUPERGRAPH"


@dataclass(frozen=True, slots=True)
class JoinType:
    """One ``@join__type``; ``key`` is the text and what it selects."""

    graph: str
    key: tuple[str, SelectionSetNode] | None
    resolvable: bool
    interface_object: bool
    extension: bool


@dataclass(frozen=True, slots=True)
class JoinField:
    """One ``@join__field``; ``graph`` is None where no subgraph has the field itself."""

    graph: str | None
    requires: SelectionSetNode | None
    provides: SelectionSetNode | None
    type: TypeNode | None
    external: bool
    override: str | None
    used_overridden: bool
    override_label: str | None
    context_arguments: tuple[ContextArgument, ...]


class JoinReader:
    """Reads join directives under the names the document gave them; each method raises InvalidSupergraph."""

    def __init__(self, join: Link, document: DocumentNode) -> None:
        self._join = join
        self.subgraphs = self._read_subgraphs(document)
        """By their values of ``join__Graph``, in the document's order."""

    def types(self, directives: Iterable[DirectiveNode] | None) -> list[JoinType]:
        """Every ``@join__type``."""
        return [
            JoinType(
                graph=self._graph(given),
                key=given.field_set("key"),
                resolvable=given.flag("resolvable", True),
                interface_object=given.flag("isInterfaceObject"),
                extension=given.flag("extension"),
            )
            for given in self._applied(directives, "type")
        ]

    def fields(self, directives: Iterable[DirectiveNode] | None) -> list[JoinField]:
        """Every ``@join__field``."""
        return [self._field(given) for given in self._applied(directives, "field")]

    def owners(self, directives: Iterable[DirectiveNode] | None) -> list[str]:
        """The graph of each ``@join__owner`` (v0.1)."""
        return [self._graph(given) for given in self._applied(directives, "owner")]

    def pairs(
        self, directives: Iterable[DirectiveNode] | None, name: str, other: str
    ) -> list[tuple[str, str]]:
        """Graph and ``other`` of each ``@join__implements`` or ``@join__unionMember``."""
        return [(self._graph(given), given.needed(other)) for given in self._applied(directives, name)]

    def _field(self, given: _Given) -> JoinField:
        requires, provides = given.field_set("requires"), given.field_set("provides")
        return JoinField(
            graph=self._graph(given) if given.has("graph") else None,
            requires=requires[1] if requires else None,
            provides=provides[1] if provides else None,
            type=given.type("type"),
            external=given.flag("external"),
            override=given.text("override"),
            used_overridden=given.flag("usedOverridden"),
            override_label=given.text("overrideLabel"),
            context_arguments=given.context_arguments("contextArguments"),
        )

    def _graph(self, given: _Given) -> str:
        graph = given.needed("graph")
        if graph not in self.subgraphs:
            named = ", ".join(self.subgraphs)
            raise InvalidSupergraph(
                _CODE, f"{graph} is no subgraph; those of the supergraph are {named}", given.node
            )
        return graph

    def _applied(self, directives: Iterable[DirectiveNode] | None, name: str) -> Iterator[_Given]:
        wanted = self._join.local_name(name)
        return (_Given(one) for one in directives or () if one.name.value == wanted)

    def _read_subgraphs(self, document: DocumentNode) -> dict[str, SubgraphInfo]:
        enum = self._join.local_type("Graph")
        found: dict[str, SubgraphInfo] = {}
        names: set[str] = set()
        for definition in document.definitions:
            if not isinstance(definition, EnumTypeDefinitionNode) or definition.name.value != enum:
                continue
            for value in definition.values or ():
                graph = value.name.value
                given = next(self._applied(value.directives, "graph"), None)
                if given is None:
                    message = f"{graph} says neither a name nor a url: it needs @join__graph(name:, url:)"
                    raise InvalidSupergraph(_CODE, message, value)
                name = given.needed("name")
                if name in names:
                    raise InvalidSupergraph(
                        _CODE, f"Two subgraphs are named {name!r}; name them apart", value
                    )
                names.add(name)
                found[graph] = SubgraphInfo(name, given.needed("url"), graph)
        if not found:
            message = f"The supergraph names no subgraph: it needs an enum {enum} with a value for each"
            raise InvalidSupergraph(_CODE, message)
        return found


class _Given:
    """The arguments of one directive, each read as what it has to be."""

    def __init__(self, node: DirectiveNode) -> None:
        self.node = node
        self._values: dict[str, Any] = {
            argument.name.value: argument.value.value
            if isinstance(argument.value, StringValueNode | EnumValueNode)
            else value_from_ast_untyped(argument.value)
            for argument in node.arguments or ()
        }

    def has(self, name: str) -> bool:
        return self._values.get(name) is not None

    def needed(self, name: str) -> str:
        text = self.text(name)
        if text is None:
            raise self._refused(name, "is missing")
        return text

    def text(self, name: str) -> str | None:
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            raise self._refused(name, "must be a string or a name")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._refused(name, "must be true or false")
        return default if value is None else value

    def field_set(self, name: str) -> tuple[str, SelectionSetNode] | None:
        text = self.text(name)
        if text is None:
            return None
        try:
            return text, parse_field_set(text)
        except GraphQLError as error:
            raise self._refused(
                name, f"must be a set of fields, and is {_short(text)}: {error.message}"
            ) from error

    def type(self, name: str) -> TypeNode | None:
        text = self.text(name)
        if text is None:
            return None
        try:
            return _parse_type(text)
        except GraphQLError as error:
            raise self._refused(name, f"must be a type, and is {_short(text)}: {error.message}") from error

    def context_arguments(self, name: str) -> tuple[ContextArgument, ...]:
        given = self._values.get(name) or ()
        parts = ("name", "type", "context", "selection")
        if not isinstance(given, list | tuple) or not all(
            isinstance(one, dict) and all(isinstance(one.get(part), str) for part in parts) for one in given
        ):
            raise self._refused(name, f"must be a list of {{{', '.join(parts)}}}")
        return tuple(ContextArgument(*(one[part] for part in parts)) for one in given)

    def _refused(self, name: str, why: str) -> InvalidSupergraph:
        return InvalidSupergraph(_CODE, f"@{self.node.name.value}({name}:) {why}", self.node)


def _short(text: str) -> str:
    return repr(text if len(text) <= 100 else text[:100] + "…")


@lru_cache(maxsize=4096)
def _parse_type(text: str) -> TypeNode:
    return parse_type(text, no_location=True)
