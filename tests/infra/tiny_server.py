"""Answers ``/health/ready`` on the port given; ``--deaf --slow --never-ready --unless FILE`` make it difficult."""

from __future__ import annotations

import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

_port, *_options = sys.argv[1:]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503 if "--never-ready" in _options else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    if "--unless" in _options and Path(_options[-1]).exists():
        sys.exit(3)
    if "--deaf" in _options:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "--slow" in _options:
        time.sleep(0.3)
    HTTPServer(("127.0.0.1", int(_port)), _Handler).serve_forever()
