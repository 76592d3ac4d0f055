"""Grafana's dashboard linter in Python: its rules by their names (https://github.com/grafana/dashboard-linter).

The linter is a Go program that no package we may use has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

__all__ = ["RULES", "broken", "expressions", "metrics_of", "selectors"]

Dashboard = Mapping[str, Any]

_SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)?\{([^{}]*)\}")
_RANGE = re.compile(r"\[([^\]]+)\]")
_RATES = re.compile(r"\b(?:rate|irate|increase)\s*\($")
_COUNTER = re.compile(r"\b\w+_(?:total|count|sum|bucket)\b(?=[{\[])")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_ASIDE = re.compile(r"\{[^{}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)")
"""Matchers, ranges and lists of labels: their words name no metric."""
_WORD = re.compile(r"(?<![\w:.])[a-zA-Z_:][\w:]*(?![\w:]|\s*\()")
_WORDS: Final = frozenset(
    ("and", "or", "unless", "bool", "offset", "group_left", "group_right", "inf", "nan", "Inf", "NaN")
)
_UNITS: Final = frozenset(
    ("short", "s", "ms", "reqps", "ops", "Bps", "bytes", "percentunit", "percent", "bool", "none", "string")
)


def expressions(dashboard: Dashboard) -> Iterator[str]:
    """Every target's."""
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


def selectors(expression: str) -> list[tuple[str, str]]:
    """The metric and the matchers of each selector."""
    return [(name or "", matchers) for name, matchers in _SELECTOR.findall(expression)]


def metrics_of(expression: str) -> set[str]:
    """The metrics that a PromQL expression asks for."""
    bare = _ASIDE.sub(" ", _TEXT.sub("", expression))
    return {name for name in _WORD.findall(bare) if name not in _WORDS}


def broken(dashboard: Dashboard) -> list[str]:
    """The rules that do not hold, with where."""
    return [f"{name}: {problem}" for name, rule in RULES.items() for problem in rule(dashboard)]


def _variable(dashboard: Dashboard, name: str) -> Mapping[str, Any]:
    return next((v for v in dashboard["templating"]["list"] if v["name"] == name), {})


def _template_datasource(dashboard: Dashboard) -> Iterator[str]:
    found = _variable(dashboard, "datasource")
    if (found.get("type"), found.get("query"), found.get("label")) != (
        "datasource",
        "prometheus",
        "Data source",
    ):
        yield "no variable 'datasource' of Prometheus' sources, labelled 'Data source'"


def _template(name: str) -> Callable[[Dashboard], Iterator[str]]:
    def rule(dashboard: Dashboard) -> Iterator[str]:
        found = _variable(dashboard, name)
        wanted = {"type": "query", "label": name, "multi": True, "allValue": ".+", "includeAll": True}
        for key, value in wanted.items():
            if found.get(key) != value:
                yield f"variable {name}: {key} is {found.get(key)!r}"
        if found.get("datasource", {}).get("uid") != "${datasource}":
            yield f"variable {name} asks another source"

    return rule


def _template_label_promql(dashboard: Dashboard) -> Iterator[str]:
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query" and not re.fullmatch(
            r"label_values\(\w+(\{.+\})?, \w+\)", variable["query"]
        ):
            yield variable["query"]


def _template_on_time_change_reload(dashboard: Dashboard) -> Iterator[str]:
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query" and variable["refresh"] != 2:
            yield variable["name"]


def _panel_datasource(dashboard: Dashboard) -> Iterator[str]:
    for panel in dashboard["panels"]:
        sources = [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
        if any(source["uid"] != "${datasource}" for source in sources):
            yield panel["title"]


def _panel_title_description(dashboard: Dashboard) -> Iterator[str]:
    for panel in dashboard["panels"]:
        if not panel["title"] or not panel["description"]:
            yield str(panel["id"])


def _panel_units(dashboard: Dashboard) -> Iterator[str]:
    for panel in dashboard["panels"]:
        if panel["fieldConfig"]["defaults"].get("unit") not in _UNITS:
            yield panel["title"]


def _panel_no_targets(dashboard: Dashboard) -> Iterator[str]:
    for panel in dashboard["panels"]:
        if not panel["targets"]:
            yield panel["title"]


def _target_promql(dashboard: Dashboard) -> Iterator[str]:
    """That Prometheus takes them is another test's; here, that none is empty or unbalanced."""
    for expression in expressions(dashboard):
        if not expression or any(expression.count(a) != expression.count(b) for a, b in ("()", "{}", "[]")):
            yield expression


def _target_rate_interval(dashboard: Dashboard) -> Iterator[str]:
    for expression in expressions(dashboard):
        for range_ in _RANGE.findall(expression):
            if range_ not in {"$__rate_interval", "30d"}:  # a promise is of 30 days, however one looks at it
                yield expression


def _target_matcher(label: str) -> Callable[[Dashboard], Iterator[str]]:
    def rule(dashboard: Dashboard) -> Iterator[str]:
        for expression in expressions(dashboard):
            for name, matchers in selectors(expression):
                recorded = ":" in name  # of a job: the instances are summed up
                if f'{label}=~"${label}"' not in matchers and not (recorded and label == "instance"):
                    yield expression

    return rule


def _target_counter_agg(dashboard: Dashboard) -> Iterator[str]:
    for expression in expressions(dashboard):
        for found in _COUNTER.finditer(expression):
            if not _RATES.search(expression[: found.start()]):
                yield expression


def _uneditable(dashboard: Dashboard) -> Iterator[str]:
    if dashboard["editable"]:
        yield "it can be edited"


def _no_logs(dashboard: Dashboard) -> Iterator[str]:
    """Rules of LogQL: there is none of it here."""
    for panel in dashboard["panels"]:
        if panel["datasource"]["type"] != "prometheus" or panel["type"] == "logs":
            yield panel["title"]


RULES: Final[Mapping[str, Callable[[Dashboard], Iterator[str]]]] = {
    "template-datasource-rule": _template_datasource,
    "template-job-rule": _template("job"),
    "template-instance-rule": _template("instance"),
    "template-label-promql-rule": _template_label_promql,
    "template-on-time-change-reload-rule": _template_on_time_change_reload,
    "panel-datasource-rule": _panel_datasource,
    "panel-title-description-rule": _panel_title_description,
    "panel-units-rule": _panel_units,
    "panel-no-targets-rule": _panel_no_targets,
    "target-logql-rule": _no_logs,
    "target-logql-auto-rule": _no_logs,
    "target-promql-rule": _target_promql,
    "target-rate-interval-rule": _target_rate_interval,
    "target-job-rule": _target_matcher("job"),
    "target-instance-rule": _target_matcher("instance"),
    "target-counter-agg-rule": _target_counter_agg,
    "uneditable-dashboard-rule": _uneditable,
}
