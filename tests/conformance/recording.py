"""Writes the monolith's answer under each case that has none yet; a person reads it and keeps it or not."""

from __future__ import annotations

import json
from typing import Any

import yaml
from graphql import get_operation_ast, parse

from tests.conformance.corpus import SUITES, load_suite
from tests.conformance.monolith import ask_monolith
from tests.conformance.serving import serve, shown

__all__ = ["as_text", "record"]

_WIDTH = 100


def as_text(value: Any, indent: int = 0, reserved: int = 0) -> str:
    """JSON on one line where it fits, else an element a line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent + reserved <= _WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    pad, inner = " " * indent, " " * (indent + 2)
    if isinstance(value, list):
        items = [as_text(one, indent + 2, 1) for one in value]
        return "[\n" + ",\n".join(inner + one for one in items) + f"\n{pad}]"
    items = [
        f"{json.dumps(key, ensure_ascii=False)}: {as_text(one, indent + 2, len(key) + 5)}"
        for key, one in value.items()
    ]
    return "{\n" + ",\n".join(inner + one for one in items) + f"\n{pad}}}"


def record(name: str) -> None:
    """Insert ``answer`` where it is missing and a monolith can tell."""
    load_suite.cache_clear()
    suite = load_suite(name)
    schema = serve(suite).supergraph.api_schema
    path = SUITES / f"{name}.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    ends = _ends(path.read_text(encoding="utf-8"), lines)
    for case, end in reversed(list(zip(suite.cases, ends, strict=True))):
        if case.answers or case.alone:
            continue
        answers: list[Any] = [shown(_coded(answer)) for answer in ask_monolith(suite, case, schema)]
        operation = get_operation_ast(parse(case.operation), case.operation_name)
        assert operation is not None
        answer = answers if operation.operation.value == "subscription" else answers[0]
        text = as_text(answer, reserved=6).splitlines()
        lines[end:end] = ["    answer: |", *(f"      {line}" for line in text)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    load_suite.cache_clear()


def _coded(answer: dict[str, Any]) -> dict[str, Any]:
    """Errors without a code get the one the gateway gives them."""
    for error in answer.get("errors", ()):
        error.setdefault("extensions", {}).setdefault("code", "DOWNSTREAM_SERVICE_ERROR")
    return answer


def _ends(text: str, lines: list[str]) -> list[int]:
    """The line after each case's last."""
    root: Any = yaml.compose(text, yaml.SafeLoader)
    cases = next(value for key, value in root.value if key.value == "cases")
    ends = []
    for node in cases.value:
        end = node.end_mark.line
        while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
            end -= 1
        ends.append(end)
    return ends
