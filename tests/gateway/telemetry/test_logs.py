"""Log lines as people and as programs read them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from gateway.telemetry.logs import configure_logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_json_line_is_one_object_with_its_fields(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("json")
    log = logging.getLogger("gateway.test")
    log.info("said %s\nand more", "é", extra={"fields": {"status": 200, "other": {1}}})
    try:
        raise ValueError("inside")
    except ValueError:
        log.exception("failed")
    first, second = (json.loads(line) for line in capfd.readouterr().err.splitlines())
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "level": "info",
        "logger": "gateway.test",
        "message": "said é\nand more",
        "status": 200,
        "other": "{1}",
    }
    assert second["message"] == "failed"
    assert second["exception"].endswith("ValueError: inside")


def test_a_text_line_is_for_people(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("text")
    logging.getLogger("gateway.test").warning("said %s", "it")
    assert capfd.readouterr().err.rstrip().endswith("WARNING gateway.test: said it")
