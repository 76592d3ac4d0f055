"""``@composeDirective``: directives of the authors' own specifications that the supergraph keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphql import Node

from gateway.composition.merging.directives import KeptDirective
from gateway.composition.merging.report import Report, groups, listed
from gateway.composition.model.subgraph import Applied, DirectiveDefinition, Subgraph
from gateway.federation.links import Link
from gateway.federation.supergraph_specs import SUPERGRAPH_SPECS
from gateway.federation.vocabulary import CORE, FEDERATION, LINK

__all__ = ["ComposedDirective", "Composing", "compose_directives"]

_ERROR = "DIRECTIVE_COMPOSITION_ERROR"
_BY_DEFAULT = ("tag", "inaccessible", "authenticated", "requiresScopes", "policy", "context")
_OWN = frozenset(
    {CORE, LINK, FEDERATION, "https://specs.apollo.dev/join", "https://specs.apollo.dev/source"}
    | {s.identity for s in SUPERGRAPH_SPECS if s.name not in {"policy", "cacheTag"}}
)


@dataclass(frozen=True, slots=True)
class _Request:
    """One ``@composeDirective`` that can be followed."""

    subgraph: Subgraph
    applied: Applied
    link: Link
    name: str
    own_name: str

    @property
    def node(self) -> Node:
        return self.applied.node


@dataclass(frozen=True, slots=True)
class ComposedDirective:
    """A directive of the supergraph, with the definition that it has there."""

    name: str
    own_name: str
    identity: str
    definition: DirectiveDefinition
    subgraph: str
    """Whose definition it is."""


@dataclass(frozen=True, slots=True)
class Undefined:
    """A directive that is composed, and not defined where its specification's latest version is linked."""

    name: str
    version: tuple[int, int]
    linking: tuple[str, ...]
    subgraph: str
    applied: Applied

    def tell(self, report: Report) -> None:
        """Add the error."""
        told = f"is composed, but not defined where v{self.version[0]}.{self.version[1]} is linked"
        report.error(_ERROR, f'"@{self.name}" {told}: {listed(self.linking)}.', {self.subgraph: self.applied})


@dataclass(frozen=True, slots=True)
class Composing:
    """What all ``@composeDirective``s come to."""

    links: tuple[Link, ...] = ()
    directives: tuple[ComposedDirective, ...] = ()
    composed_in: Mapping[str, frozenset[str]] = field(default_factory=dict)
    undefined: tuple[Undefined, ...] = ()
    """What lacks a definition. That is told with all else that does not merge."""

    @property
    def kept(self) -> dict[str, KeptDirective]:
        """By name, how applications are kept."""
        return {
            d.name: KeptDirective(
                d.name,
                d.definition.repeatable,
                {n: a.default for n, a in d.definition.arguments.items() if a.default is not None},
            )
            for d in self.directives
        }


def compose_directives(subgraphs: Sequence[Subgraph], report: Report) -> Composing:
    """Reads them all; what cannot be composed is told of."""
    requests = [
        request
        for subgraph in subgraphs
        for applied in subgraph.applied
        if applied.name == "composeDirective" and applied.spec == FEDERATION
        if (request := _Reader(subgraphs, subgraph, report).request(applied)) is not None
    ]
    links = _links(subgraphs, requests, report)
    refused = _inconsistent(requests, report) | _inconsistently_named(subgraphs, requests, report)
    composed = [r for r in requests if r.link.identity in links and r.name not in refused]
    found = [
        _definition(subgraphs, request, links[request.link.identity])
        for request in {r.name: r for r in reversed(composed)}.values()
    ]
    names: dict[str, set[str]] = {}
    for request in composed:
        names.setdefault(request.subgraph.name, set()).add(request.name)
    return Composing(
        tuple(links.values()),
        tuple(sorted((d for d in found if isinstance(d, ComposedDirective)), key=lambda d: d.name)),
        {s: frozenset(n) for s, n in names.items()},
        tuple(d for d in found if isinstance(d, Undefined)),
    )


class _Reader:
    """Reads the requests of one subgraph."""

    def __init__(self, subgraphs: Sequence[Subgraph], subgraph: Subgraph, report: Report) -> None:
        self._subgraphs = subgraphs
        self._subgraph = subgraph
        self._report = report
        self._federation = subgraph.link(FEDERATION)

    def request(self, applied: Applied) -> _Request | None:
        """The request, or None where it cannot be followed."""
        found = self._read(applied)
        if isinstance(found, str):
            message = f'@composeDirective in "{self._subgraph.name}" {found}.'
            self._report.error(_ERROR, message, {self._subgraph.name: applied})
            return None
        return found

    def _read(self, applied: Applied) -> _Request | str | None:
        """The request, what is wrong with it, or None where it asks for what is done anyway."""
        arguments = {a.name.value: a.value for a in applied.node.arguments or ()}
        given = getattr(arguments.get("name"), "value", None)
        if not isinstance(given, str) or not given.startswith("@"):
            return "takes a directive's name with a leading '@'"
        name = given[1:]
        definition = self._subgraph.directives.get(name)
        if self._federation_name(name) is not None:
            return self._federations_own(name)
        if definition is None:
            return f'names "@{name}", which is not defined'
        link = self._subgraph.link(definition.spec or "")
        if link is None or definition.spec_name is None:
            return f'names "@{name}", which is of no linked specification'
        if link.identity in _OWN:
            return self._federations_own(name)
        for own_name in ("tag", "inaccessible"):
            others = [s.name for s in self._subgraphs if local_name(s, own_name) == name]
            if others:
                return f'names "@{name}", which is federation\'s own "@{own_name}" in {listed(others)}'
        return _Request(self._subgraph, applied, link, name, definition.spec_name)

    def _federation_name(self, name: str) -> str | None:
        link = self._federation
        if link is None or link.specification is None:
            return None
        return next((d for d in link.specification.directives if link.local_name(d) == name), None)

    def _federations_own(self, name: str) -> str | None:
        if name not in {local_name(self._subgraph, d) for d in _BY_DEFAULT}:
            return f'names "@{name}", which is federation\'s own'
        message = f'"@{name}" needs no @composeDirective in "{self._subgraph.name}": it is always composed.'
        self._report.hint("DIRECTIVE_COMPOSITION_INFO", message, f"@{name}")
        return None


def local_name(subgraph: Subgraph, directive: str) -> str:
    """What one of federation's directives is called in a subgraph."""
    link = subgraph.link(FEDERATION)
    return link.local_name(directive) if link is not None else directive


def _links(subgraphs: Sequence[Subgraph], requests: Sequence[_Request], report: Report) -> dict[str, Link]:
    """By identity the link that the supergraph has: the highest minor version that is composed."""
    identities = dict.fromkeys(li.identity for s in subgraphs for li in s.links)
    composing = {(r.link.identity, r.subgraph.name) for r in requests}
    found = {}
    for identity in identities:
        linking = {s.name: li for s in subgraphs for li in s.links if li.identity == identity}
        latest = _latest(identity, linking, {s for s in linking if (identity, s) in composing}, report)
        if latest is not None:
            found[identity] = latest
    return found


def _latest(identity: str, links: Mapping[str, Link], composing: set[str], report: Report) -> Link | None:
    composed = {s: li for s, li in links.items() if s in composing}
    majors = groups(links, lambda li: f"v{li.version[0]}.{li.version[1]}")
    if len({li.version[0] for li in composed.values()}) > 1:
        message = f'"{identity}" is composed in different major versions: {majors}.'
        report.error(_ERROR, message, {s: _Placed(li.node) for s, li in links.items() if li.node is not None})
        return None
    if len({li.version[0] for li in links.values()}) > 1:
        message = f'"{identity}" is linked in different major versions, though not composed in all: {majors}.'
        report.hint("DIRECTIVE_COMPOSITION_INFO", message)
    return max(composed.values(), key=lambda li: li.version, default=None)


@dataclass(frozen=True, slots=True)
class _Placed:
    node: Node


def _inconsistent(requests: Sequence[_Request], report: Report) -> set[str]:
    """The names that stand for different directives."""
    refused = set()
    for name in dict.fromkeys(r.name for r in requests):
        alike = {r.subgraph.name: r for r in requests if r.name == name}
        if len({(r.own_name, r.link.identity) for r in alike.values()}) > 1:
            told = groups(alike, lambda r: f'"@{r.own_name}" of {r.link.identity}')
            report.error(_ERROR, f'"@{name}" is not the same directive everywhere: {told}.', alike)
            refused.add(name)
    return refused


def _inconsistently_named(
    subgraphs: Sequence[Subgraph], requests: Sequence[_Request], report: Report
) -> set[str]:
    """The directives that are called by different names."""
    refused: set[str] = set()
    for own_name in dict.fromkeys(r.own_name for r in requests):
        alike = {r.subgraph.name: r for r in requests if r.own_name == own_name}
        first = next(iter(alike.values()))
        if len({r.name for r in alike.values()}) > 1:
            told = groups(alike, lambda r: f'"@{r.name}"')
            report.error(_ERROR, f'"@{own_name}" is composed by different names: {told}.', alike)
            refused |= {r.name for r in alike.values()}
        odd = [
            s.name
            for s in subgraphs
            if s.name not in alike
            for li in s.links
            if li.identity == first.link.identity
            and li.imports.get(f"@{own_name}", f"@{first.name}") != f"@{first.name}"
        ]
        if odd:
            message = f'"@{own_name}" is composed as "@{first.name}", and called otherwise in {listed(odd)}.'
            report.hint("DIRECTIVE_COMPOSITION_WARN", message, f"@{first.name}")
    return refused


def _definition(
    subgraphs: Sequence[Subgraph], request: _Request, link: Link
) -> ComposedDirective | Undefined:
    """The definition of one of those who link the version that is used."""
    used = (link.identity, link.version)
    linking = [s for s in subgraphs if any((li.identity, li.version) == used for li in s.links)]
    for subgraph in reversed(linking):
        for definition in subgraph.directives.values():
            if (definition.spec, definition.spec_name) == (link.identity, request.own_name):
                return ComposedDirective(
                    request.name, request.own_name, link.identity, definition, subgraph.name
                )
    names = tuple(s.name for s in linking)
    return Undefined(request.name, link.version, names, request.subgraph.name, request.applied)
