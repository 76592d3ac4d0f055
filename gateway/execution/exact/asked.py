"""What a fetch asks for: an answer counts as far as that, so that no subgraph says anything of another's fields.

Read off the text as it is printed for fetches: an operation that runs once would spend a third of its time on parsing
what was planned for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

__all__ = ["Asked", "asked_by", "keep_asked"]

_Keys: TypeAlias = "dict[str, _Keys | None]"
"""By response key what is asked below it, None of leaves; of all types together."""
_TOKENS = re.compile(
    r'"""(?:[^"\\]|\\(?:""")?|"(?!""))*"""|"(?:[^"\\]|\\.)*"'  # texts, which may hold all of the others
    r"|@\w+"
    r"|(\.\.\.)\s*(?:on\s+\w+|(\w+))?"
    r"|([(){}#])"
    r"|([_A-Za-z]\w*)(?:\s*:\s*\w+)?",  # an alias with its field: what counts is the alias
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The response keys of objects, and what is asked of those below them."""

    keys: frozenset[str]
    below: tuple[tuple[str, Asked], ...]


@lru_cache(maxsize=1024)
def asked_by(operation: str, *, entities: bool) -> Asked:
    """What a subgraph operation asks for; of each entity where it is about ``entities``."""
    made = _scanned(operation)
    if made is None:
        made = _parsed(operation)
    return _asked((made.get("_entities") or {}) if entities else made)


def _scanned(operation: str) -> _Keys | None:
    """By response key; None for what no plan of ours has: fragments with names, comments."""
    made: _Keys = {}
    here, key, in_brackets = made, "", 0
    around: list[_Keys] = []
    for spread, named, mark, name in _TOKENS.findall(operation):
        if named or mark == "#":
            return None
        if mark == "(":
            in_brackets += 1
        elif mark == ")":
            in_brackets -= 1
        elif in_brackets:
            continue
        elif mark == "{":
            around.append(here)
            if key:
                below = here[key]
                here[key] = here = {} if below is None else below
            key = ""
        elif mark == "}":
            here, key = around.pop(), ""
        elif spread:
            key = ""
        elif name and around:  # what comes before is the operation's head
            key = name
            here.setdefault(key, None)
    return made


def _parsed(operation: str) -> _Keys:
    document = parse(operation, no_location=True)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    made: _Keys = {}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            _collect(definition.selection_set, fragments, made)
    return made


def _asked(keys: _Keys) -> Asked:
    below = tuple((key, _asked(inner)) for key, inner in keys.items() if inner is not None)
    return Asked(frozenset(keys), below)


def _collect(
    selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], made: _Keys
) -> None:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            key = node.alias.value if node.alias else node.name.value
            below = made.setdefault(key, None if node.selection_set is None else {})
            if node.selection_set is not None and below is not None:
                _collect(node.selection_set, fragments, below)
        elif isinstance(node, InlineFragmentNode):
            _collect(node.selection_set, fragments, made)
        elif isinstance(node, FragmentSpreadNode):
            _collect(fragments[node.name.value].selection_set, fragments, made)


def keep_asked(value: Any, asked: Asked) -> None:
    """Take everything else out of an answer's object, or out of a list of them, in place."""
    if isinstance(value, dict):
        if not asked.keys.issuperset(value):
            for key in value.keys() - asked.keys:
                del value[key]
        for key, below in asked.below:
            inner = value.get(key)
            if inner is not None:
                keep_asked(inner, below)
    elif isinstance(value, list):
        for item in value:
            keep_asked(item, asked)
