"""Reading the join specification's directives off definitions, as typed values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DirectiveNode,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeNode,
    parse,
    parse_type,
    value_from_ast_untyped,
)

from gateway.supergraph.errors import InvalidSupergraph
from gateway.supergraph.model import ContextArgument

__all__ = ["JoinField", "JoinReader", "JoinType", "parse_field_set", "parse_type_text"]


@dataclass(frozen=True, slots=True)
class JoinType:
    """One ``@join__type``."""

    graph: str
    key: str | None
    resolvable: bool
    interface_object: bool


@dataclass(frozen=True, slots=True)
class JoinField:
    """One ``@join__field``; ``graph`` is None where no subgraph has the field itself."""

    graph: str | None
    requires: str | None
    provides: str | None
    type: str | None
    external: bool
    override: str | None
    used_overridden: bool
    override_label: str | None
    context_arguments: tuple[ContextArgument, ...]


@lru_cache(maxsize=4096)
def parse_field_set(text: str) -> SelectionSetNode:
    """The selections of a field set such as ``"id owner { id }"``."""
    try:
        definition = parse("{" + text + "}", no_location=True).definitions[0]
    except GraphQLSyntaxError as error:
        raise InvalidSupergraph(
            "INVALID_FEDERATION_SUPERGRAPH", f"Not a set of fields: {text!r}: {error.message}"
        ) from error
    assert isinstance(definition, OperationDefinitionNode)  # noqa: S101
    return definition.selection_set


@lru_cache(maxsize=4096)
def parse_type_text(text: str) -> TypeNode:
    """A type reference such as ``[Product!]!``."""
    return parse_type(text, no_location=True)


def _arguments(directive: DirectiveNode) -> dict[str, Any]:
    return {
        argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()
    }


def _context_arguments(values: list[dict[str, Any]] | None) -> tuple[ContextArgument, ...]:
    return tuple(
        ContextArgument(value["name"], value["type"], value["context"], value["selection"])
        for value in values or ()
    )


class JoinReader:
    """Reads join directives under the prefix the document gave the specification."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def applied(self, directives: tuple[DirectiveNode, ...], name: str) -> Iterator[dict[str, Any]]:
        """The arguments of each application of ``join__<name>``."""
        wanted = f"{self.prefix}__{name}"
        for directive in directives:
            if directive.name.value == wanted:
                yield _arguments(directive)

    def types(self, directives: tuple[DirectiveNode, ...]) -> list[JoinType]:
        """Every ``@join__type``."""
        return [
            JoinType(
                graph=arguments["graph"],
                key=arguments.get("key"),
                resolvable=arguments.get("resolvable", True),
                interface_object=arguments.get("isInterfaceObject", False),
            )
            for arguments in self.applied(directives, "type")
        ]

    def fields(self, directives: tuple[DirectiveNode, ...]) -> list[JoinField]:
        """Every ``@join__field``."""
        return [
            JoinField(
                graph=arguments.get("graph"),
                requires=arguments.get("requires"),
                provides=arguments.get("provides"),
                type=arguments.get("type"),
                external=arguments.get("external", False),
                override=arguments.get("override"),
                used_overridden=arguments.get("usedOverridden", False),
                override_label=arguments.get("overrideLabel"),
                context_arguments=_context_arguments(arguments.get("contextArguments")),
            )
            for arguments in self.applied(directives, "field")
        ]
