"""What the parts of an operation's code share: the text, the classes it is about, and how they are told apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import UNSET

from gateway.compiling.analysis.analyse import Analysis
from gateway.compiling.analysis.shape import Position, Variant
from gateway.compiling.codegen.writing import Writer
from gateway.compiling.errors import Unusual
from gateway.compiling.types.classes import Classes

__all__ = ["Code"]

_T = TypeVar("_T")


class Code:
    """The code of one operation while it is written."""

    def __init__(self, classes: Classes, analysis: Analysis) -> None:
        self.classes = classes
        self.analysis = analysis
        self.writer = Writer()
        self.unset = self.writer.constant(UNSET)
        self.unusual = self.writer.constant(Unusual)

    def by_class(
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
            encoded = self.writer.constant(self.classes.layout(variant).encoded)
            with self.writer.block(f"{'el' if index else ''}if {kind} is {encoded}:"):
                write(name, variant, what)
