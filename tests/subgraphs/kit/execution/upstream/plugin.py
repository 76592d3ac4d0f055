"""Loaded by pytest beside Strawberry's tests: chooses the executor that a schema has by default, and writes down how each test ended.

On its own on the path: ``tests`` is Strawberry's there. ``UPSTREAM_EXECUTOR`` is ``stock`` or ``compiled``, ``UPSTREAM_OUTCOMES`` the
file: one JSON object of outcomes by test, and under ``""`` how many operations ran compiled.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from strawberry import utils
from strawberry.schema import schema

_outcomes: dict[str, Any] = {"": 0}

for _name, _is_so in {"IS_GQL_32": False, "IS_GQL_33": True}.items():
    if not hasattr(utils, _name):  # older tests ask for these, which later releases have no more
        setattr(utils, _name, _is_so)

if os.environ["UPSTREAM_EXECUTOR"] == "compiled":
    from subgraphs.kit.execution import CompiledExecutionContext, Options

    class _Counting(CompiledExecutionContext):
        options = Options(compile_after=0)

        def _execute(self, plan: Any, watch: Any) -> Any:
            _outcomes[""] += 1
            return super()._execute(plan, watch)

    schema.StrawberryGraphQLCoreExecutionContext = _Counting  # type: ignore[misc]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Of setup, call and teardown the first that did not pass tells how the test ended."""
    if _outcomes.get(report.nodeid, "passed") == "passed":
        ended = {"skipped": "xfailed", "passed": "xpassed"} if hasattr(report, "wasxfail") else {}
        _outcomes[report.nodeid] = ended.get(report.outcome, str(report.outcome))


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """What cannot be collected has no tests to tell of."""
    if not report.passed:
        _outcomes[report.nodeid] = f"not collected: {report.outcome}"


def pytest_sessionfinish() -> None:
    """Told once, so that a killed run has none."""
    Path(os.environ["UPSTREAM_OUTCOMES"]).write_text(json.dumps(_outcomes))
