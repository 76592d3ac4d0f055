"""Code that collects what is sent for a step: distinct representations of the objects it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from gateway import jsontext
from gateway.compiling.analysis.analyse import Branch
from gateway.compiling.analysis.reading import Step
from gateway.compiling.analysis.requirements import Part, Requirement
from gateway.compiling.analysis.shape import Slot, Variant
from gateway.compiling.codegen.code import Code
from gateway.compiling.types.structs import ClassField, struct

__all__ = ["Sending"]


@dataclass(frozen=True, slots=True)
class _Collected:
    """One of a step's ``count`` branches, its objects being collected."""

    branch: Branch
    index: int
    count: int
    plain: bool


class Sending:
    """Writes ``collect`` of each step that has one."""

    def __init__(self, code: Code) -> None:
        self._code = code

    def collect_places(self, number: int, branches: tuple[Branch, ...]) -> None:
        """``collect(s)``: whether a step at places without representations has any."""
        lists = " or ".join(f"s[{self._code.analysis.lists[b.position]}]" for b in branches)
        with self._code.writer.block(f"def collect{number}(s):"):
            self._code.writer.line(f"return bool({lists})")

    def collect(self, step: Step, branches: tuple[Branch, ...]) -> None:
        """``collect(s)``: distinct representations, and for each the objects that it stands for."""
        w = self._code.writer
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
                with w.block(f"for o in s[{self._code.analysis.lists[position]}]:"):
                    self._code.by_class("o", position, here, self._collect_object)
            w.line("return sent, groups")

    def _collect_object(self, owner: str, variant: Variant, what: _Collected) -> None:
        w = self._code.writer
        branch, index, count, plain = what.branch, what.index, what.count, what.plain
        assert branch.requirement is not None  # noqa: S101
        left_out = f"raise {self._code.unusual}" if branch.strict else "continue"
        values = self._read(branch.requirement, "o", left_out)
        made = f"{self._representation(branch.requirement)}({', '.join(values)})"
        if plain:
            varying = [v for v, p in zip(values, branch.requirement.parts, strict=True) if p.slot is not None]
            key = ", ".join(values if count > 1 else varying)
            w.line(f"g = seen.get(({key}))" if "," in key else f"g = seen.get({key})")
            key = f"({key})" if "," in key else key
        else:
            w.line(f"r = {made}")
            key, made = "e", "r"
            w.line(f"e = {w.constant(jsontext.encode)}(r)")
            w.line("g = seen.get(e)")
        with w.block("if g is None:"):
            group = ", ".join("[o]" if n == index else "[]" for n in range(count))
            w.line(f"seen[{key}] = g = {group if count == 1 else f'[{group}]'}")
            w.line("groups.append(g)")
            w.line(f"sent.append({made})")
        with w.block("else:"):
            w.line("g.append(o)" if count == 1 else f"g[{index}].append(o)")

    def _read(self, needed: Requirement, owner: str, left_out: str) -> list[str]:
        w = self._code.writer
        layout = self._code.classes.layout(needed.variant)
        values = []
        for part in needed.parts:
            if part.slot is None:
                values.append(w.constant(part.constant))
                continue
            name = w.fresh("a")
            w.line(f"{name} = {owner}.{layout.attribute(part.slot)}")
            if self._may_be_missing(part.slot):
                with w.block(f"if {name} is {self._code.unset}:"):
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
        w = self._code.writer
        assert part.slot is not None  # noqa: S101
        assert part.slot.position is not None  # noqa: S101
        inner = w.fresh("b")
        with w.block(f"def {inner}(o):"):
            below = {one.variant: one for one in part.below}
            self._code.by_class("o", part.slot.position, below, self._return_below)
            w.line(f"return {self._code.unset}")
        w.line(f"{name} = {w.constant(_nested)}({name}, {inner})")
        with w.block(f"if {name} is {self._code.unset}:"):
            w.line(left_out)

    def _return_below(self, name: str, variant: Variant, needed: Requirement) -> None:
        values = self._read(needed, name, f"return {self._code.unset}")
        self._code.writer.line(f"return {self._representation(needed)}({', '.join(values)})")

    def _representation(self, needed: Requirement) -> str:
        fields = [ClassField(part.name, Any) for part in needed.parts]
        return self._code.writer.constant(struct(fields, positional=True))


def _nested(value: Any, make: Any) -> Any:
    """Make a representation's nested objects; UNSET where one of them lacks something."""
    if value is None:
        return None
    if isinstance(value, list):
        made = [_nested(item, make) for item in value]
        return UNSET if any(item is UNSET for item in made) else made
    return make(value)
