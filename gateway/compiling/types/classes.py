"""Struct classes: what an object is decoded into, and what it is encoded from.

A position's objects are decoded as one class and encoded as that class or its twin: same fields, other names. A
field is ``f0``, ``f1``, ... in the client's order, so no name of a client's is ever part of code.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Literal

import msgspec
from graphql import GraphQLNonNull
from msgspec import UNSET, Struct

from gateway.compiling.analysis.reading import Given, GivenField
from gateway.compiling.analysis.shape import TYPENAME, Position, Slot, Variant
from gateway.compiling.errors import NotCompilable
from gateway.compiling.types.annotations import annotation, from_json, leaf_of
from gateway.compiling.types.structs import ClassField, struct
from gateway.jsontext import float_of

__all__ = ["Classes", "Layout"]


@dataclass(eq=False, slots=True)
class Layout:
    """How objects of one variant are kept. ``decoded`` and ``encoded`` are often one class."""

    variant: Variant
    index: dict[str, int]
    encoded: type[Struct]
    decoded: type[Struct] | None = None
    """None at the root, which no answer creates."""

    def attribute(self, slot: Slot) -> str:
        """The Python name of a slot."""
        return f"f{self.index[slot.key]}"


class Classes:
    """Lays out the objects of one operation."""

    def __init__(self, packed: Container[Position]) -> None:
        self.decoders: dict[Position, msgspec.json.Decoder[Any]] = {}
        """Of what is packed."""
        self._packed = packed
        self._layouts: dict[Variant, Layout] = {}

    def layout(self, variant: Variant) -> Layout:
        """The layout of a variant whose position has been laid out."""
        return self._layouts[variant]

    def lay_out_root(self, root: Position) -> None:
        """The response's root object, which starts empty."""
        variant = root.variants[0]
        slots = _ordered(variant)
        encoded = struct([ClassField(s.key, Any, _later(s, variant)) for s in slots])
        self._layouts[variant] = Layout(variant, {s.key: n for n, s in enumerate(slots)}, encoded)

    def lay_out(self, given: Given) -> Any:
        """Make the classes of a position that ``given`` creates, and of those below; the type to decode."""
        position = given.position
        tagged = len(position.variants) > 1
        made: list[Any] = []
        for variant, fields, keys in given.branches():
            made.append(self._lay_out_variant(variant, fields, keys, tagged))
        return reduce(or_, made)

    def core(self, field: GivenField) -> Any:
        """What a given field's named type is decoded as. Its position is laid out where it is created."""
        assert field.slot.type is not None  # noqa: S101
        if field.below is None:
            return leaf_of(field.slot.type)
        return self.lay_out(field.below)

    def _lay_out_variant(
        self, variant: Variant, fields: tuple[GivenField, ...], keys: frozenset[str], tagged: bool
    ) -> type[Struct]:
        slots = _ordered(variant)
        given = {field.slot.key: field for field in fields}
        inner, outer = [], []
        for number, slot in enumerate(slots):
            outer.append(ClassField(slot.key, Any, _later(slot, variant)))
            inner.append(self._decoded(slot, variant, given.get(slot.key), keys, tagged, number))
        decoded = struct(inner, tag=variant.types[0] if tagged else None)
        same = not tagged and all(i.name == o.name for i, o in zip(inner, outer, strict=True))
        encoded = decoded if same else struct(outer, apart=variant.types[0] if tagged else None)
        index = {slot.key: number for number, slot in enumerate(slots)}
        self._layouts[variant] = Layout(variant, index, encoded, decoded)
        return decoded

    def _decoded(
        self,
        slot: Slot,
        variant: Variant,
        field: GivenField | None,
        keys: frozenset[str],
        tagged: bool,
        number: int,
    ) -> ClassField:
        unread = f"-{number}"  # no response key: those are GraphQL names
        if slot.type is None:
            if tagged and (slot.key == TYPENAME or field is None):
                return ClassField(unread, str, variant.types[0])
            if field is None:
                if len(variant.types) > 1:
                    raise NotCompilable("a type's name under a key that was not asked for")
                name = unread if slot.key in keys else slot.key
                return ClassField(name, Literal[variant.types], variant.types[0])
            return ClassField(field.key, Literal[variant.types])
        if field is None:
            return ClassField(unread if slot.key in keys else slot.key, Any, _later(slot, variant))
        core = self.core(field)
        if slot.position is not None and slot.position in self._packed:
            decoder = msgspec.json.Decoder(core, float_hook=float_of, dec_hook=from_json)
            self.decoders[slot.position] = decoder
            return ClassField(field.key, msgspec.Raw)
        return ClassField(field.key, annotation(slot.type, core))


def _ordered(variant: Variant) -> list[Slot]:
    return sorted(variant.slots.values(), key=lambda slot: slot.hidden)


def _later(slot: Slot, variant: Variant) -> Any:
    """What a slot has until a later step fills it. Raises NotCompilable where it can never be right."""
    if slot.type is None:
        return variant.types[0] if not slot.hidden else UNSET
    if slot.hidden:
        return UNSET
    if not slot.providers and isinstance(slot.type, GraphQLNonNull):
        raise NotCompilable(f"nothing gives {slot.key}")
    return None
