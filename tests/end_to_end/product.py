"""The whole product as its users start it: a process of its own, on a free port, in a HOME of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from subgraphs.kit.domain.demo import PASSWORD
from tests.logs import keep
from tests.ports import free_ports

__all__ = ["ROOT", "Product", "start_product"]

ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 600
_STOP_SECONDS = 240


@dataclass
class Product:
    """A running product. ``post`` asks its graph."""

    url: str
    home: Path
    port: int
    process: subprocess.Popen[str]
    output: list[str] = field(default_factory=list)

    def post(self, query: str, variables: Any = None, token: str | None = None, **headers: str) -> Any:
        """The whole answer, whatever its status."""
        if token:
            headers["authorization"] = f"Bearer {token}"
        body = {"query": query, "variables": variables or {}}
        return httpx.post(f"{self.url}/graphql", json=body, headers=headers).json()

    def login(self, login: str = "ada", password: str = PASSWORD) -> str:
        """An access token of a demo user."""
        query = """mutation ($l: String!, $p: String!) {
          login(input: {login: $l, password: $p}) { session { accessToken } } }"""
        answer = self.post(query, {"l": login, "p": password})
        return str(answer["data"]["login"]["session"]["accessToken"])

    def stop(self, sent: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit code. Every process is gone when this returns, or the test fails."""
        if self.process.poll() is None:
            self.process.send_signal(sent)
        code = self.process.wait(timeout=_STOP_SECONDS)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


def start_product(home: Path, *arguments: str, **environment: str) -> Product:
    """Start ``lets-connect up`` and wait for its last line; fails with what it said."""
    port = free_ports(8)
    # Where the tests are killed, it is told to stop: it would slow down what comes after them for good.
    tied = [
        sys.executable,
        "-IS",
        str(ROOT / "infra" / "launch.py"),
        str(os.getpid()),
        str(int(signal.SIGTERM)),
        "same",
    ]
    command = [*tied, sys.executable, "-m", "infra", "up", "--port", str(port), *arguments]
    given = {k: v for k, v in os.environ.items() if not k.startswith("LETS_CONNECT_") and k != "PORT"}
    told = home.parent / f"{home.name}.log"
    with told.open("a") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**given, "LETS_CONNECT_HOME": str(home), **environment},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    product = Product(f"http://127.0.0.1:{port}", home, port, process)
    logs = {"product": told, **{name: home / name / f"{name}.log" for name in ("postgres", "valkey")}}
    for name, path in logs.items():
        keep(f"{name} of {product.url}", path, lambda: process.poll() is None)
    assert process.stdout is not None
    deadline = time.monotonic() + _START_SECONDS
    for line in process.stdout:
        product.output.append(line.strip())
        if line.strip() == "ready":
            return product
        assert time.monotonic() < deadline, product.output
    code = process.wait()
    raise AssertionError(f"the product ended with {code} before it was ready: {product.output}")
