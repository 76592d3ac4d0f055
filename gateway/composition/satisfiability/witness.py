"""The way a walk came, and a query that takes it: the shortest proof that something cannot be answered."""

from __future__ import annotations

from typing import NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

__all__ = ["Way", "witness"]

_SAMPLES = {"Int": "0", "Float": "1.5", "Boolean": "true", "String": '"text"', "ID": '"1"'}
_MAX_INPUT_DEPTH = 4


class Way(NamedTuple):
    """One step from the root, and those before it: a field of the API, or a condition on a type."""

    before: Way | None
    type_name: str
    """The field's parent, or the type of the condition."""
    name: str | None = None
    field: GraphQLField | None = None

    @property
    def coordinate(self) -> str:
        """The field with its parent, or the type of the condition."""
        return self.type_name if self.name is None else f"{self.type_name}.{self.name}"

    def then_field(self, parent: str, name: str, field: GraphQLField) -> Way:
        """One step further, by a field."""
        return Way(self, parent, name, field)

    def then_cast(self, type_name: str) -> Way:
        """One step further, by a condition on a type."""
        return Way(self, type_name)


def witness(kind: str, way: Way) -> str:
    """An operation that takes this way; ``...`` stands where any selection will do."""
    steps: list[Way] = []
    step: Way | None = way
    while step is not None and step.before is not None:
        steps.insert(0, step)
        step = step.before
    lines = ["{" if kind == "query" else kind + " {"]
    for depth, one in enumerate(steps, start=1):
        lines.append("  " * depth + _head(one) + " {")
    last = steps[-1]
    if last.field is not None and is_leaf_type(get_named_type(last.field.type)):
        lines[-1] = lines[-1].removesuffix(" {")
    else:
        lines += ["  " * (len(steps) + 1) + "...", "  " * len(steps) + "}"]
    lines += ["  " * depth + "}" for depth in range(len(steps) - 1, -1, -1)]
    return "\n".join(lines)


def _head(step: Way) -> str:
    if step.field is None:
        return f"... on {step.type_name}"
    required = [
        f"{name}: {_sample(argument.type, 0)}"
        for name, argument in step.field.args.items()
        if is_required_argument(argument)
    ]
    return f"{step.name}({', '.join(required)})" if required else str(step.name)


def _sample(type_: GraphQLInputType, depth: int) -> str:
    """Some value of the type."""
    if isinstance(type_, GraphQLNonNull):
        return _sample(type_.of_type, depth)
    if isinstance(type_, GraphQLList):
        return "[]"
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values), "null")
    if isinstance(type_, GraphQLInputObjectType):
        if depth > _MAX_INPUT_DEPTH:
            return "{}"
        fields = [
            f"{name}: {_sample(field.type, depth + 1)}"
            for name, field in type_.fields.items()
            if is_required_input_field(field) and field.default_value is Undefined
        ]
        return "{" + ", ".join(fields) + "}"
    return _SAMPLES.get(type_.name, '"value"')
