"""The code of an operation: what is done with each step's answer, and what is sent for the next.

The state is a list: the response's root first, then lists of objects that are still needed and dictionaries of
references already seen, numbered by the analysis. Only positions that something has to be done with are visited.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from gateway import jsontext
from gateway.compiling.analysis.analyse import Analysis
from gateway.compiling.analysis.packing import Packed
from gateway.compiling.analysis.reading import Step
from gateway.compiling.analysis.shape import Position, Slot, Variant
from gateway.compiling.codegen.code import Code
from gateway.compiling.codegen.sending import Sending
from gateway.compiling.codegen.taking import Taking
from gateway.compiling.types.classes import Classes, Layout
from gateway.compiling.types.step_types import StepTypes

__all__ = ["write_functions"]


def write_functions(
    classes: Classes,
    analysis: Analysis,
    root: Position,
    steps: tuple[Step, ...],
    types: Mapping[int, StepTypes],
) -> dict[str, Any]:
    """``begin``, ``finish``, and of each step ``take`` and ``collect`` followed by its number."""
    code = Code(classes, analysis)
    taking, sending = Taking(code), Sending(code)
    _begin(code, classes.layout(root.variants[0]))
    for step in steps:
        branches = analysis.branches[step.number]
        if step.is_entity:
            sending.collect(step, branches)
            taking.take_entities(step.number, branches, types[step.number])
        else:
            if step.planned.paths:
                sending.collect_places(step.number, branches)
            taking.take_root(step.number, branches, types[step.number], bool(step.planned.paths))
    _finish(code)
    return code.writer.functions()


def _begin(code: Code, root: Layout) -> None:
    """``begin()``: an empty response and its lists."""
    found = code.analysis
    dictionaries = {*found.interned.values(), *(number for number, _ in found.packed.values())}
    count = 1 + len(found.lists) + len(dictionaries)
    rest = ["{}" if n in dictionaries else "[]" for n in range(1, count)]
    with code.writer.block("def begin():"):
        code.writer.line(f"return [{', '.join([code.writer.constant(root.encoded) + '()', *rest])}]")


def _finish(code: Code) -> None:
    """``finish(s)``: take out what the client did not ask for, and encode once what is there often."""
    with code.writer.block("def finish(s):"):
        for position, by_variant in code.analysis.unset_late.items():
            number = code.analysis.lists.get(position)
            with code.writer.block(f"for o in s[{number}]:" if number else "for o in s[:1]:"):
                code.by_class("o", position, by_variant, partial(_unset, code))
        for number, one in reversed(code.analysis.packed.values()):  # what is inside of others first
            _pack(code, number, one)


def _pack(code: Code, number: int, one: Packed) -> None:
    w = code.writer
    attribute = code.classes.layout(one.owner).attribute(one.slot)
    with w.block(f"for e in s[{number}].values():"), w.block("if len(e) > 3:"):
        w.line(f"r = {w.constant(msgspec.Raw)}({w.constant(jsontext.encode)}(e[1]))")
        with w.block("for o in e[2:]:"):
            w.line(f"o.{attribute} = r")


def _unset(code: Code, name: str, variant: Variant, slots: tuple[Slot, ...]) -> None:
    layout = code.classes.layout(variant)
    for slot in slots:
        code.writer.line(f"{name}.{layout.attribute(slot)} = {code.unset}")
