"""The code of an operation: what is done with each step's answer, and what is sent for the next.

The state is a list: the response's root first, then lists of objects that are still needed and dictionaries of
references already seen, numbered by the analysis. Only positions that something has to be done with are visited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from graphql import GraphQLList, GraphQLNonNull
from msgspec import UNSET

from gateway import jsontext
from gateway.compiling.analysis import Analysis, Branch
from gateway.compiling.annotations import annotation, from_json
from gateway.compiling.classes import REQUIRED, Classes, ClassField, Layout
from gateway.compiling.errors import NotCompilable, Unusual
from gateway.compiling.packing import Packed
from gateway.compiling.reading import Given, GivenField, Step
from gateway.compiling.requirements import Part, Requirement
from gateway.compiling.shape import Position, Slot, Variant
from gateway.compiling.writing import Writer

__all__ = ["Source", "StepTypes"]

_T = TypeVar("_T")
_NULL = b"null"
_HEAD = 64
"""Bytes by which an object is looked up: the others are compared."""


def _convert(value: Any, wanted: Any) -> Any:
    return msgspec.convert(value, wanted, dec_hook=from_json)


@dataclass(frozen=True, slots=True)
class StepTypes:
    """What a step's objects are decoded into, and by which key each field is read."""

    patch: Any
    attributes: dict[str, str]
    """By the answer's key."""
    converted: frozenset[str] = frozenset()
    """Keys of what differs between the places it goes to: decoded as it is, then made fit for each."""
    optional: frozenset[str] = frozenset()
    """Keys that objects of some types lack."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A local name with a field's value, and the function that merges it where the place is filled already."""

    name: str
    merger: str | None = None


@dataclass(frozen=True, slots=True)
class _Collected:
    """One of a step's ``count`` branches, its objects being collected."""

    branch: Branch
    index: int
    count: int
    plain: bool


class Source:
    """Writes the functions of all steps."""

    def __init__(self, classes: Classes, analysis: Analysis) -> None:
        self._classes = classes
        self._analysis = analysis
        self.writer = Writer()
        self._unset = self.writer.constant(UNSET)
        self._unusual = self.writer.constant(Unusual)

    # Types

    def types(self, branches: tuple[Branch, ...]) -> StepTypes:
        """Lay out what the step creates; the class of its objects."""
        found: dict[str, list[Any]] = {}
        for branch in branches:
            for one in branch.fields:
                found.setdefault(one.key, []).append(self._type(one))
        converted = frozenset(key for key, kinds in found.items() if any(k != kinds[0] for k in kinds))
        optional = frozenset(key for key, kinds in found.items() if len(kinds) < len(branches))
        fields = tuple(
            ClassField(key, Any if key in converted else kinds[0], UNSET if key in optional else REQUIRED)
            for key, kinds in found.items()
        )
        attributes = {key: f"f{number}" for number, key in enumerate(found)}
        return StepTypes(self._classes.make(fields), attributes, converted, optional)

    def _type(self, one: GivenField) -> Any:
        if one.slot.type is None:
            return str
        if one.below is None or one.creates:
            return annotation(one.slot.type, self._classes.core(one))
        if len(one.below.position.variants) > 1:
            raise NotCompilable("a second answer about objects of several types")
        fields = one.below.fields[0]
        made = self._classes.make(tuple(ClassField(f.key, self._type(f)) for f in fields))
        return annotation(one.slot.type, made)

    # State

    def begin(self, root: Layout) -> None:
        """``begin()``: an empty response and its lists."""
        found = self._analysis
        dictionaries = {*found.interned.values(), *(number for number, _ in found.packed.values())}
        count = 1 + len(found.lists) + len(dictionaries)
        rest = ["{}" if n in dictionaries else "[]" for n in range(1, count)]
        with self.writer.block("def begin():"):
            self.writer.line(f"return [{', '.join([self.writer.constant(root.encoded) + '()', *rest])}]")

    def finish(self) -> None:
        """``finish(s)``: take out what the client did not ask for, and encode once what is there often."""
        with self.writer.block("def finish(s):"):
            for position, by_variant in self._analysis.unset_late.items():
                number = self._analysis.lists.get(position)
                with self.writer.block(f"for o in s[{number}]:" if number else "for o in s[:1]:"):
                    self._by_class("o", position, by_variant, self._unset_slots)
            for number, one in reversed(self._analysis.packed.values()):  # what is inside of others first
                self._pack(number, one)

    def _pack(self, number: int, one: Packed) -> None:
        w = self.writer
        attribute = self._classes.layout(one.owner).attribute(one.slot)
        with w.block(f"for e in s[{number}].values():"), w.block("if len(e) > 3:"):
            w.line(f"r = {w.constant(msgspec.Raw)}({w.constant(jsontext.encode)}(e[1]))")
            with w.block("for o in e[2:]:"):
                w.line(f"o.{attribute} = r")

    def _unset_slots(self, name: str, variant: Variant, slots: tuple[Slot, ...]) -> None:
        layout = self._classes.layout(variant)
        for slot in slots:
            self.writer.line(f"{name}.{layout.attribute(slot)} = {self._unset}")

    def _by_class(
        self,
        name: str,
        position: Position,
        by_variant: Mapping[Variant, _T],
        write: Callable[[str, Variant, _T], None],
    ) -> None:
        """Write something for objects of each variant, told apart by class where there are several."""
        if len(position.variants) == 1:
            for variant, what in by_variant.items():
                write(name, variant, what)
            return
        kind = self.writer.fresh("c")
        self.writer.line(f"{kind} = {name}.__class__")
        for index, (variant, what) in enumerate(by_variant.items()):
            encoded = self.writer.constant(self._classes.layout(variant).encoded)
            with self.writer.block(f"{'el' if index else ''}if {kind} is {encoded}:"):
                write(name, variant, what)

    # Answers

    def take_root(self, number: int, branches: tuple[Branch, ...], types: StepTypes, nested: bool) -> None:
        """``take(s, p)``: put an answer's data into the root, or into every object at the step's places."""
        with self.writer.block(f"def take{number}(s, p):"):
            for branch in branches:
                values = self._values(branch.fields, types, "p")
                source = f"s[{self._analysis.lists[branch.position]}]" if nested else "s[:1]"
                with self.writer.block(f"for o in {source}:"):
                    self._by_class(
                        "o", branch.position, {branch.variant: (branch.fields, values)}, self._assign_all
                    )

    def _assign_all(
        self, name: str, variant: Variant, what: tuple[tuple[GivenField, ...], list[_Value]]
    ) -> None:
        self._assign(variant, *what, name)

    def take_entities(self, number: int, branches: tuple[Branch, ...], types: StepTypes) -> None:
        """``take(s, entities, groups)``: put each entity into the objects it was fetched for."""
        w = self.writer
        with w.block(f"def take{number}(s, entities, groups):"):
            with w.block("if len(entities) != len(groups):"):
                w.line(f"raise {self._unusual}")
            with w.block("for p, g in zip(entities, groups):"):
                if len(branches) == 1:
                    self._take_entity(branches[0], types, "g", absent=branches[0].strict)
                else:
                    for index, branch in enumerate(branches):
                        with w.block(f"if g[{index}]:"):
                            self._take_entity(branch, types, f"g[{index}]", absent=branch.strict)

    def _take_entity(self, branch: Branch, types: StepTypes, objects: str, *, absent: bool) -> None:
        w = self.writer
        if absent:
            with w.block("if p is None:"):
                w.line(f"raise {self._unusual}")
            self._put_entity(branch, types, objects)
        else:
            with w.block("if p is not None:"):
                self._put_entity(branch, types, objects)

    def _put_entity(self, branch: Branch, types: StepTypes, objects: str) -> None:
        values = self._values(branch.fields, types, "p")
        with self.writer.block(f"for o in {objects}:"):
            self._assign(branch.variant, branch.fields, values, "o")

    def _values(self, fields: tuple[GivenField, ...], types: StepTypes, owner: str) -> list[_Value]:
        """Read an answer's fields, and do what is to be done with the objects below them."""
        return [self._value(one, types, f"{owner}.{types.attributes[one.key]}") for one in fields]

    def _value(self, one: GivenField, types: StepTypes, expression: str) -> _Value:
        w = self.writer
        name = w.fresh("x")
        w.line(f"{name} = {expression}")
        if one.key in types.optional:
            with w.block(f"if {name} is {self._unset}:"):
                w.line(f"raise {self._unusual}")
        if one.slot.type is None or one.below is None:
            return _Value(name)
        if one.key in types.converted:
            wanted = w.constant(self._type(one))
            w.line(f"{name} = {w.constant(_convert)}({name}, {wanted})")
        if not one.creates:
            return _Value(name, self._merger(one.below))
        self._visit(one.slot.type, name, one.below, name)
        return _Value(name)

    def _assign(
        self, variant: Variant, fields: tuple[GivenField, ...], values: list[_Value], owner: str
    ) -> None:
        w = self.writer
        layout = self._classes.layout(variant)
        for one, value in zip(fields, values, strict=True):
            if one.slot.type is None:
                continue
            place = f"{owner}.{layout.attribute(one.slot)}"
            if value.merger is not None:
                w.line(f"{w.constant(_merge)}(s, {place}, {value.name}, {value.merger})")
            elif one.creates:
                w.line(f"{place} = {value.name}")
            else:
                with w.block(f"if {value.name} is not None:"):
                    w.line(f"{place} = {value.name}")

    def _merger(self, given: Given) -> str:
        """A local function that puts a second answer's object into the one that is there."""
        w = self.writer
        name = w.fresh("m")
        fields = given.fields[0]
        types = StepTypes(None, {one.key: f"f{n}" for n, one in enumerate(fields)})
        with w.block(f"def {name}(s, o, p):"):
            values = self._values(fields, types, "p")
            self._assign(given.position.variants[0], fields, values, "o")
        return name

    # Visits

    def _is_visited(self, given: Given) -> bool:
        for variant, fields, _ in given.branches():
            layout = self._classes.layout(variant)
            if layout.encoded is not layout.decoded or variant in self._analysis.unset_early:
                return True
            if given.position in self._analysis.lists or variant in self._analysis.interned:
                return True
            if given.position in self._analysis.packed:
                return True
            if any(f.below is not None and f.creates and self._is_visited(f.below) for f in fields):
                return True
        return False

    def _visit(self, declared: Any, name: str, given: Given, place: str) -> None:
        """Visit what ``name`` holds; ``place`` is where to put another object instead of it."""
        if not self._is_visited(given):
            return
        w = self.writer
        if not isinstance(declared, GraphQLNonNull):
            with w.block(f"if {name} is not None:"):
                self._visit(GraphQLNonNull(declared), name, given, place)
            return
        inner = declared.of_type
        if isinstance(inner, GraphQLList):
            self._items(inner, name, given)
            return
        self._object(name, given, place)

    def _items(self, declared: GraphQLList[Any], name: str, given: Given) -> None:
        w = self.writer
        item = w.fresh("v")
        if self._analysis.interned.keys().isdisjoint(given.position.variants):
            with w.block(f"for {item} in {name}:"):
                self._visit(declared.of_type, item, given, "")
            return
        index = w.fresh("i")
        with w.block(f"for {index}, {item} in enumerate({name}):"):
            self._visit(declared.of_type, item, given, f"{name}[{index}]")

    def _object(self, name: str, given: Given, place: str) -> None:
        w = self.writer
        branches = list(given.branches())
        number = self._analysis.lists.get(given.position)
        if len(branches) == 1:
            self._variant(name, branches[0][0], branches[0][1], place, number)
            return
        if number is not None:
            w.line(f"s[{number}].append({name})")
        kind = w.fresh("c")
        w.line(f"{kind} = {name}.__class__")
        for index, (variant, fields, _) in enumerate(branches):
            decoded = w.constant(self._classes.layout(variant).decoded)
            with w.block(f"{'el' if index else ''}if {kind} is {decoded}:"):
                self._variant(name, variant, fields, place, None)

    def _variant(
        self, name: str, variant: Variant, fields: tuple[GivenField, ...], place: str, listed: int | None
    ) -> None:
        w = self.writer
        layout = self._classes.layout(variant)
        number = self._analysis.interned.get(variant)
        if number is None:
            self._settle(name, variant, fields, listed)
            return
        leaves = ", ".join(f"{name}.{layout.attribute(one.slot)}" for one in fields)
        known = w.fresh("n")
        key = f"({leaves})" if len(fields) > 1 else leaves
        w.line(f"{known} = s[{number}].setdefault({key}, {name})")
        with w.block(f"if {known} is not {name}:"):
            w.line(f"{place} = {known}")
        with w.block("else:"):
            self._settle(name, variant, fields, listed)

    def _settle(
        self, name: str, variant: Variant, fields: tuple[GivenField, ...], listed: int | None
    ) -> None:
        w = self.writer
        layout = self._classes.layout(variant)
        if layout.encoded is not layout.decoded:
            w.line(f"{name}.__class__ = {w.constant(layout.encoded)}")
        for slot in self._analysis.unset_early.get(variant, ()):
            w.line(f"{name}.{layout.attribute(slot)} = {self._unset}")
        if listed is not None:
            w.line(f"s[{listed}].append({name})")
        for one in fields:
            if one.below is not None and one.creates and one.slot.type is not None:
                attribute = f"{name}.{layout.attribute(one.slot)}"
                if one.below.position in self._analysis.packed:
                    self._unpack(name, attribute, one.slot.type, one.below)
                elif self._is_visited(one.below):
                    below = w.fresh("v")
                    w.line(f"{below} = {attribute}")
                    self._visit(one.slot.type, below, one.below, attribute)

    def _unpack(self, owner: str, attribute: str, declared: Any, given: Given) -> None:
        """Decode an object unless one with the same bytes is there. Entries are [bytes, object, owners...]."""
        w = self.writer
        number, _ = self._analysis.packed[given.position]
        decode = w.constant(self._classes.decoders[given.position].decode)
        text, head, entry, made = w.fresh("t"), w.fresh("h"), w.fresh("e"), w.fresh("v")
        w.line(f"{text} = bytes({attribute})")
        with w.block(f"if {text} == {w.constant(_NULL)}:"):
            w.line(
                f"{attribute} = None"
                if not isinstance(declared, GraphQLNonNull)
                else f"raise {self._unusual}"
            )
        with w.block("else:"):
            w.line(f"{head} = {text}[:{_HEAD}]")  # a hash of all bytes would cost as much as decoding
            w.line(f"{entry} = s[{number}].get({head})")
            with w.block(f"if {entry} is not None and {entry}[0] != {text}:"):
                w.line(f"{entry} = s[{number}].get({text})")
                w.line(f"{head} = {text}")
            with w.block(f"if {entry} is None:"):
                w.line(f"{made} = {attribute} = {decode}({text})")
                w.line(f"s[{number}][{head}] = [{text}, {made}, {owner}]")
                self._visit(GraphQLNonNull(_named(declared)), made, given, attribute)
            with w.block("else:"):
                w.line(f"{attribute} = {entry}[1]")
                w.line(f"{entry}.append({owner})")

    # Representations

    def collect_places(self, number: int, branches: tuple[Branch, ...]) -> None:
        """``collect(s)``: whether a step at places without representations has any."""
        lists = " or ".join(f"s[{self._analysis.lists[b.position]}]" for b in branches)
        with self.writer.block(f"def collect{number}(s):"):
            self.writer.line(f"return bool({lists})")

    def collect(self, step: Step, branches: tuple[Branch, ...]) -> None:
        """``collect(s)``: distinct representations, and for each the objects that it stands for."""
        w = self.writer
        needed = [b.requirement for b in branches if b.requirement is not None]
        names = {tuple(part.name for part in one.parts) for one in needed}
        plain = all(one.is_plain for one in needed) and len(names) == 1
        with w.block(f"def collect{step.number}(s):"):
            w.line("seen = {}; sent = []; groups = []")
            for position in dict.fromkeys(branch.position for branch in branches):
                here = {
                    branch.variant: _Collected(branch, index, len(branches), plain)
                    for index, branch in enumerate(branches)
                    if branch.position is position and branch.requirement is not None
                }
                with w.block(f"for o in s[{self._analysis.lists[position]}]:"):
                    self._by_class("o", position, here, self._collect_object)
            w.line("return sent, groups")

    def _collect_object(self, owner: str, variant: Variant, what: _Collected) -> None:
        w = self.writer
        branch, index, count, plain = what.branch, what.index, what.count, what.plain
        assert branch.requirement is not None  # noqa: S101
        left_out = f"raise {self._unusual}" if branch.strict else "continue"
        values = self._read(branch.requirement, "o", left_out)
        made = f"{self._representation(branch.requirement)}({', '.join(values)})"
        if plain:
            varying = [v for v, p in zip(values, branch.requirement.parts, strict=True) if p.slot is not None]
            key = ", ".join(values if count > 1 else varying)
            w.line(f"n = seen.get(({key}))" if "," in key else f"n = seen.get({key})")
            key = f"({key})" if "," in key else key
        else:
            w.line(f"r = {made}")
            key, made = "e", "r"
            w.line(f"e = {w.constant(jsontext.encode)}(r)")
            w.line("n = seen.get(e)")
        with w.block("if n is None:"):
            w.line(f"seen[{key}] = len(sent)")
            w.line(f"sent.append({made})")
            if count == 1:
                w.line("groups.append([o])")
            else:
                w.line(f"groups.append([{', '.join('[o]' if n == index else '[]' for n in range(count))}])")
        with w.block("else:"):
            w.line("groups[n].append(o)" if count == 1 else f"groups[n][{index}].append(o)")

    def _read(self, needed: Requirement, owner: str, left_out: str) -> list[str]:
        w = self.writer
        layout = self._classes.layout(needed.variant)
        values = []
        for part in needed.parts:
            if part.slot is None:
                values.append(w.constant(part.constant))
                continue
            name = w.fresh("a")
            w.line(f"{name} = {owner}.{layout.attribute(part.slot)}")
            if self._may_be_missing(part.slot):
                with w.block(f"if {name} is {self._unset}:"):
                    w.line(left_out)
            if part.skips_null:
                with w.block(f"if {name} is None:"):
                    w.line(left_out)
            if part.below:
                self._read_below(part, name, left_out)
            values.append(name)
        return values

    @staticmethod
    def _may_be_missing(slot: Slot) -> bool:
        return slot.hidden and slot.type is not None and not slot.immediate

    def _read_below(self, part: Part, name: str, left_out: str) -> None:
        w = self.writer
        assert part.slot is not None  # noqa: S101
        assert part.slot.position is not None  # noqa: S101
        inner = w.fresh("b")
        with w.block(f"def {inner}(o):"):
            below = {one.variant: one for one in part.below}
            self._by_class("o", part.slot.position, below, self._return_below)
            w.line(f"return {self._unset}")
        w.line(f"{name} = {w.constant(_nested)}({name}, {inner})")
        with w.block(f"if {name} is {self._unset}:"):
            w.line(left_out)

    def _return_below(self, name: str, variant: Variant, needed: Requirement) -> None:
        values = self._read(needed, name, f"return {self._unset}")
        self.writer.line(f"return {self._representation(needed)}({', '.join(values)})")

    def _representation(self, needed: Requirement) -> str:
        fields = [(f"f{n}", Any) for n in range(len(needed.parts))]
        rename = {f"f{n}": part.name for n, part in enumerate(needed.parts)}
        return self.writer.constant(msgspec.defstruct("R", fields, rename=rename, gc=False))


def _named(declared: Any) -> Any:
    return declared.of_type if isinstance(declared, GraphQLNonNull) else declared


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


def _nested(value: Any, make: Any) -> Any:
    """Make a representation's nested objects; UNSET where one of them lacks something."""
    if value is None:
        return None
    if isinstance(value, list):
        made = [_nested(item, make) for item in value]
        return UNSET if any(item is UNSET for item in made) else made
    return make(value)
