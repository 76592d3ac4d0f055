"""Code that puts a step's answer into the response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from gateway.compiling.analysis.analyse import Branch
from gateway.compiling.analysis.reading import Given, GivenField
from gateway.compiling.analysis.shape import Variant
from gateway.compiling.codegen.code import Code
from gateway.compiling.codegen.visiting import Visiting
from gateway.compiling.errors import Unusual
from gateway.compiling.types.annotations import from_json
from gateway.compiling.types.step_types import StepTypes, field_type

__all__ = ["Taking"]


@dataclass(frozen=True, slots=True)
class _Value:
    """A local name with a field's value, and the function that merges it where the place is filled already."""

    name: str
    merger: str | None = None


class Taking:
    """Writes ``take`` of each step."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._visiting = Visiting(code)

    def take_root(self, number: int, branches: tuple[Branch, ...], types: StepTypes, nested: bool) -> None:
        """``take(s, p)``: put an answer's data into the root, or into every object at the step's places."""
        with self._code.writer.block(f"def take{number}(s, p):"):
            for branch in branches:
                values = self._values(branch.fields, types, "p")
                source = f"s[{self._code.analysis.lists[branch.position]}]" if nested else "s[:1]"
                with self._code.writer.block(f"for o in {source}:"):
                    self._code.by_class(
                        "o", branch.position, {branch.variant: (branch.fields, values)}, self._assign_all
                    )

    def _assign_all(
        self, name: str, variant: Variant, what: tuple[tuple[GivenField, ...], list[_Value]]
    ) -> None:
        self._assign(variant, *what, name)

    def take_entities(self, number: int, branches: tuple[Branch, ...], types: StepTypes) -> None:
        """``take(s, entities, groups)``: put each entity into the objects it was fetched for."""
        w = self._code.writer
        with w.block(f"def take{number}(s, entities, groups):"):
            with w.block("if len(entities) != len(groups):"):
                w.line(f"raise {self._code.unusual}")
            with w.block("for p, g in zip(entities, groups):"):
                if len(branches) == 1:
                    self._take_entity(branches[0], types, "g", absent=branches[0].strict)
                else:
                    for index, branch in enumerate(branches):
                        with w.block(f"if g[{index}]:"):
                            self._take_entity(branch, types, f"g[{index}]", absent=branch.strict)

    def _take_entity(self, branch: Branch, types: StepTypes, objects: str, *, absent: bool) -> None:
        w = self._code.writer
        if absent:
            with w.block("if p is None:"):
                w.line(f"raise {self._code.unusual}")
            self._put_entity(branch, types, objects)
        else:
            with w.block("if p is not None:"):
                self._put_entity(branch, types, objects)

    def _put_entity(self, branch: Branch, types: StepTypes, objects: str) -> None:
        values = self._values(branch.fields, types, "p")
        with self._code.writer.block(f"for o in {objects}:"):
            self._assign(branch.variant, branch.fields, values, "o")

    def _values(self, fields: tuple[GivenField, ...], types: StepTypes, owner: str) -> list[_Value]:
        """Read an answer's fields, and do what is to be done with the objects below them."""
        return [self._value(one, types, f"{owner}.{types.attributes[one.key]}") for one in fields]

    def _value(self, one: GivenField, types: StepTypes, expression: str) -> _Value:
        w = self._code.writer
        name = w.fresh("x")
        w.line(f"{name} = {expression}")
        if one.key in types.optional:
            with w.block(f"if {name} is {self._code.unset}:"):
                w.line(f"raise {self._code.unusual}")
        if one.key in types.converted:
            wanted = w.constant(field_type(self._code.classes, one))
            w.line(f"{name} = {w.constant(_convert)}({name}, {wanted})")
        if one.slot.type is None or one.below is None:
            return _Value(name)
        if not one.creates:
            return _Value(name, self._merger(one.below))
        self._visiting.visit(one.slot.type, name, one.below, name)
        return _Value(name)

    def _assign(
        self, variant: Variant, fields: tuple[GivenField, ...], values: list[_Value], owner: str
    ) -> None:
        w = self._code.writer
        layout = self._code.classes.layout(variant)
        for one, value in zip(fields, values, strict=True):
            place = f"{owner}.{layout.attribute(one.slot)}"
            if one.slot.type is None:
                if len(variant.types) > 1:
                    self._agree(variant, place, value.name)
            elif value.merger is not None:
                w.line(f"{w.constant(_merge)}(s, {place}, {value.name}, {value.merger})")
            elif one.creates:
                w.line(f"{place} = {value.name}")
            else:
                with w.block(f"if {value.name} is not None:"):
                    w.line(f"{place} = {value.name}")

    def _agree(self, variant: Variant, place: str, name: str) -> None:
        """A later answer does not take the object for one of another type."""
        w = self._code.writer
        with w.block(f"if {name} != {place} and {name} in {w.constant(variant.types)}:"):
            w.line(f"raise {self._code.unusual}")

    def _merger(self, given: Given) -> str:
        """A local function that puts a second answer's object into the one that is there."""
        w = self._code.writer
        name = w.fresh("m")
        fields = given.fields[0]
        types = StepTypes(None, {one.key: f"f{n}" for n, one in enumerate(fields)})
        with w.block(f"def {name}(s, o, p):"):
            values = self._values(fields, types, "p")
            self._assign(given.position.variants[0], fields, values, "o")
        return name


def _convert(value: Any, wanted: Any) -> Any:
    return msgspec.convert(value, wanted, dec_hook=from_json)


def _merge(state: list[Any], known: Any, given: Any, merger: Any) -> None:
    """Merge a second answer's value into the first one's, both having the same shape. Raises Unusual."""
    if known is None or given is None:
        if known is not given:
            raise Unusual
    elif isinstance(known, list):
        if len(known) != len(given):
            raise Unusual
        for ours, theirs in zip(known, given, strict=True):
            _merge(state, ours, theirs, merger)
    else:
        merger(state, known, given)
