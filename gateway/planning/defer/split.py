"""An operation with ``@defer`` taken apart: what is answered first, and the parts that are answered later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
)

from gateway.planning.plan import Path
from gateway.query_graph import Field, Fragment, Selections
from gateway.query_graph.selection import TYPENAME, Selection

__all__ = ["Part", "PartKey", "Split", "print_subselection", "split"]

PartKey: TypeAlias = tuple[int, Path]
"""The number of the ``@defer`` and the place it stands at."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one ``@defer`` defers at one place: ``selections`` of an object whose field is of ``type_name``."""

    key: PartKey
    type_name: str
    selections: Selections
    inner: tuple[Part, ...]

    @property
    def path(self) -> Path:
        """Where the objects are."""
        return self.key[1]


@dataclass(frozen=True, slots=True)
class Split:
    """What comes first, and what is deferred within it."""

    selections: Selections
    parts: tuple[Part, ...]


def split(
    schema: GraphQLSchema, selections: Selections, root: str, stays: Callable[[PartKey, str], bool]
) -> Split:
    """Take ``selections`` of the root type apart.

    ``stays`` says of a part and its field's type that it is fetched with what is around it: it is only answered later.
    """
    kept, parts = _Splitter(schema, stays).split(selections, _At(root, root, ()))
    return Split(kept, tuple(parts))


@dataclass(frozen=True, slots=True)
class _At:
    """A place: the type of its field, the type known by the fragments around, and those fragments."""

    declared: str
    known: str
    path: Path
    around: tuple[Fragment, ...] = ()


class _Splitter:
    def __init__(self, schema: GraphQLSchema, stays: Callable[[PartKey, str], bool]) -> None:
        self.schema = schema
        self.stays = stays

    def split(self, selections: Selections, at: _At) -> tuple[Selections, list[Part]]:
        kept: list[Selection] = []
        parts: list[Part] = []
        for selection in selections:
            if isinstance(selection, Field):
                made, inner = self._field(selection, at)
                kept.append(made)
            else:
                some, inner = self._fragment(selection, at)
                kept.extend(some)
            parts.extend(inner)
        answered = _names(kept)
        return tuple(kept), [_without_answered(part, at.path, answered) for part in parts]

    def _field(self, field: Field, at: _At) -> tuple[Field, list[Part]]:
        if field.selections is None:
            return field, []
        owner = self.schema.type_map[at.known]
        assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101
        path = (*at.path, field.key, *("@",) * _list_depth(owner.fields[field.name].type))
        kept, parts = self.split(field.selections, _At(field.type_name, field.type_name, path))
        if not parts:
            return field, []
        made = Field(
            field.name, field.key, field.arguments, field.directives, field.variables, field.type_name,
            kept or (TYPENAME,),
        )  # fmt: skip
        return made, parts

    def _fragment(self, fragment: Fragment, at: _At) -> tuple[list[Selection], list[Part]]:
        known = fragment.type_condition or at.known
        around = (*at.around, fragment)
        kept, parts = self.split(fragment.selections, _At(at.declared, known, at.path, around))
        if fragment.deferral is None or self.stays((fragment.deferral, at.path), at.declared):
            plain = Fragment(fragment.type_condition, fragment.directives, fragment.variables, kept)
            return ([plain] if kept else []), parts
        wrapped: Selections = kept
        for outer in (one for one in reversed(around) if one.type_condition or one.directives):
            wrapped = (Fragment(outer.type_condition, outer.directives, outer.variables, wrapped),)
        return [], [Part((fragment.deferral, at.path), at.declared, wrapped if kept else (), tuple(parts))]


def _names(selections: list[Selection]) -> dict[str, Field]:
    """What is selected in any case, by response key."""
    return {one.key: one for one in selections if isinstance(one, Field) and not one.directives}


def _without_answered(part: Part, path: Path, answered: dict[str, Field]) -> Part:
    """What is at the place anyhow need not be fetched once more."""
    if part.path != path or not answered:
        return part
    inner = tuple(_without_answered(one, path, answered) for one in part.inner)
    return Part(part.key, part.type_name, _without(part.selections, answered), inner)


def _without(selections: Selections, answered: dict[str, Field]) -> Selections:
    left: list[Selection] = []
    for selection in selections:
        if isinstance(selection, Fragment):
            within = _without(selection.selections, answered)
            if within:
                left.append(
                    Fragment(selection.type_condition, selection.directives, selection.variables, within)
                )
            continue
        known = answered.get(selection.key)
        if known is None:
            left.append(selection)
        elif selection.selections is not None and known.selections is not None:
            within = _without(selection.selections, _names(list(known.selections)))
            if within:
                left.append(
                    Field(
                        selection.name, selection.key, selection.arguments, selection.directives,
                        selection.variables, selection.type_name, within,
                    )
                )  # fmt: skip
    return tuple(left)


def _list_depth(kind: object) -> int:
    depth = 0
    while isinstance(kind, GraphQLNonNull | GraphQLList):
        depth += isinstance(kind, GraphQLList)
        kind = kind.of_type
    return depth


def print_subselection(selections: Selections) -> str:
    """As plans show it."""
    parts = []
    for one in selections:
        if isinstance(one, Field):
            head = one.key if one.key == one.name else f"{one.key}: {one.name}"
            head += one.arguments + one.directives
        else:
            head = "..." + (f" on {one.type_condition}" if one.type_condition else "") + one.directives
        parts.append(f"{head} {print_subselection(one.selections)}" if one.selections else head)
    return "{ " + " ".join(parts) + " }"
