"""One subgraph: parsed, linked, valid GraphQL, and in the model; federation 1 is upgraded later, with all at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import NameNode, SchemaDefinitionNode

from gateway.composition.errors import CompositionError
from gateway.composition.field_sets.usage import Place
from gateway.composition.model.subgraph import Definition, Subgraph
from gateway.composition.reading.build import Builder
from gateway.composition.reading.document import Document, read_document
from gateway.composition.reading.known import (
    BUILT_IN_DIRECTIVES,
    BUILT_IN_KINDS,
    FIELD_SET,
    check_upgrade,
    is_of_core,
    know,
)
from gateway.composition.reading.meaning import interpret
from gateway.composition.reading.problems import Problems
from gateway.composition.reading.validation import (
    Constants,
    check_definitions,
    check_directive_arguments,
    check_known,
    check_references,
    check_roots,
    check_shadowing,
    check_uses,
)
from gateway.federation.directives import MACHINERY_FIELDS, MACHINERY_TYPES
from gateway.federation.linking import read_links
from gateway.federation.links import Link, LinkError, Links
from gateway.federation.specifications import FEDERATION_UPGRADE
from gateway.federation.vocabulary import CORE, FEDERATION, LINK, UPGRADE_VERSION, Version

__all__ = ["ReadSubgraph", "read_subgraph"]

_ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
_NOT_MERGED = frozenset({FEDERATION, LINK, CORE, "https://specs.apollo.dev/connect"})


@dataclass(frozen=True, slots=True)
class ReadSubgraph:
    """A subgraph in the model; one of federation 1 is not interpreted yet."""

    subgraph: Subgraph
    is_federation_2: bool
    errors: tuple[CompositionError, ...] = ()
    """What is wrong with the names of its root types."""
    upgrade_errors: tuple[CompositionError, ...] = ()
    """Why a schema of federation 1 cannot be read as federation 2."""


def read_subgraph(name: str, url: str, sdl: str, graph: str) -> ReadSubgraph:
    """Read one subgraph; raises Unreadable."""
    problems = Problems(name)
    document = read_document(name, sdl)
    links = _validated_links(name, document, problems)
    roots = _roots(document)
    _check_root_names(document, roots, problems)
    if links is not None and (federation := links.get(FEDERATION)) is not None:
        subgraph = _built(Subgraph(name, url, _version(links, federation), {}, graph), document, links, roots)
        return ReadSubgraph(replace(subgraph, types=interpret(subgraph.types)), True, tuple(problems.found))
    upgrade = Problems(name)
    links = _upgraded_links(document, links, upgrade)
    subgraph = Subgraph(name, url, UPGRADE_VERSION, {}, graph, upgraded=True)
    subgraph = _built(subgraph, document, links, roots)
    return ReadSubgraph(subgraph, False, tuple(problems.found), tuple(upgrade.found))


def _validated_links(name: str, document: Document, problems: Problems) -> Links | None:
    """The links of a document that is valid GraphQL; raises Unreadable for one that is not."""
    own = _own_kinds(document)
    check_directive_arguments(document, own, problems)
    check_roots(document, own, problems)
    try:
        links = read_links(document.applied, document.directives)
    except LinkError as error:
        problems.refuse(error.message, error.node, error.code)
    known = know(document, links, problems)
    query = next((old for old, new in _roots(document).items() if new == "Query"), "Query")
    ignored = frozenset() if links is not None and links.get(FEDERATION) else _machinery(query)
    check_references(document, known.kinds, ignored, problems)
    if problems.found:
        check_known(document, known, ignored, problems)
    problems.check()
    if name == "_":
        problems.refuse("A subgraph cannot be called '_'.", None, "INVALID_SUBGRAPH_NAME")
    constants = Constants(document, known)
    check_uses(document, known, constants, ignored, problems)
    check_definitions(document, constants, query, problems)
    if links is not None:
        check_shadowing(document, links, problems)
    problems.check()
    return links


def _built(subgraph: Subgraph, document: Document, links: Links, roots: Mapping[str, str]) -> Subgraph:
    builder = Builder(links.directive, roots)
    query = next((old for old, new in roots.items() if new == "Query"), "Query")
    types: dict[str, Definition] = {}
    unmerged: list[Any] = []
    for nodes in document.types.values():
        taken = nodes.name in roots.values() and nodes.name not in roots
        if _is_machinery(nodes.name, links, subgraph.upgraded):
            unmerged += nodes.nodes
        elif not taken:
            definition = builder.type(nodes, _machinery(query))
            if definition.name != "Query" or definition.fields:
                types[definition.name] = definition
            if nodes.name == query:
                unmerged += [
                    f for n in nodes.nodes for f in n.fields or () if f.name.value in MACHINERY_FIELDS
                ]
    unmerged += [d for name, d in document.directives.items() if not _is_own(name, links)]
    return replace(
        subgraph,
        types={**_given_scalars(links), **types},
        links=tuple(links),
        directives={n: builder.directive(d) for n, d in document.directives.items() if _is_own(n, links)},
        applied=builder.on_schema(document),
        unmerged=tuple(applied for node in unmerged for applied in builder.within(node)),
        description=_description(document),
    )


def _own_kinds(document: Document) -> dict[str, str]:
    return {**BUILT_IN_KINDS, **{name: nodes.kind for name, nodes in document.types.items()}}


def _roots(document: Document) -> dict[str, str]:
    """The default names of the root types that have others."""
    named = [o for node in document.schema for o in node.operation_types or ()]
    return {
        o.type.name.value: default
        for o in named
        if o.type.name.value != (default := _ROOTS[o.operation.value])
    }


def _check_root_names(document: Document, roots: Mapping[str, str], problems: Problems) -> None:
    for name, default in roots.items():
        if default in document.types:
            told = f"The root type is '{name}', so that no other type can be called '{default}'."
            problems.report(told, document.types[default].nodes[0], f"ROOT_{default.upper()}_USED")


def _upgraded_links(document: Document, links: Links | None, problems: Problems) -> Links:
    """The links of a schema of federation 1, and one to the federation that it is read as."""
    check_upgrade(document, links, problems)
    imports = {f"@{name}": f"@{name}" for name in FEDERATION_UPGRADE.directives}
    federation = Link(FEDERATION, UPGRADE_VERSION, "federation", imports)
    own = Link(LINK, (1, 0), "link1" if "link" in document.directives else "link")
    try:
        return Links([*(links or [own]), federation])
    except LinkError as error:
        problems.report(error.message, error.node, error.code)
        return Links([own, federation])


def _version(links: Links, federation: Link) -> Version:
    """What is linked, or what a linked specification asks for."""
    asked = [link.specification.federation for link in links if link.specification is not None]
    same_major = [v for v in asked if v is not None and v[0] == federation.version[0]]
    return max([federation.version, *same_major])


def _machinery(query: str) -> frozenset[Place]:
    return frozenset((query, field) for field in MACHINERY_FIELDS)


def _is_machinery(name: str, links: Links, upgraded: bool) -> bool:
    if name in MACHINERY_TYPES or name in BUILT_IN_KINDS or (upgraded and name == FIELD_SET):
        return True
    source = links.type(name)
    return source is not None and source.identity in _NOT_MERGED


def _is_own(name: str, links: Links) -> bool:
    if name in BUILT_IN_DIRECTIVES:
        return False
    source = links.directive(name)
    return source is None or source.identity not in _NOT_MERGED


def _given_scalars(links: Links) -> dict[str, Definition]:
    """The scalars of specifications that are linked for themselves, which are in the graph like any other."""
    names = [
        link.local_type(name)
        for link in links
        if link.specification is not None and link.identity not in _NOT_MERGED
        for name in link.specification.scalars
    ]
    names += [FIELD_SET] if is_of_core(links) else []
    return {name: Definition("scalar", name, None, (), NameNode(value=name)) for name in names}


def _description(document: Document) -> str | None:
    for node in document.schema:
        if isinstance(node, SchemaDefinitionNode) and node.description:
            return node.description.value
    return None
