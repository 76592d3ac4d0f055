"""Python for what is built from attributes alone: one function an object, a list or an abstract type.

The text is made of the schema's attribute names and of numbers. Everything else, what clients wrote above
all (aliases), is a constant of the module the text runs in. A function raises whatever it stumbles over; its
caller then leaves the value to graphql-core.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any, Final

from graphql import GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLSchema, GraphQLString
from graphql.type import GraphQLLeafType

from subgraphs.kit.execution.admission import CAST, Dispatch, ObjectClasses, Unusual, coercer
from subgraphs.kit.execution.selections import (
    Abstract,
    Attribute,
    Field,
    Foreign,
    Leaf,
    ListOf,
    Object,
    Output,
    TypeName,
)

__all__ = ["Builders", "Code", "portions"]

Function = Callable[..., Any]

_FIELDS: Final = 100
_TEXT: Final = 8_000
"""Characters, about 2 ms to compile."""
_INT: Final = "{v}.__class__ is int and -2147483648 <= {v} <= 2147483647"
_EXACT: Final[dict[Any, str]] = {
    GraphQLString.coerce_output_value: "{v}.__class__ is str",
    GraphQLID.coerce_output_value: "{v}.__class__ is str",
    GraphQLInt.coerce_output_value: _INT,
    GraphQLFloat.coerce_output_value: "{v}.__class__ is float and {v} - {v} == 0.0",
    GraphQLBoolean.coerce_output_value: "{v}.__class__ is bool",
    str: "{v}.__class__ is str",
}
"""When a leaf is answered as it is, by the function that would coerce it."""


class Code:
    """The functions of one operation: asked for one by one, then made all at once."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._functions: list[str] = []
        self._names: dict[str, Any] = {"Unusual": Unusual}
        self._known: dict[object, str] = {}
        self._dispatches: list[tuple[Dispatch[Function], dict[str, str]]] = []

    @property
    def size(self) -> int:
        """Characters of the text."""
        return sum(map(len, self._functions))

    def completing(self, output: Output) -> str:
        """The name of a function from a value of a pure type to its completed form."""
        shape = output.shape
        return self._once(
            (shape.type, output.nullable) if isinstance(shape, Leaf) else output,
            "v",
            lambda name: [f"def {name}(x):", f" return {self._value(output, 'x')}"],
        )

    def filling(self, fields: Iterable[Field]) -> str:
        """The name of a function that puts these pure fields of a source into a dict."""
        lines = []
        for index, field in enumerate(fields):
            read, value = self._read(field, f"a{index}")
            lines += [*read, f" d[{self._constant(field.key)}] = {value}"]
        return self._function("g", lambda name: [f"def {name}(s, d):", *lines])

    def make(self) -> Builders:
        """All that was asked for, by name."""
        for text in self.texts():
            exec(_compiled(text), self._names)  # noqa: S102 # numbers and attribute names
        for dispatch, handlers in self._dispatches:
            dispatch.handlers = {type_: self._names[name] for type_, name in handlers.items()}
        return self._names

    def texts(self) -> Iterator[str]:
        """The functions, by the portion: while a text is compiled no other thread gets its turn."""
        text: list[str] = []
        size = 0
        for function in self._functions:
            text.append(function)
            size += len(function)
            if size > _TEXT:
                yield "\n".join(text)
                text, size = [], 0
        yield "\n".join(text)

    def _value(self, output: Output, v: str) -> str:
        shape = output.shape
        if isinstance(shape, Leaf):
            return self._leaf(shape.type, output.nullable, v)
        if isinstance(shape, Foreign):
            raise TypeError("A foreign type is never pure.")
        if isinstance(shape, Object):
            name = self._object(shape)
        elif isinstance(shape, Abstract):
            name = self._abstract(shape)
        else:
            name = self._list(shape)
        return f"None if {v} is None else {name}({v})" if output.nullable else f"{name}({v})"

    def _leaf(self, type_: GraphQLLeafType, nullable: bool, v: str) -> str:
        slow = f"{self._shared(type_, 'X', lambda: coercer(type_))}({v})"
        exact = _EXACT.get(type_.coerce_output_value)
        if exact is not None:
            test = exact.format(v=v)
            return f"{v} if {test}{f' or {v} is None' if nullable else ''} else {slow}"
        members = _members(type_)
        if members is not None:
            cls, names = members
            known, of = self._constant(cls), self._constant(names)
            slow = f"{of}[{v}._name_] if {v}.__class__ is {known} else {slow}"
        return f"None if {v} is None else {slow}" if nullable else slow

    def _object(self, shape: Object) -> str:
        def lines(name: str) -> list[str]:
            classes = ObjectClasses(shape.type)
            known, admit = self._constant(classes.known), self._constant(classes.admit)
            read = [f"def {name}(s):", f" if s.__class__ not in {known}: {admit}(s)"]
            if classes.may_be_cast:
                read.append(f" if getattr(s, {CAST!r}, None) is not None: raise Unusual")
            first, *rest = portions(shape.fields)
            items = []
            for index, field in enumerate(first):
                lines, value = self._read(field, f"a{index}")
                read += lines
                items.append(f"{self._constant(field.key)}: {value}")
            read.append(f" d = {{{', '.join(items)}}}")
            return [*read, *(f" {self.filling(fields)}(s, d)" for fields in rest), " return d"]

        return self._once(shape, "o", lines)

    def _read(self, field: Field, v: str) -> tuple[list[str], str]:
        """Lines that read a field of ``s`` into ``v``, and the expression of its completed value."""
        source = field.source
        if isinstance(source, TypeName):
            return [], self._constant(field.parent.name)
        if not isinstance(source, Attribute):
            raise TypeError("A resolver is never pure.")
        if source.getter is not None:
            read = f"{self._constant(source.getter)}(s, {self._constant(source.name)})"
        elif source.name.isidentifier() and not keyword.iskeyword(source.name):
            read = f"s.{source.name}"
        else:
            read = f"getattr(s, {self._constant(source.name)})"
        return [f" {v} = {read}"], self._value(field.output, v)

    def _abstract(self, shape: Abstract) -> str:
        def lines(name: str) -> list[str]:
            dispatch: Dispatch[Function] = Dispatch(self._schema, shape.type)
            self._dispatches.append((dispatch, {t: self._object(o) for t, o in shape.objects.items()}))
            known, admit = self._constant(dispatch.known), self._constant(dispatch.admit)
            return [
                f"def {name}(s):",
                f" h = {known}.get(s.__class__)",
                f" if h is None: h = {admit}(s)",
                f" elif getattr(s, {CAST!r}, None) is not None: raise Unusual",
                " return h(s)",
            ]

        return self._once(shape, "u", lines)

    def _list(self, shape: ListOf) -> str:
        return self._once(
            shape,
            "l",
            lambda name: [
                f"def {name}(v):",
                " if v.__class__ is not list and v.__class__ is not tuple: raise Unusual",
                f" return [{self._value(shape.item, 'x')} for x in v]",
            ],
        )

    def _once(self, key: object, prefix: str, lines: Callable[[str], list[str]]) -> str:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._function(prefix, lines)
        return found

    def _function(self, prefix: str, lines: Callable[[str], list[str]]) -> str:
        name = f"{prefix}{len(self._names)}"
        self._names[name] = None  # taken; filled when the text runs
        self._functions.append("\n".join(lines(name)))
        return name

    def _shared(self, key: object, prefix: str, make: Callable[[], Any]) -> str:
        found = self._known.get((prefix, key))
        if found is None:
            found = self._known[prefix, key] = self._constant(make())
        return found

    def _constant(self, value: Any) -> str:
        name = f"k{len(self._names)}"
        self._names[name] = value
        return name


Builders = dict[str, Any]
"""Functions by the names that ``Code`` gave them."""


def portions(fields: Sequence[Field]) -> list[Sequence[Field]]:
    """Fields so few together that the function they make is compiled in a moment; at least one portion."""
    return [fields[start : start + _FIELDS] for start in range(0, max(1, len(fields)), _FIELDS)]


@lru_cache(maxsize=256)
def _compiled(text: str) -> CodeType:
    """Operations of one structure have one text."""
    return compile(text, "<compiled operation>", "exec")


def _members(type_: GraphQLLeafType) -> tuple[type, dict[str, str]] | None:
    """An enum's class, and each member's name in the schema by its name in Python."""
    cls = getattr(type_, "wrapped_cls", None)
    if not isinstance(cls, type):
        return None
    names: dict[str, str] = {}
    for member in getattr(cls, "__members__", {}).values():
        try:
            names[member._name_] = type_.coerce_output_value(member)
        except Exception:  # noqa: S112 # it is met, if ever, on the slow way, and fails there
            continue
    return cls, names
