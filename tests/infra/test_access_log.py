"""A service's line of each request, and nothing in it that a client could have written."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest

from gateway.telemetry.logs import Pseudonyms
from infra.access_log import AccessLog
from subgraphs.kit.serving.app import RequestEnd

_TRACE = "0af7651916cd43dd8448eb211c80319c"
_VIEWER = uuid4()


@pytest.fixture
def lines() -> Iterator[list[logging.LogRecord]]:
    found: list[logging.LogRecord] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record)

    handler, log = Kept(), logging.getLogger("subgraphs.access")
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield found
    log.removeHandler(handler)
    log.setLevel(level)


def _end(operation: str | None, trace: str | None = _TRACE) -> RequestEnd:
    return RequestEnd("POST", "/graphql", 200, 0.01234, operation, _VIEWER, trace)


def test_a_line_says_what_took_how_long_and_whose_without_saying_who(lines: list[logging.LogRecord]) -> None:
    pseudonyms = Pseudonyms(b"key")
    AccessLog("content", pseudonyms)(_end("Feed__content__0"))
    user = pseudonyms.of(_VIEWER)
    assert [line.getMessage() for line in lines] == [
        f"content POST /graphql 200 12.3 ms Feed__content__0 {user} {_TRACE}"
    ]
    assert str(_VIEWER) not in user


def test_what_may_begin_a_line_is_not_written(lines: list[logging.LogRecord]) -> None:
    write = AccessLog("content", Pseudonyms(b"key"))
    for name in ("Feed\n2026 ERROR", "x" * 65, None, "\x1b[31m", ["Feed"]):
        write(_end(name, None))  # type: ignore[arg-type] # a client sends what it likes
    assert {(line.getMessage().split()[-3], line.getMessage().split()[-1]) for line in lines} == {("-", "-")}


def test_where_the_level_is_higher_there_is_none(lines: list[logging.LogRecord]) -> None:
    logging.getLogger("subgraphs.access").setLevel(logging.WARNING)
    AccessLog("content", Pseudonyms(b"key"))(_end("Feed"))
    assert lines == []
