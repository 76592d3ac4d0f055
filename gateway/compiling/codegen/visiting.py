"""Code that looks at an answer's objects as they come: lists them, joins equal ones, gives them their class."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from graphql import GraphQLList, GraphQLNonNull

from gateway.compiling.analysis.analyse import telling
from gateway.compiling.analysis.reading import Given, GivenField
from gateway.compiling.analysis.shape import Slot, Variant
from gateway.compiling.codegen.code import Code

__all__ = ["Visiting"]

_NULL = b"null"
_HEAD = 64
"""Bytes by which an object is looked up: the others are compared."""


class Visiting:
    """Writes visits of positions that something has to be done with."""

    def __init__(self, code: Code) -> None:
        self._code = code

    def is_visited(self, given: Given) -> bool:
        """Whether something has to be done with the objects, or with any below them."""
        for variant, fields, _ in given.branches():
            layout = self._code.classes.layout(variant)
            if layout.encoded is not layout.decoded or variant in self._code.analysis.unset_early:
                return True
            if given.position in self._code.analysis.lists or variant in self._code.analysis.interned:
                return True
            if given.position in self._code.analysis.packed or len(_names(variant, fields)) > 1:
                return True
            if any(f.below is not None and f.creates and self.is_visited(f.below) for f in fields):
                return True
        return False

    def visit(self, declared: Any, name: str, given: Given, place: str) -> None:
        """Visit what ``name`` holds; ``place`` is where to put another object instead of it."""
        if not self.is_visited(given):
            return
        w = self._code.writer
        if not isinstance(declared, GraphQLNonNull):
            with w.block(f"if {name} is not None:"):
                self.visit(GraphQLNonNull(declared), name, given, place)
            return
        inner = declared.of_type
        if isinstance(inner, GraphQLList):
            self._items(inner, name, given)
            return
        self._object(name, given, place)

    def _items(self, declared: GraphQLList[Any], name: str, given: Given) -> None:
        w = self._code.writer
        item = w.fresh("v")
        if self._code.analysis.interned.keys().isdisjoint(given.position.variants):
            with w.block(f"for {item} in {name}:"):
                self.visit(declared.of_type, item, given, "")
            return
        index = w.fresh("i")
        with w.block(f"for {index}, {item} in enumerate({name}):"):
            self.visit(declared.of_type, item, given, f"{name}[{index}]")

    def _object(self, name: str, given: Given, place: str) -> None:
        w = self._code.writer
        branches = list(given.branches())
        number = self._code.analysis.lists.get(given.position)
        if len(branches) == 1:
            self._variant(name, branches[0][0], branches[0][1], place, number)
            return
        if number is not None:
            w.line(f"s[{number}].append({name})")
        kind = w.fresh("c")
        w.line(f"{kind} = {name}.__class__")
        for index, (variant, fields, _) in enumerate(branches):
            decoded = w.constant(self._code.classes.layout(variant).decoded)
            with w.block(f"{'el' if index else ''}if {kind} is {decoded}:"):
                self._variant(name, variant, fields, place, None)

    def _variant(
        self, name: str, variant: Variant, fields: tuple[GivenField, ...], place: str, listed: int | None
    ) -> None:
        w = self._code.writer
        layout = self._code.classes.layout(variant)
        number = self._code.analysis.interned.get(variant)
        if number is None:
            self._settle(name, variant, fields, listed)
            return
        leaves = [f"{name}.{layout.attribute(one.slot)}" for one in telling(variant, fields)]
        known = w.fresh("n")
        key = f"({', '.join(leaves)})" if len(leaves) > 1 else leaves[0]
        w.line(f"{known} = s[{number}].setdefault({key}, {name})")
        with w.block(f"if {known} is not {name}:"):
            w.line(f"{place} = {known}")
        with w.block("else:"):
            self._settle(name, variant, fields, listed)

    def _settle(
        self, name: str, variant: Variant, fields: tuple[GivenField, ...], listed: int | None
    ) -> None:
        w = self._code.writer
        layout = self._code.classes.layout(variant)
        for here, there in pairwise(_names(variant, fields)):
            with w.block(f"if {name}.{layout.attribute(here)} != {name}.{layout.attribute(there)}:"):
                w.line(f"raise {self._code.unusual}")
        if layout.encoded is not layout.decoded:
            w.line(f"{name}.__class__ = {w.constant(layout.encoded)}")
        for slot in self._code.analysis.unset_early.get(variant, ()):
            w.line(f"{name}.{layout.attribute(slot)} = {self._code.unset}")
        if listed is not None:
            w.line(f"s[{listed}].append({name})")
        for one in fields:
            if one.below is not None and one.creates and one.slot.type is not None:
                attribute = f"{name}.{layout.attribute(one.slot)}"
                if one.below.position in self._code.analysis.packed:
                    self._unpack(name, attribute, one.slot.type, one.below)
                elif self.is_visited(one.below):
                    below = w.fresh("v")
                    w.line(f"{below} = {attribute}")
                    self.visit(one.slot.type, below, one.below, attribute)

    def _unpack(self, owner: str, attribute: str, declared: Any, given: Given) -> None:
        """Decode an object unless one with the same bytes is there. Entries are [bytes, object, owners...]."""
        w = self._code.writer
        number, _ = self._code.analysis.packed[given.position]
        decode = w.constant(self._code.classes.decoders[given.position].decode)
        text, head, entry, made = w.fresh("t"), w.fresh("h"), w.fresh("e"), w.fresh("v")
        w.line(f"{text} = bytes({attribute})")
        with w.block(f"if {text} == {w.constant(_NULL)}:"):
            w.line(
                f"{attribute} = None"
                if not isinstance(declared, GraphQLNonNull)
                else f"raise {self._code.unusual}"
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
                self.visit(GraphQLNonNull(_named(declared)), made, given, attribute)
            with w.block("else:"):
                w.line(f"{attribute} = {entry}[1]")
                w.line(f"{entry}.append({owner})")


def _names(variant: Variant, fields: tuple[GivenField, ...]) -> list[Slot]:
    """Where an object says of which of several types it is: under each name the same."""
    return [one.slot for one in fields if one.slot.type is None] if len(variant.types) > 1 else []


def _named(declared: Any) -> Any:
    return declared.of_type if isinstance(declared, GraphQLNonNull) else declared
