"""Which of the directives that subgraphs apply the supergraph keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import DirectiveDefinitionNode, StringValueNode, ValueNode

from gateway.composition.merging.strategies import STRATEGIES, Strategy

__all__ = ["BUILT_IN", "DirectiveRegistry", "KeptDirective"]


@dataclass(frozen=True, slots=True)
class KeptDirective:
    """One kind of application that the supergraph keeps. ``name`` is that in the supergraph and in all subgraphs."""

    name: str
    repeatable: bool = False
    defaults: Mapping[str, ValueNode] = field(default_factory=dict)
    own_name: str | None = None
    """What its specification calls it."""

    @property
    def strategies(self) -> Mapping[str, Strategy] | None:
        """How its arguments are reconciled, if not by majority."""
        return STRATEGIES.get(self.own_name or "")


BUILT_IN = {
    "deprecated": KeptDirective(
        "deprecated", defaults={"reason": StringValueNode(value="No longer supported")}
    ),
    "specifiedBy": KeptDirective("specifiedBy"),
    "oneOf": KeptDirective("oneOf"),
}
"""GraphQL's own."""


@dataclass(frozen=True, slots=True)
class DirectiveRegistry:
    """The directives that are kept, by their names in the supergraph."""

    federated: Mapping[str, KeptDirective]
    """Federation's own: kept wherever they are applied."""
    joined: Mapping[str, str]
    """Kept as ``@join__directive``: local names to the names in there."""
    composed: Mapping[str, KeptDirective]
    """Kept because some subgraph composes them."""
    composed_in: Mapping[str, frozenset[str]]
    """The names composed, by subgraph."""

    def kept(self, subgraph: str, name: str) -> KeptDirective | None:
        """What to do with an application in a subgraph."""
        if name in self.composed_in.get(subgraph, ()):
            return self.composed.get(name)
        return self.always_kept(name)

    def always_kept(self, name: str) -> KeptDirective | None:
        """The directive, if it is kept from every subgraph."""
        if name in self.joined:
            return None
        return self.federated.get(name) or BUILT_IN.get(name)

    def named(self, own_name: str) -> str | None:
        """What one of federation's directives is called in the supergraph, if it is applied anywhere."""
        return next((d.name for d in self.federated.values() if d.own_name == own_name), None)

    @staticmethod
    def of(definition: DirectiveDefinitionNode, name: str) -> KeptDirective:
        """From its definition."""
        defaults = {
            a.name.value: a.default_value for a in definition.arguments or () if a.default_value is not None
        }
        return KeptDirective(name, definition.repeatable, defaults, definition.name.value)
