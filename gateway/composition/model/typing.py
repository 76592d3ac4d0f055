"""Types as they are written, such as ``[User!]``: compared, and reconciled where subgraphs differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["IsSubtype", "Reconciled", "base", "is_strict_subtype", "reconcile"]

IsSubtype = Callable[[str, str], bool]
"""Whether the first named type is a member of the second or implements it, in the merged graph."""


def base(type_: str) -> str:
    """The name within lists and exclamation marks of a type that is written."""
    return type_.strip("[]!")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What differing types come to. ``compatible`` is false where they have nothing in common."""

    type: str
    equal: bool
    compatible: bool


def reconcile(
    types: Mapping[str, str], is_subtype_in: Callable[[str], IsSubtype], *, asked: bool
) -> Reconciled:
    """The most general of the types for what is answered, the most specific for what is ``asked``.

    ``types`` are by subgraph, and so is what counts as a subtype of a type that a subgraph has.
    """
    chosen = whose = ""
    equal = compatible = True
    for subgraph, type_ in types.items():
        if not chosen or type_ == chosen:
            chosen, whose = type_, subgraph
        elif is_strict_subtype(type_, chosen, is_subtype_in(whose)):
            equal = False
            chosen, whose = (type_, subgraph) if asked else (chosen, whose)
        elif is_strict_subtype(chosen, type_, is_subtype_in(subgraph)):
            equal = False
            chosen, whose = (chosen, whose) if asked else (type_, subgraph)
        else:
            equal = compatible = False
    return Reconciled(chosen, equal, compatible)


def is_strict_subtype(narrow: str, wide: str, is_subtype: IsSubtype) -> bool:
    """Whether every value of ``narrow`` is one of ``wide``, and they are not the same type."""
    if narrow.endswith("!"):
        return _within(narrow[:-1], wide.removesuffix("!"), is_subtype) and narrow != wide
    if wide.endswith("!"):
        return False
    if narrow.startswith("["):
        return wide.startswith("[") and narrow != wide and _within(narrow[1:-1], wide[1:-1], is_subtype)
    return not wide.startswith("[") and narrow != wide and is_subtype(narrow, wide)


def _within(narrow: str, wide: str, is_subtype: IsSubtype) -> bool:
    return narrow == wide or is_strict_subtype(narrow, wide, is_subtype)
