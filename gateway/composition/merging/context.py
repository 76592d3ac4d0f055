"""What every part of merging works with."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.composition.graph import Graph
from gateway.composition.merging.access_control import AccessControl
from gateway.composition.merging.directives import DirectiveRegistry
from gateway.composition.merging.report import Report

__all__ = ["EnumUse", "Merging"]


@dataclass(slots=True)
class EnumUse:
    """Where an enum is used, an example of each: as what clients give, and as what they get."""

    asked: str | None = None
    answered: str | None = None


@dataclass(frozen=True, slots=True)
class Merging:
    """The subgraphs, the directives that the supergraph keeps, and what is found on the way."""

    graph: Graph
    directives: DirectiveRegistry
    access: AccessControl
    report: Report
    enum_uses: dict[str, EnumUse] = field(default_factory=dict)

    def use_enum(self, type_name: str, coordinate: str, *, asked: bool) -> None:
        """Note a use of a type, if it is an enum."""
        if self.graph.kinds.get(type_name) != "enum":
            return
        use = self.enum_uses.setdefault(type_name, EnumUse())
        if asked:
            use.asked = use.asked or coordinate
        else:
            use.answered = use.answered or coordinate
