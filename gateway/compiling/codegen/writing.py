"""Python text with its constants: every name in it is ours, whatever the operation's names are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gateway.compiling.errors import NotCompilable

__all__ = ["Writer"]

_MOST_LEVELS, _MOST_LOOPS = 99, 20
"""What CPython compiles: levels of indentation, and loops within one another in one function."""


class Writer:
    """Lines at an indentation, and the values that they name."""

    def __init__(self) -> None:
        self.constants: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        self._lines: list[str] = []
        self._depth = 0
        self._loops = 0
        self._fresh = 0

    def line(self, text: str) -> None:
        """One line."""
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """An indented block, with ``pass`` where nothing is in it. Raises NotCompilable where it is too deep."""
        self.line(head)
        around = self._loops
        self._depth += 1
        self._loops = 0 if head.startswith("def ") else around + head.startswith("for ")
        if self._depth > _MOST_LEVELS or self._loops > _MOST_LOOPS:
            raise NotCompilable("nested too deeply")
        count = len(self._lines)
        yield
        if len(self._lines) == count:
            self.line("pass")
        self._depth -= 1
        self._loops = around

    def fresh(self, prefix: str) -> str:
        """A local name not used before."""
        self._fresh += 1
        return f"{prefix}{self._fresh}"

    def constant(self, value: Any) -> str:
        """The name of a value; the same for the same object."""
        known = self._names.get(id(value))
        if known is None:
            known = self._names[id(value)] = f"k{len(self._names)}"
            self.constants[known] = value
        return known

    def functions(self) -> dict[str, Any]:
        """Run the text; what it defines. None of it names another: so it is gone when nobody has it any more, as no
        circle of a function and what it can name has to be found by the collector.
        """
        namespace = dict(self.constants)
        exec(compile("\n".join(self._lines), "<compiled operation>", "exec"), namespace)  # noqa: S102 - text of ours
        defined = namespace.keys() - self.constants.keys() - {"__builtins__"}
        return {name: namespace.pop(name) for name in defined}
