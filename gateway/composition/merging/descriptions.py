"""Descriptions: the one that most subgraphs give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from gateway.composition.merging.report import Report, groups

__all__ = ["HasDescription", "merge_description"]


class HasDescription(Protocol):
    """Anything that can be described."""

    @property
    def description(self) -> str | None: ...


def merge_description(
    report: Report, coordinate: str, sources: Mapping[str, HasDescription | None]
) -> str | None:
    """The most frequent one, of equally frequent ones the first; an empty one only where there is no other."""
    given = {s: d for s, e in sources.items() if e is not None and (d := e.description) is not None}
    if not given:
        return None
    counted = Counter(d for d in given.values() if d)
    if len(counted) > 1:
        told = groups(given, lambda d: repr(d))
        message = f"{coordinate or 'The schema'} is described differently: {told}."
        report.hint("INCONSISTENT_DESCRIPTION", message, coordinate or None)
    return counted.most_common(1)[0][0] if counted else ""
