"""Default values: kept only where all subgraphs have the same."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import ValueNode

from gateway.composition.merging.context import Merging
from gateway.composition.merging.report import groups
from gateway.composition.model.subgraph import Argument
from gateway.composition.model.values import comparable, written_value

__all__ = ["merge_default"]


def merge_default(
    merging: Merging, coordinate: str, sources: Mapping[str, Argument | None], code: str
) -> ValueNode | None:
    """The default that all have. ``code`` is that of the error for different ones."""
    having = {s: a for s, a in sources.items() if a is not None}
    given = [a.default for a in having.values() if a.default is not None]
    if not given:
        return None
    if len(given) > 1 and len({comparable(d) for d in given}) > 1:
        message = f'"{coordinate}" has different default values: {groups(having, _told)}.'
        merging.report.error(code, message, having)
    elif len(given) < len(having):
        message = f'"{coordinate}" has a default value in some subgraphs only: {groups(having, _told)}.'
        merging.report.hint("INCONSISTENT_DEFAULT_VALUE_PRESENCE", message, coordinate)
        return None
    return given[0]


def _told(argument: Argument) -> str:
    return written_value(argument.default) if argument.default is not None else "none"
