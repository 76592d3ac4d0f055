"""Definitions of directives: those that clients may use everywhere, and those that are composed."""

from __future__ import annotations

from collections.abc import Container, Mapping

from graphql import specified_directives

from gateway.composition.merging.arguments import merge_argument, merge_arguments
from gateway.composition.merging.composed import Composing
from gateway.composition.merging.context import Merging
from gateway.composition.merging.descriptions import merge_description
from gateway.composition.merging.report import groups, listed
from gateway.composition.model.merged import MergedDirective
from gateway.composition.model.subgraph import DirectiveDefinition
from gateway.federation.locations import EXECUTABLE_LOCATIONS

__all__ = ["merge_directive_definitions"]

_BUILT_IN = frozenset({*(d.name for d in specified_directives), "defer", "stream"})


def merge_directive_definitions(
    merging: Merging, composing: Composing, machinery: Container[str]
) -> dict[str, MergedDirective]:
    """By name. ``machinery`` are the names that the supergraph defines itself, with ``@``."""
    merged = {}
    for undefined in composing.undefined:
        undefined.tell(merging.report)
    for composed in composing.directives:
        definition = composed.definition
        place = f"@{composed.name}"
        arguments = {
            name: merge_argument(merging, f"{place}({name}:)", name, {composed.subgraph: argument})
            for name, argument in definition.arguments.items()
        }
        merged[composed.name] = MergedDirective(
            composed.name, definition.description, arguments, definition.locations, definition.repeatable
        )
    subgraphs = merging.graph.subgraphs.values()
    names = dict.fromkeys(n for s in subgraphs for n, d in s.directives.items() if _executable(d))
    for name in names:
        if name not in merged and name not in _BUILT_IN and f"@{name}" not in machinery:
            found = _merge(merging, name)
            if found is not None:
                merged[name] = found
    return merged


def _executable(definition: DirectiveDefinition) -> tuple[str, ...]:
    return tuple(sorted(location for location in definition.locations if location in EXECUTABLE_LOCATIONS))


def _merge(merging: Merging, name: str) -> MergedDirective | None:
    """What every subgraph takes: only that can stand in any query."""
    place = f"@{name}"
    sources = {s.name: s.directives.get(name) for s in merging.graph.subgraphs.values()}
    having = {s: d for s, d in sources.items() if d is not None}
    locations = _common_locations(merging, place, sources)
    if not locations:
        return None
    if len({_executable(d) for d in having.values()}) > 1:
        told = groups(having, _told_locations)
        message = f'"{place}" has different locations, of which the common ones are used: {told}.'
        merging.report.hint("INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS", message, place)
    if len({d.repeatable for d in having.values()}) > 1:
        message = f'"{place}" is repeatable in some subgraphs only, and not in the supergraph.'
        merging.report.hint("INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE", message, place)
    return MergedDirective(
        name,
        merge_description(merging.report, place, having),
        merge_arguments(merging, place, having),
        locations,
        all(d.repeatable for d in having.values()),
    )


def _common_locations(
    merging: Merging, place: str, sources: Mapping[str, DirectiveDefinition | None]
) -> tuple[str, ...]:
    """None where there is no such, or some subgraph does not know the directive; the first reason is told."""
    common: tuple[str, ...] | None = None
    for definition in sources.values():
        if definition is None:
            missing = listed(s for s, d in sources.items() if d is None)
            message = f'"{place}" is left out of the supergraph, since {missing} does not have it.'
            merging.report.hint("INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", message, place)
            return ()
        found = _executable(definition)
        common = found if common is None else tuple(location for location in common if location in found)
        if not common and definition is not next(iter(sources.values())):
            told = groups(sources, _told_locations)
            message = f'"{place}" is left out of the supergraph, since no location is common to all: {told}.'
            merging.report.hint("NO_EXECUTABLE_DIRECTIVE_INTERSECTION", message, place)
            return ()
    return common or ()


def _told_locations(definition: DirectiveDefinition) -> str:
    return " | ".join(_executable(definition)) or "none"
