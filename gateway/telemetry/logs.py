"""Log lines on standard error: readable text, or one JSON object each."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime

__all__ = ["Line", "configure_logs"]


class Line(logging.LogRecord):
    """One of many lines: nobody is asked from which place in the code, thread or process it comes.

    ``text`` is a template of ``fields``. For ``Logger.handle``, where the logger is enabled for the level.
    """

    def __init__(self, logger: logging.Logger, level: int, text: str, fields: Mapping[str, object]) -> None:
        created = time.time()
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
        return json.dumps(line | getattr(record, "fields", {}), ensure_ascii=False, default=str)


class _TextFormatter(logging.Formatter):
    """Formats a second once: many lines are of the same one."""

    _second = -1
    _text = ""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        if int(record.created) != self._second:
            self._second = int(record.created)
            self._text = time.strftime(self.default_time_format, self.converter(record.created))
        return f"{self._text},{int(record.msecs):03d}"


def configure_logs(format_: str, level: int = logging.INFO) -> None:
    """Send this process's log to standard error, ``format_`` being ``text`` or ``json``."""
    handler = logging.StreamHandler(sys.stderr)
    if format_ == "json":
        handler.setFormatter(_JsonFormatter())
    else:
        handler.setFormatter(_TextFormatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # No line says them, and finding them out costs as much as the line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # both speak of every connection that sends nonsense
    for chatty in ("uvicorn.error", "python_multipart"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
