"""Federation 1 extends types that other subgraphs define; federation 2 has definitions only."""

from __future__ import annotations

from dataclasses import replace

from gateway.composition.model.subgraph import Applied, Definition, Field
from gateway.composition.reading.meaning import has
from gateway.composition.reading.problems import Problems
from gateway.composition.reading.upgrade.types import Others, Types, each_field, each_type
from gateway.federation.directives import ROOT_TYPES

__all__ = ["check_extensions", "extensions_to_definitions", "is_extension"]

_KINDS = frozenset({"type", "interface"})


def is_extension(definition: Definition) -> bool:
    """Whether federation 1 takes a type for an extension of another subgraph's."""
    extends = definition.extension or has(definition.federation, "extends")
    return extends and definition.kind in _KINDS


def check_extensions(types: Types, others: Others, problems: Problems) -> None:
    """Report each extension of a type that no other subgraph defines."""
    for name, definition in types.items():
        if name in ROOT_TYPES or not is_extension(definition):
            continue
        theirs = [other[name] for other in others.values() if name in other]
        if not any(d.kind in _KINDS and not d.extension for d in theirs):
            told = f"'{name}' is an extension, but no subgraph defines '{name}'."
            problems.report(told, definition.node, "EXTENSION_WITH_NO_BASE")


def extensions_to_definitions(types: Types) -> Types:
    """Extensions as definitions."""
    return each_type(types, lambda d: _defined(d) if is_extension(d) else d)


def _defined(definition: Definition) -> Definition:
    changed = each_field(definition, _in_definition)
    return replace(
        changed,
        extension=False,
        federation=tuple(_on_definition(a) for a in changed.federation),
        applied=tuple(_on_definition(a) for a in changed.applied),
    )


def _in_definition(field: Field) -> Field:
    return replace(field, declaration=0) if field.declaration else field


def _on_definition(applied: Applied) -> Applied:
    return replace(applied, declaration=0) if applied.declaration else applied
