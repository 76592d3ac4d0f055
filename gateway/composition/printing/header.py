"""What a supergraph has besides the graph's own types: links, the specifications' elements, its subgraphs."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import DirectiveDefinitionNode

from gateway.composition.model.merged import Merged, MergedDirective
from gateway.composition.model.values import quoted, written_value
from gateway.composition.printing.text import applied, argument_list, described, join_directive
from gateway.federation.join_definitions import join_definitions
from gateway.federation.links import Link
from gateway.federation.localized import local_definitions
from gateway.federation.type_references import print_type

__all__ = ["print_header"]


def print_header(merged: Merged) -> Iterator[str]:
    """One text a definition, the schema first."""
    yield _schema(merged)
    yield from sorted([*_directives(merged), *join_definitions(merged.join_version)])
    graphs = [
        f"  {s.graph} @join__graph(name: {quoted(s.name)}, url: {quoted(s.url)})" for s in merged.subgraphs
    ]
    yield "\n".join(["enum join__Graph {", *graphs, "}"])


def _schema(merged: Merged) -> str:
    links = [
        '@link(url: "https://specs.apollo.dev/link/v1.0")',
        f'@link(url: "https://specs.apollo.dev/join/{merged.join_version}", for: EXECUTION)',
        *map(_link, merged.specs),
        *map(join_directive, merged.join_directives),
        *(applied([a])[1:] for a in merged.applied),
    ]
    roots = [f"  {r.lower()}: {r}" for r in ("Query", "Mutation", "Subscription") if r in merged.types]
    head = f"{described(merged.description)}schema"
    return "\n".join([head, *(f"  {link}" for link in links), "{", *roots, "}"])


def _link(spec: Link) -> str:
    parts = [f"url: {quoted(spec.url)}"]
    parts += [f"as: {quoted(spec.alias)}"] if spec.alias != spec.name else []
    if spec.imports:
        imports = (
            quoted(own) if own == here else f'{{name: "{own}", as: "{here}"}}'
            for own, here in spec.imports.items()
        )
        parts.append(f"import: [{', '.join(imports)}]")
    parts += [f"for: {spec.purpose}"] if spec.purpose else []
    return f"@link({', '.join(parts)})"


def _directives(merged: Merged) -> Iterator[str]:
    yield from map(_definition, merged.directives.values())
    for spec in merged.specs:
        known = spec.specification
        if known is None:
            continue
        yield from map(_known_definition, local_definitions(known, spec).values())
        for scalar in sorted(map(spec.local_type, known.scalars)):
            if scalar not in merged.types:
                yield f"scalar {scalar}"


def _definition(directive: MergedDirective) -> str:
    repeatable = " repeatable" if directive.repeatable else ""
    return (
        f"{described(directive.description)}directive @{directive.name}"
        f"{argument_list(directive.arguments.values())}{repeatable} on {' | '.join(directive.locations)}"
    )


def _known_definition(node: DirectiveDefinitionNode) -> str:
    arguments = []
    for argument in node.arguments or ():
        default = f" = {written_value(argument.default_value)}" if argument.default_value else ""
        arguments.append(f"{argument.name.value}: {print_type(argument.type)}{default}")
    given = f"({', '.join(arguments)})" if arguments else ""
    repeatable = " repeatable" if node.repeatable else ""
    locations = " | ".join(location.value for location in node.locations)
    return f"directive @{node.name.value}{given}{repeatable} on {locations}"
