"""The corpus as data: each file of ``suites/`` is a graph of its own, with operations and their answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gateway.supergraph import Granted

__all__ = ["SUITES", "Case", "Suite", "all_cases", "all_suites", "load_suite"]

SUITES = Path(__file__).parent / "suites"
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc] # in C where there is one
    """YAML as version 1.2 has it: `no` and `on` are words, and dates are text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if not tag.endswith((":bool", ":timestamp", ":int"))]
    for first, known in _BASE.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[-+]?[0-9]+$"), list("-+0123456789"))


@dataclass(frozen=True, slots=True)
class Case:
    """One operation and what it is answered; README.md says what each key of a case means."""

    suite: str
    name: str
    operation: str
    operation_name: str | None
    variables: Mapping[str, Any]
    answers: tuple[Any, ...]
    """One for a query or a mutation; one an event for a subscription."""
    requests: Mapping[str, int] | None
    faults: Mapping[str, Any]
    alone: str | None
    """Why no monolith can answer this."""
    fails: str | None
    granted: Granted
    """What its caller has, for access directives."""

    @property
    def id(self) -> str:
        return f"{self.suite}: {self.name}"


@dataclass(frozen=True, slots=True)
class Suite:
    """Subgraphs, the records they answer from, and cases."""

    name: str
    about: str
    subgraphs: Mapping[str, str]
    data: Mapping[str, Any]
    seen_by: Mapping[str, Any]
    cases: tuple[Case, ...]
    supergraph: str | None
    """A supergraph composed elsewhere, where one is checked in."""


@cache
def load_suite(name: str) -> Suite:
    """One suite by its file's name without the suffix."""
    text = (SUITES / f"{name}.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506 # a safe loader
    composed = SUITES / "supergraphs" / f"{name}.graphql"
    return Suite(
        name=name,
        about=read["about"],
        subgraphs=read["subgraphs"],
        data=read.get("data") or {},
        seen_by=read.get("seen_by") or {},
        cases=tuple(_case(name, case) for case in read["cases"]),
        supergraph=composed.read_text(encoding="utf-8") if composed.exists() else None,
    )


def all_suites() -> tuple[Suite, ...]:
    """Every suite, by name."""
    return tuple(load_suite(path.stem) for path in sorted(SUITES.glob("*.yaml")))


def all_cases() -> tuple[Case, ...]:
    """Every case of every suite."""
    return tuple(case for suite in all_suites() for case in suite.cases)


def _case(suite: str, read: Mapping[str, Any]) -> Case:
    answer = json.loads(read["answer"]) if "answer" in read else None
    return Case(
        suite=suite,
        name=read["case"],
        operation=read["ask"],
        operation_name=read.get("operation"),
        variables=read.get("variables") or {},
        answers=tuple(answer) if isinstance(answer, list) else () if answer is None else (answer,),
        requests=read.get("requests"),
        faults=read.get("faults") or {},
        alone=read.get("alone"),
        fails=read.get("fails"),
        granted=_granted(read.get("granted")),
    )


def _granted(read: Mapping[str, Any] | None) -> Granted:
    if read is None:
        return Granted()
    scopes, policies = (frozenset(read.get(name, ())) for name in ("scopes", "policies"))
    return Granted(True, scopes, policies)
