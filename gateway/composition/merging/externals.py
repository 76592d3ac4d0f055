"""Fields marked ``@external``: they do not shape the supergraph, but must agree with it."""

from __future__ import annotations

from gateway.composition.graph import FieldSources
from gateway.composition.merging.context import Merging
from gateway.composition.merging.report import groups, listed
from gateway.composition.model.merged import MergedArgument, MergedField
from gateway.composition.model.subgraph import Argument, Field
from gateway.composition.model.typing import is_strict_subtype
from gateway.composition.model.values import comparable, written_value
from gateway.federation.type_references import print_type

__all__ = ["check_externals", "is_external_everywhere", "without_externals"]


def is_external_everywhere(merging: Merging, type_name: str, name: str, sources: FieldSources) -> bool:
    """Whether no subgraph resolves the field, by an ``@interfaceObject`` neither."""
    for subgraph, source in sources.items():
        if source is not None:
            if not source.external:
                return False
        elif any(not f.external for _, f in merging.graph.abstracting(subgraph, type_name, name)):
            return False
    return True


def without_externals(merging: Merging, place: str, sources: FieldSources) -> FieldSources:
    """The sources that count. An external one carries no directive that the supergraph keeps."""
    if not any(f is not None and f.external for f in sources.values()):
        return sources
    for subgraph, source in sources.items():
        for applied in source.applied if source is not None and source.external else ():
            if merging.directives.always_kept(applied.node.name.value) is not None:
                message = (
                    f'"{place}" is @external in "{subgraph}": "@{applied.node.name.value}" belongs where it is '
                    "resolved."
                )
                code = "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL"
                merging.report.error(code, message, {subgraph: applied})
    return {s: None if f is not None and f.external else f for s, f in sources.items()}


def check_externals(merging: Merging, place: str, merged: MergedField, *, equal: bool) -> None:
    """Each external source against the merged field. ``equal``: the others' types were all the same."""
    external = {s: f for s, f in merged.sources.items() if f is not None and f.external}
    if not external:
        return
    having = {s: f for s, f in merged.sources.items() if f is not None}
    if not all(_fits(merging, print_type(f.type), merged.type, equal) for f in external.values()):
        told = groups(having, lambda f: f'"{print_type(f.type)}"')
        message = f'"{place}" is of another type where it is @external: {told}.'
        merging.report.error("EXTERNAL_TYPE_MISMATCH", message, having)
    for argument in merged.arguments.values():
        _check_argument(merging, f"{place}({argument.name}:)", argument, external, having)


def _fits(merging: Merging, external: str, merged: str, equal: bool) -> bool:
    if external == merged:
        return True
    return not equal and is_strict_subtype(external, merged, merging.graph.is_subtype)


def _check_argument(
    merging: Merging,
    place: str,
    merged: MergedArgument,
    external: dict[str, Field],
    having: dict[str, Field],
) -> None:
    here = {s: a for s, f in external.items() if (a := f.arguments.get(merged.name)) is not None}
    everywhere = {s: a for s, f in having.items() if (a := f.arguments.get(merged.name)) is not None}
    if len(here) < len(external):
        message = (
            f'"{place}" is missing where the field is @external, in {listed(external.keys() - here.keys())}.'
        )
        merging.report.error("EXTERNAL_ARGUMENT_MISSING", message, having)
    if not all(_takes(merging, print_type(a.type), merged.type) for a in here.values()):
        told = groups(everywhere, lambda a: f'"{print_type(a.type)}"')
        message = f'"{place}" is of another type where the field is @external: {told}.'
        merging.report.error("EXTERNAL_ARGUMENT_TYPE_MISMATCH", message, everywhere)
    if any(comparable(a.default) != comparable(merged.default) for a in here.values()):
        message = (
            f'"{place}" has another default where the field is @external: {groups(everywhere, _default)}.'
        )
        merging.report.error("EXTERNAL_ARGUMENT_DEFAULT_MISMATCH", message, everywhere)


def _takes(merging: Merging, external: str, merged: str) -> bool:
    return external == merged or is_strict_subtype(merged, external, merging.graph.is_subtype)


def _default(argument: Argument) -> str:
    return written_value(argument.default) if argument.default is not None else "none"
