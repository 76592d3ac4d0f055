"""Log lines as people and as programs read them."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from select import PIPE_BUF

import pytest

from gateway.telemetry.logs import Pseudonyms, configure_logs, in_one_write


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


class _Pieces(io.StringIO):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def write(self, text: str) -> int:
        self.pieces.append(text)
        return len(text)


@pytest.mark.parametrize(("letter", "pieces"), [("x", 4), ("ж", 7), ("\ud800", 17)])
def test_lines_that_are_written_together_are_whole_and_in_pieces_that_a_pipe_keeps_together(
    letter: str, pieces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = _Pieces()
    monkeypatch.setattr(sys, "stderr", written)
    configure_logs("text")
    log = logging.getLogger("gateway.test")
    with in_one_write():
        for number in range(100):
            log.info("%03d %s", number, letter * 100)
        assert not written.pieces
    log.info("100 alone")
    *together, alone = written.pieces
    assert [line.split(": ")[1][:3] for line in "".join(together).splitlines()] == [
        f"{n:03}" for n in range(100)
    ]
    assert all(
        piece.endswith("\n") and len(piece.encode(errors="backslashreplace")) <= PIPE_BUF
        for piece in together
    )
    assert len(together) == pieces
    assert alone.endswith("100 alone\n")


def test_lines_that_are_written_together_are_not_lost_with_one_that_cannot_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = _Pieces()
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(logging, "raiseExceptions", False)
    configure_logs("text")
    log = logging.getLogger("gateway.test")
    with contextlib.suppress(KeyError), in_one_write():
        log.info("first")
        log.info("%d", "no number")
        log.info("second")
        raise KeyError
    assert [line.split(": ")[1] for line in "".join(written.pieces).splitlines()] == ["first", "second"]


_HOSTILE = "a\n2026-01-01 00:00:00,000 INFO    gateway.access: POST \x1b[2J\x9b1m\u2028\u202e\x00 end"


@pytest.mark.parametrize("format_", ["text", "json"])
def test_what_a_client_sends_stays_on_its_line(capfd: pytest.CaptureFixture[str], format_: str) -> None:
    configure_logs(format_)
    log = logging.getLogger("gateway.test")
    log.info("asked for %s", _HOSTILE, extra={"fields": {"operation": _HOSTILE}})
    try:
        raise ValueError(_HOSTILE)
    except ValueError:
        log.exception("failed")
    told = capfd.readouterr().err
    assert all(character == "\n" or character.isprintable() for character in told)
    lines = told.splitlines()
    if format_ == "json":
        assert [json.loads(line)["message"] for line in lines] == [f"asked for {_HOSTILE}", "failed"]
    else:
        assert [line for line in lines if not line.startswith("    ")] == [lines[0], lines[1]]
        assert lines[0].endswith(r"\x1b[2J\x9b1m\u2028\u202e\x00 end")


def test_a_signal_makes_our_own_loggers_tell_everything_and_another_as_before() -> None:
    configure_logs("text", "warning")
    ours, theirs = logging.getLogger("gateway.test"), logging.getLogger("a_library")
    more, less = (signal.SIGUSR1, logging.DEBUG), (signal.SIGUSR2, logging.WARNING)
    for sent, level in (less, more, more, less, less, more, less):
        os.kill(os.getpid(), sent)
        assert ours.getEffectiveLevel() == level
        assert theirs.getEffectiveLevel() == logging.WARNING


def test_a_person_has_one_name_a_day_that_tells_nothing_of_them() -> None:
    now = [0.0]
    names, others = Pseudonyms(b"key", lambda: now[0]), Pseudonyms(b"another", lambda: now[0])
    first = names.of("ada")
    assert (len(first), names.of("ada"), names.of(None)) == (12, first, "-")
    assert len({first, names.of("bruno"), others.of("ada")}) == 3
    now[0] = 86400.0
    assert names.of("ada") != first
