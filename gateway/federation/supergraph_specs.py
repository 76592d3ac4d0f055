"""The specifications by which a supergraph has what subgraphs say with federation's directives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.federation.specifications import Specification, specification
from gateway.federation.vocabulary import FEDERATION, Version

__all__ = ["SUPERGRAPH_SPECS", "SupergraphSpec", "supergraph_spec"]


@dataclass(frozen=True, slots=True)
class SupergraphSpec:
    """One specification. ``joined`` are the directives kept as ``@join__directive`` instead."""

    name: str
    version: Version
    composed: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    purpose: str | None = None

    @property
    def identity(self) -> str:
        """Its address without the version."""
        return f"https://specs.apollo.dev/{self.name}"

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self.identity}/v{self.version[0]}.{self.version[1]}"

    @property
    def definitions(self) -> Specification | None:
        """What a supergraph that links it defines; None for one that defines nothing."""
        return specification(self.identity, self.version)


SUPERGRAPH_SPECS: tuple[SupergraphSpec, ...] = (
    SupergraphSpec("tag", (0, 3), ("tag",)),
    SupergraphSpec("inaccessible", (0, 2), ("inaccessible",), purpose="SECURITY"),
    SupergraphSpec("authenticated", (0, 1), ("authenticated",), purpose="SECURITY"),
    SupergraphSpec("requiresScopes", (0, 1), ("requiresScopes",), purpose="SECURITY"),
    SupergraphSpec("policy", (0, 1), ("policy",), purpose="SECURITY"),
    SupergraphSpec("context", (0, 1), ("context",), purpose="SECURITY"),
    SupergraphSpec("cost", (0, 1), ("cost", "listSize")),
    SupergraphSpec("cacheTag", (0, 1), (), ("cacheTag",), purpose="EXECUTION"),
)

_BY_DIRECTIVE: Mapping[str, SupergraphSpec] = {
    directive: spec for spec in SUPERGRAPH_SPECS for directive in (*spec.composed, *spec.joined)
}


def supergraph_spec(identity: str | None, directive: str) -> SupergraphSpec | None:
    """The specification that an application of a subgraph's directive brings into the supergraph, if any."""
    found = _BY_DIRECTIVE.get(directive)
    if found is None or identity not in {FEDERATION, found.identity}:
        return None
    return found
