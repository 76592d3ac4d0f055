"""Supergraph SDL to a Supergraph: parse, read the join specification, build both schemas."""

from __future__ import annotations

from types import MappingProxyType

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    TypeDefinitionNode,
    build_ast_schema,
    validate_schema,
)

from gateway.federation.links import Link
from gateway.supergraph.api_schema import api_document
from gateway.supergraph.authorization import read_authorization
from gateway.supergraph.contracts import Contract, under_contract
from gateway.supergraph.document import read_document
from gateway.supergraph.errors import InvalidSupergraph
from gateway.supergraph.features import Features, read_features
from gateway.supergraph.hidden import Hidden
from gateway.supergraph.implied import with_implied_fields
from gateway.supergraph.join_spec import JoinReader
from gateway.supergraph.model import SubgraphType, Supergraph
from gateway.supergraph.subgraph_types import composite_types, read_subgraph_types, with_possible

__all__ = ["load_supergraph"]

_SUPPORTED_JOIN = frozenset((0, minor) for minor in range(1, 6))


def load_supergraph(sdl: str, contract: Contract | None = None) -> Supergraph:
    """Read supergraph SDL composed by anyone (join v0.1 to v0.5); raises InvalidSupergraph.

    Under a contract clients see less, and what they see has to be a schema still.
    """
    try:
        return _load(sdl, contract, places=False)
    except InvalidSupergraph as error:
        if error.line is not None:
            raise
    # What is wrong is said with its place; keeping places would double what a good supergraph costs.
    return _load(sdl, contract, places=True)


def _load(sdl: str, contract: Contract | None, *, places: bool) -> Supergraph:
    try:
        document = read_document(sdl, places=places)
        features = read_features(document)
        join = _join(document, features)
        if contract is not None:
            document = under_contract(document, features, contract)
        hidden = Hidden(document, features)
        hidden.check()
        reader = JoinReader(join, document)
        by_graph = _types(document, features, join, reader)
        schema = _schema(document)
        api_schema = _schema(api_document(document, features, hidden))
    except RecursionError as error:
        message = "Something in the supergraph is nested too deeply to be read"
        raise InvalidSupergraph("INVALID_GRAPHQL", message, place=(1, 1)) from error
    subgraphs = {info.name: info for info in reader.subgraphs.values()}
    labels = frozenset(
        field.override_label
        for known in by_graph.values()
        for one in known.values()
        for field in one.fields.values()
        if field.override_label is not None
    )
    types = {info.name: MappingProxyType(by_graph[graph]) for graph, info in reader.subgraphs.items()}
    return Supergraph(
        sdl,
        schema,
        api_schema,
        MappingProxyType(subgraphs),
        MappingProxyType(types),
        features,
        labels,
        read_authorization(schema, api_schema, features),
    )


def _join(document: DocumentNode, features: Features) -> Link:
    join = features.named("join")
    if join is None:
        raise InvalidSupergraph("INVALID_FEDERATION_SUPERGRAPH", _other_kind(document, features))
    if join.version not in _SUPPORTED_JOIN:
        message = f"join v{join.version[0]}.{join.version[1]} is not supported; v0.1 to v0.5 are"
        raise InvalidSupergraph("INVALID_FEDERATION_SUPERGRAPH", message)
    return join


def _other_kind(document: DocumentNode, features: Features) -> str:
    """What the schema is instead of a supergraph, and what to do."""
    definitions = (
        d for d in document.definitions if isinstance(d, TypeDefinitionNode | DirectiveDefinitionNode)
    )
    names = {d.name.value for d in definitions}
    applied = {
        directive.name.value
        for definition in document.definitions
        for directive in getattr(definition, "directives", None) or ()
    }
    if features.named("federation") or names & {"_Service", "_Entity", "_Any"} or "key" in applied:
        return (
            "This is a subgraph's schema, not a supergraph: compose it, "
            "as by lets-connect compose --subgraph NAME=URL=FILE"
        )
    return (
        "The schema links no join specification (https://specs.apollo.dev/join), so it is no supergraph: "
        "compose the subgraphs and give the SDL that results"
    )


def _types(
    document: DocumentNode, features: Features, join: Link, reader: JoinReader
) -> dict[str, dict[str, SubgraphType]]:
    composites = composite_types(document)
    by_graph = read_subgraph_types(composites, reader, features.directive("context", "context"))
    if join.version == (0, 1):
        by_graph = {graph: with_implied_fields(types, composites) for graph, types in by_graph.items()}
    return {graph: with_possible(types) for graph, types in by_graph.items()}


def _schema(document: DocumentNode) -> GraphQLSchema:
    try:
        schema = build_ast_schema(document, assume_valid_sdl=True)
        found = validate_schema(schema)
        errors = [error for error in found if not _is_newer_rule(error)]
        if found and not errors:
            schema = build_ast_schema(document, assume_valid=True)
    except (GraphQLError, TypeError) as error:
        raise InvalidSupergraph("INVALID_GRAPHQL", str(error)) from error
    if errors:
        node = next(iter(errors[0].nodes or ()), None)
        raise InvalidSupergraph("INVALID_GRAPHQL", errors[0].message, node)
    return schema


def _is_newer_rule(error: GraphQLError) -> bool:
    """Whether a rule of GraphQL is broken that compositions do not know, being older."""
    return error.message.endswith("must not be deprecated.") or "has invalid default value" in error.message
