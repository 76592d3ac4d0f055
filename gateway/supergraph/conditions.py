"""Whether an object's runtime type satisfies a type condition, by the whole supergraph."""

from __future__ import annotations

from graphql import GraphQLSchema, is_abstract_type, is_interface_type, is_non_null_type, is_object_type

__all__ = ["TypeConditions"]


class TypeConditions:
    """Type conditions over one schema."""

    __slots__ = ("_schema",)

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def holds(self, type_name: object, condition: str) -> bool:
        """Whether an object called ``type_name`` is a ``condition``."""
        if type_name == condition:
            return True
        if not isinstance(type_name, str):
            return False
        wider = self._schema.type_map.get(condition)
        narrower = self._schema.type_map.get(type_name)
        if not is_abstract_type(wider):
            return False
        if not (is_object_type(narrower) or is_interface_type(narrower)):
            return False
        return self._schema.is_sub_type(wider, narrower)

    def is_abstract(self, type_name: str) -> bool:
        """Whether the name is that of an interface or a union."""
        return is_abstract_type(self._schema.type_map.get(type_name))

    def never_null(self, type_name: object, field: str) -> bool:
        """Whether the field of an object called ``type_name`` cannot be null."""
        known = self._schema.type_map.get(type_name) if isinstance(type_name, str) else None
        if not (is_object_type(known) or is_interface_type(known)):
            return False
        declared = known.fields.get(field)
        return declared is not None and is_non_null_type(declared.type)
