"""Text with constants becomes functions, as far as Python compiles it."""

from __future__ import annotations

import gc
import weakref
from contextlib import ExitStack

import pytest

from gateway.compiling.codegen.writing import Writer
from gateway.compiling.errors import NotCompilable


def _nested(head: str, levels: int) -> Writer:
    writer = Writer()
    with writer.block("def run(x):"), ExitStack() as blocks:
        for _ in range(levels):
            blocks.enter_context(writer.block(head))
        writer.line(f"return {writer.constant('in')}")
    return writer


@pytest.mark.parametrize(("head", "levels"), [("for v in x:", 20), ("if x:", 98)])
def test_what_is_as_deep_as_python_goes_runs(head: str, levels: int) -> None:
    assert _nested(head, levels).functions()["run"](["x"]) == "in"


@pytest.mark.parametrize(("head", "levels"), [("for v in x:", 21), ("if x:", 99)])
def test_what_is_deeper_is_not_compiled(head: str, levels: int) -> None:
    with pytest.raises(NotCompilable, match="nested too deeply"):
        _nested(head, levels)


def test_each_function_has_loops_of_its_own() -> None:
    writer = Writer()
    with writer.block("def run(x):"), ExitStack() as outer:
        for _ in range(12):
            outer.enter_context(writer.block("for v in x:"))
        with writer.block("def within():"), ExitStack() as inner:
            for _ in range(12):
                inner.enter_context(writer.block("for v in x:"))
            writer.line("return 1")
        writer.line("return within()")
    assert writer.functions()["run"]([1]) == 1


def test_functions_are_gone_with_the_last_who_has_them_and_wait_for_no_collector() -> None:
    writer = Writer()
    with writer.block("def run():"):
        writer.line(f"return {writer.constant('in')}")
    gc.disable()
    try:
        functions = writer.functions()
        run = weakref.ref(functions["run"])
        assert (list(functions), functions["run"]()) == (["run"], "in")
        functions.clear()
        assert run() is None
    finally:
        gc.enable()
