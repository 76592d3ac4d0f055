"""Whether a constant can stand where a type is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    InputValueDefinitionNode,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    TypeNode,
    ValueNode,
)

from gateway.composition.reading.document import Document
from gateway.composition.reading.known import Known
from gateway.federation.type_references import named_type

__all__ = ["Constants"]

_TEXT = (StringValueNode, EnumValueNode)
_LEAVES: Mapping[str, Callable[[ValueNode], bool]] = {
    "Int": lambda v: (
        isinstance(v, IntValueNode) or (isinstance(v, FloatValueNode) and float(v.value).is_integer())
    ),
    "Float": lambda v: isinstance(v, IntValueNode | FloatValueNode),
    "Boolean": lambda v: isinstance(v, BooleanValueNode),
    "String": lambda v: isinstance(v, _TEXT),
    "ID": lambda v: isinstance(v, (*_TEXT, IntValueNode)),
}


class Constants:
    """Judges constants by a subgraph's types. A name is taken for a text and the other way round, as Apollo does."""

    def __init__(self, document: Document, known: Known) -> None:
        self._document = document
        self._known = known
        self._inputs: dict[str, dict[str, InputValueDefinitionNode]] = {}
        self._values: dict[str, frozenset[str]] = {}

    def fits(self, value: ValueNode, type_: TypeNode) -> bool:
        """Whether the value is one of the type's."""
        if isinstance(type_, NonNullTypeNode):
            return not isinstance(value, NullValueNode) and self.fits(value, type_.type)
        if isinstance(value, NullValueNode):
            return True
        if isinstance(type_, ListTypeNode):
            inner = type_.type
            values: Sequence[ValueNode] = value.values if isinstance(value, ListValueNode) else (value,)
            return all(self.fits(v, inner) for v in values)
        return self._is_of(value, named_type(type_))

    def _is_of(self, value: ValueNode, name: str) -> bool:
        kind = self._known.kinds.get(name)
        if kind == "input":
            return isinstance(value, ObjectValueNode) and self._is_object(value, name)
        if kind == "enum":
            return isinstance(value, _TEXT) and value.value in self._enum_values(name)
        if name in _LEAVES and name not in self._document.types:
            return _LEAVES[name](value)
        return kind == "scalar"

    def _is_object(self, value: ObjectValueNode, name: str) -> bool:
        """A field that is not given is no mistake, whatever its type."""
        fields = self._input_fields(name)
        return all(
            f.name.value in fields and self.fits(f.value, fields[f.name.value].type) for f in value.fields
        )

    def _input_fields(self, name: str) -> dict[str, InputValueDefinitionNode]:
        found = self._inputs.get(name)
        if found is None:
            nodes: Sequence[Any] = self._document.types[name].nodes
            found = self._inputs[name] = {f.name.value: f for node in nodes for f in node.fields or ()}
        return found

    def _enum_values(self, name: str) -> frozenset[str]:
        found = self._values.get(name)
        if found is None:
            own = self._document.types.get(name)
            nodes: Sequence[Any] = own.nodes if own is not None else ()
            values = [v.name.value for node in nodes for v in node.values or ()]
            found = self._values[name] = frozenset(values or self._known.enums.get(name, ()))
        return found
