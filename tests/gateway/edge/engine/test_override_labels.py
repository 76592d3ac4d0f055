"""Progressive overrides by share of requests."""

from __future__ import annotations

import pytest

from gateway.edge.engine.override_labels import Labels

_LABELS = ["percent(0)", "percent(0.5)", "percent(25)", "percent(100)", "beta", "percent(x)"]


@pytest.mark.parametrize(
    ("drawn", "active"),
    [
        (0.0, {"percent(0.5)", "percent(25)", "percent(100)"}),
        (0.005, {"percent(25)", "percent(100)"}),
        (0.2499, {"percent(25)", "percent(100)"}),
        (0.25, {"percent(100)"}),
        (0.999999999, {"percent(100)"}),
    ],
)
def test_one_draw_decides_for_all_percentages_and_other_labels_are_never_active(
    drawn: float, active: set[str]
) -> None:
    assert Labels(_LABELS, lambda: drawn).active() == active


def test_nothing_is_drawn_where_no_label_is_a_percentage() -> None:
    assert Labels(["beta"], lambda: pytest.fail("drawn")).active() == frozenset()


def test_labels_that_were_chosen_are_active_besides() -> None:
    active = Labels(_LABELS, lambda: 0.9, chosen=["beta", "percent(0)", "unknown"]).active()
    assert active == {"beta", "percent(0)", "percent(100)"}
