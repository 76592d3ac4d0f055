"""Arguments: those that every subgraph takes, without those that come from a context."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.composition.merging.applied import merge_applied
from gateway.composition.merging.context import Merging
from gateway.composition.merging.defaults import merge_default
from gateway.composition.merging.descriptions import merge_description
from gateway.composition.merging.references import merge_input_type
from gateway.composition.merging.report import listed
from gateway.composition.model.merged import MergedArgument
from gateway.composition.model.subgraph import Argument, DirectiveDefinition, Field

__all__ = ["merge_arguments"]

Sources = Mapping[str, Argument | None]


def merge_arguments(
    merging: Merging, coordinate: str, sources: Mapping[str, Field | DirectiveDefinition | None]
) -> dict[str, MergedArgument]:
    """The arguments of a field or a directive that those have which are not None."""
    having = {s: f for s, f in sources.items() if f is not None}
    names = dict.fromkeys(name for f in having.values() for name in f.arguments)
    merged = {}
    for name in names:
        by = {s: f.arguments.get(name) for s, f in having.items()}
        place = f"{coordinate}({name}:)"
        if any(a is not None and a.context is not None for a in by.values()):
            _check_contextual(merging, place, by)
        elif None in by.values():
            _tell_missing(merging, place, by)
        else:
            merged[name] = merge_argument(merging, place, name, by)
    return merged


def merge_argument(merging: Merging, place: str, name: str, sources: Sources) -> MergedArgument:
    """One argument."""
    return MergedArgument(
        name=name,
        type=merge_input_type(merging, place, sources, argument=True).type,
        default=merge_default(merging, place, sources, "FIELD_ARGUMENT_DEFAULT_MISMATCH"),
        description=merge_description(merging.report, place, sources),
        applied=merge_applied(merging, place, sources),
        sources=sources,
    )


def _check_contextual(merging: Merging, place: str, sources: Sources) -> None:
    """Where it is an ordinary argument instead, nobody can give it: it must be one that may be left out."""
    code = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS"
    for subgraph, argument in sources.items():
        if argument is None or argument.context is not None:
            continue
        told = f'"{place}" comes from a context elsewhere, and "{subgraph}" takes it as an argument'
        if argument.required:
            merging.report.error(code, f"{told} that is required.", {subgraph: argument})
        else:
            merging.report.hint(code, f"{told}: it is left out of the supergraph.", place)


def _tell_missing(merging: Merging, place: str, sources: Sources) -> None:
    missing = listed(s for s, a in sources.items() if a is None)
    required = {s: a for s, a in sources.items() if a is not None and a.required}
    if required:
        message = f'"{place}" is required in {listed(required)}, and {missing} does not have it.'
        merging.report.error("REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH", message, sources)
    else:
        message = f'"{place}" is left out of the supergraph, since {missing} does not have it.'
        merging.report.hint("INCONSISTENT_ARGUMENT_PRESENCE", message, place)
