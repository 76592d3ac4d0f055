"""Pieces of SDL that stand in many places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphql import ValueNode
from graphql.language.block_string import print_block_string

from gateway.composition.model.merged import Application, JoinDirective, MergedArgument
from gateway.composition.model.values import quoted, written_value

__all__ = ["applied", "argument_list", "described", "join_directive", "line", "written_argument"]


def applied(applications: Iterable[Application]) -> str:
    """Directives, each after a space."""
    return "".join(f" @{a.name}{_given(a.arguments)}" for a in applications)


def join_directive(join: JoinDirective) -> str:
    """``@join__directive``."""
    args = "{" + ", ".join(f"{name}: {written_value(value)}" for name, value in join.arguments) + "}"
    given = f", args: {args}" if join.arguments else ""
    return f"@join__directive(graphs: [{', '.join(join.graphs)}], name: {quoted(join.name)}{given})"


def argument_list(arguments: Iterable[MergedArgument]) -> str:
    """Arguments in parentheses: on lines of their own where one is described."""
    given = list(arguments)
    if not given:
        return ""
    if any(a.description for a in given):
        inner: list[str] = []
        for argument in given:
            inner += line(argument.description, written_argument(argument), inner, indent="    ")
        return "\n".join(["(", *inner, "  )"])
    return f"({', '.join(map(written_argument, given))})"


def written_argument(argument: MergedArgument) -> str:
    """An argument, or a field of an input type."""
    default = f" = {written_value(argument.default)}" if argument.default is not None else ""
    return f"{argument.name}: {argument.type}{default}{applied(argument.applied)}"


def line(description: str | None, text: str, before: Sequence[str], indent: str = "  ") -> list[str]:
    """An element with its description, set off from those before."""
    if description is None:
        return [indent + text]
    told = [indent + one if one else one for one in _block(description).split("\n")]
    return [*([""] if before else []), *told, indent + text]


def described(description: str | None) -> str:
    """A description before what it describes."""
    return f"{_block(description)}\n" if description is not None else ""


def _block(description: str) -> str:
    """Block strings cannot say everything."""
    if "\r" in description or description != description.strip("\n") or _starts_indented(description):
        return quoted(description)
    return print_block_string(description) if description else '""""""'


def _starts_indented(description: str) -> bool:
    first, _, _ = description.partition("\n")
    return first[:1] in {" ", "\t"} or any(ord(c) < 0x20 and c not in "\n\t" for c in description)


def _given(arguments: Sequence[tuple[str, ValueNode]]) -> str:
    if not arguments:
        return ""
    return f"({', '.join(f'{name}: {written_value(value)}' for name, value in arguments)})"
