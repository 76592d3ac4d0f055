"""``@override``: which subgraphs a field is taken from, and under which label."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.composition.graph import FieldSources
from gateway.composition.merging.context import Merging
from gateway.composition.model.subgraph import Field

__all__ = ["Overrides", "merge_overrides"]

_LABEL = re.compile(r"[a-zA-Z][a-zA-Z0-9_\-:./]*|percent\((?:\d{1,2}(?:\.\d{1,8})?|100)\)", re.ASCII)
_COLLISION = "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE"


@dataclass(frozen=True, slots=True)
class Overrides:
    """By subgraph, what overriding makes of a field there."""

    used: set[str] = field(default_factory=set)
    """Overridden, and still needed there by a directive or an interface."""
    unused: set[str] = field(default_factory=set)
    """Overridden, and not needed."""
    labels: dict[str, str] = field(default_factory=dict)
    """The labels, on both sides."""
    stray: set[str] = field(default_factory=set)
    """Overriding a subgraph that is not there."""

    @property
    def overridden(self) -> frozenset[str]:
        """The subgraphs that do not resolve the field any more, labels left aside."""
        return frozenset(self.used | self.unused)


_NONE = Overrides()


def merge_overrides(merging: Merging, type_name: str, name: str, sources: FieldSources) -> Overrides:
    """Checks and collects the overrides of a field of an object or interface type."""
    overriding = {s: f for s, f in sources.items() if f is not None and f.override is not None}
    if not overriding:
        return _NONE
    found = Overrides()
    for subgraph, source in overriding.items():
        _Override(merging, type_name, name, sources, subgraph, source).collect(overriding, found)
    return found


class _Override:
    """One application."""

    def __init__(
        self,
        merging: Merging,
        type_name: str,
        name: str,
        sources: FieldSources,
        subgraph: str,
        source: Field,
    ) -> None:
        self._merging = merging
        self._type_name = type_name
        self._place = f"{type_name}.{name}"
        self._sources = sources
        self._subgraph = subgraph
        self._source = source
        self._from = source.override or ""

    def collect(self, overriding: Mapping[str, Field], found: Overrides) -> None:
        definition = self._merging.graph.definitions[self._type_name][self._subgraph]
        if definition.kind == "interface":
            self._error("OVERRIDE_ON_INTERFACE", "fields of interfaces cannot be overridden")
        elif definition.interface_object:
            self._error(_COLLISION, "fields of @interfaceObject types cannot be overridden")
        elif self._from not in self._merging.graph.subgraphs:
            found.stray.add(self._subgraph)
            self._hint("FROM_SUBGRAPH_DOES_NOT_EXIST", "that subgraph does not exist")
        elif self._from == self._subgraph:
            self._error("OVERRIDE_FROM_SELF_ERROR", "that is the same subgraph")
        elif self._from in overriding:
            self._error("OVERRIDE_SOURCE_HAS_OVERRIDE", "the field is an override there itself")
        else:
            self._collect_source(found)

    def _collect_source(self, found: Overrides) -> None:
        source = self._sources.get(self._from)
        name = self._source.name
        if source is None:
            abstracting = self._from in self._sources and self._merging.graph.abstracting(
                self._from, self._type_name, name
            )
            if abstracting:
                told = f'there "{abstracting[0][0]}.{name}", of an @interfaceObject, stands for it'
                self._error(_COLLISION, told)
            else:
                self._hint("OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", "the field does not exist there any more")
        elif source.requires is not None or source.provides is not None:
            self._error(_COLLISION, "there it has @requires or @provides")
        elif self._source.external:
            self._error(_COLLISION, "it is @external here")
        else:
            self._take_over(source, found)

    def _take_over(self, source: Field, found: Overrides) -> None:
        label = self._source.override_label
        if source.external:
            self._hint("OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", "the field is @external there already")
        else:
            needed = self._merging.graph.is_used(self._from, self._type_name, source.name)
            (found.used if needed else found.unused).add(self._from)
            if not label:
                told = "the field can be removed there, or be marked @external where something needs it"
                self._hint("OVERRIDDEN_FIELD_CAN_BE_REMOVED", told)
        if label:
            self._note_label(label, found)

    def _note_label(self, label: str, found: Overrides) -> None:
        if _LABEL.fullmatch(label):
            found.labels[self._subgraph] = found.labels[self._from] = label
        else:
            told = f'"{label}" is no label: it is a name, or percent(N) with N from 0 to 100'
            self._error("OVERRIDE_LABEL_INVALID", told)
        told = (
            f'the field is on its way here, by the label "{label}"; it can be removed there once it has come'
        )
        self._hint("OVERRIDE_MIGRATION_IN_PROGRESS", told)

    def _error(self, code: str, told: str) -> None:
        self._merging.report.error(code, self._message(told), {self._subgraph: self._source})

    def _hint(self, code: str, told: str) -> None:
        self._merging.report.hint(code, self._message(told), self._place)

    def _message(self, told: str) -> str:
        return f'"{self._place}" of "{self._subgraph}" overrides that of "{self._from}": {told}.'
