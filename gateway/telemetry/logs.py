"""Log lines on standard error: readable text, or one JSON object each.

Nothing a client sends can begin a line or move a terminal's cursor: what is not printable is written as an escape
(CWE-117). An exception's lines are indented, so that none of them looks like a line of its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from select import PIPE_BUF
from typing import TextIO

__all__ = ["LEVELS", "Line", "Pseudonyms", "configure_logs", "in_one_write", "printable"]

_log = logging.getLogger(__name__)
LEVELS = ("debug", "info", "warning", "error")
_OURS = ("gateway", "subgraphs", "media_core", "infra", "lets_connect")
_SWITCHES = {signal.SIGUSR1: logging.DEBUG, signal.SIGUSR2: logging.NOTSET}
"""By signal our own loggers' level from then on: everything, or what the process began with."""
_REMEMBERED = 1000
"""People of whom it is kept what they are called."""
_SAID = {logging.DEBUG: "everything is told from now on", logging.NOTSET: "less is told from now on"}
_UNPRINTABLE = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    for code in (
        *range(0x20),
        *range(0x7F, 0xA0),
        0x2028,
        0x2029,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
}
"""Control characters, line and paragraph separators, and those that turn the direction of writing."""


def printable(text: str) -> str:
    """On one line, whatever is in it."""
    return text if text.isprintable() and text.isascii() else text.translate(_UNPRINTABLE)


class Line(logging.LogRecord):
    """One of many lines: nobody is asked from which place in the code, thread or process it comes.

    ``text`` is a template of ``fields``, ``created`` the time in seconds since 1970. For ``Logger.handle``, where the
    logger is enabled for the level.
    """

    def __init__(
        self,
        logger: logging.Logger,
        level: int,
        text: str,
        fields: Mapping[str, object],
        created: float | None = None,
    ) -> None:
        created = time.time() if created is None else created
        self.__dict__.update(
            _BLANK,
            name=logger.name,
            levelno=level,
            levelname=logging.getLevelName(level),
            msg=text,
            args=fields,
            fields=fields,
            created=created,
            msecs=created % 1 * 1000,
        )


_BLANK = vars(logging.makeLogRecord({}))
"""All that a formatter may ask for."""


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        # JSON has escapes for all of them but the last few, and for each escape of ours
        text = json.dumps(line | getattr(record, "fields", {}), ensure_ascii=False, default=str)
        return text if text.isascii() else text.translate(_JSON_UNPRINTABLE)


_JSON_UNPRINTABLE = {code: f"\\u{code:04x}" for code in _UNPRINTABLE}


class _TextFormatter(logging.Formatter):
    """Formats a second once: many lines are of the same one."""

    _second = -1
    _text = ""

    def format(self, record: logging.LogRecord) -> str:
        """What the base class makes of ``%(asctime)s %(levelname)-7s %(name)s: %(message)s``, in half the time."""
        at = f"{self.formatTime(record)} {record.levelname:7} {record.name}"
        line = printable(f"{at}: {record.getMessage()}")
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        if int(record.created) != self._second:
            self._second = int(record.created)
            self._text = time.strftime(self.default_time_format, self.converter(record.created))
        return f"{self._text},{int(record.msecs):03d}"

    def formatException(self, ei: object) -> str:  # noqa: N802
        told = super().formatException(ei)  # type: ignore[arg-type] # as logging calls it
        return "\n".join(f"    {printable(line)}" for line in told.splitlines())


class _Handler(logging.StreamHandler[TextIO]):
    """Writes a line at a time, or what is gathered together: to write costs as much as all else about a line."""

    _gathered: list[str] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._gathered is None:
            return super().emit(record)
        try:
            self._gathered.append(self.format(record) + self.terminator)
        except Exception:
            self.handleError(record)

    @contextlib.contextmanager
    def gathering(self) -> Iterator[None]:
        """Write what is handled until the end of the block; other threads wait as long."""
        self.acquire()
        try:
            self._gathered = []
            yield
        finally:
            gathered, self._gathered = self._gathered or [], None
            try:
                for piece in _pieces(gathered):
                    self.stream.write(piece)
                self.flush()
            except Exception:
                self.handleError(_NOBODYS)
            finally:
                self.release()


def _pieces(lines: Iterable[str]) -> Iterator[str]:
    """Whole lines together: several processes may write to one pipe, which keeps no more than this in one piece."""
    piece: list[str] = []
    size = 0
    for line in lines:
        more = len(line) if line.isascii() else len(line.encode(errors="backslashreplace"))
        if piece and size + more > PIPE_BUF:
            yield "".join(piece)
            piece, size = [], 0
        piece.append(line)
        size += more
    if piece:
        yield "".join(piece)


_NOBODYS = logging.makeLogRecord({})


def in_one_write() -> contextlib.AbstractContextManager[None]:
    """What is logged within the block is written at its end."""
    ours = [one for one in logging.getLogger().handlers if isinstance(one, _Handler)]
    return ours[0].gathering() if ours else contextlib.nullcontext()


def configure_logs(
    format_: str, level: str = "info", forward: Callable[[], Iterable[int]] = lambda: ()
) -> None:
    """Send this process's log to standard error, ``format_`` being ``text`` or ``json``.

    SIGUSR1 makes our own loggers tell everything, SIGUSR2 as before; both go on to the processes that ``forward`` names.
    Libraries stay at their level: what they say of a request may be private.
    """
    handler = _Handler(sys.stderr)
    if format_ == "json":
        handler.setFormatter(_JsonFormatter())
    else:
        handler.setFormatter(_TextFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # No line says them, and finding them out costs as much as the line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # both speak of every connection that sends nonsense
    for chatty in ("uvicorn.error", "python_multipart"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    for switch in _SWITCHES:
        signal.signal(switch, lambda sent, _: _switch(signal.Signals(sent), forward()))


def _switch(sent: signal.Signals, others: Iterable[int]) -> None:
    level = _SWITCHES[sent]
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    for pid in others:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sent)
    # Not here: the line that was interrupted may be half written.
    threading.Thread(target=_log.info, args=("%s", _SAID[level])).start()


class Pseudonyms:
    """What a person is called in the log: the same all day (UTC), another the next, and told by nobody without the key."""

    def __init__(self, key: bytes | None = None, now: Callable[[], float] = time.time) -> None:
        self._key = hashlib.blake2b(key or secrets.token_bytes(32), digest_size=32, person=b"log").digest()
        self._now = now
        self._day = 0
        self._known: dict[str, str] = {}
        """Of the day."""

    def of(self, subject: object) -> str:
        """Twelve hexadecimal digits; ``-`` for nobody."""
        if subject is None:
            return "-"
        day = int(self._now() // 86400)
        if day != self._day or len(self._known) >= _REMEMBERED:
            self._day, self._known = day, {}
        text = str(subject)
        known = self._known.get(text)
        if known is None:
            salt = day.to_bytes(8, "big")
            made = hashlib.blake2b(text.encode(), key=self._key, salt=salt, digest_size=6)
            known = self._known[text] = made.hexdigest()
        return known
