"""One error that empties a whole fetch is told once, not again for each place that stayed empty."""

from __future__ import annotations

from gateway.execution.errors import ErrorLog


def test_an_excused_place_and_all_below_it_need_no_error_of_their_own() -> None:
    log = ErrorLog()
    log.add({"message": "too often", "path": ["second"]})
    log.excuse(("first",))
    explained = [log.explains(path) for path in [("first",), ("first", "name"), ("second",), ("third",)]]
    assert explained == [True, True, True, False]
    assert len(log.errors) == 1
