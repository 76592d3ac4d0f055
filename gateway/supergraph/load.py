"""Supergraph SDL to a Supergraph: parse, read the join specification, build both schemas."""

from __future__ import annotations

from types import MappingProxyType

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    build_ast_schema,
    parse,
)

from gateway.supergraph.api_schema import build_api_schema
from gateway.supergraph.errors import InvalidSupergraph
from gateway.supergraph.features import Features, read_features
from gateway.supergraph.join_spec import JoinReader
from gateway.supergraph.model import SubgraphInfo, Supergraph
from gateway.supergraph.subgraph_types import read_subgraph_types

__all__ = ["load_supergraph"]

_SUPPORTED_JOIN = frozenset((0, minor) for minor in range(1, 6))


def load_supergraph(sdl: str) -> Supergraph:
    """Read supergraph SDL composed by anyone (join v0.1 to v0.5); raises InvalidSupergraph."""
    document = _parse(sdl)
    features = read_features(document)
    join = features.named("join")
    if join is None:
        raise InvalidSupergraph(
            "INVALID_FEDERATION_SUPERGRAPH", "The schema links no join specification: not a supergraph"
        )
    if join.version not in _SUPPORTED_JOIN:
        raise InvalidSupergraph(
            "INVALID_FEDERATION_SUPERGRAPH",
            f"join v{join.version[0]}.{join.version[1]} is not supported (v0.1 to v0.5 are)",
        )
    reader = JoinReader(join.alias)
    subgraphs = _subgraphs(document, reader)
    context = features.named("context")
    types = read_subgraph_types(
        document,
        reader,
        {info.graph: info.name for info in subgraphs.values()},
        context.directive("context") if context else None,
    )
    schema, api_schema = _schemas(document, features)
    labels = frozenset(
        field.override_label
        for known in types.values()
        for one in known.values()
        for field in one.fields.values()
        if field.override_label is not None
    )
    return Supergraph(sdl, schema, api_schema, MappingProxyType(subgraphs), types, join.version, labels)


def _parse(sdl: str) -> DocumentNode:
    try:
        return parse(sdl, no_location=True)
    except GraphQLSyntaxError as error:
        raise InvalidSupergraph("INVALID_GRAPHQL", error.message) from error


def _schemas(document: DocumentNode, features: Features) -> tuple[GraphQLSchema, GraphQLSchema]:
    try:
        return build_ast_schema(document, assume_valid=True), build_api_schema(document, features)
    except (GraphQLError, TypeError) as error:
        raise InvalidSupergraph("INVALID_GRAPHQL", str(error)) from error


def _subgraphs(document: DocumentNode, join: JoinReader) -> dict[str, SubgraphInfo]:
    found: dict[str, SubgraphInfo] = {}
    for definition in document.definitions:
        if not isinstance(definition, EnumTypeDefinitionNode):
            continue
        if definition.name.value != f"{join.prefix}__Graph":
            continue
        for value in definition.values or ():
            graph = value.name.value
            for arguments in join.applied(tuple(value.directives or ()), "graph"):
                found[arguments["name"]] = SubgraphInfo(arguments["name"], arguments["url"], graph)
    if not found:
        raise InvalidSupergraph("INVALID_FEDERATION_SUPERGRAPH", "The supergraph names no subgraph")
    return found
