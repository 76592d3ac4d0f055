"""Grafana's dashboard model, as far as our dashboards use it.

https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/. Every expression has
``$sel`` where its series are chosen: it becomes the matchers of the dashboard's variables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

__all__ = ["Board", "Kind", "Panel", "Query", "dashboard"]

Kind = Literal["timeseries", "stat", "table", "heatmap"]
SELECTOR: Final = 'job=~"$job",instance=~"$instance"'
_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
_COLUMNS: Final = 24


@dataclass(frozen=True, slots=True)
class Query:
    """One expression; ``legend`` is Grafana's template of its series' names."""

    expression: str
    legend: str = "__auto"


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture. ``unit`` is one of Grafana's; ``width`` in columns of 24."""

    title: str
    description: str
    unit: str
    queries: Sequence[Query]
    kind: Kind = "timeseries"
    width: int = 12
    height: int = 8


@dataclass(frozen=True, slots=True)
class Board:
    """One dashboard: its panels lie in rows from left to right."""

    uid: str
    title: str
    description: str
    panels: Sequence[Panel]


def dashboard(board: Board) -> dict[str, Any]:
    """What Grafana reads."""
    panels, x, y, row = [], 0, 0, 0
    for number, panel in enumerate(board.panels, 1):
        if x + panel.width > _COLUMNS:
            x, y, row = 0, y + row, 0
        place = {"h": panel.height, "w": panel.width, "x": x, "y": y}
        panels.append(_panel(panel, number, place))
        x, row = x + panel.width, max(row, panel.height)
    return {
        "annotations": {"list": []},
        "description": board.description,
        "editable": False,
        "fiscalYearStartMonth": 0,
        "graphTooltip": 1,
        "id": None,
        "links": [
            {
                "asDropdown": True,
                "icon": "external link",
                "includeVars": True,
                "keepTime": True,
                "tags": ["lets-connect"],
                "title": "Let's Connect",
                "type": "dashboards",
            }
        ],
        "panels": panels,
        "refresh": "30s",
        "schemaVersion": 39,
        "tags": ["lets-connect"],
        "templating": {"list": [_datasource(), _variable("job", "up"), _variable("instance", "up")]},
        "time": {"from": "now-1h", "to": "now"},
        "timezone": "browser",
        "title": board.title,
        "uid": board.uid,
        "version": 1,
    }


def _panel(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    return {
        "datasource": _SOURCE,
        "description": panel.description,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "gridPos": place,
        "id": number,
        "options": _options(panel.kind),
        "targets": [_target(panel, query, chr(ord("A") + n)) for n, query in enumerate(panel.queries)],
        "title": panel.title,
        "type": panel.kind,
    }


def _target(panel: Panel, query: Query, letter: str) -> dict[str, Any]:
    return {
        "datasource": _SOURCE,
        "exemplar": panel.kind == "timeseries" and "_bucket" in query.expression,
        "expr": query.expression.replace("$sel", SELECTOR),
        "format": {"table": "table", "heatmap": "heatmap"}.get(panel.kind, "time_series"),
        "instant": panel.kind in {"stat", "table"},
        "legendFormat": query.legend,
        "range": panel.kind not in {"stat", "table"},
        "refId": letter,
    }


def _options(kind: Kind) -> dict[str, Any]:
    if kind == "timeseries":
        return {
            "legend": {"calcs": ["lastNotNull", "max"], "displayMode": "table", "placement": "bottom"},
            "tooltip": {"mode": "multi", "sort": "desc"},
        }
    if kind == "stat":
        return {"colorMode": "value", "reduceOptions": {"calcs": ["lastNotNull"], "values": False}}
    return {"showHeader": True} if kind == "table" else {"calculate": False}


def _datasource() -> dict[str, Any]:
    return {
        "current": {"text": "Prometheus", "value": "prometheus"},
        "label": "Data source",
        "name": "datasource",
        "query": "prometheus",
        "type": "datasource",
    }


def _variable(name: str, metric: str) -> dict[str, Any]:
    others = "" if name == "job" else '{job=~"$job"}'
    return {
        "allValue": ".+",
        "current": {"text": "All", "value": "$__all"},
        "datasource": _SOURCE,
        "includeAll": True,
        "label": name,
        "multi": True,
        "name": name,
        "query": f"label_values({metric}{others}, {name})",
        "refresh": 2,
        "type": "query",
    }
