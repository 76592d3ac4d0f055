"""The specifications of the supergraph: which are linked, under which names, and what is kept by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gateway.composition.merging.aliases import Aliases
from gateway.composition.merging.applications import applications
from gateway.composition.merging.composed import Composing
from gateway.composition.merging.directives import DirectiveRegistry, KeptDirective
from gateway.composition.merging.report import Report, groups
from gateway.composition.model.subgraph import Applied, Subgraph
from gateway.federation.links import Link
from gateway.federation.supergraph_specs import SUPERGRAPH_SPECS, SupergraphSpec, supergraph_spec
from gateway.federation.vocabulary import Version

__all__ = ["link_specifications"]

_Uses = Mapping[tuple[SupergraphSpec, str], Mapping[str, Applied]]
"""By specification and directive, where each subgraph applies it first."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A specification to be linked, and the directives wanted from it: own names to names here."""

    identity: str
    name: str
    version: Version
    directives: Mapping[str, str]
    purpose: str | None = None
    always_imported: bool = False


def link_specifications(
    subgraphs: Sequence[Subgraph], composing: Composing, report: Report
) -> tuple[tuple[Link, ...], DirectiveRegistry]:
    """Links and what is kept; names that differ between subgraphs are told of."""
    uses = _uses(subgraphs)
    for (spec, directive), by in uses.items():
        if len({a.node.name.value for a in by.values()}) > 1:
            told = groups(by, lambda a: f'"@{a.node.name.value}"')
            message = f'"@{directive}" of {spec.name} is called by different names: {told}.'
            report.error("LINK_IMPORT_NAME_MISMATCH", message, by)
    wanted = [*_federated(uses), *_composed(composing)]
    links = _linked(subgraphs, wanted)
    return links, _registry(uses, composing)


def _uses(subgraphs: Sequence[Subgraph]) -> _Uses:
    found: dict[tuple[SupergraphSpec, str], dict[str, Applied]] = {}
    for subgraph in subgraphs:
        for applied in applications(subgraph):
            spec = supergraph_spec(applied.spec, applied.name)
            if spec is not None:
                found.setdefault((spec, applied.name), {}).setdefault(subgraph.name, applied)
    return found


def _local(by: Mapping[str, Applied]) -> str:
    return next(iter(by.values())).node.name.value


def _federated(uses: _Uses) -> Iterable[_Wanted]:
    for spec in SUPERGRAPH_SPECS:
        names = {directive: _local(by) for (of, directive), by in uses.items() if of is spec}
        if names:
            imported = {d: n for d, n in names.items() if d in spec.composed}
            yield _Wanted(spec.identity, spec.name, spec.version, imported, spec.purpose)


def _composed(composing: Composing) -> Iterable[_Wanted]:
    for link in composing.links:
        directives = {d.own_name: d.name for d in composing.directives if d.identity == link.identity}
        yield _Wanted(link.identity, link.name, link.version, directives, always_imported=True)


def _linked(subgraphs: Sequence[Subgraph], wanted: Sequence[_Wanted]) -> tuple[Link, ...]:
    aliases = Aliases(
        {w.identity: w.name for w in wanted},
        {w.identity: w.directives for w in wanted},
        {name for s in subgraphs for name in (*s.types, *s.directives)},
    )
    found = []
    for one in wanted:
        alias = aliases.alias(one.identity)
        bare = Link(one.identity, one.version, alias)
        imports = {
            f"@{own}": f"@{here}"
            for own, here in one.directives.items()
            if one.always_imported or bare.local_name(own) != here
        }
        found.append(Link(one.identity, one.version, alias, imports, one.purpose))
    return tuple(found)


def _registry(uses: _Uses, composing: Composing) -> DirectiveRegistry:
    federated: dict[str, KeptDirective] = {}
    joined: dict[str, str] = {}
    for (spec, directive), by in uses.items():
        if directive in spec.joined:
            joined |= {a.node.name.value: f"federation__{directive}" for a in by.values()}
            continue
        definitions = spec.definitions
        if definitions is not None:
            kept = DirectiveRegistry.of(definitions.directives[directive], _local(by))
            federated[kept.name] = kept
    return DirectiveRegistry(federated, joined, composing.kept, composing.composed_in)
